from .chart import KINDS as KINDS
from .chart import live as live
from .plain import Numerals as Numerals
from .plain import plain_data as plain_data
