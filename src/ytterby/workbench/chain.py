"""Use case: the base system, its balance and the shares that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TOP = 200
"""Rows of adjustments and residuals in the summary."""


def chain(year: int = 2024, project: Path | None = None) -> dict[str, Any]:
    """Summary of the base system of a year.

    Returns
    -------
    dict
        ``year, balance_error, data_share, world_mine_t, shares, adjustments, residuals, sizes, digest, as_of``.
    """
    from ytterby.facts.load import load
    from ytterby.system import account
    from ytterby.system.build import build

    system = build(year, load(project) if project and project.exists() else None)
    moved = system.adjustments[["fact", "reported", "used", "sigmas", "quantity", "region", "element"]]
    tables = {name: len(getattr(system, name)) for name in ("markets", "processes", "links", "demands", "stockpiles", "sectors")}
    return {
        "year": system.year, "balance_error": account.balance_error(system), "data_share": account.data_share(system),
        "world_mine_t": account.world_mine(system), "shares": account.shares(system), "adjustments": moved.to_dict("records"),
        "residuals": account.residuals(system), "sizes": tables, "digest": system.digest, "as_of": system.as_of,
    }  # fmt: skip
