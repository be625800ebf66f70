"""Measures on record that stand on a day: in force, or suspended until a later day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.scenario.files import load_scenario

if TYPE_CHECKING:
    import datetime as dt

    from ytterby.measures import Measure

RECORDED = ("suspension-ends-2026", "china-october-2025", "japan-ban-2026")
"""Bundled scenarios whose dated measures are the record; a measure is taken from the first that has its name."""


@dataclass(frozen=True)
class StandingMeasure:
    """A measure that stands on a day."""

    measure: Measure
    suspended_until: dt.date | None
    """Last day of the suspension on that day; None where it is in force."""


def standing_measures(day: dt.date) -> tuple[StandingMeasure, ...]:
    """Measures of the recorded scenarios, outside their forks, that have begun and not ended on a day; oldest first."""
    named: dict[str, Measure] = {}
    for name in RECORDED:
        for measure in load_scenario(name).measures:
            named.setdefault(measure.name or f"{name} {measure.kind}", measure)
    begun = [m for m in named.values() if m.start <= day and (m.end is None or m.end >= day)]
    return tuple(StandingMeasure(m, _suspended_until(m, day)) for m in sorted(begun, key=lambda m: (m.start, m.name or "")))


def _suspended_until(measure: Any, day: dt.date) -> dt.date | None:
    """Last day of the suspension that a day lies in."""
    return next((window.to for window in getattr(measure, "suspended", ()) if window.from_ <= day <= window.to), None)
