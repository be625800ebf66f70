"""What the user's figures change: who reads each of them, and by how much it moves the balanced base."""

from __future__ import annotations

import math
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ytterby.economy import QUANTITIES
from ytterby.facts import Facts, load, user_figures
from ytterby.result_model import ResultModel
from ytterby.system import RARE_EARTHS, base_years, build, chains, user_totals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

    import pandas as pd

    from ytterby.system import System

ROOMS = ("system", "economy", "simulation", "exposure", "measures", "scenario", "validation")
"""Rooms whose tables and scenarios name the figures that they read."""

CONTRADICTS = 3.0
"""Standard deviations from which on a figure is said to contradict others."""

LARGEST = 5
"""Number of changes of each kind that are named."""

NOTED = 1e-9
"""Relative change from which on a value counts as changed."""


class Move(ResultModel):
    """How a figure moved a balanced base."""

    base: str
    quantity: str
    before: float | None
    """Value in the base of the packaged figures."""
    reported: float
    """What the user's figure says of it."""
    after: float
    """Value in the base with the user's figures."""
    sigmas: float
    """Distance of the value from the figure, in its standard deviations [1]."""


class FigureEffect(ResultModel):
    """What one of the user's figures does."""

    id: str
    acts: bool
    """Whether some base, loss or indicator reads it."""
    read_by: tuple[str, ...]
    """Who reads it, such as ``base 2024`` or ``economy``."""
    reason: str
    """Why it does not act, and what would; empty if it acts."""
    ours: float | None = None
    """Packaged figure that it takes the place of, in its unit."""
    user: float | None = None
    unit: str = ""
    measured: tuple[Move, ...] = ()
    """How it moved the balanced bases; only where this was asked for."""


class BaseChange(ResultModel):
    """World mine output and the largest changes of processes in a base."""

    base: str
    what: str
    before: float
    """In `unit`."""
    after: float
    """In `unit`."""
    unit: str


class FigureEffects(ResultModel):
    """What the user's figures change."""

    figures: tuple[FigureEffect, ...]
    flows: tuple[Move, ...]
    """Recorded flows that the user's tables changed, and what became of them; only where this was asked for."""
    changes: tuple[BaseChange, ...]
    """World mine output and the largest changes of activity by base; only where this was asked for."""


def figure_effects(project: Path, *, measured: bool = False) -> FigureEffects:
    """Return what each of the user's figures in a project does.

    Parameters
    ----------
    project : Path
        Project folder with imported figures.
    measured : bool
        Whether to build the bases with and without the user's figures, and to compare them.
    """
    theirs, ours = load(project), load()
    rows = user_figures.rows(project)
    targets = user_figures.replaced_ids(ours.table, rows) if len(rows) else {}
    figures = tuple(_figure(str(id_), row, targets.get(str(id_), [str(id_)]), theirs, ours) for id_, row in rows.iterrows())
    if not measured:
        return FigureEffects(figures=figures, flows=(), changes=())
    pairs = {name: (build(year, ours, chain), build(year, theirs, chain)) for name, year, chain in _bases()}
    moved = tuple(_with_moves(figure, targets.get(figure.id, []), pairs) for figure in figures)
    changes = tuple(change for name, pair in pairs.items() for change in _changes(name, *pair))
    flows = tuple(move for name, pair in pairs.items() for move in _flows(name, *pair))
    return FigureEffects(figures=moved, flows=flows, changes=changes)


def _bases() -> Iterator[tuple[str, int, str]]:
    for chain in chains():
        for year in base_years(chain):
            yield (f"base {year}" if chain == RARE_EARTHS else f"base {year} of {chain}"), year, chain


def _figure(id_: str, row: pd.Series, targets: list[str], theirs: Facts, ours: Facts) -> FigureEffect:
    readers = tuple(dict.fromkeys([*_readers_of([id_, *targets]), *_readers_by_key(id_, row, theirs)]))
    known = next((target for target in targets if target in ours.table.index), "")
    packaged = float(ours.table["value"][known]) if known else math.nan
    given = float(row["value"])
    return FigureEffect(
        id=id_,
        acts=bool(readers),
        read_by=readers,
        reason="" if readers else _reason(row, ours),
        ours=None if math.isnan(packaged) else packaged,
        user=None if math.isnan(given) else given,
        unit=str(row["unit"]),
    )


def _readers_of(ids: list[str]) -> Iterator[str]:
    """Rooms and bases whose tables name one of the ids."""
    for id_ in ids:
        yield from sorted(_named().get(id_, frozenset()))


def _readers_by_key(id_: str, row: pd.Series, theirs: Facts) -> Iterator[str]:
    """Rooms that look for figures by what they measure."""
    given = theirs.table.loc[[id_]]
    for year in base_years():
        total = user_totals.totals(given, year)
        if len(total) and str(row["region"]) in user_totals.mining_regions(year):
            yield f"base {year}"
    is_total = row["quantity"] == "mine_production" and row["element"] == "TREO" and row["unit"] == "t REO"
    if is_total and "site:" not in str(row["scope"]):
        yield "exposure (GeoPolRisk)"
    if row["quantity"] in QUANTITIES:
        yield "economy"


def _reason(row: pd.Series, ours: Facts) -> str:
    """Why a figure changes nothing: the figures of the same place that are read, or that none is."""
    same = ours.table[(ours.table["quantity"] == row["quantity"]) & (ours.table["region"] == row["region"])]
    same = same[(same["element"] == row["element"]) & (same["period"] == row["period"])]
    read = [str(id_) for id_ in same.index if str(id_) in _named()]
    if read:
        shown = ", ".join(f"{id_} ({_site(ours, id_)}, {ours.row(id_)['unit']})" for id_ in read[:3])
        return f"read is {shown}; give that id and its unit to replace it"
    years = " and ".join(str(year) for year in base_years())
    return f"no base (of {years}), loss or indicator reads such a figure; it is kept and listed only"


def _site(ours: Facts, id_: str) -> str:
    found = re.search(r"site: ([^;]+)", str(ours.table.loc[id_, "scope"]))
    return found[1] if found else str(ours.table.loc[id_, "edition"] or "total")


@cache
def _named() -> dict[str, frozenset[str]]:
    """Bases and rooms by the ids of figures that their tables and scenarios name."""
    known, found = frozenset(load().table.index), dict[str, set[str]]()
    for room in ROOMS:
        for path, text in _texts(files("ytterby") / room, room):
            year = re.search(r"bases/([^/]+)/", path)
            reader = f"base {year[1]}" if year and year[1] not in {"common"} else "bases" if year else room
            for token in set(re.findall(r"[A-Za-z0-9][A-Za-z0-9-]*[0-9]", text)) & known:
                found.setdefault(token, set()).add(reader)
    return {id_: frozenset(readers) for id_, readers in found.items()}


def _texts(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    """Tables and scenarios below a folder, with their paths."""
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _texts(entry, path)
        elif entry.name.endswith((".csv", ".yaml")):
            yield path, entry.read_text("utf-8")


def _with_moves(figure: FigureEffect, targets: list[str], pairs: dict[str, tuple[System, System]]) -> FigureEffect:
    """Figure with what became of each observation that rests on it."""
    names = {figure.id, *targets}
    moves = tuple(
        move
        for base, pair in pairs.items()
        for facts, move in _moves(base, *pair)
        if names & {name.removeprefix("-") for name in facts.split()}
    )
    return figure.model_copy(update={"measured": moves})


def _moves(base: str, before: System, after: System) -> Iterator[tuple[str, Move]]:
    """Observations of a base with the ids of their facts, before and after."""
    was = {(row["quantity"], row["region"], row["element"]): float(row["used"]) for row in before.adjustments.to_dict("records")}
    for row in after.adjustments.to_dict("records"):
        key = (row["quantity"], row["region"], row["element"])
        place = ", ".join(part for part in key if part)
        figures = {name: float(row[name]) for name in ("reported", "sigmas")}
        yield str(row["fact"]), Move(base=base, quantity=place, before=was.get(key), after=float(row["used"]), **figures)


def _flows(base: str, before: System, after: System) -> Iterator[Move]:
    """Recorded flows that are others than before."""
    was = {str(row["fact"]): float(row["reported"]) for row in before.adjustments.to_dict("records")}
    for fact, move in _moves(base, before, after):
        if fact.startswith("BACI-") and was.get(fact) != move.reported:
            yield move


def _changes(base: str, before: System, after: System) -> Iterator[BaseChange]:
    """World mine output and the largest changes of activity; nothing where the bases are equal."""
    if before.digest == after.digest:
        return
    was, now = before.processes["activity"], after.processes["activity"]
    mined = [table[table.index.str.startswith("mine.")].sum() for table in (was, now)]
    yield BaseChange(base=base, what="mined, all mines", before=float(mined[0]), after=float(mined[1]), unit="t/year")
    yield from _largest(base, "", was, now, "t/year", relative=False)
    yield from _largest(base, "price of ", before.markets["price"], after.markets["price"], "USD/kg", relative=True)


def _largest(base: str, what: str, was: pd.Series, now: pd.Series, unit: str, *, relative: bool) -> Iterator[BaseChange]:
    """The largest changes of a column, by size or relative to the value before."""
    both = was.to_frame("was").join(now.rename("now"), how="outer").fillna(0.0)
    scale = both["was"].abs().where(both["was"] != 0, 1.0) if relative else both["was"].abs().max()
    moved = ((both["now"] - both["was"]).abs() / scale).sort_values(ascending=False, kind="stable")
    for name in moved.index[:LARGEST]:
        if moved[name] > NOTED:
            before, after = (float(both.loc[name, column]) for column in ("was", "now"))
            yield BaseChange(base=base, what=f"{what}{name}", before=before, after=after, unit=unit)
