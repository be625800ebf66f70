"""What an assessment of exposure returns, for command line, briefing and Python alike."""

from __future__ import annotations

from ytterby.result_model import ResultModel


class SupplierShare(ResultModel):
    """Share of a supplier in an end use at one stage, as customs see it and traced."""

    element: str
    stage: str
    end_use: str
    """Sector, or ``all``."""
    supplier: str
    """Region, ``secondary`` or ``undocumented``."""
    share_direct: float | None
    """Share of what crosses the border at this stage [1]; None where nothing does."""
    share_traced: float
    """Share that the supplier last worked at this stage [1]."""
    low: float | None
    """Lower bound of the traced share [1]; None for small suppliers."""
    high: float | None
    """Upper bound of the traced share [1]."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that the traced share rests on, the most important first."""


class PassedShare(ResultModel):
    """Share of an end use that passed a region at any stage; a path passes several, so these do not add up."""

    element: str
    end_use: str
    """Sector, or ``all``."""
    supplier: str
    share: float
    """[1]"""
    low: float | None
    """Lower bound [1]; None for small suppliers."""
    high: float | None
    """Upper bound [1]."""


class EntryShare(ResultModel):
    """Share of an end use that last crossed the importer's border in a form and from a region."""

    element: str
    stage: str
    """Form in which it came, such as oxide or component."""
    end_use: str
    """Sector, or ``all``."""
    supplier: str
    """Region, or ``home`` for what never crossed the border."""
    share: float
    """[1]"""
    low: float | None
    """Lower bound [1]; only for what came inside goods."""
    high: float | None
    """Upper bound [1]; only for what came inside goods."""


class Indicator(ResultModel):
    """Indicators of one element at one stage."""

    element: str
    stage: str
    hhi: float | None
    """Herfindahl-Hirschman index of the traced shares, 0-1."""
    hhi_direct: float | None
    """The same of the direct shares, 0-1."""
    hhi_world: float | None
    """The same of world output, 0-1."""
    import_reliance: float | None
    """Net imports over what is used [1]."""
    supplier: str | None
    """Supplier whose loss is looked at."""
    n_minus_1_cover: float
    """Use that is kept after its loss, re-routed, with spare capacity and shared evenly [1]."""
    n_minus_1_in_place: float
    """Use that is kept after its loss with today's supply lines [1]."""
    time_to_survive_days: int | None
    """Days from its loss until 1 % of the use is missing [day]; None beyond three years."""
    time_to_survive_low: int | None
    """The same with the smallest stocks [day]."""
    time_to_survive_high: int | None
    """The same with the largest stocks [day]."""
    cover_days: float | None
    """Commercial stocks over use [day]."""
    cover_days_low: float | None
    """[day]"""
    cover_days_high: float | None
    """[day]"""


class SinglePoint(ResultModel):
    """Fewest countries whose loss stops an end use."""

    element: str
    end_use: str
    """Sector, or ``all``."""
    countries: tuple[str, ...]
    size: int
    """Number of countries."""
    stopped: bool
    """False where the loss of all others leaves enough."""
    left: float
    """Use that is left with today's supply lines [1]."""
    left_shared_evenly: float | None
    """Use that is left once re-routed and shared evenly [1]; only for all end uses together."""
    main: bool = True
    """Whether the element is in one of the end use's main inputs."""
    region: str = ""
    """The countries in one word for a sentence."""


class ValueAtStake(ResultModel):
    """Value added of a sector that depends on its largest foreign supplier."""

    sector: str
    element: str
    """Most exposed element of its inputs."""
    supplier: str
    passed: float
    """Share of its inputs that passed the supplier, by value [1]."""
    value_added_usd: float
    """Value added of the whole sector [USD/year]."""
    at_stake_usd: float
    """Value added that depends on the supplier [USD/year]."""
    low: float
    """[USD/year]"""
    high: float
    """[USD/year]"""
    jobs: float
    """Jobs that depend on the supplier [persons]."""
    assumed: bool
    """Whether a figure behind it is assumed."""


class TracedScore(ResultModel):
    """GeoPolRisk with who really worked the use at a stage in place of who sold it last."""

    stage: str
    score: float
    """Concentration times risk [1]."""
    hhi: float
    """Concentration of world output at the stage, 0-1."""
    import_risk: float
    """Political risk of who worked the use, by share [1]."""


class GeoPolRiskDetail(ResultModel):
    """What a GeoPolRisk score is made of."""

    score: float
    """Concentration times import risk [1]."""
    hhi: float
    """Concentration of world mine production, 0-1."""
    import_risk: float
    """Political risk of suppliers by share of imports, own production safe [1]."""
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
    """Where the score misleads."""


class GeoPolRiskGap(ResultModel):
    """Why there is no GeoPolRisk score."""

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
    """What shares are counted by: ``quantity`` or ``value``; empty without trade data."""
    imports: float | None
    """Imports from all others [t, or 1000 USD by value]."""
    direct: float | None
    """Share of what customs attribute to the supplier [1]."""
    traced: float | None
    """Share that passed the supplier, re-exports followed [1]."""
    low: float | None
    """Traced share if all who may be producers are [1]."""
    high: float | None
    """Traced share if only printed production counts [1]."""
    note: str
    """What is missing or interpolated."""


class ElementUse(ResultModel):
    """An importer's use of one element."""

    element: str
    use_t: float
    """Final use, also inside goods [t oxide/year]."""
    assumed: float
    """Share of imports and uses, by mass, that rests on assumed rows [1]."""
    stockpile_days: float | None
    """Public stockpiles over use [day]; None where there are none."""
    facts: tuple[str, ...] = ()
    """Ids of the facts behind imports and uses, the most important first."""


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
    """How many figures are the user's own."""
    mixing: str
    """What the shares assume, and what the bounds span."""


class ExposureResult(ResultModel):
    """Where an importer is exposed, by element, stage and end use."""

    importer: str
    """Region or group."""
    year: int
    """Base year."""
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
    """Largest first."""
    gdp_share_at_stake: float | None
    """All value added at stake over the importer's GDP [1]."""
    data: ExposureData
    warnings: tuple[str, ...]
    """What a reader should know first."""
