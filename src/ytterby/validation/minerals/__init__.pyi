from .backtest import backtest as backtest
from .calibration import calibrate as calibrate
from .calibration import write as write
from .result import AspectScore as AspectScore
from .result import MineralsBacktest as MineralsBacktest
from .result import MineralsCalibration as MineralsCalibration
from .result import MineralTarget as MineralTarget
