"""Many draws as few scenarios: draws that go one way through forks and dates are one scenario whose drawn numbers are columns.

A measure of such a scenario holds an array (draw, 1) where a single draw has a number, so that its formulas give (draw, week)
where they gave (week,): checked once, worked out once, for all draws of the way. Which keys may be columns is said by
``COLUMNS`` of the measure's class; draws that differ in anything else, such as a date, go different ways.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.scenario.consistency import OTHER_ROOMS
from ytterby.scenario.keys import measure_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.scenario.measures import Measure
    from ytterby.scenario.scenario import Scenario

    Columns = Mapping[str, NDArray[Any]]
    Places = NDArray[np.int64]


def draw_groups(scenario: Scenario, columns: Columns, draws: int) -> Iterator[tuple[Places, Scenario]]:
    """Draws of each way, and their one scenario without forks and draws.

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
        If a value is not allowed: bounds are intervals, so that the least and greatest value of a column stand for all.
    """
    keys = [key for key in scenario.draws if not key.startswith(OTHER_ROOMS)]
    free = [key for key in keys if _may_be_column(scenario, key, columns[key])]
    fixed = [key for key in keys if key not in free]
    for places in _alike([columns[key] for key in fixed], np.arange(draws)):
        same = {key: columns[key][places[0]] for key in scenario.draws}
        least, _ = (scenario.with_values(same | {key: end(columns[key][places]) for key in free}) for end in (np.min, np.max))
        for here in _alike(least.choices({key: columns[key][places] for key in scenario.fork_keys}), places):
            choices = tuple(int(choice) for choice in least.choices({key: columns[key][here[0]] for key in scenario.fork_keys}))
            yield here, _with_columns(least, choices, {key: columns[key][here, None] for key in free})


def _may_be_column(scenario: Scenario, key: str, values: NDArray[Any]) -> bool:
    """Whether the key is a number in the formulas of its measure."""
    stem, field = measure_key(key)
    found: Any = scenario
    for part in stem.split(".") if stem else ():
        found = _part(found, part)
    return bool(stem) and values.dtype.kind == "f" and any(fnmatchcase(field, pattern) for pattern in found.COLUMNS)


def _alike(tables: Sequence[NDArray[Any]], places: Places) -> Iterator[Places]:
    """Places (of the same length as the tables) whose rows are the same in all tables, in order of appearance."""
    if not tables:
        yield places
        return
    found: dict[Hashable, list[int]] = {}
    for place, row in zip(places.tolist(), zip(*(table.tolist() for table in tables), strict=True), strict=True):
        found.setdefault(row, []).append(place)
    yield from (np.array(group, dtype=np.int64) for group in found.values())


def _with_columns(scenario: Scenario, choices: tuple[int, ...], columns: Columns) -> Scenario:
    """Way through the forks with columns put into its measures."""
    way = scenario.branch(choices) if scenario.forks else scenario
    measures: list[Measure] = list(way.measures)
    for new, (stems, _) in enumerate(scenario.way(choices)):
        for key, column in columns.items():
            stem, field = measure_key(key)
            if stem in stems:
                measures[new] = _put(measures[new], field.split("."), column)
    return way.model_copy(update={"measures": tuple(measures)})


def _part(whole: Any, name: str) -> Any:
    """Entry of a mapping, item of a list by number or name, field of a record."""
    if isinstance(whole, dict):
        return whole[name]
    if isinstance(whole, tuple):
        return whole[int(name)] if name.isdigit() else next(item for item in whole if item.name == name)
    return getattr(whole, name)


def _put(whole: Any, path: Sequence[str], column: NDArray[Any]) -> Any:
    """Copy of a measure or of a part of it in which the column stands at a path, unchecked."""
    name, rest = path[0], path[1:]
    value = _put(_part(whole, name), rest, column) if rest else column
    if isinstance(whole, dict):
        return whole | {name: value}
    if isinstance(whole, tuple):
        return (*whole[: int(name)], value, *whole[int(name) + 1 :])
    return whole.model_copy(update={name: value})
