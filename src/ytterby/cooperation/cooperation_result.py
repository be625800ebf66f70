"""What is said of an alliance: fields that command line, briefing and web read.

Money is in USD of 2024, present value at 5 % unless a field says otherwise.
"""

from __future__ import annotations

from pydantic import ConfigDict, Field

from ytterby.plan import LaterFigureRow, LaterPlantRow
from ytterby.result_model import ResultModel

Shares = dict[str, float]
"""USD by party."""
APART = 2.0
"""Ratio of the worth on other paths to the promised one from which on the two contradict each other."""


class ExcessRow(ResultModel):
    """A coalition that does badly under a rule of sharing."""

    rule: str
    coalition: str
    excess: float
    """Its value less what its members get together [USD]; above 0 it would do better by itself."""


class PartsRow(ResultModel):
    """Where the value of a coalition comes from; the parts add up to it."""

    aid: float
    """In restricted years goods go to where the loss is largest [USD]."""
    stocks: float
    """Stocks are chosen for all together [USD]."""
    projects: float
    """Plants and savings are chosen for all together, and goods are exchanged in calm years [USD]."""
    technology: float
    """Research is paid once and serves all, and partners teach each other to run plants [USD]."""


class TransferRow(ResultModel):
    """Who pays whom so that each has its share, beyond the base price of the goods that they send each other."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    rule: str
    payer: str = Field(alias="from")
    """Who pays."""
    payee: str = Field(alias="to")
    """Who receives."""
    usd: float
    """Present value [USD]."""
    by_year: float
    """The same payment in every year of the plan, worth as much [USD/year]."""


class SentRow(ResultModel):
    """Goods that one member sends another in the joint plan, expected, at base prices."""

    giver: str
    taker: str
    calm_usd: float
    """In years without a restriction for any member [USD]."""
    crisis_usd: float
    """In restricted years: what the giver has to part with when it is short itself [USD]."""


class JointMeasureRow(ResultModel):
    """A measure of the joint plan that takes public money."""

    measure: str
    """Id of the candidate."""
    name: str
    party: str
    """Who takes it; joint research has all parties joined by ``+``."""
    year: int
    """Year in which money is committed."""
    share: float
    """Share of what the party is entitled to [1]."""
    public_usd: float
    """[USD]"""
    taught_by: str = ""
    """Partner whose know-how opens the plant; empty for none."""


class JobsRow(ResultModel):
    """Jobs in the plants of the joint plan, as far as they are known."""

    party: str
    build: float
    """[person-years]"""
    run: float
    """[persons]"""


class CostShareRow(ResultModel):
    """Who bears the public money of a measure of the joint plan under a rule of sharing."""

    rule: str
    measure: str
    """Id of the candidate."""
    name: str
    party: str
    """Who takes it."""
    public_usd: float
    """[USD]"""
    paid: Shares
    """Part of each member [USD]."""


class CommitmentRow(ResultModel):
    """What governments have promised for a project, beside the shares of this alliance; neither is right or wrong."""

    project: str
    published: str
    """Who pays or gets what, as published."""
    published_shares: Shares
    """Shares of the members in it, where the record gives both sides [1]; empty where it does not."""
    ours: dict[str, Shares]
    """Part of each member in the public money of the joint plan, by rule [1]."""
    why: str
    """Why they differ."""
    facts: tuple[str, ...]


class PublicMoneyResult(ResultModel):
    """Least public money with which all together do as well as the plans of each alone, beside a published ratio."""

    together_usd: float
    alone_usd: float
    """Least with which the members' own plans do so [USD]."""
    ratio: float | None
    """None where they need none."""
    published_ratio: float
    """Of IMF WP 2026/072: importers that act together over one alone, for a share of refining at home (D051 over D050)."""
    why: str
    facts: tuple[str, ...]


class FreshValue(ResultModel):
    """Value of all together on paths that the plans were not made for."""

    paths: int
    value: float
    """[USD]"""
    low: float
    """Tenth percentile over the paths drawn again [USD]."""
    high: float
    """Ninetieth percentile [USD]."""
    promised: float
    """Value that the plans promise on their own paths [USD]."""
    ratio: float | None
    """Value over what is promised [1]; None where nothing is promised."""
    apart: bool
    """Whether it is more than :data:`APART` times what is promised, or less than that part of it: then neither is to be relied on."""

    @classmethod
    def of(cls, paths: int, value: float, low: float, high: float, promised: float) -> FreshValue:
        """Value with its band on so many paths, beside what the plans promise [USD]."""
        ratio = value / promised if promised > 0.0 else None
        apart = ratio is not None and not 1.0 / APART <= ratio <= APART
        return cls(paths=paths, value=value, low=low, high=high, promised=promised, ratio=ratio, apart=apart)


class DeterrenceResult(ResultModel):
    """What changes if restrictions that would hit less are imposed less often."""

    delta: float
    """Of the user: hazard x exp(-delta x share of the loss removed)."""
    removed: dict[str, float]
    """Share of the loss without plans that each coalition's plan removes [1]."""
    value: float
    """Value of all together at that delta [USD]."""
    shapley: Shares
    flips_at: float | None
    """Smallest delta at which an answer is another; None if none up to the largest that is tried."""
    tried_to: float
    """Largest delta that is tried."""
    flips: str
    """Which answer, and to what: of ``largest share`` or ``core``; empty if none."""


class ImitationResult(ResultModel):
    """What it does to the members if others plan by themselves for the same open projects and equipment."""

    followers: tuple[str, ...]
    value: float
    """Value of all together when followers take their part of what nobody holds [USD]."""
    value_alone: float
    """The same when followers leave it to the members [USD]."""
    cost: float
    """What their imitation costs the members together: rise of the joint objective [USD]."""
    value_dear: float
    """Value of all together when measures cost what the upper end of their ranges says, as if equipment had become scarce [USD]."""
    cost_dear: float
    """What that costs the members together [USD]."""
    followers_public_usd: float
    """Public money that the followers' own plans take [USD]."""
    supplier_share: dict[str, dict[str, float]]
    """Share of the dominant supplier in what members and followers make and import in the last year without a restriction, by stage:
    of ``nobody`` planning, of the ``members``, and of ``all`` [1]."""


class SideDealRow(ResultModel):
    """The least that the dominant supplier would have to offer one party to leave."""

    party: str
    rule: str
    """Rule by which the members share."""
    exempt_share: float | None
    """Least share of the paths in which restrictions spare it [1]; None where even always sparing it is not enough."""
    usd: float
    """Least payment without any exemption; where sparing it is not enough, the payment beside it [USD]."""


class InviteRow(ResultModel):
    """An outsider that could be asked to join."""

    party: str
    gain: float
    """What it adds to the value of the present members' alliance [USD]."""
    gain_of_party: float
    """Part of it that falls to the party itself before anybody pays [USD]."""
    order: int
    """Place in the order in which the alliance grows by who adds most."""
    gain_in_order: float
    """What it adds when it joins in that place [USD]."""


class BlocRow(ResultModel):
    """A bloc of a split."""

    bloc: str
    value: float
    """[USD]"""


class PartitionResult(ResultModel):
    """The parties split into blocs, each of which plans as one."""

    blocs: tuple[BlocRow, ...]
    value: float
    """Of all blocs [USD]."""
    lost: float
    """What is lost against all together [USD]."""


class HubResult(ResultModel):
    """A star: the hub exchanges goods with each, the others do not with each other."""

    hub: str
    value: float
    """[USD]"""
    lost: float
    """What is lost against the full club [USD]."""


class PoolRow(ResultModel):
    """A candidate that parties planning alone would use more than once between them, since each may use it whole."""

    measure: str
    times: float
    """Sum of the shares that the parties take when each plans alone [1]."""
    tonnes: float
    """What is counted twice [t/year of main output]."""


class ShareSensitivityRow(ResultModel):
    """Value and shares with an input at an end of its range."""

    input: str
    end: str
    """``low`` or ``high``."""
    at: float
    """Input there, in its unit."""
    value: float
    """Value of all together [USD]."""
    shapley: Shares
    """[USD]"""


class CooperationResult(ResultModel):
    """What an alliance is worth, by whom, how it can be shared, and who would rather leave."""

    parties: tuple[str, ...]
    budget: Shares | None
    """Public money of each party [USD]; None for no limit."""
    years: tuple[int, int]
    periods: int
    """Steps that the years are taken in."""
    scenarios: int
    seed: int
    terms: tuple[str, ...]
    """What differs from the usual terms: ``units``, ``pool``, ``no-aid``, ``own-budgets``."""
    values: Shares
    """Value of every coalition, parties in alphabetical order joined by ``+`` [USD]."""
    gap_usd: float
    """Largest difference of a value from the exact one that the solver's bounds leave [USD]."""
    undecided: tuple[str, ...]
    """Coalitions whose value is within that gap; it is told as 0."""
    fresh: FreshValue | None
    """None where it was not asked for, and for a single party."""
    worst_pair: float
    """Least of v(S + T) - v(S) - v(T) over disjoint S and T [USD]; not below minus the gap where the game is superadditive."""
    shapley: Shares
    """Mean over all orders of joining of what a party adds [USD]."""
    nucleolus: Shares
    """The worst-off coalition as well off as can be, then the next, and so on [USD]."""
    owen: Shares | None
    """At the dual prices of the joint plan: a point of the core [USD]; None where there may be none (whole units, own budgets, pool)."""
    proportional: dict[str, Shares]
    """By ``use`` (value of what is finally used), by ``gain alone`` and by ``GDP`` [USD]."""
    least_core_eps: float
    """Least excess that some coalition must have [USD]; below 0 it is the room in the core."""
    core_empty: bool
    """Whether every way of sharing leaves some coalition worse off than by itself, beyond the gap."""
    core_decided: bool
    """Whether the room in the core, or what is missing, is larger than the gap."""
    blocking: tuple[str, ...]
    """Coalitions that settle the room in the core."""
    excess: tuple[ExcessRow, ...]
    """The coalitions that do worst, by rule."""
    parts: dict[str, PartsRow]
    """By coalition, each right given after the last in the order of the fields; none on terms without aid or with a pool."""
    parts_average: dict[str, PartsRow]
    """The same, in the mean over all orders in which the four rights may be given."""
    own_saving: Shares
    """What each saves in the joint plan before anybody pays [USD]; a share less this is received, or paid where it is below 0."""
    transfers: tuple[TransferRow, ...]
    sent: tuple[SentRow, ...]
    portfolio: tuple[JointMeasureRow, ...]
    """Joint plan, by public money, largest first."""
    cost_shares: tuple[CostShareRow, ...]
    """Who bears each measure, by the rules that look at coalitions."""
    beside: dict[str, Shares]
    """What each pays (above 0) or receives beside the measures, by the same rules [USD]."""
    commitments: tuple[CommitmentRow, ...]
    """What has been promised already."""
    public_money: PublicMoneyResult | None
    """None for a single party and for whole units."""
    deterrence: DeterrenceResult | None
    """None for a single party."""
    imitation: ImitationResult | None
    """None where it was not asked for."""
    jobs_created: tuple[JobsRow, ...]
    side_deal: tuple[SideDealRow, ...]
    invite: tuple[InviteRow, ...]
    partition: PartitionResult | None
    hub: HubResult | None
    double_counted: tuple[PoolRow, ...]
    """With ``pool`` only."""
    spillover: Shares | None
    """Loss that others avoid by the joint plan in the weekly simulator, in a year in which the supplier holds back most of its rare earths
    and magnets (80 % in 2032) [USD]; None where it was not asked for."""
    sensitivity: tuple[ShareSensitivityRow, ...]
    later_figures: tuple[LaterFigureRow, ...] = ()
    """With a day of the plans: figures of the joint plan's measures that are dated after that day."""
    later_plants: tuple[LaterPlantRow, ...] = ()
    """With a day of the plans: plants that opened after it and are not in their years."""
    seconds: float
