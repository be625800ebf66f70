"""Value added that depends on a supplier, and GeoPolRisk with traced shares (E16, E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.exposure.indicators import NO_SUPPLIER
from ytterby.exposure.results import TracedScore, ValueAtStake
from ytterby.exposure.risk_scores import MISSING_RISK, hhi, supplier_risk
from ytterby.facts import regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ytterby.exposure.element_exposure import ElementExposure
    from ytterby.system import System

MAIN = 0.1
"""A commodity with at least this share of the value of an end use's inputs is one of its main inputs."""


def value_at_stake(system: System, home: tuple[str, ...], exposures: Iterable[ElementExposure]) -> list[ValueAtStake]:
    """Value added of each end use that depends on a supplier (E16), largest first.

    A commodity depends on a supplier as much as its most exposed element; an end use as much as its commodities, weighted
    by the value of its inputs. The supplier reported is the one with the largest dependent share.

    Parameters
    ----------
    system : System
    home : tuple of str
        Regions of the importer.
    exposures : iterable of ElementExposure
        Of all elements assessed.
    """
    demands = system.demands[system.demands["region"].isin(home)]
    worth = (demands["use"] * demands["market"].map(system.markets["price"])).fillna(0.0)
    worst = _most_exposed(exposures)
    mine = system.sectors[system.sectors["region"].isin(home)]
    rows: list[ValueAtStake] = []
    for sector, part in mine.groupby("sector"):
        value = worth[demands["sector"] == sector].groupby(demands["market"]).sum()
        found = _sector_share(value[value.index.isin(worst)], float(value.sum()), worst)
        if found is not None:
            rows.append(_value_row(str(sector), part, *found))
    return sorted(rows, key=lambda row: -row.at_stake_usd)


def main_elements(system: System, home: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Elements in the commodities that make up at least a tenth of the value of each end use's rare-earth inputs."""
    demands = system.demands[system.demands["region"].isin(home)]
    worth = (demands["use"] * demands["market"].map(system.markets["price"])).fillna(0.0)
    value = worth.groupby([demands["sector"], demands["commodity"]]).sum()
    held = system.contents[system.contents["content"] > 0].groupby("commodity")["element"].agg(set)
    found: dict[str, frozenset[str]] = {}
    for sector, part in value.groupby(level=0):
        main = part[part >= MAIN * part.sum()].index.get_level_values(1)
        found[str(sector)] = frozenset(element for commodity in main for element in held.get(commodity, ()))
    return found


def _most_exposed(exposures: Iterable[ElementExposure]) -> dict[str, dict[str, tuple[float, float, float, str]]]:
    """By market and supplier: share, low, high and symbol of the most exposed element."""
    found: dict[str, dict[str, tuple[float, float, float, str]]] = {}
    for exposure in exposures:
        for market, suppliers in exposure.dependence.items():
            at = found.setdefault(market, {})
            for supplier, ends in suppliers.items():
                at[supplier] = max(at.get(supplier, (-1.0, 0.0, 0.0, "")), (*ends, exposure.element))
    return found


def _sector_share(
    value: pd.Series[float], total: float, worst: Mapping[str, Mapping[str, tuple[float, float, float, str]]]
) -> tuple[str, str, float, float, float] | None:
    """Supplier on which a sector depends most, the element concerned, and the share with its bounds."""
    suppliers = sorted({supplier for market in value.index for supplier in worst[market]})
    if not suppliers or not total > 0:
        return None
    nothing = (0.0, 0.0, 0.0, "")

    def shares(supplier: str) -> tuple[float, float, float]:
        found = [(float(value[market]), worst[market].get(supplier, nothing)) for market in value.index]
        base, low, high = (
            sum(v * s[0] for v, s in found) / total,
            sum(v * s[1] for v, s in found) / total,
            sum(v * s[2] for v, s in found) / total,
        )
        return base, low, high

    name = max(suppliers, key=lambda supplier: shares(supplier)[0])
    heaviest = max(value.index, key=lambda market: value[market] * worst[market].get(name, nothing)[0])
    return name, worst[heaviest].get(name, nothing)[3], *shares(name)


def _value_row(sector: str, part: pd.DataFrame, supplier: str, element: str, share: float, low: float, high: float) -> ValueAtStake:
    depends = part["dependent_share"]
    return ValueAtStake(
        sector=sector,
        element=element,
        supplier=supplier,
        passed=share,
        value_added_usd=float(part["value_added"].sum()),
        at_stake_usd=float((part["value_added"] * depends).sum() * share),
        low=float((part["value_added_low"] * depends).sum() * low),
        high=float((part["value_added_high"] * depends).sum() * high),
        jobs=float((part["jobs"] * depends).sum() * share),
        assumed=bool((part["kind"] == "assumed").any()),
    )


def region_risk(risk: Mapping[str, float]) -> dict[str, float]:
    """Political risk 0-1 by region: a country's own, the mean of the members for a composed region, else 0.5."""
    found = {}
    for code, term in regions().items():
        known = [supplier_risk(iso, risk) for iso in term.members or (code,) if iso != "*"]
        found[code] = sum(known) / len(known) if known else MISSING_RISK
    return found


def traced_score(exposures: Iterable[ElementExposure], stage: str, home: tuple[str, ...], risk: Mapping[str, float]) -> TracedScore | None:
    """GeoPolRisk with traced shares (E17): world concentration of a stage times the mean risk of the regions that worked the use.

    Domestic work counts as free of risk, as in the original; old scrap and undocumented mass have :data:`MISSING_RISK`.

    Returns
    -------
    TracedScore or None
        None if nothing is worked at the stage.
    """
    output: dict[str, float] = {}
    weighted = use = 0.0
    for exposure in exposures:
        for region, mass in exposure.world.get(stage, {}).items():
            output[region] = output.get(region, 0.0) + mass
        shares = exposure.traced.get(stage, {})
        use += exposure.use if shares else 0.0
        for region, share in shares.items():
            weighted += exposure.use * share * _risk_of(region, home, risk)
    if not output or not use > 0:
        return None
    concentration = hhi(output.values())
    return TracedScore(stage=stage, score=concentration * weighted / use, hhi=concentration, import_risk=weighted / use)


def _risk_of(region: str, home: tuple[str, ...], risk: Mapping[str, float]) -> float:
    if region in home:
        return 0.0
    return MISSING_RISK if region in NO_SUPPLIER else risk.get(region, MISSING_RISK)
