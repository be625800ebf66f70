"""The network before reconciliation: processes, recipes, demands and their prior sizes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.system.recipes import recipe

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.system.composition import Composition
    from ytterby.system.inputs import Figure, Inputs

PERCENT = 0.01


@dataclass(frozen=True)
class Process:
    """A process of one region with fixed coefficients and the prior of its activity."""

    id: str
    stage: str
    region: str
    coefficients: dict[str, float]
    prior: Figure
    factor: float
    """Ratio of the activity to the figure."""
    relative: float
    """Relative half-range of the prior where the figure has none of its own."""
    lag: int
    driver: str
    kind: str
    capacity: Figure | None
    utilisation: float
    cost: Figure | None

    @property
    def size(self) -> float:
        """Prior activity [t/year]."""
        return self.prior.value * self.factor


@dataclass(frozen=True)
class Demand:
    """A final use with the prior of its size [t/year]."""

    market: str
    sector: str
    size: float
    relative: float
    kind: str
    facts: tuple[str, ...]

    @property
    def id(self) -> str:
        """``market|sector``."""
        return f"{self.market}|{self.sector}"


@dataclass
class Draft:
    """All parts of a base system that reconciliation then makes consistent."""

    processes: list[Process] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)

    def production(self) -> dict[str, float]:
        """Prior output by market [t/year]."""
        return self._flows(1.0)

    def inputs(self) -> dict[str, float]:
        """Prior input of processes by market [t/year]."""
        return self._flows(-1.0)

    def _flows(self, sign: float) -> dict[str, float]:
        total: dict[str, float] = {}
        for process in self.processes:
            for market, coefficient in process.coefficients.items():
                if sign * coefficient > 0:
                    total[market] = total.get(market, 0.0) + sign * coefficient * process.size
        return total

    def use(self) -> dict[str, float]:
        """Prior use by market: process inputs and final demands [t/year]."""
        total = self.inputs()
        for demand in self.demands:
            total[demand.market] = total.get(demand.market, 0.0) + demand.size
        return total


def _nan(value: float) -> bool:
    return value != value  # noqa: PLR0124


def _cost(inputs: Inputs, row: object) -> Figure | None:
    """Cost from a fact, else from the recipe's own triple."""
    from ytterby.system.inputs import Figure

    if getattr(row, "cost_fact", ""):
        return inputs.sum(row.cost_fact)  # type: ignore[attr-defined]
    if hasattr(row, "cost") and not _nan(row.cost):
        return Figure(row.cost, row.cost_low, row.cost_high, (), "assumed")  # type: ignore[attr-defined]
    return None


def mines(inputs: Inputs) -> list[Process]:
    """Mines: they bring ore into the system, one per feed and region."""
    return [
        Process(
            f"mine.{row.feed}@{row.region}", "mine", row.region, {f"mine.concentrate-{row.feed}@{row.region}": 1.0}, inputs.sum(row.facts), row.factor,
            row.rel, int(row.lag), row.driver, row.kind, None, row.utilisation, _cost(inputs, row),
        )
        for row in recipe("mines").itertuples()
    ]  # fmt: skip


def separation_outputs(composition: Composition, feed: str, kind: str) -> dict[str, float]:
    """Oxides per t of feed: basket times recovery by element."""
    rates = recipe("recovery")
    rates = rates[rates["recovery_class"] == kind].set_index("element")["value"]
    basket = composition.baskets[feed]
    merged = {element: share for element, share in basket.items() if element not in {"Nd", "Pr"}}
    if "Nd" in basket:
        merged["NdPr"] = basket["Nd"] + basket["Pr"]
    return {element: share * rates[element] for element, share in merged.items() if element in rates.index}


def feed_shares(inputs: Inputs) -> dict[tuple[str, str], float]:
    """Prior of the feed treated by each separation plant [t REO/year]: own mines first, the rest by the recipe's shares."""
    mined: dict[str, dict[str, float]] = {}
    for row in recipe("mines").itertuples():
        mined.setdefault(row.feed, {})[row.region] = inputs.sum(row.facts).value * row.factor
    plants = recipe("separation")
    shares: dict[tuple[str, str], float] = {}
    for row in plants.itertuples():
        own = mined[row.feed].get(row.region, 0.0) if row.share == 1 else 0.0
        kept = sum(mined[row.feed].get(other.region, 0.0) for other in plants.itertuples() if other.feed == row.feed and other.share == 1)
        shares[row.feed, row.region] = own or row.share * (sum(mined[row.feed].values()) - kept)
    return shares


def separation(inputs: Inputs, composition: Composition) -> list[Process]:
    """Separation plants, one per feed and region, with joint oxides."""
    from ytterby.system.inputs import Figure

    treated = feed_shares(inputs)
    return [
        Process(
            f"oxide.{row.feed}@{row.region}", "oxide", row.region,
            {f"mine.concentrate-{row.feed}@{row.region}": -1.0}
            | {f"oxide.{element}@{row.region}": rate for element, rate in separation_outputs(composition, row.feed, row.recovery_class).items()},
            Figure(treated[row.feed, row.region], 0.0, 0.0, (), "assumed"), 1.0, 0.3, int(row.lag), "ree", row.kind, None, row.utilisation, _cost(inputs, row),
        )
        for row in recipe("separation").itertuples()
    ]  # fmt: skip


def metals(inputs: Inputs, composition: Composition) -> list[Process]:
    """Metal making: oxide to metal by the exact factor and the yield."""
    return [
        Process(
            f"metal.{row.element}@{row.region}", "metal", row.region,
            {f"oxide.{row.element}@{row.region}": -1.0 / (composition.metal_per_oxide[row.element] * _yield(inputs, composition, row.yield_fact)),
             f"metal.{row.element}@{row.region}": 1.0},
            inputs.cell(row.facts, row.value, row.rel), 1.0 if _nan(row.factor) else row.factor, row.rel, int(row.lag), "ree", row.kind, None, row.utilisation,
            _cost(inputs, row),
        )
        for row in recipe("metals").itertuples()
    ]  # fmt: skip


def _yield(inputs: Inputs, composition: Composition, fact: str) -> float:
    """Rare-earth yield of a step [1]; a row in t oxide per t metal is turned into one by the NdPr factor."""
    figure = inputs.one(fact).value
    return figure * PERCENT if inputs.facts.row(fact)["unit"] == "%" else 1.0 / (figure * composition.metal_per_oxide["NdPr"])


def magnets(inputs: Inputs, composition: Composition) -> list[Process]:
    """Magnet making: metals to finished magnets, with swarf as a co-product of the same composition."""
    made = []
    for row in recipe("magnets").itertuples():
        scrap = inputs.one(row.scrap_fact).value * PERCENT if row.scrap_fact else row.scrap
        need = {f"metal.{element}@{row.region}": -share / (1 - scrap) for element, share in composition.grades[row.grade].items()}
        swarf = {f"scrap.{row.grade}@{row.region}": scrap / (1 - scrap)} if scrap else {}
        factor = (1.0 if _nan(row.factor) else row.factor) * (1 - scrap)
        made.append(
            Process(
                f"magnet.{row.grade}@{row.region}", "magnet", row.region, need | swarf | {f"magnet.{row.grade}@{row.region}": 1.0},
                inputs.cell(row.facts, row.value, row.rel), factor, row.rel, 4, "ree", row.kind, None, row.utilisation, _cost(inputs, row),
            )
        )  # fmt: skip
    return made


def recycling(inputs: Inputs, composition: Composition) -> list[Process]:
    """Swarf back to oxides."""
    made = []
    for row in recipe("recycling").itertuples():
        rate = _yield(inputs, composition, row.yield_fact)
        gained = {
            f"oxide.{element}@{row.region}": share / composition.metal_per_oxide[element] * rate for element, share in composition.grades[row.grade].items()
        }
        made.append(
            Process(
                f"oxide.recycle-{row.grade}@{row.region}", "oxide", row.region, {f"scrap.{row.grade}@{row.region}": -1.0} | gained,
                inputs.cell(row.facts, row.value, row.rel), 1.0, row.rel, int(row.lag), "ree", row.kind, None, row.utilisation, _cost(inputs, row),
            )
        )  # fmt: skip
    return made


def rejection(inputs: Inputs, production: dict[str, float]) -> list[Process]:
    """La and Ce that leave unsold: a process with a saving instead of a cost."""
    from ytterby.system.inputs import Figure

    made = []
    for row in recipe("reject").itertuples():
        market = f"oxide.{row.element}@{row.region}"
        size = production[market] * row.factor
        made.append(
            Process(
                f"oxide.reject-{row.element}@{row.region}", "oxide", row.region, {market: -1.0}, Figure(size, 0.0, 0.0, (row.facts,), "assumed"), 1.0, 0.15,
                int(row.lag), "ree", row.kind, None, 1.0, _cost(inputs, row),
            )
        )  # fmt: skip
    return made


def activity_key(inputs: Inputs, name: str) -> dict[str, float]:
    """Share of each region in an activity, summing to one."""
    rows: pd.DataFrame = recipe("activity")
    rows = rows[rows["key"] == name]
    sizes = {row.region: inputs.cell(row.fact, row.value, row.rel).value for row in rows.itertuples()}
    total = sum(sizes.values())
    return {region: size / total for region, size in sizes.items()}
