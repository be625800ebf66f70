"""Conversions at the borders: weeks and years."""

from __future__ import annotations

WEEKS_PER_YEAR = 365.25 / 7.0
"""Weeks in a mean year."""
