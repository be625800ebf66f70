"""Facts as measured sums over the variables of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.system.inputs import NORMAL_95
from ytterby.system.recipes import group_regions, matches, recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.system.composition import Composition
    from ytterby.system.draft import Draft
    from ytterby.system.inputs import Figure, Inputs
    from ytterby.system.trade import Flow

PLAIN = 0.05
"""Half-range of a reported figure without bounds where the recipe names none."""


@dataclass(frozen=True)
class Measure:
    """A fact and the sum it speaks of: weights by variable name."""

    fact: str
    quantity: str
    region: str
    element: str
    value: float
    sigma: float
    kind: str
    ids: tuple[str, ...]
    weights: dict[str, float]


def variable_terms(draft: Draft, flows: list[Flow]) -> dict[str, list[tuple[str, str, str, str, str, float]]]:
    """Terms by kind of sum: (variable, process, commodity, region, partner or sector, coefficient)."""
    terms: dict[str, list[tuple[str, str, str, str, str, float]]] = {name: [] for name in ("activity", "output", "input", "demand", "flow")}
    for process in draft.processes:
        name = process.id.partition("@")[0]
        terms["activity"].append((process.id, name, "", process.region, "", 1.0))
        for market, coefficient in process.coefficients.items():
            kind = "output" if coefficient > 0 else "input"
            terms[kind].append((process.id, name, market.partition("@")[0], process.region, "", abs(coefficient)))
    for demand in draft.demands:
        commodity, _, region = demand.market.partition("@")
        terms["demand"].append((demand.id, "", commodity, region, demand.sector, 1.0))
    terms["use"] = terms["input"] + terms["demand"]
    terms["first_use"] = terms["demand"] + [term for term in terms["input"] if term[2].startswith("metal.")]
    terms["flow"] = [(flow_id(flow), "", flow.commodity, flow.origin, flow.destination, 1.0) for flow in flows]
    return terms


def flow_id(flow: Flow) -> str:
    """``commodity@origin>commodity@destination``."""
    return f"{flow.commodity}@{flow.origin}>{flow.commodity}@{flow.destination}"


def content_weight(composition: Composition, commodity: str, element: str) -> float:
    """Weight of a commodity's tonne in a sum by element; own mass if no element is named, all elements if ``REO``."""
    if not element:
        return 1.0
    content = composition.of(commodity)
    return sum(content.values()) if element == "REO" else sum(content.get(name, 0.0) for name in element.split())


def table_measures(inputs: Inputs, composition: Composition, draft: Draft, flows: list[Flow]) -> Iterator[Measure]:
    """Measures of the recipe table."""
    terms = variable_terms(draft, flows)
    for row in recipe("measures").itertuples():
        figure = inputs.sum(row.facts).scaled(row.scale)
        inside, outside = set(group_regions(row.region)), set(group_regions(row.partner)) if row.partner else set()
        weights: dict[str, float] = {}
        for variable, process, commodity, region, partner, coefficient in terms[row.what]:
            if region in inside and matches(process, row.process) and matches(commodity, row.commodity) and _across(row.what, region, partner, inside, outside, row):
                weights[variable] = weights.get(variable, 0.0) + coefficient * content_weight(composition, commodity, row.element)
        weights = {name: weight for name, weight in weights.items() if weight}
        if weights:
            place = f"{row.region} > {row.partner}" if row.partner else row.region
            yield _measure(row.facts, f"{row.what} {row.commodity or row.process}".strip(), place, row.element, figure, row.rel, weights)


def _across(what: str, region: str, partner: str, inside: set[str], outside: set[str], row: object) -> bool:
    """Flows count if they leave the origin's group, or enter the partner's from outside; sectors must fit."""
    if what != "flow":
        return matches(partner, row.sector)  # type: ignore[attr-defined]
    if not outside:
        return partner not in inside
    return partner in outside and region not in outside


def customs_measures(found: dict[tuple[str, str, str], float], flows: list[Flow], year: int) -> Iterator[Measure]:
    """Recorded flows of headings whose composition is clear."""
    known = {flow_id(flow) for flow in flows}
    for row in recipe("customs").itertuples():
        names = row.commodity.split()
        weights = {f"{name}@{row.origin}>{name}@{row.destination}": 1.0 for name in names}
        value = sum(found.get((name, row.origin, row.destination), 0.0) for name in names)
        if value > 0 and known.issuperset(weights):
            id = f"BACI-{year}-{row.heading}-{row.origin}-{row.destination}"
            yield Measure(id, f"flow {row.commodity}", f"{row.origin} > {row.destination}", "", value, row.rel * value / NORMAL_95, row.kind, (id,), weights)


def process_measures(draft: Draft) -> Iterator[Measure]:
    """Processes whose own figure is reported or derived."""
    for process in draft.processes:
        if process.prior.ids and process.kind != "assumed":
            figure = process.prior.scaled(process.factor)
            yield _measure(" ".join(process.prior.ids), f"activity {process.id.partition('@')[0]}", process.region, "", figure, process.relative, {process.id: 1.0})


def _measure(facts: str, quantity: str, region: str, element: str, figure: Figure, relative: float, weights: dict[str, float]) -> Measure:
    fallback = PLAIN if relative != relative else relative  # noqa: PLR0124
    return Measure(facts, quantity, region, element, figure.value, figure.sigma(fallback), figure.kind, figure.ids, weights)
