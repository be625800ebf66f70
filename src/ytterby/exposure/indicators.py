"""Indicators of one element and stage: concentration, reliance, N-1 cover, days of cover, time to survive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.element_network import gather
from ytterby.exposure.risk_scores import hhi, import_reliance
from ytterby.exposure.supplier_loss import HORIZON, n_minus_cover, stocks, time_to_survive
from ytterby.exposure.supply_results import Indicator
from ytterby.exposure.tracing import SECONDARY, UNDOCUMENTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Numbers = dict[str, float | None]

NO_SUPPLIER = (SECONDARY, UNDOCUMENTED)
DAYS_A_WEEK = 7.0
WORTH_SAYING = 0.1
"""Smallest part of an importer's use of the element that a form must carry for a reliance in it, or net exports of it, to be told [1]."""


def indicator(
    network: ElementNetwork,
    stage: str,
    home: tuple[str, ...],
    demands: Ints,
    traced: Mapping[str, float],
    direct: Mapping[str, float],
    without: str | None = None,
) -> Indicator:
    """Indicators of a stage for an importer.

    Parameters
    ----------
    network : ElementNetwork
    stage : str
    home : tuple of str
        Regions of the importer.
    demands : ndarray of int
        Its demands at the stage and downstream of it.
    traced, direct : mapping of str to float
        Shares of suppliers in those demands [1].
    without : str, optional
        Supplier whose loss is assessed; by default the foreign one with the largest traced share.
    """
    named = {name: share for name, share in traced.items() if name not in NO_SUPPLIER}
    largest = without or max((name for name in named if name not in home), key=lambda name: named[name], default=None)
    return Indicator.model_validate(
        {
            "element": network.element,
            "stage": stage,
            "hhi": hhi(named.values()) if named else None,
            "hhi_direct": _concentration(direct),
            "hhi_world": _concentration(output(network, stage)),
            **_reliance(network, stage, home),
            "supplier": largest,
            **_loss(network, stage, home, demands, largest, traced),
            **_cover_days(network, stage, home),
        }
    )


def _concentration(shares: Mapping[str, float]) -> float | None:
    amounts = [share for name, share in shares.items() if name not in NO_SUPPLIER]
    return hhi(amounts) if sum(amounts) > 0 else None


def output(network: ElementNetwork, stage: str) -> dict[str, float]:
    """World output of a stage by region [t oxide/year]."""
    made = gather(network.entry_process, np.maximum(network.entry_mass, 0.0), len(network.processes))
    found: dict[str, float] = {}
    for region, mass, at in zip(network.process_region, made, network.process_stage, strict=True):
        if at == stage:
            found[str(region)] = found.get(str(region), 0.0) + float(mass)
    return found


def _markets(network: ElementNetwork, stage: str, home: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.asarray(np.isin(network.region, home) & (network.stage == stage))


def _reliance(network: ElementNetwork, stage: str, home: tuple[str, ...]) -> dict[str, float | bool | None]:
    """Net imports of the stage's commodities over their consumption (E2), and whether it exports them; residuals are stock changes.

    A few tonnes say nothing of the country: oxide from recycled magnets in a country that has no plant for it and buys magnets is no
    export that matters, and no reliance on oxide. So a form counts from a tenth of the importer's use of the element.
    """
    inside, mine = np.isin(network.region, home), _markets(network, stage, home)
    imports = float(network.flow[mine[network.destination] & ~inside[network.origin]].sum())
    exports = float(network.flow[mine[network.origin] & ~inside[network.destination]].sum())
    taken = mine[network.entry_market] & (network.entry_mass < 0)
    used = float(-network.entry_mass[taken].sum() + network.use[mine[network.demand_market]].sum())
    least = WORTH_SAYING * float(network.use[network.demands_of(home)].sum())
    net_exporter = exports > imports and exports - imports >= least
    known = used >= least or net_exporter
    return {"import_reliance": import_reliance(imports, exports, used) if known else None, "net_exporter": net_exporter}


def _cover_days(network: ElementNetwork, stage: str, home: tuple[str, ...]) -> Numbers:
    """Commercial stock of the stage's commodities in days of outflow, with its range."""
    mine = _markets(network, stage, home)
    outflow = network.outflow[mine]
    weeks = network.markets[["cover_low", "cover", "cover_high"]].to_numpy(float)[mine]
    if not outflow.sum() > 0:
        return {"cover_days": None, "cover_days_low": None, "cover_days_high": None}
    low, base, high = (float(DAYS_A_WEEK * outflow @ column / outflow.sum()) for column in weeks.T)
    return {"cover_days": base, "cover_days_low": low, "cover_days_high": high}


def _loss(
    network: ElementNetwork, stage: str, home: tuple[str, ...], demands: Ints, supplier: str | None, traced: Mapping[str, float]
) -> Numbers:
    """Use that remains after the loss of a supplier's plants of the stage, in place and shared evenly, and the time to shortage."""
    if supplier is None:
        return {"n_minus_1_cover": 1.0, "n_minus_1_in_place": 1.0, **dict.fromkeys(_SURVIVAL)}
    lost = (network.process_stage == stage) & (network.process_region == supplier)
    covers = network.markets[["cover_low", "cover", "cover_high"]].to_numpy(float)
    days = time_to_survive(network, lost, demands, stocks(network, covers))
    return {
        "n_minus_1_cover": n_minus_cover(network, lost, (supplier,), home),
        "n_minus_1_in_place": max(1.0 - traced.get(supplier, 0.0), 0.0),
        **dict(zip(_SURVIVAL, (days[1], days[0], days[2]), strict=True)),
    }


_SURVIVAL = ("time_to_survive_days", "time_to_survive_low", "time_to_survive_high")
SURVIVAL_LIMIT_DAYS = 7 * HORIZON
"""An empty time to survive is longer than this [day]."""
