"""Amounts of plans and alliances as the terminal tells them."""

from __future__ import annotations

BILLION = 1e9
LEAST_SHOWN = 1e6
"""Losses and amounts that stay below this are not told [USD]."""


def billions(usd: float) -> str:
    """Amount in billion USD with two significant digits, such as ``4.7``."""
    value = usd / BILLION
    if abs(value) < 0.0005:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) >= 0.01 else f"{value:.3f}"
