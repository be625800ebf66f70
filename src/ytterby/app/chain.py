"""Use case: the base system, its balance and the shares that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.errors import UnknownNameError
from ytterby.facts.vocabulary import symbols
from ytterby.system.assumptions import RARE_EARTHS

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.system.system import System

TABLES = ("markets", "processes", "links", "demands", "stockpiles", "sectors")


def chain(year: int | None = None, project: Path | None = None, element: str | None = None, minerals: str = RARE_EARTHS) -> dict[str, Any]:
    """Summary of the base system of a year.

    Parameters
    ----------
    year : int, optional
        Base year; the newest of the chain without it.
    project : Path, optional
        Project folder whose imported figures win.
    element : str, optional
        Symbol: adds the closed balance of that element by stage and region.
    minerals : str
        Which chain: ``rare-earths``, ``gallium-germanium`` or ``antimony``.

    Returns
    -------
    dict
        ``year, chain, balance_error, data_share, world_mine_t, shares, compared, elements, adjustments, residuals, sizes, digest, as_of``
        and ``balance`` if an element is named; masses in t REO per year.

    Raises
    ------
    UnknownNameError
        For an unknown year or element.
    """
    from ytterby.app.bases import base_system
    from ytterby.facts.load import load
    from ytterby.system import account
    from ytterby.system.build import newest
    from ytterby.system.inputs import FigureExpressions

    if element and element not in symbols():
        raise UnknownNameError("element", element, symbols())
    facts = load(project)
    system = base_system(newest(minerals) if year is None else year, facts, project, minerals)
    if element and element not in set(system.contents["element"]):
        raise UnknownNameError(f"element of {minerals}", element, sorted(set(system.contents["element"])))
    moved = system.adjustments[["fact", "reported", "used", "sigmas", "quantity", "region", "element"]]
    summary = {
        "year": system.year, "chain": system.chain, "balance_error": account.balance_error(system),
        "data_share": account.data_share(system), "world_mine_t": account.world_mine(system), "shares": account.shares(system),
        "compared": account.compared(system, FigureExpressions(facts, system.year, chain=minerals)), "elements": account.by_element(system),
        "adjustments": moved.to_dict("records"), "residuals": account.residuals(system),
        "sizes": {name: len(getattr(system, name)) for name in TABLES}, "digest": system.digest, "as_of": system.as_of,
    }  # fmt: skip
    return summary | ({"balance": _balance(system, element)} if element else {})


def _balance(system: System, element: str) -> list[dict[str, Any]]:
    """Closed balance of an element: one row per stage and region with its lines [t REO per year], largest first."""
    rows = system.balance[system.balance["element"] == element]
    table = rows.pivot_table(index=["stage", "region"], columns="line", values="t", fill_value=0.0, observed=True).reset_index()
    found = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    order = {stage: number for number, stage in enumerate(("mine", "oxide", "metal", "magnet", "component", "scrap"))}
    return sorted(found, key=lambda row: (order[row["stage"]], -row.get("production", 0.0) - row.get("imports", 0.0), row["region"]))
