"""Consistency checks across the keys of a scenario: names, horizon, forks, draws."""

from __future__ import annotations

import copy
import math
import re
from typing import TYPE_CHECKING, Any

from ytterby.errors import ScenarioError, UnknownNameError
from ytterby.scenario.keys import put
from ytterby.system import RARE_EARTHS, base_of, chains, demand_paths

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from ytterby.measures import Distribution, Fault, Loc, Measure
    from ytterby.scenario.forks import Fork, Roll

MAX_PATHS = 4096
DRAW_KEY = re.compile(r"(measures|forks|behaviour|cover|price)\.[A-Za-z0-9_.@*-]+")
FOUND = re.compile(r"^.*?: found [^;]*; ")
OTHER_ROOMS = ("behaviour.", "cover.", "price.")
"""Prefixes of the keys that are checked by the simulation."""


def cross_faults(start: dt.date, last: dt.date, measures: Sequence[Measure], forks: Sequence[Fork]) -> list[Fault]:
    """Inconsistencies in a scenario from `start` to `last`: (position, message) of each."""
    faults = _name_faults(measures)
    for i, measure in enumerate(measures):
        faults += horizon_faults(measure, start, last, ("measures", i))
    names = [m.name for m in measures if m.name]
    for i, fork in enumerate(forks):
        faults += _fork_faults(fork, start, last, names, ("forks", i))
    paths = math.prod(len(fork.branches) for fork in forks)
    if paths > MAX_PATHS:
        faults.append((("forks",), f"{paths} paths through the forks; at most {MAX_PATHS}"))
    return faults


def base_faults(year: int, chain: str) -> list[Fault]:
    """Fault if there is no base system for the chain and year."""
    try:
        base_of(year, chain)
    except UnknownNameError as error:
        return [(("base_year",) if chain in chains() else ("chain",), str(error))]
    return []


def roll_faults(roll: Roll | None, start: dt.date, year: int, chain: str) -> list[Fault]:
    """Faults of a base that is to be rolled forward: unknown path, a start that is not after the base year, another chain."""
    if roll is None:
        return []
    faults: list[Fault] = []
    if roll.path not in demand_paths():
        faults.append((("roll", "path"), str(UnknownNameError("demand path", roll.path, demand_paths()))))
    if start.year <= year:
        faults.append((("roll",), f"the start {start} does not lie after the base year {year}"))
    if chain != RARE_EARTHS:
        faults.append((("roll",), f"only the base of {RARE_EARTHS} can be rolled forward, not that of {chain}"))
    return faults


def horizon_faults(measure: Measure, start: dt.date, last: dt.date, loc: Loc) -> list[Fault]:
    """Faults of a measure without a day in the horizon."""
    if measure.start > last:
        return [((*loc, "start"), f"{measure.start} lies after the horizon, which ends on {last}")]
    if measure.end is not None and measure.end < start:
        return [((*loc, "end"), f"{measure.end} lies before the scenario's start {start}")]
    return []


def _name_faults(measures: Sequence[Measure]) -> list[Fault]:
    seen: set[str] = set()
    faults: list[Fault] = []
    for i, measure in enumerate(measures):
        if measure.name in seen:
            faults.append((("measures", i, "name"), f"'{measure.name}' is the name of two measures"))
        if measure.name is not None:
            seen.add(measure.name)
            if measure.name.isdigit():
                faults.append((("measures", i, "name"), f"'{measure.name}' would be taken for a number"))
    return faults


def _fork_faults(fork: Fork, start: dt.date, last: dt.date, names: Sequence[str], stem: Loc) -> list[Fault]:
    faults: list[Fault] = []
    total = sum(branch.p for branch in fork.branches)
    if abs(total - 1.0) > 1e-9:
        faults.append(((*stem, "branches"), f"probabilities sum to {total:g}, must sum to 1"))
    if not start <= fork.date <= last:
        faults.append(((*stem, "date"), f"{fork.date} lies outside the horizon {start} to {last}"))
    for j, branch in enumerate(fork.branches):
        at = (*stem, "branches", j)
        for name in branch.ends:
            if name not in names:
                faults.append(((*at, "ends"), str(UnknownNameError("measure", name, names))))
        for k, measure in enumerate(branch.measures):
            faults += horizon_faults(measure, start, last, (*at, "measures", k))
            if measure.start < fork.date:
                faults.append(((*at, "measures", k, "start"), f"{measure.start} lies before the fork on {fork.date}"))
            if measure.name in names:
                faults.append(((*at, "measures", k, "name"), f"'{measure.name}' is also the name of a measure outside the fork"))
    return faults


def draw_faults(
    draws: Mapping[str, Distribution], data: dict[str, Any], full: dict[str, Any], build: Callable[[dict[str, Any]], object]
) -> list[Fault]:
    """Faults of the drawn keys: unknown keys, and values that the scenario does not allow.

    Parameters
    ----------
    draws : mapping
        Distribution of each key.
    data, full : dict
        The scenario without draws as it was given, and with every key.
    build : callable
        Builds a scenario from such data or raises a `ScenarioError`.
    """
    faults: list[Fault] = []
    for key, spread in draws.items():
        loc = ("draws", key)
        if not DRAW_KEY.fullmatch(key):
            faults.append(
                (loc, "must be 'measures.<number or name>.<key>', 'behaviour.<parameter>', 'cover.<stage>@<block>' or 'price.<stage>'")
            )
            continue
        if key.startswith(OTHER_ROOMS):
            continue
        for value in dict.fromkeys(spread.extremes if not hasattr(spread, "values") else spread.values):
            words = _try_value(build, data, full, key, value)
            if words:
                faults.append((loc, words))
                break
    return faults


def _try_value(build: Callable[[dict[str, Any]], object], data: dict[str, Any], full: dict[str, Any], key: str, value: Any) -> str:
    """Message of the fault caused by a drawn value; empty if there is none."""
    trial = copy.deepcopy(data)
    try:
        put(trial, full, key, value)
        build(trial)
    except UnknownNameError as error:
        return str(error)
    except ScenarioError as error:
        shown = f"{value:g}" if isinstance(value, float) else f"'{value}'"
        return f"may draw {shown}; {FOUND.sub('', str(error).splitlines()[0].partition(': ')[2])}"
    return ""
