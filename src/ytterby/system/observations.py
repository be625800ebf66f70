"""Facts as measured sums over the variables of the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.system.assumptions import commodity_of, matches, missing, region_in
from ytterby.system.inputs import NORMAL_95

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.system.composition import Composition
    from ytterby.system.customs import Contained, CustomsRecord
    from ytterby.system.draft import DraftFlow, DraftNetwork
    from ytterby.system.inputs import FigureExpressions, FigureWithRange

PLAIN = 0.05
"""Half-range of a reported figure without bounds where the recipe names none."""


class ObservationTerm(NamedTuple):
    """A variable's part in a sum; ``partner`` is the destination of a flow or the sector of a use."""

    variable: str
    process: str
    commodity: str
    region: str
    partner: str
    coefficient: float


@dataclass(frozen=True)
class Observation:
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


@dataclass(frozen=True)
class ObservationTerms:
    """All terms of a network, by kind of sum."""

    draft: DraftNetwork
    flows: list[DraftFlow]

    @cached_property
    def table(self) -> dict[str, list[ObservationTerm]]:
        """ObservationTerms by ``activity, output, input, demand, use, first_use`` (demand plus metal charged) and ``flow``."""
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
    """Weight of a commodity's tonne in a sum by element; own mass if no element is named, all elements if ``REO``."""
    if not element:
        return 1.0
    content = composition.of(commodity)
    return sum(content.values()) if element == "REO" else sum(content.get(name, 0.0) for name in element.split())


def table_observations(inputs: FigureExpressions, composition: Composition, terms: ObservationTerms) -> Iterator[Observation]:
    """Measures of the recipe table; a row that meets no variable is left out."""
    for row in inputs.rows("observations"):
        weights: dict[str, float] = {}
        for term in _terms_of(inputs, terms, row):
            weight = term.coefficient * content_weight(composition, term.commodity, row.element)
            weights[term.variable] = weights.get(term.variable, 0.0) + weight
        weights = {name: weight for name, weight in weights.items() if weight}
        if weights:
            place = f"{row.region} > {row.partner}" if row.partner else row.region
            figure = inputs.sum(row.facts).scaled(row.scale)
            least = 0.0 if missing(row.least) else row.least
            yield _measure(
                row.facts, f"{row.what} {row.commodity or row.process}".strip(), place, row.element, figure, row.rel, weights, least
            )


def _terms_of(inputs: FigureExpressions, terms: ObservationTerms, row: Any) -> Iterator[ObservationTerm]:
    """ObservationTerms that a row selects. Flows count if they leave the origin's group, or enter the partner's from outside."""
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


def customs_observations(inputs: FigureExpressions, found: Contained, flows: list[DraftFlow]) -> Iterator[Observation]:
    """Recorded flows of headings whose composition is clear."""
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
    """Gross tonnes of a heading between two regions, as the sum over its goods [t in the goods' own mass]."""
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
            sigma = max(row.rel * value, row.least) / NORMAL_95
            yield Observation(id, f"flow {row.commodities}", place, "", value, sigma, "reported", (id,), inside)


def process_observations(draft: DraftNetwork) -> Iterator[Observation]:
    """Processes whose own figure is reported or derived."""
    for process in draft.processes:
        if process.measured:
            figure = process.prior.scaled(process.factor)
            yield _measure(
                " ".join(figure.ids), f"activity {process.name}", process.region, "", figure, process.relative, {process.id: 1.0}
            )


def _measure(
    facts: str,
    quantity: str,
    region: str,
    element: str,
    figure: FigureWithRange,
    relative: float,
    weights: dict[str, float],
    least: float = 0.0,
) -> Observation:
    """A measure with its deviation: half the figure's own range, else the relative one, at least ``least`` / 1.96."""
    fallback = PLAIN if missing(relative) else relative
    return Observation(
        facts, quantity, region, element, figure.value, max(figure.sigma(fallback), least / NORMAL_95), figure.kind, figure.ids, weights
    )
