"""Facts to System: draft, prior flows, reconciliation, tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from ytterby.facts.load import Facts
    from ytterby.system.system import System

YEARS = (2009, 2024)
"""Base years that can be built."""


def build(year: int = 2024, facts: Facts | None = None) -> System:
    """Balanced base system of a year.

    Parameters
    ----------
    year : int
        2024 (full network) or 2009 (reduced network).
    facts : Facts, optional
        Figures; the packaged ones by default (built once per process).

    Raises
    ------
    UnknownNameError
        For a year without a base.
    BalanceError
        If the facts cannot be reconciled.
    """
    if year not in YEARS:
        raise UnknownNameError("base year", str(year), [str(known) for known in YEARS])
    return _packaged(year) if facts is None else _build(year, facts)


@cache
def _packaged(year: int) -> System:
    from ytterby.facts.load import load

    return _build(year, load())


def _build(year: int, facts: Facts) -> System:
    from ytterby.system import assemble, base2009, base2024, tables
    from ytterby.system.composition import Composition
    from ytterby.system.inputs import Inputs

    inputs = Inputs(facts, year)
    composition = Composition(inputs)
    layout = (base2009 if year == 2009 else base2024).layout(inputs, composition)
    return tables.lay_out(inputs, composition, assemble.solve(inputs, layout))
