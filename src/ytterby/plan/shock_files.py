"""Paths of shocks from a user's file: YAML or CSV, checked line by line.

A CSV file has the columns ``path, weight, family, year, group, destination, cut, price``: one row for each cut, the weight of a path
on its first row. A YAML file has the same in a list ``paths``::

    paths:
      - name: stop of 2028
        weight: 0.1
        family: stop
        years:
          2028: {cut: {magnet: {JP: 0.8, OTHER: 0.8}, heavy: 0.9}}
          2029: {price: 0.6}

A number in place of the destinations holds for all. What the weights lack of 1 is a path without a shock.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.errors import InputError, UnknownNameError
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS
from ytterby.plan.shocks import YEARS, ShockPaths, no_shocks
from ytterby.scenario import parse_yaml, plain, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("path", "weight", "family", "year", "group", "destination", "cut", "price")
OWN = "own"
"""Family of a path of which the file does not say one."""
ROUNDING = 1e-9


class _Row(NamedTuple):
    """One cut or price of a path; ``group`` is empty where only a price is given, ``destination`` where all are meant."""

    where: str
    path: str
    weight: str
    family: str
    year: str
    group: str
    destination: str
    cut: str
    price: str


def read_shocks(path: Path, years: tuple[int, ...] = YEARS) -> ShockPaths:
    """Paths of a file.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or holds anchors, tags or too deep lists.
    InputError
        If a number is missing or out of its range, or the weights add up to more than 1.
    UnknownNameError
        For a group, destination or column that does not exist.
    """
    text = read_text(path, "file of paths")
    rows = list(_csv_rows(text, path.name) if path.suffix.lower() == ".csv" else _yaml_rows(text, path.name))
    return _paths(rows, years, path.name)


def _csv_rows(text: str, name: str) -> Iterator[_Row]:
    import pandas as pd

    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{name}: {error}") from None
    for column in frame.columns:
        if column not in COLUMNS:
            raise UnknownNameError("column", str(column), COLUMNS, name)
    for line, cells in enumerate(frame.reindex(columns=list(COLUMNS), fill_value="").to_numpy(), start=2):
        yield _Row(f"{name} line {line}", *(str(cell).strip() for cell in cells))


def _yaml_rows(text: str, name: str) -> Iterator[_Row]:
    found = plain(parse_yaml(text, name, "file of paths", "paths, years, cut"))
    listed = found.get("paths")
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InputError(f"{name}: a list 'paths' is missing")
    for number, entry in enumerate(listed):
        head = (str(entry.get("name", number)), str(entry.get("weight", "")), str(entry.get("family", "")))
        where = f"{name} paths.{number}"
        for year, content in _mapping(entry.get("years"), f"{where}.years").items():
            yield from _yaml_year(f"{where}.years.{year}", head, str(year), content)
        if not entry.get("years"):
            yield _Row(where, *head, "", "", "", "", "")


def _yaml_year(where: str, head: tuple[str, str, str], year: str, content: Any) -> Iterator[_Row]:
    parts = _mapping(content, where)
    for key in parts:
        if key not in ("cut", "price"):
            raise UnknownNameError("key", str(key), ("cut", "price"), where)
    if "price" in parts:
        yield _Row(f"{where}.price", *head, year, "", "", "", str(parts["price"]))
    for group, cuts in _mapping(parts.get("cut"), f"{where}.cut").items():
        by_place = cuts if isinstance(cuts, dict) else {"": cuts}
        for place, cut in by_place.items():
            yield _Row(f"{where}.cut.{group}", *head, year, str(group), str(place), str(cut), "")


def _mapping(value: Any, where: str) -> dict[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{where}: found '{value}'; keys with values are expected")
    return value


def _paths(rows: list[_Row], years: tuple[int, ...], name: str) -> ShockPaths:
    names = list(dict.fromkeys(row.path for row in rows))
    weights, families = np.zeros(len(names)), [OWN] * len(names)
    cut = np.zeros((len(names), len(years), len(GROUPS), len(DESTINATIONS)))
    price = np.ones((len(names), len(years)))
    for row in rows:
        i = names.index(row.path)
        if row.weight:
            weights[i] = _number(row.weight, row.where, "weight", 0.0, 1.0)
        families[i] = row.family or families[i]
        if row.year:
            _put(row, cut[i], price[i], years)
    rest = 1.0 - float(weights.sum())
    if rest < -ROUNDING or not np.all(weights > 0.0):
        raise InputError(f"{name}: each path needs a weight above 0, and all together at most 1; found {weights.tolist()}")
    later = np.zeros((len(names), len(years), len(DESTINATIONS)), dtype=bool)
    short = np.asarray((cut > 0.0).any(axis=2))
    later[:, 1:] = short[:, 1:] & short[:, :-1]
    found = ShockPaths(weights, years, tuple(families), cut, later, price, np.zeros((len(names), 0)))
    return _with_rest(found, rest)


def _put(row: _Row, cut: np.ndarray[Any, Any], price: np.ndarray[Any, Any], years: tuple[int, ...]) -> None:
    """Write a row into the cuts (year, group, destination) and prices (year,) of its path."""
    if row.year not in map(str, years):
        raise InputError(f"{row.where}: year {row.year} lies outside {years[0]} to {years[-1]}")
    at = [str(year) for year in years].index(row.year)
    if row.price:
        price[at] = _number(row.price, row.where, "price", 0.01, 100.0)
    if not row.group and not row.price:
        raise InputError(f"{row.where}: neither a group nor a price")
    if row.group:
        if row.group not in GROUPS:
            raise UnknownNameError("group", row.group, GROUPS, row.where)
        if row.destination and row.destination not in DESTINATIONS:
            raise UnknownNameError("destination", row.destination, DESTINATIONS, row.where)
        places = [row.destination] if row.destination else list(DESTINATIONS)
        cut[at, GROUPS.index(row.group), [DESTINATIONS.index(place) for place in places]] = _number(row.cut, row.where, "cut", -10.0, 1.0)


def _number(text: str, where: str, what: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{where}: {what} '{text}' is not a number") from None
    if not low <= value <= high:
        raise InputError(f"{where}: {what} {text} lies outside {low:g} to {high:g}")
    return value


def _with_rest(found: ShockPaths, rest: float) -> ShockPaths:
    """Paths with one without a shock for what their weights lack of 1."""
    if rest <= ROUNDING:
        return found
    none = no_shocks(found.years)
    return ShockPaths(
        weights=np.append(found.weights, rest),
        years=found.years,
        family=(*found.family, *none.family),
        cut=np.concatenate([found.cut, none.cut]),
        later=np.concatenate([found.later, none.later]),
        price=np.concatenate([found.price, none.price]),
        loss=np.concatenate([found.loss, none.loss]),
    )
