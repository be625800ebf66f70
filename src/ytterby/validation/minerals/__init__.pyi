from .backtest import backtest as backtest
from .calibration import calibrate as calibrate
from .calibration import write as write
from .cases import SOURCES as SOURCES
