"""What the plants of a plan mean besides supply: output, value added, jobs, burden on the environment, and a price war."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_result import EnvironmentRow, IndustryRow, PriceWar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.builds import DecisionMaker
    from ytterby.plan.decisions import Decision
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]

PRICE_WAR = 0.6
"""Price of the dominant supplier's goods in a price war over the base price (assumed: ASM028, 0.4-0.8)."""
LEAST = 1e-4


def plants_of(problem: PlanProblem, x: Floats) -> list[tuple[Decision, float]]:
    """Plants of the plan with the share taken."""
    return [
        (each, float(x[j]))
        for j, each in enumerate(problem.programme.decisions)
        if each.kind == "plant" and problem.free[j] and x[j] > LEAST
    ]


def industries(
    problem: PlanProblem, x: Floats, maker: DecisionMaker, candidates: Mapping[str, Candidate], gdp: Mapping[str, float],
    jobs_at_risk: Mapping[str, float],
) -> Iterator[IndustryRow]:  # fmt: skip
    """What is built up in each party and stage, at full capacity.

    Parameters
    ----------
    problem : PlanProblem
    x : array (decision,)
    maker : DecisionMaker
        Prices of goods.
    candidates : mapping of str to Candidate
    gdp : mapping of str to float
        GDP of parties [USD]; those that are not known have no share.
    jobs_at_risk : mapping of str to float
        Jobs behind what each party loses without the plan [persons].
    """
    cells: dict[tuple[str, str], list[tuple[Decision, float]]] = {}
    for each, share in plants_of(problem, x):
        cells.setdefault((each.party, candidates[each.candidate].stage), []).append((each, share))
    for (party, stage), group in sorted(cells.items()):
        made = sum(share * each.size * _made(each, maker) for each, share in group)
        bought = sum(share * each.size * _bought(each, maker) for each, share in group)
        added = (made - bought) * MILLION
        yield IndustryRow(
            party=party, stage=stage, output_usd=made * MILLION, value_added_usd=added,
            jobs_build=_scaled(group, candidates, "jobs_build", maker), jobs_run=_scaled(group, candidates, "jobs_run", maker),
            new=not _made_before(problem, party, stage), gdp_share=added / gdp[party] if party in gdp else None,
            jobs_at_risk=jobs_at_risk.get(party, 0.0),
        )  # fmt: skip


def _scaled(group: list[tuple[Decision, float]], candidates: Mapping[str, Candidate], name: str, maker: DecisionMaker) -> float | None:
    """Sum of a figure of plants by the share of the whole that is taken; None where no plant has it."""
    found = []
    for each, share in group:
        candidate = candidates[each.candidate]
        value = candidate.figures[name].value
        if not math.isnan(value):
            found.append(value * share * maker.part_of(candidate, each))
    return float(sum(found)) if found else None


def _made_before(problem: PlanProblem, party: str, stage: str) -> bool:
    reference = problem.programme.reference
    regions = next(member.regions for member in problem.programme.members if member.code == party)
    table = reference.system.processes
    own = (table["region"].isin(regions) & (table["stage"] == stage)).to_numpy()
    return bool(reference.activity[0, own].sum() > 0.0)


def environment(problem: PlanProblem, x: Floats, maker: DecisionMaker, candidates: Mapping[str, Candidate]) -> Iterator[EnvironmentRow]:
    """Burden of the plants of each party at full use."""
    by_party: dict[str, list[tuple[Decision, float]]] = {}
    for each, share in plants_of(problem, x):
        by_party.setdefault(each.party, []).append((each, share))
    for party, group in sorted(by_party.items()):
        values = [share * each.size * _made(each, maker) for each, share in group]
        known = sum(value for value, (each, _) in zip(values, group, strict=True) if not math.isnan(candidates[each.candidate].co2e.value))
        yield EnvironmentRow(
            party=party, co2e_t=_scaled(group, candidates, "co2e", maker), water_m3=_scaled(group, candidates, "water", maker),
            radioactive_t=_scaled(group, candidates, "residue", maker), covered=known / sum(values) if sum(values) > 0.0 else 0.0,
        )  # fmt: skip


def price_war(problem: PlanProblem, x: Floats, maker: DecisionMaker) -> PriceWar:
    """Which plants of the plan still cover their running cost when the dominant supplier cuts prices, and what a floor there would cost."""
    plants = plants_of(problem, x)
    running = whole = floor = 0.0
    for each, share in plants:
        made = each.size * _made(each, maker)
        bought = each.size * _bought(each, maker)
        short = each.running_cost + PRICE_WAR * bought - PRICE_WAR * made
        whole += share * made
        running += share * made if short <= 0.0 else 0.0
        floor += share * max(short, 0.0)
    return PriceWar(price_factor=PRICE_WAR, share_running=running / whole if whole > 0.0 else None, floor_cost=floor * MILLION)


def _made(each: Decision, maker: DecisionMaker) -> float:
    """Value of what a plant makes [million USD per t of its size]."""
    return sum(rate * maker.price(good) for good, rate in each.makes.items() if rate > 0.0)


def _bought(each: Decision, maker: DecisionMaker) -> float:
    """Value of what a plant takes in [million USD per t of its size]."""
    return -sum(rate * maker.price(good) for good, rate in each.makes.items() if rate < 0.0)
