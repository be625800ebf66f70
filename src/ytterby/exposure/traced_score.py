"""GeoPolRisk with traced shares (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.exposure.indicators import NO_SUPPLIER
from ytterby.exposure.results import TracedScore
from ytterby.exposure.risk_scores import MISSING_RISK, hhi, supplier_risk
from ytterby.facts import regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.exposure.element_exposure import ElementExposure


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
