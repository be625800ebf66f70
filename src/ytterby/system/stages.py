"""Draft processes of each stage: mines, separation, metals, magnets, recycling, components, rejection of unsold oxides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.system.assumptions import missing
from ytterby.system.draft import DraftProcess, guess
from ytterby.system.inputs import PERCENT
from ytterby.system.ras import balance_table
from ytterby.system.user_totals import mine_output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.composition import Composition
    from ytterby.system.demands import Uses
    from ytterby.system.inputs import FigureExpressions

SEPARATION_RELATIVE = 0.3
"""Relative half-range of the prior feed of a separation plant."""


LOCAL = 0.9
"""Weight of a region's own need in the prior mix of components it produces; the rest follows world need."""

MIN_COMPONENT_SHARE = 0.1
"""Smallest share of a region's magnets that goes into components."""


def concentrate(feed: str, region: str) -> str:
    """Market of the concentrate of a feed."""
    return f"mine.concentrate-{feed}@{region}"


def mines(inputs: FigureExpressions) -> list[DraftProcess]:
    """Mines, one per feed and region; activity in t REO of concentrate."""
    return [
        DraftProcess(
            f"mine.{row.feed}@{row.region}", "mine", {concentrate(row.feed, row.region): 1.0}, mine_output(inputs, row), row.factor,
            row.rel, int(row.lag), row.driver, row.kind, row.utilisation, _capacity(inputs, row), inputs.cost(row),
        )
        for row in inputs.rows("mines")
    ]  # fmt: skip


def _capacity(inputs: FigureExpressions, row: Any) -> float:
    """Known capacity [t/year of activity]; NaN where none is known."""
    if not getattr(row, "capacity_fact", ""):
        return math.nan
    factor = getattr(row, "capacity_factor", math.nan)
    return inputs.sum(row.capacity_fact).value * (1.0 if missing(factor) else factor)


def separation_outputs(inputs: FigureExpressions, composition: Composition, feed: str, recovery_class: str) -> dict[str, float]:
    """Oxides per t of feed: basket times recovery of each element; the rest is lost."""
    rates = {row.element: row.value for row in inputs.rows("recovery", recovery_class=recovery_class)}
    basket = composition.separated(feed)
    return {element: share * _recovery(rates, element) for element, share in basket.items() if _recovery(rates, element) > 0}


def _recovery(rates: dict[str, float], element: str) -> float:
    """Recovery of an element; for Nd and Pr that of NdPr where they have none of their own."""
    return float(rates.get(element, rates.get("NdPr", 0.0) if element in {"Nd", "Pr"} else 0.0))


def treated_feed(inputs: FigureExpressions) -> dict[tuple[str, str], float]:
    """Prior feed of each separation plant [t REO/year]: output of its region's mines, or a share of the remaining feed."""
    mined: dict[str, dict[str, float]] = {}
    for row in inputs.rows("mines"):
        mined.setdefault(row.feed, {})[row.region] = mine_output(inputs, row).value * row.factor
    plants = inputs.rows("separation")
    treated_at_home = {
        feed: sum(regions.get(row.region, 0.0) for row in plants if row.feed == feed and row.share == 1) for feed, regions in mined.items()
    }
    treated = {}
    for row in plants:
        own = mined[row.feed].get(row.region, 0.0) if row.share == 1 else 0.0
        treated[row.feed, row.region] = own or row.share * (sum(mined[row.feed].values()) - treated_at_home[row.feed])
    return treated


def separation(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """Separation plants, one per feed and region, with oxides as joint products; activity in t REO of feed."""
    treated = treated_feed(inputs)
    processes = []
    for row in inputs.rows("separation"):
        rates = separation_outputs(inputs, composition, row.feed, row.recovery_class)
        cells = {concentrate(row.feed, row.region): -1.0} | {f"oxide.{element}@{row.region}": rate for element, rate in rates.items()}
        processes.append(
            DraftProcess(
                f"oxide.{row.feed}@{row.region}", "oxide", cells, guess(treated[row.feed, row.region]), relative=SEPARATION_RELATIVE,
                lag=int(row.lag), kind=row.kind, utilisation=row.utilisation, capacity=_capacity(inputs, row), cost=inputs.cost(row),
                sources=_recovery_sources(inputs, row),
            )
        )  # fmt: skip
    return processes


def _recovery_sources(inputs: FigureExpressions, row: Any) -> tuple[str, ...]:
    """Ids of the facts behind a plant's recoveries and capacity."""
    words = [rate.facts for rate in inputs.rows("recovery", recovery_class=row.recovery_class)]
    return tuple(dict.fromkeys(" ".join([*words, getattr(row, "capacity_fact", "")]).split()))


def metals(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """Metal production: oxide to metal by stoichiometric factor and yield; activity in t of metal."""
    processes = []
    for row in inputs.rows("metals"):
        gain = composition.metal_per_oxide[row.element] * step_yield(inputs, composition, row.yield_fact)
        cells = {f"oxide.{row.element}@{row.region}": -1.0 / gain, f"metal.{row.element}@{row.region}": 1.0}
        processes.append(
            DraftProcess(
                f"metal.{row.element}@{row.region}", "metal", cells, inputs.cell(row.facts, row.value, row.rel), _factor(row), row.rel,
                int(row.lag), kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row), sources=(row.yield_fact,),
            )
        )  # fmt: skip
    return processes


def _factor(row: Any) -> float:
    """Ratio of the activity to the row's figure; 1 where the cell is empty."""
    return 1.0 if missing(row.factor) else float(row.factor)


def step_yield(inputs: FigureExpressions, composition: Composition, fact: str) -> float:
    """Rare-earth yield of a step [1]; figures in t oxide per t metal are converted by the factor of NdPr."""
    figure = inputs.one(fact).value
    return figure * PERCENT if inputs.facts.row(fact)["unit"] == "%" else 1.0 / (figure * composition.metal_per_oxide["NdPr"])


def magnets(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """Magnet production: metals to finished magnets, with swarf of the same composition as joint product; activity in finished t."""
    processes = []
    for row in inputs.rows("magnets"):
        scrap = inputs.rate(row.scrap_fact) if row.scrap_fact else float(row.scrap)
        cells = {f"metal.{element}@{row.region}": -share / (1 - scrap) for element, share in composition.grades[row.grade].items()}
        cells[f"magnet.{row.grade}@{row.region}"] = 1.0
        cells[f"scrap.{row.grade}@{row.region}"] = scrap / (1 - scrap)
        processes.append(
            DraftProcess(
                f"magnet.{row.grade}@{row.region}", "magnet", cells, inputs.cell(row.facts, row.value, row.rel), _factor(row) * (1 - scrap),
                row.rel, kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row), sources=_grade_sources(inputs, row),
            )
        )  # fmt: skip
    return processes


def _grade_sources(inputs: FigureExpressions, row: Any) -> tuple[str, ...]:
    """Ids of the facts behind a grade's composition and its share of swarf."""
    words = [part.facts for part in inputs.rows("grades", grade=row.grade)]
    return tuple(dict.fromkeys(" ".join([*words, row.scrap_fact]).split()))


def recycling(inputs: FigureExpressions, composition: Composition, swarf: dict[str, float]) -> list[DraftProcess]:
    """Recycling of swarf to oxides; activity in t of swarf, with the swarf of the region as prior."""
    processes = []
    for row in inputs.rows("recycling"):
        rate = step_yield(inputs, composition, row.yield_fact)
        feed = f"scrap.{row.grade}@{row.region}"
        cells = {f"oxide.{e}@{row.region}": s / composition.metal_per_oxide[e] * rate for e, s in composition.grades[row.grade].items()}
        processes.append(
            DraftProcess(
                f"oxide.recycle-{row.grade}@{row.region}", "oxide", {feed: -1.0} | cells, guess(swarf[feed] * row.factor),
                relative=row.rel, lag=int(row.lag), kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row),
                sources=(row.yield_fact,),
            )
        )  # fmt: skip
    return processes


def first_use(inputs: FigureExpressions) -> dict[str, float]:
    """Direct use of finished NdFeB magnets by region [t/year]."""
    return {row.region: inputs.one(row.fact).value * row.share for row in inputs.rows("magnet_first_use")}


def needs_and_room(uses: Uses, first: dict[str, float]) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Need of each component by region, and magnets available for components after direct use [t/year]."""
    needs: dict[tuple[str, str], float] = {}
    room = dict(first)
    for (commodity, region, _), size in uses.sizes.items():
        if commodity.startswith("component."):
            key = (commodity.removeprefix("component."), region)
            needs[key] = needs.get(key, 0.0) + size
        elif commodity != "magnet.SmCo" and region in room:
            room[region] = max(room[region] - size, MIN_COMPONENT_SHARE * first[region])
    return needs, room


def component_producers(inputs: FigureExpressions, needs: dict[tuple[str, str], float], room: dict[str, float]) -> list[DraftProcess]:
    """Component production; activity in t of magnet embedded.

    Regional totals follow the first use of magnets, world totals of each component the needs; balanced by RAS.
    """
    names, regions = sorted({name for name, _ in needs}), sorted(room)
    world = {name: sum(size for (other, _), size in needs.items() if other == name) for name in names}
    scale = sum(world.values()) / sum(room.values())
    seed = [
        [LOCAL * needs.get((name, region), 0.0) + (1 - LOCAL) * world[name] * room[region] / sum(room.values()) for region in regions]
        for name in names
    ]
    table = balance_table(seed, [world[name] for name in names], [room[region] * scale for region in regions])
    cells = [(name, region, float(table[i, j])) for i, name in enumerate(names) for j, region in enumerate(regions)]
    return [_component_producer(inputs, name, region, size) for name, region, size in cells if size > 0]


def _component_producer(inputs: FigureExpressions, name: str, region: str, size: float) -> DraftProcess:
    parts = inputs.rows("components", component=name)
    cells = {f"magnet.{part.grade}@{region}": -part.share for part in parts} | {f"component.{name}@{region}": 1.0}
    return DraftProcess(f"component.{name}@{region}", "component", cells, guess(size), lag=2, cost=inputs.cost(parts[0]))


def rejection(inputs: FigureExpressions, production: dict[str, float]) -> list[DraftProcess]:
    """Rejection of unsold La and Ce; activity in t of oxide, at a negative cost, as finishing is saved."""
    processes = []
    for row in inputs.rows("reject"):
        market = f"oxide.{row.element}@{row.region}"
        processes.append(
            DraftProcess(
                f"oxide.reject-{row.element}@{row.region}", "oxide", {market: -1.0}, guess(production[market] * row.factor),
                relative=row.rel, lag=int(row.lag), kind=row.kind, utilisation=1.0, cost=inputs.cost(row),
            )
        )  # fmt: skip
    return processes


def by_market(processes: Iterable[DraftProcess], sign: float) -> dict[str, float]:
    """Prior output (+1) or input (-1) by market."""
    total: dict[str, float] = {}
    for process in processes:
        for market, coefficient in process.coefficients.items():
            if sign * coefficient > 0:
                total[market] = total.get(market, 0.0) + sign * coefficient * process.size
    return total
