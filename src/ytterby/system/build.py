"""Facts to System: draft, prior flows, reconciliation, tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError
from ytterby.system.assumptions import RARE_EARTHS

if TYPE_CHECKING:
    from ytterby.facts.load import Facts
    from ytterby.system.assemble import Layout
    from ytterby.system.composition import Contained
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.system import System

BASES = {RARE_EARTHS: (2009, 2024), "gallium-germanium": (2022,), "antimony": (2023,)}
"""Base years that can be built, by chain."""
YEARS = BASES[RARE_EARTHS]
"""Base years of the rare earths."""


def build(year: int = 2024, facts: Facts | None = None, chain: str = RARE_EARTHS) -> System:
    """Balanced base system of a year.

    Parameters
    ----------
    year : int
        Rare earths: 2024 (full network) or 2009 (reduced network); gallium and germanium: 2022; antimony: 2023.
    facts : Facts, optional
        Figures; the packaged ones by default (built once per process).
    chain : str
        Which minerals: a key of :data:`BASES`.

    Raises
    ------
    UnknownNameError
        For a chain or a year without a base.
    BalanceError
        If the facts cannot be reconciled.
    """
    require_base(year, chain)
    return _packaged(year, chain) if facts is None else _build(year, facts, chain)


def newest(chain: str) -> int:
    """Newest base year of a chain.

    Raises
    ------
    UnknownNameError
        For an unknown chain.
    """
    if chain not in BASES:
        raise UnknownNameError("chain", chain, list(BASES))
    return max(BASES[chain])


def require_base(year: int, chain: str) -> None:
    """Refuse a chain or a year without a base.

    Raises
    ------
    UnknownNameError
        With the nearest name that there is.
    """
    newest(chain)
    if year not in BASES[chain]:
        raise UnknownNameError("base year" if chain == RARE_EARTHS else f"base year of {chain}", str(year), [str(y) for y in BASES[chain]])


@cache
def _packaged(year: int, chain: str) -> System:
    from ytterby.facts.load import load

    return _build(year, load(), chain)


def _build(year: int, facts: Facts, chain: str) -> System:
    from ytterby.system import assemble, tables
    from ytterby.system.inputs import FigureExpressions

    inputs = FigureExpressions(facts, year, chain=chain)
    composition, layout = _laid_out(inputs)
    return tables.lay_out(inputs, composition, assemble.solve(inputs, layout))


def _laid_out(inputs: FigureExpressions) -> tuple[Contained, Layout]:
    """What the commodities contain, and the layout of the base."""
    from ytterby.system.composition import Composition
    from ytterby.system.layouts import by_product_chain, full_chain, reduced_chain

    if inputs.chain != RARE_EARTHS:
        return by_product_chain.Elements(), by_product_chain.layout(inputs)
    composition = Composition(inputs)
    return composition, (reduced_chain if inputs.year == 2009 else full_chain).layout(inputs, composition)
