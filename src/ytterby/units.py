"""Conversion factors of units."""

from __future__ import annotations

WEEKS_PER_YEAR = 365.25 / 7.0
"""Weeks in a mean year."""
DAYS_PER_YEAR = 365.25
"""Days in a mean year."""
KG_PER_T = 1000.0
"""Kilograms in a tonne."""
