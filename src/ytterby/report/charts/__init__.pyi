from .axes import Marker
from .bargain_map import BargainPanel, bargain_map_chart
from .bars import Bar, bar_chart, value_label
from .budget_curves import BudgetCurve, BudgetPoint, budget_curves_chart
from .discovery_box import DiscoveryLimit, discovery_box_chart
from .diversion_panels import diversion_panels_chart
from .drivers import DriverBar, driver_chart
from .duty_steps import DutyStep, duty_steps_chart
from .export_panels import export_panels_chart
from .fan import Fan, fan_chart
from .give_take import GiveTake, give_take_chart
from .import_history import ImportShares, import_history_chart, import_history_panels
from .near_ranges import NearRange, near_ranges_chart
from .notebook import series_fan
from .outlines import MIDDLE, Outlines, region_outlines
from .palette import ACCENT, ALARM, BLUES, INK, MUTED, group_of, ink_of, shade
from .peeling import peeling_chart
from .promise_rows import PromisedAmount, promise_rows_chart
from .sankey import Ribbon, node_masses, sankey_chart
from .scores import ScoredTarget
from .share_dots import ShareDot, share_dots_chart
from .signed_bars import SignedBar, signed_bars_chart
from .spending_years import SpendingGroup, spending_years_chart
from .statement_rows import statement_rows_chart
from .stops import StopBar, stops_chart
from .svg import Svg
from .target_panels import target_panels_chart
from .timeline import DatedRow, timeline_chart
from .variance_shares import VarianceShare, variance_share_chart
from .waterfall import WaterfallStep, waterfall_chart
from .world_map import world_map_chart

__all__ = [
    "ACCENT",
    "ALARM",
    "BLUES",
    "INK",
    "MIDDLE",
    "MUTED",
    "Bar",
    "BargainPanel",
    "BudgetCurve",
    "BudgetPoint",
    "DatedRow",
    "DiscoveryLimit",
    "DriverBar",
    "DutyStep",
    "Fan",
    "GiveTake",
    "ImportShares",
    "Marker",
    "NearRange",
    "Outlines",
    "PromisedAmount",
    "Ribbon",
    "ScoredTarget",
    "ShareDot",
    "SignedBar",
    "SpendingGroup",
    "StopBar",
    "Svg",
    "VarianceShare",
    "WaterfallStep",
    "bar_chart",
    "bargain_map_chart",
    "budget_curves_chart",
    "discovery_box_chart",
    "diversion_panels_chart",
    "driver_chart",
    "duty_steps_chart",
    "export_panels_chart",
    "fan_chart",
    "give_take_chart",
    "group_of",
    "import_history_chart",
    "import_history_panels",
    "ink_of",
    "near_ranges_chart",
    "node_masses",
    "peeling_chart",
    "promise_rows_chart",
    "region_outlines",
    "sankey_chart",
    "series_fan",
    "shade",
    "share_dots_chart",
    "signed_bars_chart",
    "spending_years_chart",
    "statement_rows_chart",
    "stops_chart",
    "target_panels_chart",
    "timeline_chart",
    "value_label",
    "variance_share_chart",
    "waterfall_chart",
    "world_map_chart",
]
