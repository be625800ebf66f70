"""What came of a run, as `summary.json` and ``ytterby run --json`` hold it; for command line, briefing and Python alike."""

from __future__ import annotations

from ytterby.result_model import ResultModel

NOT_A_FORECAST = "range of assumptions, not a forecast interval"
"""What the bands of a run mean whose inputs no record has calibrated."""


class FirstStop(ResultModel):
    """When production of a sector in a country stops; bands are 90 % over the draws."""

    sector: str
    country: str
    value_added_usd: float
    """Value added of the whole sector [USD/year]."""
    date: str | None
    """Monday of the week in which 5 % of the sector's output stand, median over draws; None where it comes to that in less than half."""
    date_low: str | None
    """Monday by which 5 % of the draws have stopped."""
    date_high: str | None
    """Monday by which 95 % of the draws have stopped; None where fewer do."""
    probability: float
    """Share of draws in which the sector stops [1]."""
    line_stop: str | None
    """Monday of the week in which half of its output stands, median over draws."""
    line_stop_probability: float
    """Share of draws in which half of its output stands [1]."""
    firms: float | None
    """Share of the firms that have run out of the input by the first stop, median of the draws that stop [1]."""
    input: str | None
    """Commodity that is missing first in most draws."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on, the most important first."""


class Shortfall(ResultModel):
    """What final users of a commodity in a region lack; bands are 90 % over the draws."""

    commodity: str
    region: str
    sum_of_regions: bool
    """Whether the region is a group, so that its rows do not add to those of its members."""
    total_t: float
    """Wanted at the price and unserved over the whole run, median [t]."""
    total_t_low: float
    """[t]"""
    total_t_high: float
    """[t]"""
    priced_out_t: float = 0.0
    """No longer wanted at the price, beyond what thrift saves, median [t]."""
    from_stock_t: float = 0.0
    """Served out of stocks that are not replaced, median [t]."""
    lack_share: float = 0.0
    """Unserved, priced out and taken from stocks in the worst week over base use, median [1]."""
    lack_since: str | None = None
    """Monday of the first week in which that is 5 % of base use, median; None where it comes to that in less than half of the draws."""
    worst_share: float
    """Unserved share of base use in the worst week, median [1]."""
    worst_share_high: float
    """[1]"""
    worst_date: str | None
    """Monday of the worst week of the median."""
    recovered: str | None
    """Monday after the last week with unserved use; None where it lasts to the end of the run or never came."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on, the most important first."""

    @property
    def worst_lack(self) -> float:
        """Share of base use that users lack in the worst week; of runs that do not tell what is priced out, the unserved one [1]."""
        return max(self.lack_share, self.worst_share)


class PeakPrice(ResultModel):
    """Highest price of a good outside the restricting region, of medians over draws, beside the price inside in that week."""

    commodity: str
    place: str
    """Which of JP, US and EU pays most in that week."""
    price_place: float | None = None
    """There [USD/kg]; None in runs of before this was told, whose other prices are those of `place`."""
    week: str
    """Monday of the week of the highest price."""
    price: float
    """Mean over the regions outside, weighted by their use in the base year [USD/kg, of the base year]."""
    base: float
    """The same before the scenario [USD/kg]."""
    multiple: float
    """Price over base price [1]."""
    inside: str
    """Region where most of the restricted trade in the good begins."""
    price_inside: float
    """There in the same week [USD/kg]."""
    base_inside: float
    """There before the scenario [USD/kg]."""


class SectorLoss(ResultModel):
    """Loss of a sector in a country; medians over draws, ``low`` and ``high`` also span the sector's value added."""

    country: str
    sector: str
    value_added_usd: float
    """Value added lost, gross [USD]."""
    low: float
    """[USD]"""
    high: float
    """[USD]"""
    net_usd: float
    """Value added lost, less what is made up for later [USD]."""
    sales_usd: float
    """Value added of sales lost [USD]."""
    jobs: float
    """Jobs at risk [person-years]."""
    jobs_worst_week: float
    """Jobs at risk in the worst week [persons]."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on, the most important first."""


class PlaceLoss(ResultModel):
    """Loss of all sectors of a place; medians and 90 % band over draws."""

    value_added_usd: float
    """Value added lost, gross [USD]."""
    low: float
    """[USD]"""
    high: float
    """[USD]"""
    net_usd: float
    """Value added lost, less what is made up for later [USD]."""
    job_years: float
    """Jobs at risk [person-years]."""
    scaled_share: float
    """Share of the loss that rests on sectors whose value added is scaled from totals for want of a figure [1]."""


class BranchResult(ResultModel):
    """What comes of the draws that take one branch of a fork."""

    fork: int
    """Number of the fork."""
    label: str
    """Text of the branch."""
    p: float
    """Declared probability [1]."""
    draws: int
    """Draws that take it."""
    headline: dict[str, PlaceLoss]
    """Loss by place over these draws; empty where none takes the branch."""
    stops: dict[str, float]
    """Share of these draws in which a sector stops, by place [1]."""


class IndirectLoss(ResultModel):
    """Value added that a country's other sectors lose through its input-output table, at the mean direct loss."""

    country: str
    route: str
    """Table or coefficients that were used; ``none`` without either."""
    value_added_usd: float | None
    """[USD]; None where there is no figure."""
    low: float | None
    """[USD]"""
    high: float | None
    """[USD]"""


class Driver(ResultModel):
    """An input that moves the loss."""

    input: str
    rho: float
    """Rank correlation with the outcome (Spearman) [1]."""
    kind: str
    """What the input rests on: ``reported``, ``derived`` or ``assumed``."""
    beyond_chance: bool
    """False where one of so many inputs would seem to matter as much in so few draws by chance."""


class EvidenceGrade(ResultModel):
    """Share of the explained variance of ranks by what the inputs rest on [1]; all zero without drivers."""

    reported: float
    derived: float
    assumed: float


class SobolIndex(ResultModel):
    """Shares of the variance of an outcome that an input explains, with half the width of their intervals."""

    input: str
    """Input, or ``others`` for all that are not named."""
    first: float
    """Explained by the input alone [1]."""
    first_reach: float
    """[1]"""
    total: float
    """Left if all other inputs were known [1]."""
    total_reach: float
    """[1]"""


class SobolIndices(ResultModel):
    """Sobol indices of an outcome, on a design of their own."""

    outcome: str
    n: int
    """Base points of the design."""
    runs: int
    """Simulations."""
    confidence: float
    """Level of the intervals [1]."""
    indices: tuple[SobolIndex, ...]


class RunSummary(ResultModel):
    """What came of a run: first stops, shortfalls, losses, and the inputs that move them."""

    scenario: str
    title: dict[str, str]
    """Title of the scenario by language."""
    start: str
    """First Monday."""
    draws: int
    """1 for the central run."""
    seed: int
    weeks: int
    first_stops: tuple[FirstStop, ...]
    """Earliest first."""
    shortfall: tuple[Shortfall, ...]
    """Those that stop sectors first, by the losses of these sectors; then by unserved use, largest first."""
    peak_prices: tuple[PeakPrice, ...] = ()
    """Of goods under a restriction, by rise, the largest first."""
    losses: tuple[SectorLoss, ...]
    """Largest first."""
    headline: dict[str, PlaceLoss]
    """Loss in ``all`` countries, in the EU and in each region with a sector."""
    stops: dict[str, float] = {}
    """Share of draws in which a sector stops, by the same places [1]."""
    branches: tuple[BranchResult, ...] = ()
    """What each branch of each fork comes to; empty without forks and for the central run."""
    indirect: tuple[IndirectLoss, ...]
    """Largest first; empty without a direct loss."""
    drivers: tuple[Driver, ...]
    """Largest correlation first; empty for the central run."""
    evidence_grade: EvidenceGrade
    band: str
    """What the bands mean."""
    sobol: SobolIndices | None = None
    """Only where it was asked for."""
    run: str
    """Run folder."""
    as_of: str
    """Newest figure used."""
    base_year: int
    chain: str
    """Which minerals."""
    base_as_of: str
    """Newest figure in the base system."""
    user_figures: int
    """How many figures are the user's own."""
    warnings: tuple[str, ...]
    """Dated states that have ended."""
    seconds: float
    """Duration of the calculation [s]."""
