"""Lay out the variables, gather the measures, reconcile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from ytterby.facts.vocabulary import split_market
from ytterby.system import reconcile
from ytterby.system.inputs import NORMAL_95

if TYPE_CHECKING:
    from ytterby.system.draft import DraftFlow, DraftNetwork
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.observations import Observation

LINK_RELATIVE, LINK_FLOOR = 1.0, 0.02
"""Half-range of a prior flow, and its least size as a share of the destination's imports."""

LOOSE = 3.0
"""Half-range of the prior of a process whose own figure is a measure."""

MIN_WIDTH = 1e-3
"""Least half-range of any prior [t/year]."""


@dataclass(frozen=True)
class Layout:
    """A draft, its prior flows and the measures over both."""

    draft: DraftNetwork
    flows: list[DraftFlow]
    measures: list[Observation]


@dataclass(frozen=True)
class Reconciled:
    """A layout with its reconciled sizes [t/year] by variable."""

    layout: Layout
    values: dict[str, float]


@dataclass
class Variables:
    """Variables in the order in which they are added: prior, half-range, sign and balance terms."""

    names: list[str] = field(default_factory=list)
    prior: list[float] = field(default_factory=list)
    half: list[float] = field(default_factory=list)
    free: list[bool] = field(default_factory=list)
    terms: list[tuple[str, int, float]] = field(default_factory=list)

    def add(self, name: str, prior: float, half: float, terms: dict[str, float], *, free: bool = False) -> None:
        """Add a variable with its coefficients by market."""
        self.terms += [(market, len(self.names), coefficient) for market, coefficient in terms.items()]
        self.names.append(name)
        self.prior.append(prior)
        self.half.append(max(half, MIN_WIDTH))
        self.free.append(free)


def solve(inputs: FigureExpressions, layout: Layout) -> Reconciled:
    """Reconcile a layout."""
    variables = _variables(inputs, layout)
    values = reconcile.solve(_problem(variables, layout.measures))
    return Reconciled(layout, dict(zip(variables.names, values.tolist(), strict=True)))


def _variables(inputs: FigureExpressions, layout: Layout) -> Variables:
    draft, made = layout.draft, Variables()
    measured = {name for measure in layout.measures for name in measure.weights if len(measure.weights) == 1}
    for process in draft.processes:
        relative = LOOSE if process.id in measured else process.relative
        made.add(process.id, process.size, relative * process.size, process.coefficients)
    imports = _imports(layout.flows)
    for flow in layout.flows:
        start, end = f"{flow.commodity}@{flow.origin}", f"{flow.commodity}@{flow.destination}"
        made.add(flow.id, flow.size, LINK_RELATIVE * flow.size + LINK_FLOOR * imports[end], {start: -1.0, end: 1.0})
    for demand in draft.demands:
        made.add(demand.id, demand.size, demand.relative * demand.size, {demand.market: -1.0})
    for market in _markets(layout):
        commodity, region = split_market(market)
        rule = inputs.assumptions.special("residuals", commodity=commodity, region=region)
        size = max(draft.production.get(market, 0.0) + imports.get(market, 0.0), draft.use.get(market, 0.0))
        if rule.sigma > 0 and size > 0:
            made.add(f"residual {market}", 0.0, rule.sigma * size, {market: -1.0}, free=True)
    return made


def _imports(flows: list[DraftFlow]) -> dict[str, float]:
    total: dict[str, float] = {}
    for flow in flows:
        end = f"{flow.commodity}@{flow.destination}"
        total[end] = total.get(end, 0.0) + flow.size
    return total


def _markets(layout: Layout) -> list[str]:
    found = {market for process in layout.draft.processes for market in process.coefficients}
    found |= {demand.market for demand in layout.draft.demands}
    found |= {f"{flow.commodity}@{region}" for flow in layout.flows for region in (flow.origin, flow.destination)}
    return sorted(found)


def _problem(variables: Variables, measures: list[Observation]) -> reconcile.Problem:
    """Variables and measures as matrices."""
    markets = {market: i for i, market in enumerate(sorted({market for market, _, _ in variables.terms}))}
    column = {name: j for j, name in enumerate(variables.names)}
    n, k = len(variables.names), len(measures)
    balance = _matrix([(markets[market], j, value) for market, j, value in variables.terms], (len(markets), n))
    measure = _matrix([(i, column[name], weight) for i, each in enumerate(measures) for name, weight in each.weights.items()], (k, n))
    return reconcile.Problem(
        np.array(variables.prior), np.array(variables.half) / NORMAL_95, np.array(variables.free), balance, measure,
        np.array([each.value for each in measures]), np.array([each.sigma for each in measures]),
    )  # fmt: skip


def _matrix(cells: list[tuple[int, int, float]], shape: tuple[int, int]) -> sp.csr_matrix:
    if not cells:
        return sp.csr_matrix(shape)
    i, j, value = (np.array(part) for part in zip(*cells, strict=True))
    return sp.csr_matrix((value, (i, j)), shape)
