"""Conversions at the borders: oxide and element mass, weeks and years, currency-years."""

from __future__ import annotations

WEEKS_PER_YEAR = 365.25 / 7.0
"""Weeks in a mean year."""

KG_PER_T = 1000.0
"""Kilograms in a tonne."""


def weekly(per_year: float) -> float:
    """Flow per week from a flow per year [t/week from t/year]."""
    return per_year / WEEKS_PER_YEAR
