"""The reconciliation problem of a draft network: variables, priors and observations as vectors and matrices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from ytterby.facts import split_market
from ytterby.system import reconcile
from ytterby.system.inputs import NORMAL_95

if TYPE_CHECKING:
    from ytterby.system.draft import DraftFlow, DraftNetwork
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.observations import Observation

LINK_RELATIVE, LINK_FLOOR = 1.0, 0.02
"""Relative half-range of a prior flow, and its minimum as a share of the destination's imports."""

OBSERVED_RELATIVE = 3.0
"""Relative half-range of the prior of a process whose own figure enters as an observation: wide, to not count it twice."""

MIN_HALF_RANGE = 1e-3
"""Smallest half-range of any prior [t/year]."""


@dataclass(frozen=True)
class ObservedDraft:
    """A draft network, its prior flows and the observations of both."""

    draft: DraftNetwork
    flows: list[DraftFlow]
    observations: list[Observation]


@dataclass(frozen=True)
class ReconciledNetwork:
    """A draft network with the reconciled value [t/year] of each variable."""

    observed: ObservedDraft
    values: dict[str, float]


@dataclass
class Variables:
    """Variables in the order in which they are added, with prior, half-range, free sign and coefficients in the balance."""

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
        self.half.append(max(half, MIN_HALF_RANGE))
        self.free.append(free)


def solve(inputs: FigureExpressions, observed: ObservedDraft) -> ReconciledNetwork:
    """Reconcile a draft network with its observations."""
    variables = _variables(inputs, observed)
    values = reconcile.solve(_problem(variables, observed.observations))
    return ReconciledNetwork(observed, dict(zip(variables.names, values.tolist(), strict=True)))


def _variables(inputs: FigureExpressions, observed: ObservedDraft) -> Variables:
    draft, variables = observed.draft, Variables()
    with_figure = {name for each in observed.observations for name in each.weights if len(each.weights) == 1}
    for process in draft.processes:
        relative = OBSERVED_RELATIVE if process.id in with_figure else process.relative
        variables.add(process.id, process.size, relative * process.size, process.coefficients)
    imports = _imports(observed.flows)
    for flow in observed.flows:
        start, end = f"{flow.commodity}@{flow.origin}", f"{flow.commodity}@{flow.destination}"
        variables.add(flow.id, flow.size, LINK_RELATIVE * flow.size + LINK_FLOOR * imports[end], {start: -1.0, end: 1.0})
    for demand in draft.demands:
        variables.add(demand.id, demand.size, demand.relative * demand.size, {demand.market: -1.0})
    for market in _markets(observed):
        commodity, region = split_market(market)
        rule = inputs.assumptions.special("residuals", commodity=commodity, region=region)
        size = max(draft.production.get(market, 0.0) + imports.get(market, 0.0), draft.use.get(market, 0.0))
        if rule.sigma > 0 and size > 0:
            variables.add(f"residual {market}", 0.0, rule.sigma * size, {market: -1.0}, free=True)
    return variables


def _imports(flows: list[DraftFlow]) -> dict[str, float]:
    total: dict[str, float] = {}
    for flow in flows:
        end = f"{flow.commodity}@{flow.destination}"
        total[end] = total.get(end, 0.0) + flow.size
    return total


def _markets(observed: ObservedDraft) -> list[str]:
    found = {market for process in observed.draft.processes for market in process.coefficients}
    found |= {demand.market for demand in observed.draft.demands}
    found |= {f"{flow.commodity}@{region}" for flow in observed.flows for region in (flow.origin, flow.destination)}
    return sorted(found)


def _problem(variables: Variables, observations: list[Observation]) -> reconcile.ReconciliationProblem:
    """Variables and observations as vectors and matrices."""
    markets = {market: i for i, market in enumerate(sorted({market for market, _, _ in variables.terms}))}
    column = {name: j for j, name in enumerate(variables.names)}
    n, k = len(variables.names), len(observations)
    balance = _matrix([(markets[market], j, value) for market, j, value in variables.terms], (len(markets), n))
    cells = [(i, column[name], weight) for i, each in enumerate(observations) for name, weight in each.weights.items()]
    return reconcile.ReconciliationProblem(
        np.array(variables.prior), np.array(variables.half) / NORMAL_95, np.array(variables.free), balance, _matrix(cells, (k, n)),
        np.array([each.value for each in observations]), np.array([each.sigma for each in observations]),
    )  # fmt: skip


def _matrix(cells: list[tuple[int, int, float]], shape: tuple[int, int]) -> sp.csr_matrix:
    if not cells:
        return sp.csr_matrix(shape)
    i, j, value = (np.array(part) for part in zip(*cells, strict=True))
    return sp.csr_matrix((value, (i, j)), shape)
