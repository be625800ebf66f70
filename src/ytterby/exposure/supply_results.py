"""Where supply comes from: suppliers, ways of entry, how concentrated each stage is, and what would be missed most."""

from __future__ import annotations

from ytterby.facts import regions
from ytterby.result_model import ResultModel


class SupplierShare(ResultModel):
    """Share of a supplier in an end use at one stage: direct, as in customs records, and traced."""

    element: str
    stage: str
    end_use: str
    """Sector, or ``all``."""
    supplier: str
    """Region, ``secondary`` or ``undocumented``."""
    share_direct: float | None
    """Share of imports at this stage [1]; None if nothing is imported."""
    share_traced: float
    """Share last worked by the supplier at this stage [1]."""
    low: float | None
    """Lower bound of the traced share [1]; None for small suppliers."""
    high: float | None
    """Upper bound of the traced share [1]."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that the traced share rests on, the most important first."""


class PassedShare(ResultModel):
    """Share of an end use that passed a region at any stage; a path passes several regions, so shares overlap."""

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
    """Share of an end use by the form and region in which it last crossed the importer's border."""

    element: str
    stage: str
    """Form at the border, such as oxide or component."""
    end_use: str
    """Sector, or ``all``."""
    supplier: str
    """Region, or ``home`` for mass that never crossed the border."""
    share: float
    """[1]"""
    low: float | None
    """Lower bound [1]; only for imports embedded in goods."""
    high: float | None
    """Upper bound [1]; only for imports embedded in goods."""


class Indicator(ResultModel):
    """Indicators of one element at one stage."""

    element: str
    stage: str
    hhi: float | None
    """Herfindahl-Hirschman index of the traced shares, 0-1."""
    hhi_direct: float | None
    """Herfindahl-Hirschman index of the direct shares, 0-1."""
    hhi_world: float | None
    """Herfindahl-Hirschman index of world output, 0-1."""
    import_reliance: float | None
    """Net imports over consumption, 0-1; None where nothing is consumed at the stage."""
    net_exporter: bool
    """Whether more of the stage's commodities left the importer than came in; the reliance is then 0."""
    supplier: str | None
    """Supplier whose loss is assessed."""
    n_minus_1_cover: float
    """Share of use served after its loss, with spare capacity, re-routing and even sharing [1]."""
    n_minus_1_in_place: float
    """Share of use served after its loss with today's supply lines [1]."""
    time_to_survive_days: int | None
    """Days from its loss until 1 % of the use is missing [day]; None beyond three years."""
    time_to_survive_low: int | None
    """Time to survive with the smallest stocks [day]."""
    time_to_survive_high: int | None
    """Time to survive with the largest stocks [day]."""
    cover_days: float | None
    """Commercial stocks over use [day]."""
    cover_days_low: float | None
    """[day]"""
    cover_days_high: float | None
    """[day]"""


class SinglePoint(ResultModel):
    """Smallest set of countries whose loss stops an end use."""

    element: str
    end_use: str
    """Sector, or ``all``."""
    countries: tuple[str, ...]
    size: int
    """Number of countries."""
    stopped: bool
    """False if the use continues even without all foreign countries."""
    left: float
    """Share of use that remains with today's supply lines [1]."""
    left_shared_evenly: float | None
    """Share of use that remains after re-routing and even sharing [1]; only for all end uses together."""
    main: bool = True
    """Whether the element is in the input whose lack stops most of the end use."""
    region: str = ""
    """Name of the group of countries for use in a sentence."""

    @property
    def is_single(self) -> bool:
        """Whether it is one country: neither several that must fail together, nor a region that stands for many."""
        return self.size == 1 and not any(regions()[code].members for code in self.countries)
