from .loss_design import Design as Design
from .loss_design import designs as designs
from .loss_design import run_designs as run_designs
from .shock_groups import GROUPS as GROUPS
from .shock_groups import OTHER as OTHER
from .shock_groups import PARTIES as PARTIES
from .shock_groups import TradeGroups as TradeGroups
from .shock_groups import group_of as group_of
