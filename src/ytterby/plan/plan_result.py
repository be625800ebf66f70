"""What a plan says: the fields that command line, briefing and web read.

Money is in USD of 2024, as present value at 5 % a year unless a field says otherwise.
"""

from __future__ import annotations

from ytterby.plan.funded_result import FundedRow
from ytterby.plan.judged_result import FlipRow, FreshResult, Resimulated, ScaleRow, StabilityResult
from ytterby.plan.later_figures import LaterFigureRow, LaterPlantRow
from ytterby.plan.target_result import SelfSufficiencyRow, TargetResult
from ytterby.plan.track_record import WatchPrior
from ytterby.result_model import ResultModel


class PortfolioRow(ResultModel):
    """A measure of the plan."""

    measure: str
    """Id of the candidate."""
    name: str
    party: str
    """Who takes it."""
    kind: str
    year: int
    """Year in which money is committed."""
    share: float
    """Share of what the party is entitled to [1]."""
    size: float
    unit: str
    of_plant: float | None
    """Capacity bought over that of the whole plant [1]; None for stocks and programmes."""
    capex_usd: float
    """Capital, or the purchase of a stock [USD, not discounted]."""
    public_usd: float
    """Public money [USD]."""
    avoids_usd: float
    """Change of the objective if this measure alone were left out [USD]."""
    usable_from: int | None
    """First year in which it can help."""
    reason: str
    """Why it is in, in words."""


class LeftOutRow(ResultModel):
    """A candidate that is not in the plan."""

    measure: str
    name: str
    party: str
    too_dear_by: float | None
    """Share by which its cost would have to fall to enter [1]; None where it has no cost of its own or a limit keeps it out."""
    reason: str
    held_weeks: float | None = None
    """Of a stock: use of its good that makers, dealers and the state hold without it [weeks]."""


class PaysAloneRow(ResultModel):
    """A candidate that earns the private rate at base prices, so that it needs no public money."""

    measure: str
    name: str
    party: str
    margin: float
    """Surplus at the private rate over its capital [1]."""
    price_fall: float | None
    """Fall of the price of its products at which it no longer would [1]."""


class CurvePoint(ResultModel):
    """Best plan under a budget."""

    budget: float
    """[USD]"""
    public_usd: float
    """Public money spent [USD]."""
    gain: float
    """Fall of the objective against doing nothing [USD]."""
    expected_loss: float
    """[USD]"""
    cvar: float
    """Mean loss of the worst tenth [USD]."""


class NearGroup(ResultModel):
    """Least and most that plans nearly as good spend on a group of measures."""

    group: str
    low: float
    """[USD of public money]"""
    high: float
    """[USD of public money]"""
    chosen: float
    """What the plan spends [USD of public money]."""


class NearPortfolio(ResultModel):
    """A plan nearly as good that differs much."""

    public_usd: float
    shares: dict[str, float]
    """Public money by group [USD]."""


class NearResult(ResultModel):
    """Plans whose gain is within a slack of the best."""

    slack: float
    """Share of the gain given up [1]."""
    must_have: tuple[str, ...]
    """Groups that every such plan has."""
    never: tuple[str, ...]
    """Groups that none has."""
    groups: tuple[NearGroup, ...]
    total: NearGroup
    portfolios: tuple[NearPortfolio, ...]


class ResidualRow(ResultModel):
    """Loss that stays."""

    sector: str
    party: str
    input: str
    """Scarcest input where most is lost."""
    loss_usd: float
    """Expected loss [USD]."""
    before_usd: float
    """Expected loss without the plan [USD]."""
    why: str
    """``before anything opens``, ``no measure``, ``components``, ``used up``, ``budget`` or ``cost``."""


class AccountRow(ResultModel):
    """Accounts of a party in a year, not discounted, as the change against doing nothing; losses as they are."""

    party: str
    year: int
    resource_usd: float
    public_usd: float
    loss_usd: float
    loss_before_usd: float


class SpendingRow(ResultModel):
    """Public money of all parties for a group of measures in a year, not discounted."""

    group: str
    year: int
    public_usd: float


class BindingLimit(ResultModel):
    """A limit that holds the plan back."""

    limit: str
    dual: float
    """Fall of the objective for one more unit of the limit (one USD of a budget) [1]."""


class PriceWar(ResultModel):
    """What a price war of the dominant supplier would do to the plants of the plan."""

    price_factor: float
    """Price of its goods over the base price [1]."""
    share_running: float | None
    """Share of the new capacity whose running cost is still covered [1]; None without a plant."""
    floor_cost: float
    """What a floor at the running cost would cost a year [USD/year]."""


class IndustryRow(ResultModel):
    """What the plan builds up in a party at a stage, at full capacity."""

    party: str
    stage: str
    output_usd: float
    """Value of output at base prices [USD/year]."""
    value_added_usd: float
    """Output less inputs at base prices [USD/year]."""
    jobs_build: float | None
    """Person-years of building; None where no source gives them."""
    jobs_run: float | None
    """Jobs in operation."""
    new: bool
    """Whether the party made nothing of the stage in the base year."""
    gdp_share: float | None
    """Value added over GDP [1]."""
    jobs_at_risk: float
    """Jobs behind what the party loses without the plan, mean over the paths in its worst year, for comparison [persons]."""


class EnvironmentRow(ResultModel):
    """Burden of the plan's plants at full use."""

    party: str
    co2e_t: float | None
    """[t CO2e/year]"""
    water_m3: float | None
    """[m3/year]"""
    radioactive_t: float | None
    """Radioactive residue [t/year]."""
    covered: float
    """Share of the plants' output for which a figure is on record [1]."""


class ComparisonRow(ResultModel):
    """A recorded commitment of a party beside what the plan takes from it."""

    party: str
    what: str
    """What was committed, in the words of the figure."""
    period: str
    covers: str
    """``rare earths`` or ``critical minerals`` for money; empty for a stock."""
    measure: str
    """Id of the plan's stock of the same goods; empty for money."""
    recorded: float
    """[USD] or [t]"""
    plan: float
    """Public money of the party, or size of its stock [USD] or [t]."""
    unit: str
    recalled: bool
    """Whether no source was seen for the recorded amount."""
    fact: str


class PlanResult(ResultModel):
    """Best portfolio of measures for the parties as one, what it buys and what is left."""

    parties: tuple[str, ...]
    budget: float | None
    """Public money allowed [USD]; None for no limit."""
    years: tuple[int, int]
    scenarios: int
    seed: int
    as_of: str | None
    portfolio: tuple[PortfolioRow, ...]
    """By public money, largest first."""
    left_out: tuple[LeftOutRow, ...]
    pays_alone: tuple[PaysAloneRow, ...]
    cost_usd: float
    """Resource cost of the plan over doing nothing [USD]."""
    public_usd: float
    """Public money [USD]."""
    risk_before: float
    """Expected loss without the plan [USD]."""
    risk_after: float
    """Expected loss with it [USD]."""
    cvar_before: float
    cvar_after: float
    gain_usd: float
    """Fall of resource cost, expected loss and weighted CVaR [USD]."""
    lower_bound: float
    """Bound on the change of the objective that no plan beats [USD]."""
    upper_bound: float
    """Change of the objective by this plan [USD]."""
    gap: float
    """Difference of the bounds over the gain [1]."""
    ended: str
    """``gap``, or ``time`` where time ran out first."""
    binding: tuple[BindingLimit, ...]
    stops: tuple[ScaleRow, ...] = ()
    """What stops of a year would cost without a plan, and how often the paths have them; empty without drawn paths."""
    families: dict[str, float]
    """Probability of paths by what restricts them most, of all that were drawn; ``none`` for those without a restriction [1]."""
    new_a_year: dict[str, float] = {}
    """Restrictions that begin in a year of the paths by family, and ``aimed at`` each party [1/year]; empty without drawn paths."""
    accounts: tuple[AccountRow, ...]
    spending: tuple[SpendingRow, ...] = ()
    curve: tuple[CurvePoint, ...]
    near: NearResult | None
    residual: tuple[ResidualRow, ...]
    flip: tuple[FlipRow, ...]
    flip_probability: float | None
    """Yearly probability of a restriction at which the first choice changes; None: not between a tenth and three times today's."""
    worth_knowing: dict[str, float]
    """What knowing each input before money is spent would be worth [USD], the most first."""
    fresh: FreshResult | None
    stability: StabilityResult | None
    price_war: PriceWar | None
    industries: tuple[IndustryRow, ...]
    environment: tuple[EnvironmentRow, ...]
    self_sufficiency: tuple[SelfSufficiencyRow, ...]
    targets: TargetResult | None
    compared_with: tuple[ComparisonRow, ...]
    """Recorded commitments of the parties for the same purpose."""
    funded: tuple[FundedRow, ...] = ()
    """Projects that the parties have really funded, and why the plan takes them or not."""
    risk_resimulated: Resimulated | None
    share_assumed: float
    """Share of the plan's public money that rests on assumed figures [1]."""
    share_later: float | None = None
    """With a day of the plan: share of its public money that rests on at least one figure dated after that day [1]."""
    watch_prior: WatchPrior | None = None
    """Record of promises taken in, and the candidates that it moved; None where the plan was not asked to."""
    later_figures: tuple[LaterFigureRow, ...] = ()
    """With a day of the plan: figures of its measures that are dated after that day."""
    later_plants: tuple[LaterPlantRow, ...] = ()
    """With a day of the plan: plants that opened after it and are not in its years."""
    draft: str | None
    """Scenario file of the plan's measures."""
    seconds: float
