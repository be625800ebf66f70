"""Use case: a firm's own parts under the loss of a country; the file stays on the machine."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ytterby.facts.vocabulary import region_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ytterby.exposure.bill_of_materials import Part, PartResult
    from ytterby.system.system import System


def bom(path: Path, country: str | None = None, on: dt.date | None = None, year: int = 2024, project: Path | None = None) -> dict[str, Any]:
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
    from ytterby.exposure.bill_of_materials import MAX_BYTES, assess, check_country, read_parts
    from ytterby.facts.guarded_io import open_text
    from ytterby.facts.load import load

    facts = load(project)
    codes = set(facts.countries()["iso2"])
    with open_text(path, MAX_BYTES) as file:
        text = file.read()
    system = base_system(year, facts, project)
    parts = read_parts(text, set(system.contents["commodity"]), codes, path.name)
    lost = check_country(country, codes) if country else _commonest(parts)
    medians = system.markets.groupby("commodity")["price"].median()
    prices = {str(name): float(price) for name, price in medians.items()}
    found = assess(parts, lost, on or dt.datetime.now(dt.UTC).date(), _passed(system, region_of(lost)), prices)
    return {
        "file": path.name,
        "country": lost,
        "on": (on or dt.datetime.now(dt.UTC).date()).isoformat(),
        "as_of": facts.as_of.isoformat(),
        "parts": [_row(result) for result in found.parts],
        "first_stop_days": min((r.days_to_stop for r in found.parts if r.days_to_stop is not None), default=None),
        "next_expiry": found.next_expiry.isoformat() if found.next_expiry else None,
        "next_expiry_parts": list(found.next_expiry_parts),
        "ladder": [asdict(step) for step in found.ladder],
        "stays_here": "the file was read on this machine and nothing of it was kept or sent",
    }


def _commonest(parts: list[Part]) -> str:
    """Country that supplies most parts, by name among equals."""
    counts = Counter(part.country for part in parts)
    return min(counts, key=lambda code: (-counts[code], code))


def _passed(system: System, region: str) -> Callable[[str, str], float | None]:
    """Share of the most exposed element of a commodity in a country that passed a region."""
    from ytterby.exposure.element_network import element_network
    from ytterby.exposure.tracing import chain, passed

    shares: dict[str, dict[str, float]] = {}

    def of(element: str) -> dict[str, float]:
        if element not in shares:
            network = element_network(system, element)
            found = passed(chain(network), region)
            shares[element] = {
                str(m): float(s) for m, s, flow in zip(network.markets.index, found, network.inflow, strict=True) if flow > 0
            }
        return shares[element]

    def share(commodity: str, country: str) -> float | None:
        held = system.contents[(system.contents["commodity"] == commodity) & (system.contents["content"] > 0)]["element"]
        market = system.market(commodity, region_of(country))
        return max((of(element)[market] for element in held if market in of(element)), default=None)

    return share


def _row(result: PartResult) -> dict[str, Any]:
    part = result.part
    return {
        "part": part.part,
        "grade": part.grade,
        "commodity": part.commodity,
        "grams": part.grams,
        "supplier": part.supplier,
        "country": part.country,
        "weeks_of_cover": part.weeks_of_cover,
        "licence": part.licence,
        "licence_expiry": part.licence_expiry.isoformat() if part.licence_expiry else None,
        "days_to_stop": result.days_to_stop,
        "days_without_renewal": result.days_without_renewal,
        "rescued_by": result.rescued_by,
        "exposed_alternatives": [{"name": name, "share": share} for name, share in result.exposed_alternatives],
        "upstream_share": result.upstream,
    }
