"""Reconcile a draft and lay it out as the System's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from ytterby.facts.vocabulary import split_market
from ytterby.system import measures, prices, reconcile, tables, trade
from ytterby.system.inputs import NORMAL_95
from ytterby.system.merge import merge_small
from ytterby.system.recipes import lookup, recipe
from ytterby.system.system import System

if TYPE_CHECKING:
    from ytterby.system.composition import Composition
    from ytterby.system.draft import Draft
    from ytterby.system.inputs import Inputs

LINK_RELATIVE, LINK_FLOOR = 1.0, 0.02
"""Half-range of a prior flow, and its least size as a share of the destination's imports."""


@dataclass(frozen=True)
class Reconciled:
    """A draft with its reconciled sizes [t/year] by variable."""

    draft: Draft
    flows: list[trade.Flow]
    values: dict[str, float]
    measures: list[measures.Measure]


def reconcile_draft(inputs: Inputs, composition: Composition, draft: Draft, year: int) -> Reconciled:
    """Lay out trade, gather the measures and solve."""
    flows = sorted(trade.flows(inputs, draft, year), key=measures.flow_id)
    found = [*measures.process_measures(draft), *measures.table_measures(inputs, composition, draft, flows)]
    found += measures.customs_measures(trade.contained(inputs, year), flows, year)
    problem, names = _problem(draft, flows, found)
    solved = reconcile.solve(problem)
    return Reconciled(draft, flows, dict(zip(names, solved.tolist(), strict=True)), found)


def _problem(draft: Draft, flows: list[trade.Flow], found: list[measures.Measure]) -> tuple[reconcile.Problem, list[str]]:
    """Variables, balance rows and measures as matrices."""
    markets = sorted(
        {m for p in draft.processes for m in p.coefficients} | {d.market for d in draft.demands}
        | {f"{f.commodity}@{r}" for f in flows for r in (f.origin, f.destination)}
    )  # fmt: skip
    row = {market: i for i, market in enumerate(markets)}
    entries: list[tuple[int, int, float]] = []
    names: list[str] = []
    prior: list[float] = []
    half: list[float] = []
    free: list[bool] = []

    def add(name: str, value: float, width: float, terms: dict[str, float], is_free: bool = False) -> None:
        for market, coefficient in terms.items():
            entries.append((row[market], len(names), coefficient))
        names.append(name)
        prior.append(value)
        half.append(max(width, 1e-3))
        free.append(is_free)

    measured = {name for m in found for name in m.weights if len(m.weights) == 1}
    for p in draft.processes:
        relative = 3.0 if p.id in measured else p.relative
        add(p.id, p.size, relative * p.size, p.coefficients)
    imports: dict[str, float] = {}
    for f in flows:
        imports[f"{f.commodity}@{f.destination}"] = imports.get(f"{f.commodity}@{f.destination}", 0.0) + f.size
    for f in flows:
        end = f"{f.commodity}@{f.destination}"
        add(measures.flow_id(f), f.size, LINK_RELATIVE * f.size + LINK_FLOOR * imports[end], {f"{f.commodity}@{f.origin}": -1.0, end: 1.0})
    for d in draft.demands:
        add(d.id, d.size, d.relative * d.size, {d.market: -1.0})
    made, used = draft.production(), draft.use()
    for market in markets:
        rule = lookup(recipe("residuals"), *split_market(market))
        size = max(made.get(market, 0.0) + imports.get(market, 0.0), used.get(market, 0.0))
        if rule.sigma > 0 and size > 0:
            add(f"residual {market}", 0.0, rule.sigma * size, {market: -1.0}, is_free=True)
    n = len(names)
    column = {name: j for j, name in enumerate(names)}
    i, j, v = zip(*entries, strict=True)
    balance = sp.csr_matrix((v, (i, j)), (len(markets), n))
    cells = [(k, column[name], weight) for k, m in enumerate(found) for name, weight in m.weights.items()]
    k, c, w = zip(*cells, strict=True)
    problem = reconcile.Problem(
        np.array(prior), np.array(half) / NORMAL_95, np.array(free), balance, sp.csr_matrix((w, (k, c)), (len(found), n)),
        np.array([m.value for m in found]), np.array([m.sigma for m in found]),
    )  # fmt: skip
    return problem, names


def assemble(year: int, inputs: Inputs, composition: Composition, draft: Draft) -> System:
    """System of a reconciled draft."""
    solved = reconcile_draft(inputs, composition, draft, year)
    return tables.lay_out(year, inputs, composition, solved)
