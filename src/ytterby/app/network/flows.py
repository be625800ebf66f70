"""Use case: what goes from where to where: an element in the base system, or all rare earths in a year's customs records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import DataGapError
from ytterby.facts import Facts, load, names, region_of
from ytterby.result_model import ResultModel
from ytterby.system import RARE_EARTHS, ranked, weighed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ytterby.exposure import ElementNetwork
    from ytterby.system import System

NAMED = 12
"""Figures that a flow or an output names, the most important first."""
LEAST = 1e-4
"""Flows below this share of the largest of their stage are left out [1]."""


class RegionOutput(ResultModel):
    """What a region makes of an element at a stage."""

    stage: str
    """Such as mine, oxide, metal, magnet or component."""
    region: str
    t: float
    """Output [t oxide/year]."""
    share: float
    """Share of the world's output at the stage [1]."""
    facts: tuple[str, ...] = ()
    """Ids of the figures that it rests on, the most important first."""


class RegionFlow(ResultModel):
    """What goes from one region to another."""

    stage: str
    """Form that crosses the border; empty for customs records."""
    origin: str
    """Region that it leaves."""
    destination: str
    """Region that it reaches."""
    t: float
    """Of an element t of oxide a year; of customs records t gross [t/year]."""
    low: float | None
    """[t/year]"""
    high: float | None
    """[t/year]"""
    value_usd: float | None = None
    """Value, only of customs records [USD/year]."""
    facts: tuple[str, ...] = ()
    """Ids of the figures that it rests on; customs records name their table instead."""


class ChainRibbon(ResultModel):
    """Mass between two neighbouring stages, by groups of regions."""

    column: int
    """Index of the stage that it leaves."""
    source: str
    """Group of regions."""
    target: str
    """Group of regions."""
    t: float
    """[t oxide/year]"""


class FlowsResult(ResultModel):
    """Output and flows by region."""

    year: int
    element: str | None
    """None for all rare earths together."""
    basis: str
    """``base``: the balanced base system of the year; ``customs``: what importers recorded under the headings of rare earths."""
    source: str
    """Words on where the flows come from."""
    stages: tuple[str, ...]
    """Stages in the order of the chain; empty for customs records."""
    outputs: tuple[RegionOutput, ...]
    """Largest first at each stage."""
    flows: tuple[RegionFlow, ...]
    """Largest first."""
    ribbons: tuple[ChainRibbon, ...]
    """For a Sankey diagram: columns are the stages and, last, final use."""
    ribbon_stages: tuple[str, ...]
    """Columns of that diagram."""


def flows(element: str = "Dy", year: int = 2024, project: Path | None = None) -> FlowsResult:
    """Output, flows between regions and chain of an element in the base system of a year.

    Parameters
    ----------
    element : str
        Symbol or name.
    year : int
        Base year.
    project : Path, optional
        Project folder whose imported figures win.

    Raises
    ------
    UnknownNameError
        For an element or base year that does not exist.
    """
    from ytterby.app.network.bases import base_system
    from ytterby.exposure import element_network, stages_of
    from ytterby.report.briefing import chain_ribbons

    symbol = names.element(element).code
    system = base_system(year, load(project), project, RARE_EARTHS)
    _require_held(system, symbol)
    network = element_network(system, symbol)
    columns, ribbons = chain_ribbons(system, symbol)
    return FlowsResult(
        year=year,
        element=symbol,
        basis="base",
        source=f"balanced base system of {year}, in t of oxide; links without a published flow are apportioned within their ranges",
        stages=tuple(stages_of(network)),
        outputs=tuple(_outputs(network)),
        flows=tuple(sorted(_between(network), key=lambda row: -row.t)),
        ribbons=tuple(ChainRibbon(column=each.column, source=each.source, target=each.target, t=each.value) for each in ribbons),
        ribbon_stages=columns,
    )


def customs_flows(year: int, project: Path | None = None) -> FlowsResult:
    """Flows between regions that importers recorded in a year, all rare earths together (HS 280530, 284610, 284690).

    Raises
    ------
    DataGapError
        If there are no records of the year; the message names those that there are.
    """
    facts = load(project)
    years = trade_years(facts)
    if year not in years:
        raise DataGapError(f"no customs records of {year}; there are those of {years[0]} to {years[-1]}")
    return FlowsResult(
        year=year,
        element=None,
        basis="customs",
        source="importers' customs records of HS 280530, 284610 and 284690 (BACI), t gross",
        stages=(),
        outputs=(),
        flows=tuple(sorted(_recorded(facts, year), key=lambda row: -row.t)),
        ribbons=(),
        ribbon_stages=(),
    )


def trade_years(facts: Facts) -> tuple[int, ...]:
    """Years with customs records, oldest first."""
    return tuple(sorted(int(year) for year in facts.trade()["year"].unique()))


def _require_held(system: System, symbol: str) -> None:
    from ytterby.errors import UnknownNameError
    from ytterby.facts import symbols

    held = set(system.contents["element"])
    if symbol not in held:
        raise UnknownNameError("element", symbol, {name: term.name() for name, term in symbols().items() if name in held}, "element")


def _outputs(network: ElementNetwork) -> Iterator[RegionOutput]:
    from ytterby.exposure import stages_of

    made = np.bincount(network.entry_process, np.maximum(network.entry_mass, 0.0), len(network.processes))
    for stage in stages_of(network):
        here = network.process_stage == stage
        world, found = float(made[here].sum()), []
        for region in sorted(set(network.process_region[here])):
            rows = here & (network.process_region == region)
            mass = float(made[rows].sum())
            if mass > LEAST * world:
                facts = ranked(weighed(network.processes["facts"].to_numpy(object)[rows], made[rows].tolist()))[:NAMED]
                found.append(RegionOutput(stage=stage, region=str(region), t=mass, share=mass / world, facts=facts))
        yield from sorted(found, key=lambda row: -row.t)


def _between(network: ElementNetwork) -> Iterator[RegionFlow]:
    """Sums of the links of a stage between two regions; links inside a region are no flows on a map."""
    origin, destination = network.region[network.origin], network.region[network.destination]
    stage, facts = network.stage[network.origin], network.links["facts"].to_numpy(object)
    abroad = np.flatnonzero(origin != destination)
    largest = {name: float(network.flow[abroad][stage[abroad] == name].max(initial=0.0)) for name in set(stage)}
    rows: dict[tuple[str, str, str], list[int]] = {}
    for at in abroad:
        rows.setdefault((str(stage[at]), str(origin[at]), str(destination[at])), []).append(int(at))
    for (name, start, end), links in rows.items():
        mass = float(network.flow[links].sum())
        if mass <= LEAST * largest[name]:
            continue
        yield RegionFlow(
            stage=name,
            origin=start,
            destination=end,
            t=mass,
            low=float(network.flow_low[links].sum()),
            high=float(network.flow_high[links].sum()),
            facts=ranked(weighed(facts[links], network.flow[links].tolist()))[:NAMED],
        )


def _recorded(facts: Facts, year: int) -> Iterator[RegionFlow]:
    trade = facts.trade()
    trade = trade[trade["year"] == year]
    sums: dict[tuple[str, str], list[float]] = {}
    for start, end, tonnes, value in zip(trade["exporter"], trade["importer"], trade["quantity_t"], trade["value_kusd"], strict=True):
        pair = (region_of(str(start)), region_of(str(end)))
        if pair[0] != pair[1]:
            entry = sums.setdefault(pair, [0.0, 0.0])
            entry[0] += float(tonnes) if tonnes == tonnes else 0.0
            entry[1] += float(value) * 1000.0 if value == value else 0.0
    least = LEAST * max((mass for mass, _ in sums.values()), default=0.0)
    for (start, end), (mass, value) in sums.items():
        if mass > least:
            yield RegionFlow(stage="", origin=start, destination=end, t=mass, low=None, high=None, value_usd=value)
