"""Concentration and reliance: pure functions of shares and tonnes (equations E1 and E2 of ``docs/explanation/exposure.md``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def shares(amounts: Mapping[str, float]) -> dict[str, float]:
    """Shares of a total, largest first [1].

    Parameters
    ----------
    amounts : mapping of str to float
        Amount by holder, in one unit, none negative.

    Raises
    ------
    DataGapError
        If the total is nil: shares of nothing do not exist.
    """
    total = math.fsum(amounts.values())
    if not total > 0:
        raise DataGapError("shares of nothing: the amounts add up to nil")
    return {name: amount / total for name, amount in sorted(amounts.items(), key=lambda item: (-item[1], item[0]))}


def hhi(amounts: Iterable[float]) -> float:
    """Herfindahl-Hirschman index on the scale 0-1 (E1): 1 = one supplier, 1/n = n equal ones.

    Parameters
    ----------
    amounts : iterable of float
        Amount by supplier, in one unit; they need not add up to one.
    """
    values = list(amounts)
    total = math.fsum(values)
    if not total > 0:
        raise DataGapError("a concentration index of nothing: the amounts add up to nil")
    return math.fsum(value * value for value in values) / total**2


def import_reliance(imports: float, exports: float, consumption: float) -> float | None:
    """Net imports over apparent consumption (E2) [1]; below 0 for a net exporter.

    Parameters
    ----------
    imports, exports, consumption : float
        Tonnes a year of one commodity or element.

    Returns
    -------
    float or None
        None where nothing is consumed.
    """
    return (imports - exports) / consumption if consumption > 0 else None
