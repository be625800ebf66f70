"""Conversion factors of units."""

from __future__ import annotations

WEEKS_PER_YEAR = 365.25 / 7.0
"""Weeks in a mean year."""
