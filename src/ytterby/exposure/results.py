"""Result models of the exposure assessment, used by the command line, the briefing and Python."""

from __future__ import annotations

from ytterby.exposure.supply_results import EntryShare, Indicator, PassedShare, SinglePoint, SupplierShare
from ytterby.result_model import ResultModel


class ValueAtStake(ResultModel):
    """Value added of a sector that stops without a supplier, where no stock, no way round and no substitute helps (E16)."""

    sector: str
    element: str
    """Most exposed element of the input."""
    input: str
    """Commodity whose lack stops most of the sector."""
    supplier: str
    passed: float
    """Share of that element in that input that passed the supplier [1]."""
    value_added_usd: float
    """Value added of the whole sector [USD/year]."""
    share: float
    """Share of the sector's output that stops; all of its inputs together count once [1]."""
    at_stake_usd: float
    """Value added that stops [USD/year]."""
    low: float
    """The same where all ranges are at the end at which least stops [USD/year]."""
    high: float
    """The same where all ranges are at the end at which most stops [USD/year]."""
    jobs: float
    """Jobs in what stops [persons]."""
    assumed: bool
    """Whether the sector's figures rest on an assumption."""


class SupplierStake(ResultModel):
    """Value added of all sectors together that stops without a supplier; each sector counts once (E16)."""

    supplier: str
    at_stake_usd: float
    """[USD/year]"""
    low: float
    """Sum of the sectors' low ends [USD/year]."""
    high: float
    """Sum of the sectors' high ends: at most so much [USD/year]."""
    jobs: float
    """[persons]"""
    gdp_share: float | None
    """Over the importer's GDP [1]; None where it is unknown."""
    gdp_share_low: float | None
    """Of the low end [1]."""
    gdp_share_high: float | None
    """Of the high end [1]."""


class TracedScore(ResultModel):
    """GeoPolRisk with traced shares at a stage in place of direct import shares."""

    stage: str
    score: float
    """Concentration times risk [1]."""
    hhi: float
    """Concentration of world output at the stage, 0-1."""
    import_risk: float
    """Political risk of the regions that worked the use, weighted by traced share [1]."""


class GeoPolRiskDetail(ResultModel):
    """Components of a GeoPolRisk score."""

    score: float
    """Concentration times import risk [1]."""
    hhi: float
    """Concentration of world mine production, 0-1."""
    import_risk: float
    """Political risk of suppliers weighted by imports, domestic production without risk [1]."""
    imports_t: float
    """Imports with a quantity [t gross]."""
    own_production_t: float
    """[t REO]"""
    production: str
    """Source of mine production."""
    notes: tuple[str, ...]
    """Gaps in mine production."""
    unrated: tuple[str, ...]
    """Suppliers without a governance figure."""
    traced: tuple[TracedScore, ...] = ()
    """The score with traced shares, by stage."""
    misleads: str = ""
    """Known limitation of the score for this importer."""


class GeoPolRiskGap(ResultModel):
    """Reason why there is no GeoPolRisk score."""

    gap: str
    """Data that are missing."""


class ImportYear(ResultModel):
    """Direct and traced share of a supplier in an importer's rare-earth imports of one year."""

    importer: str
    """Region or group."""
    year: int
    supplier: str
    """ISO alpha-2 code."""
    basis: str
    """Basis of the shares: ``quantity`` or ``value``; empty without trade data."""
    imports: float | None
    """Imports from all others [t, or 1000 USD by value]."""
    direct: float | None
    """Share attributed to the supplier by customs [1]."""
    traced: float | None
    """Share that passed the supplier, traced through re-exports [1]."""
    low: float | None
    """Traced share if all possible producers count as producers [1]."""
    high: float | None
    """Traced share if only published production counts [1]."""
    note: str
    """Missing or interpolated data."""


class ElementUse(ResultModel):
    """An importer's use of one element."""

    element: str
    use_t: float
    """Final use, also inside goods [t oxide/year]."""
    assumed: float
    """Share of imports and uses, by mass, based on assumed rows [1]."""
    stockpile_days: float | None
    """Public stockpiles over use [day]; None if there are none."""
    bought_as: str | None = None
    """Stage at which most of the use is bought on balance: share that crossed the border there, times reliance; None without imports."""
    import_reliance: float | None = None
    """Net imports over consumption at that stage, 0-1."""
    net_exporter: bool = False
    """Whether the importer is a net exporter at that stage."""
    facts: tuple[str, ...] = ()
    """Ids of the facts behind imports and uses, the most important first."""


class Dependence(ResultModel):
    """How much of an importer's use of an element depends on one supplier, all end uses and forms together, by mass."""

    element: str
    supplier: str
    direct: float
    """Share that last crossed the border from there as concentrate, oxide, metal or magnet [1]."""
    embedded: float
    """Share that arrived from there inside components and goods [1]."""
    embedded_low: float | None
    """[1]"""
    embedded_high: float | None
    """[1]"""
    traced: float
    """Share that was worked there at any stage [1]."""
    low: float | None
    """Lower bound of the traced share [1]."""
    high: float | None
    """Upper bound of the traced share [1]."""


class UnderControl(ResultModel):
    """An order of the register of controls under which goods of an importer, or a part of a list, stand."""

    elements: tuple[str, ...]
    """Elements or families concerned."""
    goods: tuple[str, ...]
    id: str
    """Names the order."""
    order: str
    """Legal act, with its number where known."""
    by: str
    """Country that controls (ISO alpha-2)."""
    to: str
    """Party that is hit, or ``all``."""
    kind: str
    """Licence, ban, quota, duty, tariff, tax, technology, list or embargo."""
    state: str
    """In force, suspended, announced, or expired: an end has passed and no later fact is known."""
    since: str
    """First day in force, YYYY-MM-DD."""
    until: str | None
    """Last day of the state, YYYY-MM-DD; None where none is known."""
    told: str
    """The state in one phrase, such as ``licence needed since 2025-04-04``."""
    resumed: bool = False
    """Whether what has expired is a suspension: the order is in force again unless it was prolonged."""
    listed_in: tuple[str, ...] = ()
    """Orders that list the goods: by them they are among all dual-use goods, which this order is on; else empty."""
    stages: tuple[str, ...] = ()
    """Stages of the goods under it, such as mine or oxide; empty for goods outside of the model."""
    bought: bool | None = None
    """Whether such goods cross the importer's border from where the order binds; else it acts further up; None where not asked."""
    facts: tuple[str, ...]


class ExposureData(ResultModel):
    """Data behind an assessment of exposure."""

    system: str
    """First digits of the base system's digest."""
    system_as_of: str
    """Newest figure in the base system."""
    trade: str
    """Source of trade data."""
    governance: str
    """Source of governance indicators."""
    user: str
    """Number of figures supplied by the user."""
    mixing: str
    """Assumption behind the shares, and scope of the bounds."""


class ExposureResult(ResultModel):
    """Exposure of an importer by element, stage and end use."""

    importer: str
    """Region or group."""
    year: int
    """Base year."""
    chain: str
    """Which minerals."""
    as_of: str
    """Newest figure used."""
    geopolrisk: float | None
    """GeoPolRisk score [1]; None where data are missing."""
    geopolrisk_detail: GeoPolRiskDetail | GeoPolRiskGap
    uses: tuple[ElementUse, ...]
    suppliers: tuple[SupplierShare, ...]
    passed: tuple[PassedShare, ...]
    entries: tuple[EntryShare, ...]
    embedded: tuple[EntryShare, ...]
    """Entries inside components and products."""
    indicators: tuple[Indicator, ...]
    single_points: tuple[SinglePoint, ...]
    """Fewest countries first."""
    value_added_at_stake: tuple[ValueAtStake, ...]
    """Each sector with the supplier on which most of it hangs, largest first."""
    at_stake_by_supplier: tuple[SupplierStake, ...] = ()
    """All sectors together, by supplier, largest first."""
    controls: tuple[UnderControl, ...] = ()
    """Orders under which the goods stand today, in force first."""
    data: ExposureData
    warnings: tuple[str, ...]
    """Caveats that a reader should see first."""

    def stake(self, supplier: str | None = None) -> SupplierStake | None:
        """Value added at stake without a supplier, the one with the most by default; None if nothing is."""
        rows = self.at_stake_by_supplier
        return next((row for row in rows if supplier in {None, row.supplier}), None)

    def points_by_use(self) -> list[SinglePoint]:
        """Smallest set of countries for each end use: that of the most vulnerable element of the input whose lack stops most of it."""
        found: dict[str, SinglePoint] = {}
        for row in self.single_points:
            if row.main and row.end_use != "all":
                found.setdefault(row.end_use, row)
        return list(found.values())

    def weakest(self) -> list[Indicator]:
        """Stage of each element at which the loss of the largest supplier leaves the smallest use, with present trade links."""
        found: dict[str, Indicator] = {}
        for row in self.indicators:
            before = found.setdefault(row.element, row)
            if row.n_minus_1_in_place < before.n_minus_1_in_place:
                found[row.element] = row
        return list(found.values())

    def dependence(self, element: str, supplier: str) -> Dependence:
        """Direct, embedded and traced share of a supplier in all uses of an element; the one place where they are computed."""
        of = [row for row in self.entries if (row.element, row.supplier, row.end_use) == (element, supplier, "all")]
        inside = [row for row in self.embedded if (row.element, row.supplier, row.end_use) == (element, supplier, "all")]
        passed = [row for row in self.passed if (row.element, row.supplier, row.end_use) == (element, supplier, "all")]
        embedded = sum(row.share for row in inside)
        return Dependence(
            element=element,
            supplier=supplier,
            direct=max(sum(row.share for row in of) - embedded, 0.0),
            embedded=embedded,
            embedded_low=inside[0].low if len(inside) == 1 else None,
            embedded_high=inside[0].high if len(inside) == 1 else None,
            traced=passed[0].share if passed else 0.0,
            low=passed[0].low if passed else None,
            high=passed[0].high if passed else None,
        )
