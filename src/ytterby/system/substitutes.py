"""Inputs that stand in for each other, such as dysprosium and terbium in magnets.

A good such as ``alloy.DyTb`` is made from either metal. In reconciliation it is one process with the split of the magnet
grade, so that it makes no element; then each metal has its own process, and their activities follow the difference of prices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.system.assemble import ObservedDraft, ReconciledNetwork
from ytterby.system.draft import SUBSTITUTE, DraftNetwork, DraftProcess, Way, guess
from ytterby.system.stages import step_yield

if TYPE_CHECKING:
    from typing import Any

    from ytterby.system.composition import Composition
    from ytterby.system.inputs import FigureExpressions


def joint(inputs: FigureExpressions, composition: Composition) -> list[DraftProcess]:
    """One process for each good and region in place of all ways to make it, with their split in the base year."""
    found: dict[str, list[Way]] = {}
    for row in inputs.rows("substitutes"):
        for region in row.region.split():
            way = Way(_process(inputs, composition, row, region), composition.substitutes[row.good][row.element] * row.worth)
            found.setdefault(f"{row.good}@{region}", []).append(way)
    return [_joined(good, tuple(ways)) for good, ways in sorted(found.items())]


def _process(inputs: FigureExpressions, composition: Composition, row: Any, region: str) -> DraftProcess:
    """Process that makes a good from one metal or its oxide; activity in t of the good."""
    gain = composition.metal_per_oxide[row.element] * step_yield(inputs, composition, row.yield_fact) if row.yield_fact else 1.0
    sources = tuple(f"{row.facts} {row.yield_fact}".split())
    return DraftProcess(
        f"{row.good}-from-{row.element}@{region}", row.good.partition(".")[0],
        {f"{row.commodity}@{region}": -1.0 / (row.worth * gain), f"{row.good}@{region}": 1.0}, guess(1.0), lag=int(row.lag),
        driver=SUBSTITUTE, kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row), sources=sources,
    )  # fmt: skip


def _joined(good: str, ways: tuple[Way, ...]) -> DraftProcess:
    inputs = {market: size * way.share for way in ways for market, size in way.process.coefficients.items() if size < 0}
    return replace(ways[0].process, id=good, coefficients={good: 1.0} | inputs, ways=ways)


def divided(solved: ReconciledNetwork) -> ReconciledNetwork:
    """Reconciled network with each joint process replaced by its ways, at their split in the base year."""
    if not any(process.ways for process in solved.observed.draft.processes):
        return solved
    values, processes = dict(solved.values), []
    for process in solved.observed.draft.processes:
        for way in process.ways:
            values[way.process.id] = way.share * values[process.id]
            processes.append(replace(way.process, prior=guess(way.share * process.size)))
        if not process.ways:
            processes.append(process)
    observed = solved.observed
    draft = DraftNetwork(tuple(sorted(processes, key=lambda process: process.id)), observed.draft.demands)
    return ReconciledNetwork(ObservedDraft(draft, observed.flows, observed.observations), values)
