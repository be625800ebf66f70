"""What helps: simple measures added to a scenario, each simulated on the same draws and compared with the scenario as it is.

The measures are a stock of the bottleneck, a second source of it, and thrift in its use. Their sizes are assumptions that
make them comparable (`STOCK_DAYS`, `SOURCE_SHARE`, `THRIFT`); none is an optimum, and no cost but that of filling the stock
is counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.ensembles.draw_assessment import DrawAssessment, outcomes
from ytterby.ensembles.tried import Remedy
from ytterby.errors import YtterbyError
from ytterby.facts import expand_regions
from ytterby.measures import measure
from ytterby.units import DAYS_PER_YEAR, KG_PER_T, WEEKS_PER_YEAR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.ensembles.run_summary import RunSummary
    from ytterby.measures import AnyMeasure
    from ytterby.scenario import Scenario
    from ytterby.simulation import Experiment
    from ytterby.system import System

STOCK_DAYS = 60
"""Days of use in the stock."""
STOCK_OPENS = 0.7
"""Share of the usual cover below which the stock is given out, up to the whole use; given out by the calendar, it displaces
orders while nothing is short and leaves a gap when it ends [1]."""
SOURCE_SHARE = 0.2
"""Output of the second source as a share of the importer's use."""
THRIFT = 0.1
"""Share of the use that is saved."""
RESTRICTING = ("licence", "ban", "quota", "outage", "export_duty")
MIN_LOSS_USD = 2e7
"""A smaller loss needs no help."""
MAX_GOODS = 3
BAND = (0.05, 0.95)


class Sample(NamedTuple):
    """Draws that stand for all of an ensemble, each with the share of the draws that it stands for."""

    draws: tuple[int, ...]
    weights: NDArray[np.float64]
    """Sum 1 (draw,)."""


def remedies(
    experiment: Experiment, summary: RunSummary, importer: str, draws: int, lost: NDArray[np.float64] | None = None
) -> tuple[Remedy, ...]:
    """Measures against the bottlenecks of an importer, the most helpful first.

    They are compared on a sample stratified by loss (:func:`sample`): where a few draws carry the mean, the first draws of a
    design say next to nothing of it.

    Parameters
    ----------
    experiment : Experiment
        The scenario with the design of its draws.
    summary : RunSummary
        What came of it, for the bottlenecks.
    importer : str
        Region or group that takes the measures.
    draws : int
        How many of the design's draws are compared.
    lost : ndarray, optional
        Loss of the importer in each of the design's draws, where it is known (draw,) [USD]; else the first draws are compared.

    Returns
    -------
    tuple of Remedy
        Empty where no input stops a sector of the importer, or nothing is lost.
    """
    regions = expand_regions(importer)
    goods = bottlenecks(summary, regions)
    chosen = first_draws(min(draws, max(experiment.draws, 1))) if lost is None else sample(lost, draws)
    before = _lost(experiment, importer, chosen) if goods else np.zeros(1)
    if not goods or chosen.weights @ before < MIN_LOSS_USD:
        return ()
    found = []
    for kind, measures, places, value in _candidates(experiment.network.system, experiment.scenario, regions, goods):
        scenario = experiment.scenario.model_copy(update={"measures": (*experiment.scenario.measures, *measures)})
        try:
            after = _lost(replace(experiment, scenario=scenario), importer, chosen)
        except YtterbyError:  # the network has no plant or user that the measure could act on
            continue
        avoided = before - after
        low, high = (float(at) for at in np.quantile(avoided, BAND, weights=chosen.weights, method="inverted_cdf"))
        found.append(
            Remedy(
                kind=kind, goods=goods, places=places, avoided_usd=float(chosen.weights @ avoided), low=low, high=high,
                loss_usd=float(chosen.weights @ before), value_usd=value, draws=len(before),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda row: -row.avoided_usd))


def bottlenecks(summary: RunSummary, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Inputs that stop the importer's sectors, those behind the largest losses first; without a stop, what it lacks most."""
    lost = {(row.sector, row.country): row.value_added_usd for row in summary.losses}
    weight: dict[str, float] = {}
    for stop in summary.first_stops:
        if stop.country in regions and stop.input:
            weight[stop.input] = weight.get(stop.input, 0.0) + stop.probability * lost.get((stop.sector, stop.country), 0.0)
    if not weight:
        weight = {row.commodity: row.worst_lack for row in summary.shortfall if row.region in regions and row.worst_lack > 0.0}
    return tuple(sorted(weight, key=lambda name: -weight[name])[:MAX_GOODS])


def first_draws(draws: int) -> Sample:
    """The first draws of a design, all of the same weight."""
    return Sample(tuple(range(draws)), np.full(draws, 1.0 / draws))


def sample(lost: NDArray[np.float64], draws: int) -> Sample:
    """Draws stratified by loss: half of them the worst, the other half spread evenly over the rest, ranked by loss.

    Each of the worst stands for itself, each of the others for its part of the rest, so that a weighted mean estimates that of all
    draws without bias by the choice (Cochran, Sampling Techniques, 1977, chapter 5).
    """
    if draws >= len(lost):
        return first_draws(len(lost))
    worst = np.argsort(-lost, kind="stable")
    certain, others = worst[: draws // 2], worst[draws // 2 :]
    parts = np.array_split(others, draws - draws // 2)
    picked = [*((int(i), 1) for i in certain), *((int(part[len(part) // 2]), len(part)) for part in parts)]
    picked.sort()
    return Sample(tuple(i for i, _ in picked), np.array([count for _, count in picked]) / len(lost))


def _lost(experiment: Experiment, importer: str, chosen: Sample) -> NDArray[np.float64]:
    """Value added lost by the importer in some draws of the design (draw,) [USD]."""
    job = DrawAssessment(experiment)
    found = outcomes(job, job.some(chosen.draws))
    whole, *parts = (found.get(f"value_added_lost.{name}") for name in (importer, *expand_regions(importer)))
    if whole is not None:
        return whole
    known = [part for part in parts if part is not None]
    return np.sum(known, axis=0) if known else np.zeros(len(chosen.draws))  # a region may have no sector that could lose


def _candidates(
    system: System, scenario: Scenario, regions: tuple[str, ...], goods: tuple[str, ...]
) -> Iterator[tuple[str, list[AnyMeasure], tuple[str, ...], float | None]]:
    """Kind, measures, places and value of each measure that is tried."""
    use = {name: _use(system, name, regions) for name in goods}
    start, to = _begin(scenario), list(regions)
    stock: dict[str, Any] = {"kind": "stockpile", "owner": regions[0], "action": "release", "to": to, "start": start}
    price = system.markets.groupby("commodity")["price"].median()
    value = sum(_stocked(amount) * KG_PER_T * float(price[name]) for name, amount in use.items())
    yield "stock", [_stock(stock, name, use[name], _cover(system, name, regions)) for name in goods], (), value
    places = tuple(_second_source(system, name, regions, _restrictors(scenario)) for name in goods)
    if all(places):
        plant: dict[str, Any] = {"kind": "project", "start": scenario.start, "ramp": (1.0,)}
        sources = [
            measure(**plant, on=[name], from_=[place], capacity_t_per_year=SOURCE_SHARE * use[name], offtake=_shares(system, name, regions))
            for name, place in zip(goods, places, strict=True)
        ]
        yield "second_source", sources, places, None
    yield "thrift", [measure(kind="substitution", on=list(goods), to=to, start=scenario.start, saving=THRIFT)], (), None


def _stocked(use: float) -> float:
    """A stock of some days of use [t]."""
    return use * STOCK_DAYS / DAYS_PER_YEAR


def _stock(release: dict[str, Any], commodity: str, use: float, cover: float) -> AnyMeasure:
    """Release of a commodity while its users' cover is low, at most the whole use in a week."""
    trigger = {"cover_below_weeks": STOCK_OPENS * cover}
    return measure(**release, on=[commodity], tonnes=_stocked(use), trigger=trigger, rate=use / WEEKS_PER_YEAR)


def _cover(system: System, commodity: str, regions: tuple[str, ...]) -> float:
    """Mean usual cover of a commodity in some regions [weeks]."""
    table = system.markets
    return float(table.loc[(table["commodity"] == commodity) & table["region"].isin(regions), "cover"].mean())


def _begin(scenario: Scenario) -> dt.date:
    """First day of a restriction within the scenario, in any branch; its start where there is none."""
    starts = [item.start for item in scenario.all_measures() if item.kind in RESTRICTING and item.start >= scenario.start]
    return min(starts, default=scenario.start)


def _use(system: System, commodity: str, regions: tuple[str, ...]) -> float:
    """Final use of a commodity in some regions [t/year]."""
    table = system.demands
    return float(table.loc[(table["commodity"] == commodity) & table["region"].isin(regions), "use"].sum())


def _shares(system: System, commodity: str, regions: tuple[str, ...]) -> dict[str, float]:
    """Share of each region in the use of a commodity by all of them [1]; only regions that use it."""
    use = {region: _use(system, commodity, (region,)) for region in regions}
    total = sum(use.values())
    return {region: amount / total for region, amount in use.items() if amount > 0.0}


def _restrictors(scenario: Scenario) -> set[str]:
    """Regions whose exports the scenario restricts."""
    return {region for item in scenario.all_measures() if item.kind in RESTRICTING for region in item.from_}


def _second_source(system: System, commodity: str, regions: tuple[str, ...], shut: set[str]) -> str:
    """Region outside the restricting ones that makes most of a commodity, the importer's own regions last; empty if there is none."""
    table = system.markets
    made = table[(table["commodity"] == commodity) & ~table["region"].isin(shut) & (table["production"] > 0.0)]
    made = made.assign(own=made["region"].isin(regions)).sort_values(["own", "production"], ascending=[True, False])
    return str(made["region"].iloc[0]) if len(made) else ""
