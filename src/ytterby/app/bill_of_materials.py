"""Use case: a firm's own parts under the loss of a country; the file stays on the machine."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from ytterby.app.controls import register_lines
from ytterby.app.goods_under_control import controls_of_part, licence_since
from ytterby.exposure import LadderStep, UnderControl
from ytterby.facts import region_of
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ytterby.exposure import Part, PartResult
    from ytterby.system import System


class ExposedAlternative(ResultModel):
    """A qualified source that depends on the lost country itself."""

    name: str
    share: float
    """Share of its most exposed element that passed the country [1]."""


class PartExposure(ResultModel):
    """A part of the list under the loss of a country."""

    part: str
    grade: str
    commodity: str
    grams: float
    """Mass in one unit [g]."""
    supplier: str
    country: str
    """ISO alpha-2 code of the supplier."""
    weeks_of_cover: float
    """Own stock [week]."""
    licence: str
    """State of the export licence: none, single, general or pending."""
    licence_expiry: dt.date | None
    days_to_stop: float | None
    """Days until the part is missing [day]; None where an alternative takes over or the country does not supply it."""
    days_without_renewal: float | None
    """Days until it is missing if its licence is not renewed or granted [day]; None where none is needed."""
    rescued_by: str
    """Alternative that takes over in time."""
    exposed_alternatives: tuple[ExposedAlternative, ...]
    """Alternatives that depend on the lost country themselves."""
    upstream_share: float | None
    """Share of the part's most exposed element that passed the lost country [1]."""
    controls: tuple[UnderControl, ...]
    """Orders of the register under which the part stands on the day, in force first."""
    licence_needed_since: str | None
    """Day from which its export has needed a licence, YYYY-MM-DD; None where none is needed."""


class PartsResult(ResultModel):
    """A firm's own parts under the loss of a country."""

    file: str
    country: str
    """ISO alpha-2 code of the country that delivers no more."""
    on: dt.date
    """First day without deliveries."""
    as_of: str
    """Newest figure used."""
    parts: tuple[PartExposure, ...]
    """The first to stop first."""
    first_stop_days: float | None
    """Days until the first part is missing [day]."""
    next_expiry: dt.date | None
    """Day on which the next licence expires."""
    next_expiry_parts: tuple[str, ...]
    ladder: tuple[LadderStep, ...]
    """Parts for which one more week of stock or one qualification helps most, in turn."""
    stays_here: str
    """What becomes of the file."""


def bom(path: Path, country: str | None = None, on: dt.date | None = None, year: int = 2024, project: Path | None = None) -> PartsResult:
    """Days to stop of every part of a file if a country delivers no more.

    Parameters
    ----------
    path : Path
        CSV with the columns of ``docs/explanation/exposure.md``.
    country : str, optional
        ISO alpha-2 code; by default the one that supplies most parts.
    on : date, optional
        From this day on; today without it.
    year : int
        Base year of the system that tells what parts bought elsewhere hang on.
    project : Path, optional
        Project folder whose imported figures win.

    Raises
    ------
    InputError
        With file, line, column, the value found and what is allowed.
    """
    from ytterby.app.bases import base_system
    from ytterby.exposure import MAX_BYTES, assess_parts, check_country, read_parts
    from ytterby.facts import load, open_text

    facts = load(project)
    codes = set(facts.countries()["iso2"])
    with open_text(path, MAX_BYTES) as file:
        text = file.read()
    system = base_system(year, facts, project)
    parts = read_parts(text, set(system.contents["commodity"]), codes, path.name)
    lost = check_country(country, codes) if country else _commonest(parts)
    medians = system.markets.groupby("commodity")["price"].median()
    prices = {str(name): float(price) for name, price in medians.items()}
    first = on or dt.datetime.now(dt.UTC).date()
    found = assess_parts(parts, lost, first, _passed(system, region_of(lost)), prices)
    lines = register_lines(facts, project)
    return PartsResult(
        file=path.name,
        country=lost,
        on=first,
        as_of=facts.as_of.isoformat(),
        parts=tuple(_row(result, controls_of_part(lines, result.part.commodity, result.part.country, first)) for result in found.parts),
        first_stop_days=min((r.days_to_stop for r in found.parts if r.days_to_stop is not None), default=None),
        next_expiry=found.next_expiry,
        next_expiry_parts=found.next_expiry_parts,
        ladder=found.ladder,
        stays_here="the file was read on this machine and nothing of it was kept or sent",
    )


def _commonest(parts: list[Part]) -> str:
    """Country that supplies most parts, by name among equals."""
    counts = Counter(part.country for part in parts)
    return min(counts, key=lambda code: (-counts[code], code))


def _passed(system: System, region: str) -> Callable[[str, str], float | None]:
    """Share of the most exposed element of a commodity in a country that passed a region."""
    from ytterby.exposure import element_network, passed_through, upstream_walk

    shares: dict[str, dict[str, float]] = {}

    def of(element: str) -> dict[str, float]:
        if element not in shares:
            network = element_network(system, element)
            found = passed_through(upstream_walk(network), region)
            shares[element] = {
                str(m): float(s) for m, s, flow in zip(network.markets.index, found, network.inflow, strict=True) if flow > 0
            }
        return shares[element]

    def share(commodity: str, country: str) -> float | None:
        held = system.contents[(system.contents["commodity"] == commodity) & (system.contents["content"] > 0)]["element"]
        market = system.market(commodity, region_of(country))
        return max((of(element)[market] for element in held if market in of(element)), default=None)

    return share


def _row(result: PartResult, controls: tuple[UnderControl, ...]) -> PartExposure:
    part = result.part
    return PartExposure(
        part=part.part,
        grade=part.grade,
        commodity=part.commodity,
        grams=part.grams,
        supplier=part.supplier,
        country=part.country,
        weeks_of_cover=part.weeks_of_cover,
        licence=part.licence,
        licence_expiry=part.licence_expiry,
        days_to_stop=result.days_to_stop,
        days_without_renewal=result.days_without_renewal,
        rescued_by=result.rescued_by,
        exposed_alternatives=tuple(ExposedAlternative(name=name, share=share) for name, share in result.exposed_alternatives),
        upstream_share=result.upstream,
        controls=controls,
        licence_needed_since=licence_since(controls),
    )
