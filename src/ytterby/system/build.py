"""Facts to System: draft, prior flows, reconciliation, tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ytterby.system.bases import RARE_EARTHS, base_of

if TYPE_CHECKING:
    from ytterby.facts.load import Facts
    from ytterby.system.bases import Base
    from ytterby.system.system import System


def build(year: int = 2024, facts: Facts | None = None, chain: str = RARE_EARTHS) -> System:
    """Balanced base system of a year.

    Parameters
    ----------
    year : int
        A base year of the chain, see :func:`ytterby.system.bases.bases`.
    facts : Facts, optional
        Figures; the packaged ones by default (built once per process).
    chain : str
        Which minerals, such as ``rare-earths``.

    Raises
    ------
    UnknownNameError
        For a chain or a year without a base.
    BalanceError
        If the facts cannot be reconciled.
    """
    base = base_of(year, chain)
    return _packaged(base) if facts is None else _build(base, facts)


@cache
def _packaged(base: Base) -> System:
    from ytterby.facts.load import load

    return _build(base, load())


def _build(base: Base, facts: Facts) -> System:
    from ytterby.system import assemble, tables
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.layouts import by_product_chain, full_chain, reduced_chain

    layouts = {"full_chain": full_chain, "reduced_chain": reduced_chain, "by_product_chain": by_product_chain}
    inputs = FigureExpressions(facts, base.year, chain=base.chain)
    composition, layout = layouts[base.layout].layout(inputs)
    return tables.lay_out(inputs, composition, assemble.solve(inputs, layout))
