"""Numbers on the terminal: rounded to what they can bear, never in powers of ten."""

from __future__ import annotations

import math

from ytterby.report import band_place, plain_place, rounded

NOTHING = 1e-6
"""Amounts below this are none [t]."""
SMALLEST = 5e4
"""Money below this is not told apart [USD]."""


def money(usd: float) -> str:
    """Amount of money in short form: 1.2 bn, 340 m, 12 m, 0.4 m."""
    if abs(usd) < 1.0:
        return "0"
    if abs(usd) < SMALLEST:
        return "<0.1 m" if usd > 0.0 else ">-0.1 m"
    scale, word = next(((scale, word) for scale, word in ((1e12, "tn"), (1e9, "bn")) if abs(usd) >= scale), (1e6, "m"))
    value = usd / scale
    return f"{value:.0f} {word}" if abs(value) >= 10 else f"{value:.1f} {word}"


def amount(value: float, low: float | None = None, high: float | None = None) -> str:
    """Amount rounded to the digits that its range supports; nothing is 0."""
    return "0" if abs(value) <= NOTHING else _at(value, band_place(value, low, high))


def significant(value: float, digits: int = 3) -> str:
    """Number of so many significant digits without idle zeros; ``-`` for none."""
    if not math.isfinite(value):
        return "-"
    text = _at(value, plain_place(value, digits))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _at(value: float, place: int) -> str:
    """Number rounded at a decimal exponent, with commas between thousands."""
    return f"{rounded(value, place):,.{max(-place, 0)}f}"
