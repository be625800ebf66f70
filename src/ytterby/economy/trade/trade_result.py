"""What is said of dated duties: fields that command line, briefing and web read."""

from __future__ import annotations

from ytterby.result_model import ResultModel


class TradeGroup(ResultModel):
    """Goods of one group from one of the named partners, over the year that is added up."""

    group: str
    name: str
    partner: str
    base: float
    """Customs value before: in 2024, or under the duties enacted when the scenario starts [USD]."""
    duty_before: float
    """Duty over customs value before."""
    duty: float
    """Mean duty of the year."""
    buyer_price: float
    """Price with duty, relative to 2024."""
    export_price: float
    """Price before duty, relative to 2024."""
    volume: float
    """Relative to 2024."""
    change: float
    """Change of the customs value [USD]."""
    revenue: float
    """Duty paid [USD]."""
    price_loss: float
    """What exporters get less for what they still sell [USD]."""
    home: float
    """Change of the sales of home producers [USD]."""
    diverted: float
    """Change of the imports from all other partners, at customs value [USD]."""


class TradeParty(ResultModel):
    """Sums of a party over the year that is added up, against 2024."""

    party: str
    name: str
    exports: float
    """Change of what it sells to the importing country, at customs value; of the importing country its home sales [USD]."""
    price_loss: float
    """What its exporters get less for what they still sell [USD]."""
    value_added: float | None
    """Change of value added with suppliers [USD]; none where the facts have no table."""
    jobs: float | None
    """Change of jobs of the industries themselves [persons]."""
    jobs_with_suppliers: float | None
    """Change of jobs with suppliers [persons]."""
    revenue: float
    """Change of duty revenue [USD]; nil for partners."""
    consumers: float
    """Change of what households have [USD]; nil for partners."""
    users: float
    """Change of what using industries and investors have [USD]; nil for partners."""
    balance: float
    """Its balance of goods with the importing country; of the importing country with all partners [USD]."""
    balance_before: float
    """The same before [USD]."""
    band: dict[str, tuple[float, float]]
    """Low and high (5 and 95 %) of the fields above, by name; empty without draws."""


class TradeMonth(ResultModel):
    """One month: named partners and the importing country [USD in the month]."""

    month: str
    duty: float
    """Duty over customs value of all goods of the named partners."""
    group_duty: dict[str, float]
    """The same by group."""
    exports: float
    """Customs value of the goods of the named partners."""
    volume: dict[str, float]
    """Volume by group, relative to 2024."""
    value_added: float | None
    """Change of the named partners' value added, where known."""
    revenue: float
    """Change of duty revenue, of all imports."""
    revenue_named: float
    """Duty paid on the goods of the named partners."""
    buyers: float
    """Change of what households and users have."""
    balance: float
    """Balance of the importing country with the named partners."""


class DutyPeriodRow(ResultModel):
    """What holds between two changes of the duties on the named partners, as if it lasted a year [USD]."""

    start: str
    duty: dict[str, float]
    """Duty by group."""
    mean: float
    """Over all goods."""
    value_added: float | None
    """Change of the named partners' value added."""
    price_loss: float
    """What their exporters get less for what they still sell."""
    revenue: float
    """Duty paid on their goods, beyond 2024."""
    buyers: float
    """What buyers of their goods pay more for what they still buy."""
    jobs: float | None
    """Change of the named partners' jobs with suppliers [persons]."""
    balance: float
    """Balance of the importing country with them."""


class TradeBranch(ResultModel):
    """State at the end on one path through the forks, as if it lasted a year [USD]."""

    label: str
    p: float
    duty: float
    """Mean duty on the goods of the named partners."""
    value_added: float | None
    """Change of the named partners' value added."""
    revenue: float
    """Change of duty revenue of all imports."""
    balance: float
    """Balance of the importing country with the named partners."""


class ReplayRow(ResultModel):
    """A published figure of 2025 beside ours."""

    target: str
    """Id of the figure."""
    what: str
    unit: str
    published: float
    model: float
    low: float
    high: float
    hit: bool | None
    """Within the rule of a hit; none for estimates of the whole economy, which are compared, not scored."""
    in_band: bool
    """Whether the published figure lies between ``low`` and ``high``."""
    seen: bool
    """Known when the default of the pass-through was chosen: outside the hits of the backtest."""
    direction: bool
    """Whether the sign is right."""
    missing: str
    """What the published figure holds beyond ours."""


class ReplayCount(ResultModel):
    """Rows of the replay that are scored, and how many are met; all that were seen before count for nothing."""

    of: int
    rule: str
    """What counts as met, in words."""
    within_rule: int
    in_band: int
    unseen: int
    """Rows that nobody had seen when the pass-through was chosen: the only ones that would count."""


class TradeCheck(ResultModel):
    """A sum of the trade table beside a published one [bn USD]."""

    fact: str
    what: str
    published: float
    low: float
    high: float
    shipped: float
    inside: bool


class LinkedSectorRow(ResultModel):
    """A sector that talks link to duties; what is not in the facts is empty."""

    item: str
    name: str
    share_of: str
    """Whose share the shares are, and of what; empty without a share."""
    sector: str
    party: str
    date: str
    investment: float | None
    """[USD]"""
    capacity: str
    """Capacity moved, in words."""
    balance: float | None
    """Change of the bilateral balance in favour of the other party [USD/year]."""
    demand: dict[str, float]
    """Rare earths that it needs more, by element [t/year]."""
    share_before: float | None
    """Share before, of the country that `share_of` names."""
    share_after: float | None
    jobs: float | None
    facts: tuple[str, ...]
    kind: str
    note: str


class MineralRow(ResultModel):
    """Imports of one region in one stage of the rare-earth chain, under the scenario's tariffs on goods at its end."""

    region: str
    stage: str
    duty_known: bool
    """Whether a fact gives the duty of the region."""
    duty_before: float
    duty_after: float
    imports_before: float
    """[USD/year]"""
    imports_after: float
    """[USD/year]"""
    imports_after_high: float
    """The same if the duties of no fact had been the highest assumed, and fell to nil [USD/year]."""
    share_before: float
    """Share of China in what is used."""
    share_after: float
    home: float
    """Change of the sales of home producers [USD/year]."""
    output_change: float
    """Change of what all others sell to it [USD/year]: nil where no duty changes."""


class TradeResult(ResultModel):
    """What the duties of a scenario do, against the duties of 2024 or those enacted when it starts."""

    scenario: str
    title: str
    titles: dict[str, str]
    """Titles in other languages, by ISO 639 code."""
    answer: str
    """What the duties change for whom, in words."""
    horizon: str
    """``short``, ``medium`` or ``long``: how far buyers and sellers have adapted."""
    draws: int
    seed: int
    against: str
    """``2024``, or the day whose duties as enacted are what changes are counted from, YYYY-MM-DD."""
    year: tuple[str, str]
    """First and last month that are added up in ``groups`` and ``parties``, YYYY-MM."""
    named: tuple[str, ...]
    """Partners whose duties the scenario sets; all others pay the schedule as enacted."""
    groups: tuple[TradeGroup, ...]
    """Goods of the named partners, largest change of value first."""
    parties: tuple[TradeParty, ...]
    """The importing country first, then partners by change of their exports."""
    months: tuple[TradeMonth, ...]
    steps: tuple[DutyPeriodRow, ...]
    """What each step of the duties costs whom, as if it lasted a year."""
    branches: tuple[TradeBranch, ...]
    """What holds after the last fork; one row without label where the scenario has none."""
    replay: tuple[ReplayRow, ...]
    """Rows of the replay of 2025; empty for other scenarios."""
    replay_score: ReplayCount | None
    """How many of them are met and how many lie in the band; none for other scenarios."""
    minerals: tuple[MineralRow, ...]
    """Oxides, metals and magnets under tariffs on goods, at the end of the horizon; empty where the scenario has none."""
    linked: tuple[LinkedSectorRow, ...]
    """Sectors that talks on duties link to them: chips, ships, defence."""
    checks: tuple[TradeCheck, ...]
    """The trade table beside published sums."""
    recalled: dict[str, float]
    """Share of imports, exports and home sales, and of the elasticities, that rests on figures from memory."""
    facts: tuple[str, ...]
    """Ids of the figures behind the duties of the scenario, the replay and the linked sectors."""
    not_in_it: tuple[str, ...]
    """What the block leaves out."""
    user: str
    """Sentence on the user's figures; empty for none."""
    grounds: str
    seconds: float
    """Time of duties, outcomes and bands, without replay and base system."""
