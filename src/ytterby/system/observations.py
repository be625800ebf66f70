"""Observations: reported figures as weighted sums over the variables of the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.system.assumptions import commodity_of, matches, missing, region_in
from ytterby.system.inputs import NORMAL_95

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.system.composition import Composition
    from ytterby.system.customs import CommodityFlows, CustomsRecord
    from ytterby.system.draft import DraftFlow, DraftNetwork
    from ytterby.system.inputs import FigureExpressions, FigureWithRange

DEFAULT_RELATIVE = 0.05
"""Relative half-range of a reported figure if neither the source nor the assumptions give one."""


class ObservationTerm(NamedTuple):
    """Contribution of a variable to a sum; ``partner`` is the destination of a flow or the sector of a use."""

    variable: str
    process: str
    commodity: str
    region: str
    partner: str
    coefficient: float


@dataclass(frozen=True)
class Observation:
    """A figure and the weighted sum of variables (``weights`` by name) that it measures."""

    fact: str
    quantity: str
    region: str
    element: str
    value: float
    sigma: float
    kind: str
    ids: tuple[str, ...]
    weights: dict[str, float]


@dataclass(frozen=True)
class ObservationTerms:
    """All terms of a network from which observations can be composed."""

    draft: DraftNetwork
    flows: list[DraftFlow]

    @cached_property
    def table(self) -> dict[str, list[ObservationTerm]]:
        """Terms by kind: activity, output, input, demand, use, first_use (demand plus metal input of processes), flow."""
        terms: dict[str, list[ObservationTerm]] = {name: [] for name in ("activity", "output", "input")}
        for process in self.draft.processes:
            terms["activity"].append(ObservationTerm(process.id, process.name, "", process.region, "", 1.0))
            for market, coefficient in process.coefficients.items():
                kind = "output" if coefficient > 0 else "input"
                terms[kind].append(ObservationTerm(process.id, process.name, commodity_of(market), process.region, "", abs(coefficient)))
        terms["demand"] = [
            ObservationTerm(d.id, "", commodity_of(d.market), region_in(d.market), d.sector, 1.0) for d in self.draft.demands
        ]
        terms["use"] = terms["input"] + terms["demand"]
        terms["first_use"] = terms["demand"] + [term for term in terms["input"] if term.commodity.startswith("metal.")]
        terms["flow"] = [ObservationTerm(flow.id, "", flow.commodity, flow.origin, flow.destination, 1.0) for flow in self.flows]
        return terms


def content_weight(composition: Composition, commodity: str, element: str) -> float:
    """Weight of a tonne of a commodity in a sum: 1 without elements, else its content of the elements (``REO``: of all)."""
    if not element:
        return 1.0
    content = composition.of(commodity)
    return sum(content.values()) if element == "REO" else sum(content.get(name, 0.0) for name in element.split())


def table_observations(inputs: FigureExpressions, composition: Composition, terms: ObservationTerms) -> Iterator[Observation]:
    """Observations of the table ``observations``; rows that match no variable are left out."""
    for row in inputs.rows("observations"):
        weights: dict[str, float] = {}
        for term in _terms_of(inputs, terms, row):
            weight = term.coefficient * content_weight(composition, term.commodity, row.element)
            weights[term.variable] = weights.get(term.variable, 0.0) + weight
        weights = {name: weight for name, weight in weights.items() if weight}
        if weights:
            place = f"{row.region} > {row.partner}" if row.partner else row.region
            figure = inputs.sum(row.facts).scaled(row.scale)
            minimum = 0.0 if missing(row.min_half_range) else row.min_half_range
            yield _observation(
                row.facts, f"{row.what} {row.commodity or row.process}".strip(), place, row.element, figure, row.rel, weights, minimum
            )


def _terms_of(inputs: FigureExpressions, terms: ObservationTerms, row: Any) -> Iterator[ObservationTerm]:
    """Terms that a row selects. Flows count if they leave the group of origin, or enter the partner's group from outside."""
    inside, outside = set(inputs.assumptions.group(row.region)), set(inputs.assumptions.group(row.partner))
    for term in terms.table[row.what]:
        if term.region not in inside or not matches(term.process, row.process) or not matches(term.commodity, row.commodity):
            continue
        if row.what != "flow":
            fits = matches(term.partner, row.sector)
        elif outside:
            fits = term.partner in outside and term.region not in outside
        else:
            fits = term.partner not in inside
        if fits:
            yield term


def customs_observations(inputs: FigureExpressions, found: CommodityFlows, flows: list[DraftFlow]) -> Iterator[Observation]:
    """Observations of recorded flows by commodity, for the headings of the table ``customs`` whose composition is known."""
    known = {flow.id for flow in flows}
    for row in inputs.rows("customs"):
        names = row.commodity.split()
        weights = {f"{name}@{row.origin}>{name}@{row.destination}": 1.0 for name in names}
        value = sum(found.get((name, row.origin, row.destination), 0.0) for name in names)
        if value > 0 and known.issuperset(weights):
            id = f"BACI-{inputs.year}-{row.heading}-{row.origin}-{row.destination}"
            place = f"{row.origin} > {row.destination}"
            yield Observation(id, f"flow {row.commodity}", place, "", value, row.rel * value / NORMAL_95, row.kind, (id,), weights)


def heading_observations(inputs: FigureExpressions, recorded: list[CustomsRecord], flows: list[DraftFlow]) -> Iterator[Observation]:
    """Observations of the tonnes of a heading between two regions, as the sum over its goods [t in the goods' own mass]."""
    rule = {row.heading: row for row in inputs.rows("headings")}
    for record in recorded:
        row = rule[record.heading]
        inside = {
            flow.id: 1.0
            for flow in flows
            if (flow.origin, flow.destination) == (record.origin, record.destination) and matches(flow.commodity, row.commodities)
        }
        if inside:
            id = f"BACI-{inputs.year}-{record.heading}-{record.origin}-{record.destination}"
            value = record.tonnes * row.contained
            place = f"{record.origin} > {record.destination}"
            sigma = max(row.rel * value, row.min_half_range) / NORMAL_95
            yield Observation(id, f"flow {row.commodities}", place, "", value, sigma, "reported", (id,), inside)


def process_observations(draft: DraftNetwork) -> Iterator[Observation]:
    """Observations of the activity of processes whose figure is reported or derived."""
    for process in draft.processes:
        if process.observed:
            figure = process.prior.scaled(process.factor)
            yield _observation(
                " ".join(figure.ids), f"activity {process.name}", process.region, "", figure, process.relative, {process.id: 1.0}
            )


def _observation(
    facts: str,
    quantity: str,
    region: str,
    element: str,
    figure: FigureWithRange,
    relative: float,
    weights: dict[str, float],
    minimum: float = 0.0,
) -> Observation:
    """Observation whose standard deviation is the half-range / 1.96: the figure's own, else the relative, at least ``minimum``."""
    fallback = DEFAULT_RELATIVE if missing(relative) else relative
    return Observation(
        facts, quantity, region, element, figure.value, max(figure.sigma(fallback), minimum / NORMAL_95), figure.kind, figure.ids, weights
    )
