"""Terms of a utility and their weights: money counts by itself, wishes with a weight of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MONEY = ("value_added", "revenue", "buyers", "investment", "minerals", "cost_shares", "purchases", "standards", "linked")
"""Terms in USD a year that count by themselves."""
WISHES = ("jobs", "balance", "prestige")
"""Terms that count only with a weight of the user."""
TERMS = (*MONEY, *WISHES)
UNIT = {"jobs": 1e5, "balance": 1.0, "prestige": 1e9}
"""What one unit of a wish is worth at a weight of 1: a job 100,000 USD a year, the balance its dollars, any deal a billion a year."""
LIMIT_OF_WEIGHT = 1e6


def weights_of(parties: Sequence[str], text: str | None) -> Floats:
    """Weights (party, term) written as ``JP.jobs=2,US.revenue=0.5``; money counts once, wishes not at all by default.

    Raises
    ------
    UnknownNameError
        For an unknown party or term.
    InputError
        For what is no number, or weights that make all utilities nil.
    """
    found = np.array([[1.0] * len(MONEY) + [0.0] * len(WISHES)] * len(parties))
    for part in filter(None, (text or "").split(",")):
        name, equals, amount = (piece.strip() for piece in part.partition("="))
        party, dot, term = name.partition(".")
        if not equals or not dot:
            raise InputError(f"--weights: '{part.strip()}' is not of the form JP.jobs=2")
        if party not in parties:
            raise UnknownNameError("party", party, parties, "--weights")
        if term not in TERMS:
            raise UnknownNameError("term", term, TERMS, "--weights")
        found[parties.index(party), TERMS.index(term)] = _weight(amount, part)
    if not found.any(axis=1).all():
        nil = ", ".join(party for party, row in zip(parties, found, strict=True) if not row.any())
        raise InputError(f"--weights: make all utilities of {nil} nil")
    return np.asarray(found * np.array([UNIT.get(term, 1.0) for term in TERMS]))


def _weight(text: str, whole: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"--weights: '{whole.strip()}' is not of the form JP.jobs=2") from None
    if not abs(value) <= LIMIT_OF_WEIGHT:
        raise InputError(f"--weights: {text} is not a number from -{LIMIT_OF_WEIGHT:,.0f} to {LIMIT_OF_WEIGHT:,.0f}")
    return value
