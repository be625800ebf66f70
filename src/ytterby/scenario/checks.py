"""What contradicts itself across the keys of a scenario: names, horizon, forks, draws."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ytterby.errors import UnknownNameError
from ytterby.scenario.keys import put

if TYPE_CHECKING:
    import datetime as dt

    from ytterby.scenario.measure import Measure
    from ytterby.scenario.scenario import Fork, Scenario

MOST_PATHS = 4096
DRAW_KEY = re.compile(r"(measures|forks|behaviour|cover|price)\.[A-Za-z0-9_.@*-]+")
OTHER_ROOMS = ("behaviour.", "cover.", "price.")
"""Begin of the keys whose names the simulator checks."""
Loc = tuple[str | int, ...]
Fault = tuple[Loc, str]
"""Place of a fault, and its words."""


def cross_faults(scenario: Scenario) -> list[Fault]:
    """All that contradicts itself across keys: (place, words) of each fault."""
    faults = _name_faults(scenario)
    for i, measure in enumerate(scenario.measures):
        faults += horizon_faults(measure, scenario.start, scenario.last_day, ("measures", i))
    paths = 1
    for i, fork in enumerate(scenario.forks):
        paths *= len(fork.branches)
        faults += _fork_faults(scenario, fork, i)
    if paths > MOST_PATHS:
        faults.append((("forks",), f"{paths} ways through the forks; at most {MOST_PATHS}"))
    return faults + _draw_faults(scenario)


def horizon_faults(measure: Measure, start: dt.date, last: dt.date, loc: Loc) -> list[Fault]:
    """Faults of a measure that has no day in the horizon."""
    if measure.start > last:
        return [((*loc, "start"), f"{measure.start} lies after the horizon, which ends on {last}")]
    if measure.end is not None and measure.end < start:
        return [((*loc, "end"), f"{measure.end} lies before the scenario's start {start}")]
    return []


def _name_faults(scenario: Scenario) -> list[Fault]:
    seen: set[str] = set()
    faults: list[Fault] = []
    for i, measure in enumerate(scenario.measures):
        if measure.name in seen:
            faults.append((("measures", i, "name"), f"'{measure.name}' names two measures"))
        if measure.name is not None:
            seen.add(measure.name)
            if measure.name.isdigit():
                faults.append((("measures", i, "name"), f"'{measure.name}' would be taken for a number"))
    return faults


def _fork_faults(scenario: Scenario, fork: Fork, i: int) -> list[Fault]:
    faults: list[Fault] = []
    total = sum(branch.p for branch in fork.branches)
    if abs(total - 1.0) > 1e-9:
        faults.append((("forks", i, "branches"), f"probabilities sum to {total:g}, must sum to 1"))
    if not scenario.start <= fork.date <= scenario.last_day:
        faults.append((("forks", i, "date"), f"{fork.date} lies outside the horizon {scenario.start} to {scenario.last_day}"))
    names = [m.name for m in scenario.measures if m.name]
    for j, branch in enumerate(fork.branches):
        stem = ("forks", i, "branches", j)
        for name in branch.ends:
            if name not in names:
                faults.append(((*stem, "ends"), str(UnknownNameError("measure", name, names))))
        for k, measure in enumerate(branch.measures):
            faults += horizon_faults(measure, scenario.start, scenario.last_day, (*stem, "measures", k))
            if measure.start < fork.date:
                faults.append(((*stem, "measures", k, "start"), f"{measure.start} lies before the fork on {fork.date}"))
            if measure.name in names:
                faults.append(((*stem, "measures", k, "name"), f"'{measure.name}' names a measure of the trunk too"))
    return faults


def _draw_faults(scenario: Scenario) -> list[Fault]:
    faults: list[Fault] = []
    full = scenario.model_dump(by_alias=True)
    data = scenario.as_data() | {"draws": {}, "source": ""}
    for key, spread in scenario.draws.items():
        loc = ("draws", key)
        if not DRAW_KEY.fullmatch(key):
            faults.append(
                (loc, "must be 'measures.<number or name>.<key>', 'behaviour.<parameter>', 'cover.<stage>@<block>' or 'price.<stage>'")
            )
            continue
        if key.startswith(OTHER_ROOMS):
            continue
        for value in dict.fromkeys(spread.extremes if not hasattr(spread, "values") else spread.values):
            words = _try_value(scenario, data, full, key, value)
            if words:
                faults.append((loc, words))
                break
    return faults


def _try_value(scenario: Scenario, data: dict[str, Any], full: dict[str, Any], key: str, value: Any) -> str:
    """Words of the fault that a drawn value makes, or nothing."""
    trial = copy.deepcopy(data)
    try:
        put(trial, full, key, value)
        type(scenario).model_validate(trial, context={"located": True})
    except UnknownNameError as error:
        return str(error)
    except ValidationError as error:
        shown = f"{value:g}" if isinstance(value, float) else f"'{value}'"
        return f"may draw {shown}: {error.errors()[0]['msg']}"
    return ""
