"""Assessment of the draws of an ensemble, and the table of inputs and outcomes with one row per draw.

Inputs are columns under their own keys; outcomes are named ``outcome.<what>.<where>``:
``outcome.value_added_lost.<all|JP|US|EU>`` [USD, gross, whole run], ``outcome.shortfall`` [t of all commodities],
``outcome.first_stop.<JP|US|EU>`` [weeks after the start; empty where production does not stop],
``outcome.peak_multiple.<commodity>.<JP|US|EU>`` [1, highest price over base price].
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.economy import (
    LossTotals,
    SectorGroups,
    UserFlows,
    assumptions,
    firms_stopped,
    first_week,
    for_base_output,
    lack_of_users,
    loss_model,
    losses,
    of_draw,
    output_left,
    parts_model,
    sector_stops,
)
from ytterby.ensembles.drivers import OUTCOME
from ytterby.errors import UnknownNameError
from ytterby.facts import expand_regions
from ytterby.simulation import price_statistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.economy import LossModel, PartsModel
    from ytterby.simulation import Draw, Experiment, Views


DRAWN_TABLES = ("parts", "criticality", "input_classes", "substitution", "recapture")
"""Tables of economic assumptions drawn from their ranges, row by row."""
TOTALS = (
    *("gross", "net", "sales", "worst", "first_stop", "line_stop", "binding", "firms"),
    *("shortfall_total", "shortfall_peak", "peak_multiple"),
    *("priced_out_total", "from_stock_total", "lack_peak", "lack_start"),
)
"""Arrays of a draw without weeks, from which the summary and the table of draws are made."""
LACKING = 0.05
"""Share of base use from which a lack is dated."""
NO_USE = 1e-12
"""Final use below this counts as none [t/week]."""


class EconomicModels(NamedTuple):
    """Parameters of the economy; arrays (draw, ...), or of one draw."""

    parts: PartsModel
    losses: LossModel

    def of(self, place: int) -> EconomicModels:
        """Parameters of one of several draws; those of the central run are its own."""
        return of_draw(self, place) if self.parts.thrift.ndim > 1 else self


@dataclass(frozen=True, eq=False)
class DrawAssessment:
    """An experiment with the data that a worker needs to assess its draws."""

    experiment: Experiment

    @cached_property
    def groups(self) -> SectorGroups:
        """Which demands belong to which sector and region."""
        system = self.experiment.network.system
        return SectorGroups.of(system.demands, system.sectors)

    @cached_property
    def positions(self) -> dict[str, NDArray[np.float64]]:
        """Position of each economic assumption in its range, (draw, row) by table; empty for the central run."""
        experiment = self.experiment
        return assumptions.quantiles(experiment.draws, experiment.seed, experiment.method) if experiment.draws else {}  # type: ignore[arg-type]

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """Every drawn input by its key, one row per draw."""
        import pandas as pd

        economy = {key: values[:, i] for name, values in self.positions.items() for i, key in enumerate(assumptions.read(name).keys)}
        return pd.concat([self.experiment.rows, pd.DataFrame(economy, index=self.experiment.rows.index)], axis=1)

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[Any]]:
        """Reduced arrays of draws ``span[0]`` to ``span[1]`` (not included), stacked (draw, ...)."""
        return self._stacked(range(*span))

    def some(self, numbers: Sequence[int]) -> dict[str, NDArray[Any]]:
        """Reduced arrays of any draws, in the order asked for, stacked (draw, ...)."""
        return self._stacked(numbers)

    def assess(self, i: int) -> dict[str, NDArray[Any]]:
        """Reduced arrays of one draw: series of markets and sectors, stop dates, totals."""
        return {name: values[0] for name, values in self._stacked(range(i, i + 1)).items()}

    def _stacked(self, numbers: Sequence[int]) -> dict[str, NDArray[Any]]:
        """Reduced arrays of some draws (draw, ...)."""
        series = self.experiment.views.empty_series(len(numbers), self.experiment.scenario.weeks)
        found: dict[str, NDArray[Any]] = dict(series)
        for place, arrays in self._assessed(numbers, series):
            for name, values in arrays.items():
                if name not in found:
                    found[name] = np.empty((len(numbers), *np.shape(values)), dtype=np.asarray(values).dtype)
                found[name][place] = values
        return found

    def _assessed(self, numbers: Sequence[int], series: dict[str, NDArray[np.float32]]) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """Place of each draw and its arrays, but for the weekly series of markets, which are written to ``series`` (draw, ...)."""
        models = self._models(numbers)
        for i, draw in self.experiment.simulate(numbers, passing=True):
            place = numbers.index(i)
            own, model = {name: values[place] for name, values in series.items()}, models.of(place)
            self.experiment.views.reduce(draw.trace, draw.level, own)
            wedge = {"price_wedge": draw.trace.wedge.astype(np.float32)}
            yield place, wedge | self._totals(own) | self._lack(draw, model.parts, own["shortfall"]) | self._economy(draw, model)

    def _models(self, numbers: Sequence[int]) -> EconomicModels:
        """Parameters of the economy in some draws, drawn together."""
        system, drawn = self.experiment.network.system, {name: values[list(numbers)] for name, values in self.positions.items()}
        tables = {name: drawn.get(name) for name in DRAWN_TABLES}
        return EconomicModels(parts_model(system.demands, drawn.get("parts")), loss_model(system.demands, system.sectors, **tables))

    def _totals(self, series: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
        """Summary of a draw over all weeks by view (view,): total and peak shortfall, statistics of the price."""
        short = series["shortfall"].astype(np.float64)
        statistics = price_statistics(series["price"][None], self.experiment.views.base_price)
        return {"shortfall_total": short.sum(axis=0), "shortfall_peak": short.max(axis=0)} | {key: v[0] for key, v in statistics.items()}

    def _lack(self, draw: Draw, parts: PartsModel, unserved: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
        """What users lack by view (view,): totals [t], largest weekly sum over base use, first week in which it is :data:`LACKING`."""
        views = self.experiment.views
        found = lack_of_users(_flows(draw), parts.thrift, *draw.intended, draw.net.use, views.market_of_demand)
        priced_out, from_stock = (views.total(tonnes) for tonnes in found)
        share = (unserved + priced_out + from_stock) / np.maximum(views.final_use, NO_USE)
        totals = {"priced_out_total": priced_out.sum(axis=0), "from_stock_total": from_stock.sum(axis=0)}
        return totals | {"lack_peak": share.max(axis=0), "lack_start": first_week(share, LACKING)}

    def _economy(self, draw: Draw, model: EconomicModels) -> dict[str, NDArray[Any]]:
        system = draw.network.system
        # only goods that pass a restriction have a licensing outcome of their own
        parts = model.parts._replace(lumpy=model.parts.lumpy * draw.restricted_share)
        flows = for_base_output(_flows(draw), parts.thrift, *draw.intended)
        output = output_left(flows.served, flows.arrival, draw.user_cover, parts, want=flows.want)
        onset, scarcity = self.experiment.onset, draw.scarcity
        found = losses(output, system.demands, system.sectors, model.losses, scarcity=scarcity, onset=onset)
        first, line, binding = sector_stops(found, self.groups)
        totals = found.totals()
        return {
            "value_added_lost": found.gross().astype(np.float32),
            "jobs_at_risk": found.jobs().astype(np.float32),
            "first_stop": first,
            "line_stop": line,
            "binding": binding,
            "firms": _firms_at_first_stop(flows, draw.user_cover, parts, first, binding),
            "gross": totals.gross,
            "net": totals.net,
            "sales": totals.sales,
            "worst": totals.worst,
        }


def _flows(draw: Draw) -> UserFlows:
    """What the users of each demand want and get."""
    return UserFlows(draw.served, draw.arrival_ratio, draw.want)


def _firms_at_first_stop(
    flows: UserFlows, cover: NDArray[np.float64], parts: PartsModel, first: NDArray[np.float64], binding: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Share of firms without their binding input in the week of a sector's first stop (sector,); NaN without a stop."""
    found, sectors = np.full(len(first), np.nan), np.flatnonzero(binding >= 0)
    if len(sectors):
        week, demands = first[sectors].astype(np.int64), binding[sectors]
        own = UserFlows(*(values[: week.max() + 1, demands] for values in flows))
        single = type(parts)(*(values[demands] for values in parts))
        stopped = firms_stopped(own.served, own.arrival, cover[demands], single, want=own.want)
        found[sectors] = stopped[week, np.arange(len(sectors))]
    return found


FOCUS = ("JP", "US", "EU")
"""Regions whose total loss is the headline outcome, and whose peak prices are stored for each draw."""
HEADLINE = "value_added_lost.JP+US+EU"
"""The outcome analysed by default."""
EVERYWHERE = "all"
PEAKS = ("oxide", "metal", "magnet")
"""Stages whose peak prices are stored for each draw."""


def places_of(sectors: pd.DataFrame) -> tuple[str, ...]:
    """Places whose losses and first stops are stored for each draw: the focus, and each region with a sector."""
    return tuple(dict.fromkeys((*FOCUS, *(str(region) for region in sectors["region"]))))


def draw_table(job: DrawAssessment, arrays: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Inputs and outcomes of each draw, index ``draw``.

    Parameters
    ----------
    job : DrawAssessment
        Experiment of the draws.
    arrays : dict of array (draw, ...)
        LossTotals of each draw as :meth:`DrawAssessment.chunk` returns them, all chunks concatenated.
    """
    import pandas as pd

    found = {OUTCOME + key: values for key, values in outcomes(job, arrays).items()}
    return pd.concat([job.inputs, pd.DataFrame(found, index=job.inputs.index)], axis=1)


def outcomes(job: DrawAssessment, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """Outcomes by name without the prefix (draw,), from the arrays of some or all draws."""
    sectors, views = job.experiment.network.system.sectors, job.experiment.views
    totals = LossTotals(sectors, arrays["gross"], arrays["net"], arrays["sales"], arrays["worst"])
    places = places_of(sectors)
    found = lost(totals, places) | {"shortfall": tonnes_short(arrays["shortfall_total"], views)}
    for place in places:
        found[f"first_stop.{place}"] = earliest(arrays["first_stop"][:, focus_columns(sectors, (place,))])
    return found | peaks(arrays["peak_multiple"], views, FOCUS)


def pick(found: Mapping[str, Any], outcome: str, weeks: int) -> NDArray[np.float64]:
    """One outcome (draw,) by name; places joined by ``+`` are added, no stop counts as a stop at the horizon [week].

    Raises
    ------
    UnknownNameError
        If there is no such outcome.
    """
    what, _, places = outcome.rpartition(".")
    names = [f"{what}.{place}" if what else place for place in places.split("+")]
    for name in names:
        if name not in found:
            raise UnknownNameError("outcome", name, found)
    values = np.sum([np.asarray(found[name], dtype=np.float64) for name in names], axis=0)
    return np.where(np.isnan(values), float(weeks), values)


def lost(totals: LossTotals, places: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Value added lost in total and by place (draw,) [USD]."""
    usd = totals.usd("gross")
    return {f"value_added_lost.{place}": _sum(usd[:, focus_columns(totals.sectors, (place,))]) for place in (EVERYWHERE, *places)}


def tonnes_short(total: NDArray[np.float64], views: Views) -> NDArray[np.float64]:
    """Unserved final use of all markets (draw,) [t] from that of each view (draw, view); aggregates such as the EU are left out."""
    return _sum(total[:, : len(views.network.net.price)])


def _sum(values: NDArray[Any]) -> NDArray[np.float64]:
    """Sum of each draw (draw, ...) to (draw,): contiguous rows, so that the result does not depend on the number of draws."""
    return np.asarray(np.ascontiguousarray(values, dtype=np.float64).sum(axis=1))


def earliest(weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Earliest week of each draw, (draw, sector) to (draw,); NaN if nothing stops."""
    earliest_week = np.where(np.isnan(weeks), np.inf, weeks).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(earliest_week), earliest_week, np.nan)


def peaks(multiple: NDArray[np.float64], views: Views, focus: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Highest price over base price by commodity and place (draw,), from that of each view (draw, view)."""
    return {
        f"peak_multiple.{commodity}.{region}": multiple[:, column]
        for column, (commodity, region) in enumerate(views.names)
        if region in focus and commodity.partition(".")[0] in PEAKS
    }


def focus_columns(sectors: pd.DataFrame, focus: tuple[str, ...]) -> NDArray[np.int64]:
    """Columns of the sectors in the regions and groups."""
    wanted = {region for name in focus for region in expand_regions(name)}
    return np.flatnonzero(sectors["region"].isin(wanted).to_numpy())
