"""What a firm's list of parts comes to, as ``ytterby exposure --bom --json`` prints it."""

from __future__ import annotations

import datetime as dt

from ytterby.exposure.parts_columns import ReadingNote
from ytterby.exposure.parts_outlook import LadderStep
from ytterby.exposure.results import UnderControl
from ytterby.result_model import ResultModel


class ExposedAlternative(ResultModel):
    """A qualified source that depends on the lost country itself."""

    name: str
    share: float
    """Share of its most exposed element that passed the country [1]."""


class PartExposure(ResultModel):
    """A part of the list after the shock."""

    part: str
    line: int
    """Row of the file."""
    grade: str
    commodity: str
    grams: float
    """Mass in one unit [g]."""
    supplier: str
    country: str
    """ISO alpha-2 code of the supplier."""
    weeks_of_cover: float | None
    """Own stock [week]; None where the list says nothing, which counts as none."""
    outlook: str
    """``stops``, ``slows`` (less than half of the need is missing), ``rescued``, ``goes on``, or ``unknown`` to the model."""
    days_to_stop: float | None
    """Days until the part is missing, in part or as a whole [day]; None where it is not, or the model has no figure."""
    days_to_stop_low: float | None
    """[day]"""
    days_to_stop_high: float | None
    """[day]; None where it does not come to that at the upper end of the range."""
    missing_from: dt.date | None
    """Day on which it is missing first."""
    missing_share: float
    """Largest share of the need that is missing at a time [1]."""
    missing_days: float
    """Need that is not met within the time considered, in days of it [day]."""
    missing_until: dt.date | None
    """Day from which nothing is missing any more; None where it never comes, or nothing is missing."""
    licence: str
    """State of the export licence as in the list: none, single, general, held, pending or unknown."""
    licence_state: str
    """On the first day: valid, expired, open-ended, pending, none or unknown."""
    licence_expiry: dt.date | None
    days_without_renewal: float | None
    """Days until it is missing if its licence is not renewed or granted [day]; None where none is needed, or its end is unknown."""
    rescued_by: str
    """Alternative that takes over in time."""
    exposed_alternatives: tuple[ExposedAlternative, ...]
    """Alternatives that depend on the lost country themselves."""
    upstream_share: float | None
    """Share of the part's most exposed element that passed the lost country [1]."""
    supplier_cover: float | None
    """The supplier's own stock that was reckoned with [week]; None where it is of no account."""
    supplier_cover_assumed: bool
    """Whether that stock is the model's assumption and not the supplier's word."""
    controls: tuple[UnderControl, ...] = ()
    """Orders of the register under which the part stands on the first day, in force first."""
    licence_needed_since: str | None = None
    """Day from which its export has needed a licence, YYYY-MM-DD; None where none is needed."""
    chain: str = ""
    """Minerals of its material."""
    base_year: int = 0
    """Year of their base."""


class LicenceDate(ResultModel):
    """Licences of one supplier that end on one day."""

    date: dt.date
    days: int
    """Days from the first day on; negative where it has expired [day]."""
    expired: bool
    supplier: str
    country: str
    parts: tuple[str, ...]
    missing_from: dt.date
    """Day from which the first of these parts is missing if the licence is not renewed."""


class SupplierQuestions(ResultModel):
    """What to ask a supplier, because the list does not say it and the answer changes the result."""

    supplier: str
    country: str
    parts: tuple[str, ...]
    ask: tuple[str, ...]
    """Codes: stock, origin, elsewhere, licence, until, renewal."""


class PartsScenario(ResultModel):
    """The run that the deliveries come from."""

    name: str
    title: dict[str, str]
    """By language."""
    run: str
    """Run folder."""
    draws: int
    """1 for the central run."""
    weeks: int
    base_year: int


class PartsBase(ResultModel):
    """A base with the parts that stand on it."""

    chain: str
    """Minerals."""
    base_year: int
    system: str
    """Digest of the base system."""
    parts: tuple[str, ...]


class PartsResult(ResultModel):
    """A firm's own parts when a country delivers nothing more, or in a scenario."""

    file: str
    country: str
    """ISO alpha-2 code of the country that delivers no more; empty in a scenario."""
    scenario: PartsScenario | None
    importer: str
    """Region in which the firm works, if it was given."""
    on: dt.date
    """First day considered, on which the stocks are as in the list."""
    weeks: float
    """Time considered [week]."""
    as_of: str
    """Newest figure used."""
    parts: tuple[PartExposure, ...]
    """The first to stop first."""
    first_stop_days: float | None
    """Days until the first part is missing [day]."""
    next_expiry: dt.date | None
    """Day on which the next licence expires."""
    next_expiry_parts: tuple[str, ...]
    licences: tuple[LicenceDate, ...]
    """By date, expired ones first."""
    ladder: tuple[LadderStep, ...]
    """Parts for which one more week of stock or one qualification helps most, in turn."""
    questions: tuple[SupplierQuestions, ...]
    notes: tuple[ReadingNote, ...]
    """What was taken for granted while the file was read."""
    stays_here: str
    """What becomes of the file."""
    user_figures: str
    """How many figures are the user's own."""
    bases: tuple[PartsBase, ...]
    """Bases of the minerals of the parts, that of most parts first."""
    system: str
    """Digest of the first of them."""
    base_year: int
    """Year of the first of them."""
