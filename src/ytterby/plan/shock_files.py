"""A user's own paths of restrictions, from a table.

Columns ``path, weight, year, group, destination, cut, price``: one row for each cell that is hit. ``weight`` is the probability of the
path and the same in all its rows; ``group`` and ``destination`` as in :mod:`ytterby.plan.shock_groups`, or ``all``; ``cut`` the share
of the dominant supplier's exports that does not arrive; ``price`` its price over the usual one (1 where empty). A path with weight and
no year is one without restrictions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError, UnknownNameError
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS
from ytterby.plan.shocks import YEARS, ShockPaths

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("path", "weight", "year", "group", "destination", "cut", "price")
SUM = 1e-6


def read_shocks(path: Path) -> ShockPaths:
    """Paths of a CSV file.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, a number lies outside its range, or weights do not add up to 1.
    UnknownNameError
        For an unknown group or destination.
    """
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"--shocks: {path} cannot be read as a table ({error})") from None
    missing = [name for name in COLUMNS if name not in table]
    if missing or table.empty:
        raise InputError(
            f"--shocks: {path}: {'no rows' if not missing else 'column ' + missing[0] + ' is missing'}; columns are {', '.join(COLUMNS)}"
        )
    names = list(dict.fromkeys(table["path"]))
    weights = np.array(
        [_number(table.loc[table["path"] == name, "weight"].iloc[0], 0.0, 1.0, f"{path}: weight of path {name}") for name in names]
    )
    if abs(weights.sum() - 1.0) > SUM:
        raise InputError(f"--shocks: {path}: the weights of the paths add up to {weights.sum():g}, not 1")
    cut = np.zeros((len(names), len(YEARS), len(GROUPS), len(DESTINATIONS)))
    price = np.ones((len(names), len(YEARS)))
    for line, row in enumerate(table.to_dict("records"), start=2):
        if row["year"]:
            _enter(row, names.index(row["path"]), cut, price, f"{path} line {line}")
    hit = cut.max(axis=2) > 0.0
    later = np.zeros_like(hit)
    later[:, 1:] = hit[:, 1:] & hit[:, :-1]
    family = tuple("own" if hit[i].any() else "none" for i in range(len(names)))
    return ShockPaths(weights, YEARS, family, cut, later, price, np.zeros((len(names), 0)))


def _enter(row: dict[Any, Any], path: int, cut: np.ndarray[Any, Any], price: np.ndarray[Any, Any], where: str) -> None:
    """Write a row into the arrays."""
    year = int(_number(row["year"], YEARS[0], YEARS[-1], f"{where}: year"))
    for name, known in (("group", GROUPS), ("destination", DESTINATIONS)):
        if row[name] not in (*known, "all"):
            raise UnknownNameError(name, row[name], (*known, "all"), where)
    groups = slice(None) if row["group"] == "all" else [GROUPS.index(row["group"])]
    places = slice(None) if row["destination"] == "all" else [DESTINATIONS.index(row["destination"])]
    at = YEARS.index(year)
    cell = cut[path, at, groups]
    cell[:, places] = _number(row["cut"], 0.0, 1.0, f"{where}: cut")
    cut[path, at, groups] = cell
    if row["price"]:
        price[path, at] = _number(row["price"], 0.01, 100.0, f"{where}: price")


def _number(text: str, low: float, high: float, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"--shocks: {where}: '{text}' is not a number") from None
    if not low <= value <= high:
        raise InputError(f"--shocks: {where}: {value:g} is not from {low:g} to {high:g}")
    return value
