"""Concentration, import reliance and GeoPolRisk (equations E1-E5 of ``docs/explanation/exposure.md``).

GeoPolRisk is the concentration of production times the political risk of an importer's suppliers. The method is that of
Gemechu et al. (2016), doi 10.1111/jiec.12279, with the conventions of the program geopolrisk-py 2.0.1: all producers count
in the concentration, domestic production counts as free of risk, trade records without a quantity are left out, and a
supplier without a governance indicator has a risk of 0.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def shares(amounts: Mapping[str, float]) -> dict[str, float]:
    """Shares of a total, largest first [1].

    Parameters
    ----------
    amounts : mapping of str to float
        Non-negative amounts by holder, in one unit.

    Raises
    ------
    DataGapError
        If the total is zero.
    """
    total = math.fsum(amounts.values())
    if not total > 0:
        raise DataGapError("shares are undefined: the amounts add up to zero")
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
        raise DataGapError("a concentration index needs amounts: they sum to zero")
    return math.fsum(value * value for value in values) / total**2


def import_reliance(imports: float, exports: float, consumption: float) -> float | None:
    """Net imports over apparent consumption (E2), 0-1; 0 for a net exporter.

    Net imports that went into stocks, beyond what was consumed, count as 1.

    Parameters
    ----------
    imports, exports, consumption : float
        Tonnes a year of one commodity or element.

    Returns
    -------
    float or None
        None if nothing is consumed.
    """
    return min(max((imports - exports) / consumption, 0.0), 1.0) if consumption > 0 else None


RARE_EARTH_CODES = ("280530", "284610", "284690")
"""Rare-earth metals, cerium compounds, other rare-earth compounds (HS 1992)."""

MISSING_RISK = 0.5
"""Risk of a supplier for which no governance figure exists."""

OTHER_ASIA = "TW"
"""BACI's "Other Asia, not elsewhere specified" stands for Taiwan, but is no territory of the governance indicators:
the published scores give it :data:`MISSING_RISK`, and so does this module."""


@dataclass(frozen=True)
class GeoPolRiskScore:
    """GeoPolRisk of one importer and year, with its factors."""

    importer: str
    year: int
    score: float
    """HHI times import risk [1]."""
    hhi: float
    """Concentration of world production, 0-1."""
    import_risk: float
    """Import-weighted political risk, diluted by own production [1]."""
    imports: float
    """Imports with a quantity [t gross]."""
    production: float
    """Own production [t REO]."""
    unrated: tuple[str, ...]
    """Suppliers without a governance figure."""


def import_risk(imports: Mapping[str, float], risk: Mapping[str, float], own: float, members: frozenset[str]) -> float:
    """Import-weighted political risk (E4) [1].

    Parameters
    ----------
    imports : mapping of str to float
        Tonnes by supplier.
    risk : mapping of str to float
        Political risk 0-1 by supplier.
    own : float
        The importer's own production [t].
    members : frozenset of str
        Countries of the importer; trade among them counts in the denominator, with zero risk.
    """
    base = sum(imports.values()) + own
    if not base > 0:
        raise DataGapError("neither imports with a quantity nor own production: the import risk is undefined")
    return sum(tonnes * supplier_risk(name, risk) for name, tonnes in imports.items() if name not in members) / base


def supplier_risk(name: str, risk: Mapping[str, float]) -> float:
    """Political risk of a supplier 0-1, :data:`MISSING_RISK` where none is given."""
    return MISSING_RISK if name == OTHER_ASIA else risk.get(name, MISSING_RISK)


def score(
    importer: str,
    year: int,
    members: Iterable[str],
    production: Mapping[str, float],
    imports: Mapping[str, float],
    risk: Mapping[str, float],
) -> GeoPolRiskScore:
    """GeoPolRisk of one importer and year (E5).

    Parameters
    ----------
    importer : str
        Code of a country, region or group.
    year : int
    members : iterable of str
        ISO codes of the importer's countries.
    production : mapping of str to float
        Mine production of the year by country [t REO].
    imports : mapping of str to float
        Imports of the year by supplier, summed over members [t gross]; rows without quantity left out.
    risk : mapping of str to float
        Political risk of the year by country, 0-1.

    Raises
    ------
    DataGapError
        If the year has no production, no governance figures, or the importer neither imports nor produces.
    """
    inside = frozenset(members)
    if not production:
        raise DataGapError(f"GeoPolRisk {year}: no mine production of that year")
    if not risk:
        raise DataGapError(f"GeoPolRisk {year}: no governance indicators of that year")
    own = sum(tonnes for country, tonnes in production.items() if country in inside)
    concentration = hhi(production.values())
    weighted = import_risk(imports, risk, own, inside)
    unrated = tuple(sorted(name for name in imports if name not in inside and (name == OTHER_ASIA or name not in risk)))
    return GeoPolRiskScore(importer, year, concentration * weighted, concentration, weighted, sum(imports.values()), own, unrated)
