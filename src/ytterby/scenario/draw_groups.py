"""Groups of draws that share dates and the path through the forks, and differ only in numbers.

The drawn numbers of a group are columns (draw, 1) of :class:`~ytterby.measures.DrawnValues`. With them the formulas of a measure
give arrays (draw, week) instead of (week,), so that they are checked and evaluated once for all draws of the group. ``COLUMN_KEYS``
of the measure's class lists the keys that may be columns; draws that differ in anything else, such as a date, are in different groups.
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
    """Draws that differ only in numbers."""

    places: Places
    """Positions of the draws."""
    scenario: Scenario
    """Their scenario without forks and draws; a number that differs between draws has its smallest value."""
    values: tuple[DrawnValues, ...]
    """Numbers of each of its measures, with a column for each number that differs between draws."""


def draw_groups(scenario: Scenario, columns: Columns, draws: int) -> Iterator[DrawGroup]:
    """Groups of draws that share dates, texts and the path through the forks.

    Parameters
    ----------
    scenario : Scenario
        With draws and forks.
    columns : mapping of key to array (draw,)
        Value of each of its uncertain keys, and the uniform number of each fork and of each measure that is left to chance (where there
        is none, the more probable happens); other keys are ignored.
    draws : int
        Number of draws.

    Raises
    ------
    ScenarioError
        If a value is not allowed; as the allowed values are intervals, only the smallest and largest value of a column are checked.
    """
    keys = [key for key in scenario.draws if not key.startswith(OTHER_ROOMS)]
    free = [key for key in keys if _may_be_column(scenario, key, columns[key])]
    fixed = [key for key in keys if key not in free]
    chance = [key for key in scenario.luck_keys if key in columns]
    for places in _alike([columns[key] for key in fixed], np.arange(draws)):
        same = {key: columns[key][places[0]] for key in scenario.draws}
        smallest, _ = (scenario.with_values(same | {key: end(columns[key][places]) for key in free}) for end in (np.min, np.max))
        for here in _alike(smallest.choices({key: columns[key][places] for key in scenario.fork_keys}), places):
            choices = tuple(int(choice) for choice in smallest.choices({key: columns[key][here[0]] for key in scenario.fork_keys}))
            yield _group(here, smallest, choices, {key: columns[key][here, None] for key in (*free, *chance)})


def _may_be_column(scenario: Scenario, key: str, values: NDArray[Any]) -> bool:
    """Whether the key may be a column in the formulas of its measure."""
    stem, field = measure_key(key)
    if not stem or values.dtype.kind != "f":
        return False
    return any(fnmatchcase(field, pattern) for pattern in _measure_at(scenario, stem).COLUMN_KEYS)


def _measure_at(scenario: Scenario, stem: str) -> Measure:
    """Measure denoted by a key such as ``measures.2`` or ``forks.0.branches.1.measures.late``, by number or name."""
    found: Any = scenario
    for part in stem.split("."):
        if not isinstance(found, tuple):
            found = getattr(found, part)
        else:
            found = found[int(part)] if part.isdigit() else next(item for item in found if item.name == part)
    return found  # type: ignore[no-any-return]


def _alike(tables: Sequence[NDArray[Any]], places: Places) -> Iterator[Places]:
    """Group positions whose rows are equal in all tables (one row per position), in order of first appearance."""
    if not tables:
        yield places
        return
    found: dict[Hashable, list[int]] = {}
    for place, row in zip(places.tolist(), zip(*(table.tolist() for table in tables), strict=True), strict=True):
        found.setdefault(row, []).append(place)
    yield from (np.array(group, dtype=np.int64) for group in found.values())


def _group(places: Places, scenario: Scenario, choices: tuple[int, ...], columns: Columns) -> DrawGroup:
    """Group of draws on one path through the forks, with the columns of its measures."""
    path = scenario.branch(choices) if scenario.forks else scenario
    keys = [(*measure_key(key), column) for key, column in columns.items()]
    drawn = [{field: column for stem, field, column in keys if stem in stems} for stems, _ in scenario.measures_on_path(choices)]
    return DrawGroup(places, path, tuple(DrawnValues(m, values) for m, values in zip(path.measures, drawn, strict=True)))
