"""What the terms of a bargain assume, with ranges; a talks file may give others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby.bargain.issues import StandardIssue
from ytterby.economy import assumptions
from ytterby.errors import UnknownNameError
from ytterby.scenario import uniforms
from ytterby.tables import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.bargain.talks import Talks

    Floats = NDArray[np.float64]
    Values = Mapping[str, float | Floats]


@dataclass(frozen=True)
class BargainAssumptionRow:
    """One assumption with its range."""

    name: str
    label: str
    """What it is, in a few words."""
    value: float
    low: float
    high: float
    unit: str
    facts: tuple[str, ...]
    note: str

    def at(self, place: Floats) -> Floats:
        """Values at positions 0-1 of the range, triangular with the central value as mode."""
        return assumptions.triangular(place, *(np.array(end) for end in (self.low, self.value, self.high)))


@cache
def packaged() -> dict[str, BargainAssumptionRow]:
    """Packaged assumptions by name."""
    return {row.name: row for row in records("ytterby.bargain", "tables/assumptions", BargainAssumptionRow)}


def assumptions_of(talks: Talks, day: dt.date | None = None, asked: Collection[str] = ()) -> dict[str, BargainAssumptionRow]:
    """Assumptions of talks: the packaged ones, or those of the file, and with a day the chances of forks that are known on it.

    Charges of standards that have a range are among them, of those that wait to be asked for only the asked ones.

    Raises
    ------
    UnknownNameError
        If the file gives one that nobody knows.
    """
    found = dict(packaged())
    for name, given in talks.assumptions.items():
        if name not in found:
            raise UnknownNameError("assumption", name, found, talks.name)
        row = found[name]
        found[name] = replace(row, value=given.value, low=given.low, high=given.high)
    found |= {row.name: row for row in _charges(talks, asked)}
    return found if day is None else found | {row.name: row for row in _chances(talks, day)}


def _charges(talks: Talks, asked: Collection[str]) -> Iterator[BargainAssumptionRow]:
    """Charges of standards that have a range."""
    for issue in talks.issues:
        if isinstance(issue, StandardIssue) and (not issue.only_asked or issue.id in asked):
            low, value, high = issue.charges
            if low < high:
                note = f"charge on what is not certified: {issue.name()}"
                yield BargainAssumptionRow(issue.assumption, f"charge of '{issue.id}'", value, low, high, "USD/t", issue.facts, note)


def _chances(talks: Talks, day: dt.date) -> Iterator[BargainAssumptionRow]:
    """Chances of the first branch of each fork of no deal that has a range; judged, whatever the dates rest on."""
    for state in talks.known_on(day):
        first = state.branches[0]
        if len(state.branches) > 1 and first.low is not None and first.high is not None:
            label = f"chance of the first branch on {state.from_}"
            what = f"chance that {first.label}" if first.label else label
            yield BargainAssumptionRow(state.chance, label, first.p, first.low, first.high, "1", (), f"{what}; others keep their ratio")


def central(rows: Mapping[str, BargainAssumptionRow]) -> dict[str, float]:
    """Central values by name."""
    return {name: row.value for name, row in rows.items()}


def drawn(rows: Mapping[str, BargainAssumptionRow], draws: int, seed: int) -> dict[str, Floats]:
    """Values (draw,) by name; each has a stream of its own."""
    places = uniforms(tuple(f"bargain.{name}" for name in rows), draws, seed, "streams")
    return {name: row.at(places[:, number]) for number, (name, row) in enumerate(rows.items())}
