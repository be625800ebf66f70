"""Mean rates of the year, and amounts of money in USD."""

from __future__ import annotations

import math
from functools import cache

from ytterby.errors import InputError
from ytterby.tables import rows

SCALES = {"M": 1e6, "bn": 1e9, "trn": 1e12}
"""Words before a currency in the unit of a figure."""


@cache
def _rates() -> dict[tuple[str, int], float]:
    return {(row["currency"], int(row["year"])): float(row["per_usd"]) for row in rows("ytterby.facts", "data/schema/exchange_rates")}


def thousand_dollars(amount: float, currency: str, year: int) -> float:
    """Return an amount in thousand USD at the mean rate of the year; NaN where no rate is known."""
    rate = _rates().get((currency, year))
    return amount / rate / 1000 if rate else math.nan


def dollars(amount: float, unit: str, year: int) -> float:
    """Return an amount in USD at the mean rate of its year, or of the newest year before it that has one.

    Parameters
    ----------
    amount : float
    unit : str
        Unit of the figure, such as ``bn JPY`` or ``M USD``.
    year : int

    Raises
    ------
    InputError
        For a unit that is no money, or a currency without a rate.
    """
    scale, _, currency = unit.partition(" ")
    if scale not in SCALES:
        raise InputError(f"'{unit}' is no unit of money")
    if currency == "USD":
        return amount * SCALES[scale]
    known = [each for name, each in _rates() if name == currency and each <= year]
    if not known:
        raise InputError(f"no rate of {currency} to the USD is known for {year}")
    return amount * SCALES[scale] / _rates()[currency, max(known)]
