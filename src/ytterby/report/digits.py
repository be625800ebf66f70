"""Rounding of values, bands, probabilities and dates to the digits supported by their uncertainty.

The rule is the one that the Particle Data Group prints for its tables (Review of Particle Physics,
introduction, "Rounding"): of the uncertainty's first three digits, 100 to 354 keeps two digits, 355 to
949 keeps one, 950 to 999 is rounded up to 1000 and keeps two (which ends at the same place as 355 to 949);
the value stops at the same place. The uncertainty is half the width of the band.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

PLAIN_DIGITS = 2
"""Significant digits of a figure that has no band."""

FEW_DRAWS = 20
"""With fewer draws the ends of a band are rough, which is said beside it."""

SAME_PERCENTS = 1e-4
"""Difference from 0 and 100 that the arithmetic of a balance may leave [per cents]."""

Z90 = 1.6448536269514722
"""Standard normal quantile of 95 %, for two-sided intervals of 90 %."""


def place_of(half_width: float) -> int:
    """Decimal exponent of the last digit that an uncertainty supports.

    Parameters
    ----------
    half_width : float
        Half the width of the band, positive.

    Returns
    -------
    int
        -1 for tenths, 0 for ones, 3 for thousands.
    """
    exponent = math.floor(math.log10(half_width))
    leading = half_width / 10.0**exponent * 100.0
    return exponent if leading >= 355.0 else exponent - 1


def rounded(value: float, place: int) -> float:
    """Value rounded half to even at a decimal exponent; never a negative zero."""
    quantum = Decimal(1).scaleb(place)
    return float(Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_EVEN)) + 0.0


def bounded_percents(percents: float, place: int = 0) -> tuple[str, float]:
    """Sign and per cents as they are printed: ``>`` 99 and ``<`` 1 where rounding to whole per cents or finer would say all or nothing.

    Coarser rounding is that of a wide range and keeps its round figure.
    """
    shown, step = rounded(percents, place), 10.0**place
    if place > 0 or abs(percents) < SAME_PERCENTS or abs(100.0 - percents) < SAME_PERCENTS:
        return "", shown
    if shown == 100.0 and percents < 100.0:
        return ">", 100.0 - step
    return ("<", step) if shown == 0.0 and percents > 0.0 else ("", shown)


def plain_place(value: float, digits: int = PLAIN_DIGITS) -> int:
    """Decimal exponent of the last significant digit of a value; 0 for zero."""
    return math.floor(math.log10(abs(value))) - digits + 1 if value else 0


def band_place(value: float, low: float | None, high: float | None) -> int:
    """Decimal exponent at which a value with its band is printed.

    With a band of zero width the value keeps :data:`PLAIN_DIGITS` significant digits. With a band so wide that the
    value would be rounded to zero it keeps its first digit. A value outside its band, such as the mean of a few large draws,
    is no surer than its distance from the band.
    """
    if low is None or high is None or not high - low > 1e-12 * max(abs(low), abs(high)):
        return plain_place(value)
    place = place_of((max(high, value) - min(low, value)) / 2.0)
    return min(place, math.floor(math.log10(abs(value)))) if value else place


def share_of_draws(hits: int, draws: int) -> tuple[float, float, float]:
    """Probability estimated from draws, with its 90 % Wilson interval.

    Returns
    -------
    tuple of float
        Share, low, high [1]; the interval has a positive width even for no hits or only hits.
    """
    share, z2 = hits / draws, Z90**2
    centre = (share + z2 / (2 * draws)) / (1 + z2 / draws)
    reach = Z90 * math.sqrt(share * (1 - share) / draws + z2 / (4 * draws**2)) / (1 + z2 / draws)
    return share, max(0.0, min(centre - reach, share)), min(1.0, max(centre + reach, share))


def date_precision(low: date | None, high: date | None) -> str:
    """Precision with which a date with this band is given: ``day``, ``month`` or ``year``.

    It depends on half the width: the day up to two weeks, the month up to half a year, otherwise the year.
    """
    if low is None or high is None:
        return "month"
    half = (high - low) / 2
    if half <= timedelta(days=14):
        return "day"
    return "month" if half <= timedelta(days=183) else "year"
