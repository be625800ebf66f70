"""Processes of each stage from the recipes: mines, separation, metals, magnets, recycling, rejection."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.system.assumptions import missing
from ytterby.system.draft import DraftProcess, guess
from ytterby.system.inputs import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.composition import Composition
    from ytterby.system.inputs import FigureExpressions

SEPARATION_RELATIVE = 0.3
"""Half-range of the prior feed of a plant."""


def concentrate(feed: str, region: str) -> str:
    """Market of a feed."""
    return f"mine.concentrate-{feed}@{region}"


def mines(inputs: FigureExpressions) -> list[DraftProcess]:
    """Mines: they bring ore into the system, one per feed and region; activity in t REO of concentrate."""
    return [
        DraftProcess(
            f"mine.{row.feed}@{row.region}", "mine", {concentrate(row.feed, row.region): 1.0}, inputs.sum(row.facts), row.factor, row.rel,
            int(row.lag), row.driver, row.kind, row.utilisation, _capacity(inputs, row), inputs.cost(row),
        )
        for row in inputs.rows("mines")
    ]  # fmt: skip


def _capacity(inputs: FigureExpressions, row: Any) -> float:
    """Known capacity of a recipe row [t/year of activity]; NaN where there is none."""
    if not getattr(row, "capacity_fact", ""):
        return math.nan
    factor = getattr(row, "capacity_factor", math.nan)
    return inputs.sum(row.capacity_fact).value * (1.0 if missing(factor) else factor)


def separation_outputs(inputs: FigureExpressions, composition: Composition, feed: str, recovery_class: str) -> dict[str, float]:
    """Oxides per t of feed: basket times recovery by element; what is not recovered is lost."""
    rates = {row.element: row.value for row in inputs.rows("recovery", recovery_class=recovery_class)}
    basket = composition.separated(feed)
    return {element: share * _recovery(rates, element) for element, share in basket.items() if _recovery(rates, element) > 0}


def _recovery(rates: dict[str, float], element: str) -> float:
    """Recovery of an element; Nd and Pr take that of NdPr."""
    return float(rates.get(element, rates.get("NdPr", 0.0) if element in {"Nd", "Pr"} else 0.0))


def treated_feed(inputs: FigureExpressions) -> dict[tuple[str, str], float]:
    """Prior feed of each separation plant [t REO/year]: its region's own mines, or its share of what the others leave."""
    mined: dict[str, dict[str, float]] = {}
    for row in inputs.rows("mines"):
        mined.setdefault(row.feed, {})[row.region] = inputs.sum(row.facts).value * row.factor
    plants = inputs.rows("separation")
    kept = {
        feed: sum(regions.get(row.region, 0.0) for row in plants if row.feed == feed and row.share == 1) for feed, regions in mined.items()
    }
    treated = {}
    for row in plants:
        own = mined[row.feed].get(row.region, 0.0) if row.share == 1 else 0.0
        treated[row.feed, row.region] = own or row.share * (sum(mined[row.feed].values()) - kept[row.feed])
    return treated


def separation(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """Separation plants, one per feed and region, with joint oxides; activity in t REO of feed."""
    treated = treated_feed(inputs)
    made = []
    for row in inputs.rows("separation"):
        rates = separation_outputs(inputs, composition, row.feed, row.recovery_class)
        cells = {concentrate(row.feed, row.region): -1.0} | {f"oxide.{element}@{row.region}": rate for element, rate in rates.items()}
        made.append(
            DraftProcess(
                f"oxide.{row.feed}@{row.region}", "oxide", cells, guess(treated[row.feed, row.region]), relative=SEPARATION_RELATIVE,
                lag=int(row.lag), kind=row.kind, utilisation=row.utilisation, capacity=_capacity(inputs, row), cost=inputs.cost(row),
                sources=_recovery_sources(inputs, row),
            )
        )  # fmt: skip
    return made


def _recovery_sources(inputs: FigureExpressions, row: Any) -> tuple[str, ...]:
    """Ids behind a plant's recoveries and capacity."""
    words = [rate.facts for rate in inputs.rows("recovery", recovery_class=row.recovery_class)]
    return tuple(dict.fromkeys(" ".join([*words, getattr(row, "capacity_fact", "")]).split()))


def metals(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """Metal making: oxide to metal by the exact factor and the yield; activity in t of metal."""
    made = []
    for row in inputs.rows("metals"):
        gain = composition.metal_per_oxide[row.element] * step_yield(inputs, composition, row.yield_fact)
        cells = {f"oxide.{row.element}@{row.region}": -1.0 / gain, f"metal.{row.element}@{row.region}": 1.0}
        made.append(
            DraftProcess(
                f"metal.{row.element}@{row.region}", "metal", cells, inputs.cell(row.facts, row.value, row.rel), _factor(row), row.rel,
                int(row.lag), kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row), sources=(row.yield_fact,),
            )
        )  # fmt: skip
    return made


def _factor(row: Any) -> float:
    """Ratio of the activity to the row's figure; one where the cell is empty."""
    return 1.0 if missing(row.factor) else float(row.factor)


def step_yield(inputs: FigureExpressions, composition: Composition, fact: str) -> float:
    """Rare-earth yield of a step [1]; a row in t oxide per t metal is turned into one by the NdPr factor."""
    figure = inputs.one(fact).value
    return figure * PERCENT if inputs.facts.row(fact)["unit"] == "%" else 1.0 / (figure * composition.metal_per_oxide["NdPr"])


def magnets(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """Magnet making: metals to finished magnets, with swarf of the same composition as co-product; activity in finished t."""
    made = []
    for row in inputs.rows("magnets"):
        scrap = inputs.rate(row.scrap_fact) if row.scrap_fact else float(row.scrap)
        cells = {f"metal.{element}@{row.region}": -share / (1 - scrap) for element, share in composition.grades[row.grade].items()}
        cells[f"magnet.{row.grade}@{row.region}"] = 1.0
        cells[f"scrap.{row.grade}@{row.region}"] = scrap / (1 - scrap)
        made.append(
            DraftProcess(
                f"magnet.{row.grade}@{row.region}", "magnet", cells, inputs.cell(row.facts, row.value, row.rel), _factor(row) * (1 - scrap),
                row.rel, kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row), sources=_grade_sources(inputs, row),
            )
        )  # fmt: skip
    return made


def _grade_sources(inputs: FigureExpressions, row: Any) -> tuple[str, ...]:
    """Ids behind a grade's composition and its swarf."""
    words = [part.facts for part in inputs.rows("grades", grade=row.grade)]
    return tuple(dict.fromkeys(" ".join([*words, row.scrap_fact]).split()))


def recycling(inputs: FigureExpressions, composition: Composition, swarf: dict[str, float]) -> list[DraftProcess]:
    """Swarf back to oxides; activity in t of swarf, prior = what arises in the region."""
    made = []
    for row in inputs.rows("recycling"):
        rate = step_yield(inputs, composition, row.yield_fact)
        feed = f"scrap.{row.grade}@{row.region}"
        cells = {f"oxide.{e}@{row.region}": s / composition.metal_per_oxide[e] * rate for e, s in composition.grades[row.grade].items()}
        made.append(
            DraftProcess(
                f"oxide.recycle-{row.grade}@{row.region}", "oxide", {feed: -1.0} | cells, guess(swarf[feed] * row.factor),
                relative=row.rel, lag=int(row.lag), kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row),
                sources=(row.yield_fact,),
            )
        )  # fmt: skip
    return made


def rejection(inputs: FigureExpressions, production: dict[str, float]) -> list[DraftProcess]:
    """La and Ce that leave unsold; the cost is negative, since finishing is saved. Activity in t of oxide."""
    made = []
    for row in inputs.rows("reject"):
        market = f"oxide.{row.element}@{row.region}"
        made.append(
            DraftProcess(
                f"oxide.reject-{row.element}@{row.region}", "oxide", {market: -1.0}, guess(production[market] * row.factor),
                relative=row.rel, lag=int(row.lag), kind=row.kind, utilisation=1.0, cost=inputs.cost(row),
            )
        )  # fmt: skip
    return made


def activity_shares(inputs: FigureExpressions, key: str) -> dict[str, float]:
    """Share of each region in an activity, summing to one."""
    sizes = activity_sizes(inputs, key)
    total = sum(sizes.values())
    return {region: size / total for region, size in sizes.items()}


def activity_sizes(inputs: FigureExpressions, key: str) -> dict[str, float]:
    """Size of an activity by region, in the key's own unit."""
    return {row.region: inputs.cell(row.fact, row.value, row.rel).value for row in inputs.rows("activity", key=key)}


def by_market(processes: Iterable[DraftProcess], sign: float) -> dict[str, float]:
    """Prior output (+1) or input (-1) by market."""
    total: dict[str, float] = {}
    for process in processes:
        for market, coefficient in process.coefficients.items():
            if sign * coefficient > 0:
                total[market] = total.get(market, 0.0) + sign * coefficient * process.size
    return total
