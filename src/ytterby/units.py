"""Conversion factors of units."""

from __future__ import annotations

import re

WEEKS_PER_YEAR = 365.25 / 7.0
"""Weeks in a mean year."""
DAYS_PER_YEAR = 365.25
"""Days in a mean year."""
KG_PER_T = 1000.0
"""Kilograms in a tonne."""

SCALES = {"m": 1e6, "bn": 1e9, "tn": 1e12}
"""Endings of amounts of money."""
_USD = re.compile(r"\s*([-+]?[\d.]+(?:e[-+]?\d+)?|[-+]?(?:nan|inf))\s*(m|bn|tn)?\s*", re.IGNORECASE)


def usd(text: str) -> float:
    """Amount of money written as a number, or with the ending ``m``, ``bn`` or ``tn``: ``5e9`` and ``5bn`` are alike [USD].

    Raises
    ------
    ValueError
        For other text, with the forms that are allowed.
    """
    found = _USD.fullmatch(text)
    try:
        if found:
            return float(found[1]) * SCALES.get((found[2] or "").lower(), 1.0)
    except ValueError:  # several points
        pass
    raise ValueError(f"'{text}' is not an amount in USD; allowed are 5e9, 5bn or 500m")
