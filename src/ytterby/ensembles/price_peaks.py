"""Highest prices outside the restricting countries beside the price inside, from the results of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.ensembles.draw_assessment import FOCUS, PEAKS
from ytterby.ensembles.run_summary import PeakPrice
from ytterby.facts import expand_regions
from ytterby.simulation import interventions_of, restricted_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr
    from numpy.typing import NDArray

    from ytterby.scenario import Scenario
    from ytterby.simulation import Experiment, LabelledNetwork, Views

LEAST_RISE = 0.01
"""Smaller rises over the base price are not told [1]."""
MEDIAN = "0.5"


def peak_prices(results: xr.Dataset, experiment: Experiment) -> tuple[PeakPrice, ...]:
    """Highest price of each good outside, the mean over its users there, with the price inside in that week.

    Inside is the region where most of the good's restricted trade begins; goods on which no restriction acts have no row. Outside are all
    other regions, weighted by what they use in the base year. A single region's price says little: buyers outside do not sell to each other
    in the model, so that neighbours' prices part further than merchants would allow.

    Parameters
    ----------
    results : Dataset
        Results of the run; ``price`` over (quantile,) week and market [USD/kg].
    experiment : Experiment
        What was run.

    Returns
    -------
    tuple of PeakPrice
        By rise, the largest first.
    """
    found = results["price"]
    path = (found.sel(quantile=MEDIAN) if "quantile" in found.dims else found).to_numpy().astype(np.float64)
    weeks = [str(day) for day in experiment.scenario.mondays]
    goods = _restricted(experiment.network, experiment.scenario)
    rows = [row for good, origin in goods for row in _peak(path, good, origin, experiment.views, weeks)]
    return tuple(sorted(rows, key=lambda row: (-row.multiple, row.commodity)))


def _restricted(network: LabelledNetwork, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Goods of the stages whose prices are told that a restriction acts on, with the region where most of that trade begins."""
    links = np.unique(np.concatenate([restricted_links(network, interventions_of(network, path)) for _, path in scenario.paths()]))
    net = network.net
    goods, regions = network.commodity[net.origin[links]], network.region[net.origin[links]]
    for good in sorted({str(name) for name in goods if str(name).partition(".")[0] in PEAKS}):
        flows = {str(region): float(net.flow[links[(goods == good) & (regions == region)]].sum()) for region in regions[goods == good]}
        yield good, max(sorted(flows), key=lambda region: flows[region])


def _peak(path: NDArray[np.float64], good: str, origin: str, views: Views, weeks: list[str]) -> Iterator[PeakPrice]:
    """Highest mean price of a good outside, and of three places the one that pays most then; nothing where it does not rise."""
    column = {name: place for place, name in enumerate(views.names)}
    single = [(region, at) for (name, region), at in column.items() if name == good and expand_regions(region) == (region,)]
    outside = [at for region, at in single if region != origin and _told(views, at)]
    shown = [place for place in FOCUS if origin not in expand_regions(place) and _told(views, column.get((good, place)))]
    if not outside or not shown or (good, origin) not in column:
        return
    weights = views.base_outflow[outside] / views.base_outflow[outside].sum()
    price, base = np.nan_to_num(path[:, outside]) @ weights, float(views.base_price[outside] @ weights)
    week = int(price.argmax())
    if not price[week] >= (1.0 + LEAST_RISE) * base:
        return
    dearest = max(shown, key=lambda name: float(np.nan_to_num(path[week, column[good, name]])))
    yield PeakPrice(
        commodity=good,
        place=dearest,
        price_place=float(path[week, column[good, dearest]]),
        week=weeks[week],
        price=float(price[week]),
        base=base,
        multiple=float(price[week]) / base,
        inside=origin,
        price_inside=float(path[week, column[good, origin]]),
        base_inside=float(views.base_price[column[good, origin]]),
    )


def _told(views: Views, column: int | None) -> bool:
    """Whether a market has a price and somebody used the good there in the base year."""
    return column is not None and views.base_outflow[column] > 0.0 and views.base_price[column] > 0.0
