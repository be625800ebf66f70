"""The base system of a year, built once and kept in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.store import BaseCache
from ytterby.system import RARE_EARTHS, build

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.facts import Facts
    from ytterby.system import System


def base_system(year: int, facts: Facts, project: Path | None, chain: str = RARE_EARTHS) -> System:
    """Base system of a year; taken from the project's folder where the same figures and program have built it before.

    Parameters
    ----------
    year : int
        Base year.
    facts : Facts
        Figures that it is built from.
    project : Path, optional
        Project folder that keeps it; none keeps it for this process only.
    chain : str
        Which minerals.
    """
    return build(year, facts, chain, BaseCache(project) if project else None)
