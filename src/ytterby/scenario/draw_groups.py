"""Many draws as few scenarios: draws that go one way through forks and dates are one scenario, with their numbers beside it.

The drawn numbers of such a group are columns (draw, 1) of :class:`~ytterby.measures.DrawnValues`, so that the formulas of a measure
give (draw, week) where they gave (week,): checked once, worked out once, for all draws of the group. Which keys may be columns is
said by ``COLUMN_KEYS`` of the measure's class; draws that differ in anything else, such as a date, are in different groups.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.measures import DrawnValues
from ytterby.scenario.consistency import OTHER_ROOMS
from ytterby.scenario.keys import measure_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.measures import Measure
    from ytterby.scenario.scenario import Scenario

    Columns = Mapping[str, NDArray[Any]]
    Places = NDArray[np.int64]


class DrawGroup(NamedTuple):
    """Draws that differ in numbers only."""

    places: Places
    """Which draws."""
    scenario: Scenario
    """Their scenario without forks and draws; a number that differs between them stands at its smallest value."""
    values: tuple[DrawnValues, ...]
    """Numbers of each of its measures, with a column for each that differs."""


def draw_groups(scenario: Scenario, columns: Columns, draws: int) -> Iterator[DrawGroup]:
    """Groups of draws that share dates, words and the way through the forks.

    Parameters
    ----------
    scenario : Scenario
        With draws and forks.
    columns : mapping of key to array (draw,)
        Value of each of its uncertain keys, and the uniform number of each fork; other keys pass by.
    draws : int
        Number of draws.

    Raises
    ------
    ScenarioError
        If a value is not allowed: bounds are intervals, so that the smallest and largest value of a column stand for all.
    """
    keys = [key for key in scenario.draws if not key.startswith(OTHER_ROOMS)]
    free = [key for key in keys if _may_be_column(scenario, key, columns[key])]
    fixed = [key for key in keys if key not in free]
    for places in _alike([columns[key] for key in fixed], np.arange(draws)):
        same = {key: columns[key][places[0]] for key in scenario.draws}
        smallest, _ = (scenario.with_values(same | {key: end(columns[key][places]) for key in free}) for end in (np.min, np.max))
        for here in _alike(smallest.choices({key: columns[key][places] for key in scenario.fork_keys}), places):
            choices = tuple(int(choice) for choice in smallest.choices({key: columns[key][here[0]] for key in scenario.fork_keys}))
            yield _group(here, smallest, choices, {key: columns[key][here, None] for key in free})


def _may_be_column(scenario: Scenario, key: str, values: NDArray[Any]) -> bool:
    """Whether the key is a number in the formulas of its measure."""
    stem, field = measure_key(key)
    if not stem or values.dtype.kind != "f":
        return False
    return any(fnmatchcase(field, pattern) for pattern in _measure_at(scenario, stem).COLUMN_KEYS)


def _measure_at(scenario: Scenario, stem: str) -> Measure:
    """Measure that a key such as ``measures.2`` or ``forks.0.branches.1.measures.late`` means, by number or name."""
    found: Any = scenario
    for part in stem.split("."):
        if not isinstance(found, tuple):
            found = getattr(found, part)
        else:
            found = found[int(part)] if part.isdigit() else next(item for item in found if item.name == part)
    return found  # type: ignore[no-any-return]


def _alike(tables: Sequence[NDArray[Any]], places: Places) -> Iterator[Places]:
    """Places (of the same length as the tables) whose rows are the same in all tables, in order of appearance."""
    if not tables:
        yield places
        return
    found: dict[Hashable, list[int]] = {}
    for place, row in zip(places.tolist(), zip(*(table.tolist() for table in tables), strict=True), strict=True):
        found.setdefault(row, []).append(place)
    yield from (np.array(group, dtype=np.int64) for group in found.values())


def _group(places: Places, scenario: Scenario, choices: tuple[int, ...], columns: Columns) -> DrawGroup:
    """One way through the forks, and the columns of each measure on it."""
    way = scenario.branch(choices) if scenario.forks else scenario
    keys = [(*measure_key(key), column) for key, column in columns.items()]
    drawn = [{field: column for stem, field, column in keys if stem in stems} for stems, _ in scenario.way(choices)]
    return DrawGroup(places, way, tuple(DrawnValues(m, values) for m, values in zip(way.measures, drawn, strict=True)))
