"""Least public money that reaches targets on the path without a restriction: alone, together, and by price floors instead of grants.

Equation P16 in ``docs/explanation/plan.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError
from ytterby.plan.decisions import annuity
from ytterby.plan.finance import LIFE
from ytterby.plan.party_flows import MILLION
from ytterby.plan.self_sufficiency import self_sufficiency
from ytterby.plan.target_result import TargetMeasure, TargetResult
from ytterby.solver import solve_first_stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.plan.limits import Limit
    from ytterby.plan.parties import Party
    from ytterby.plan.plan_making import PlanData
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]

NO_LIMIT = 1e9
NOTHING = 1e-3
"""Public money of a measure below which it is rounding of the solver [million USD]."""


def least_public(data: PlanData, members: tuple[Party, ...], targets: Sequence[Limit]) -> TargetResult:
    """Least public money for targets, by the members as one and by each that has a target by itself.

    Parameters
    ----------
    data : PlanData
    members : tuple of Party
    targets : sequence of Limit

    Raises
    ------
    InputError
        If a target cannot be reached with all candidates.
    """
    together, x = _least(data, members, targets)
    alone, floors = {}, {}
    for party in members:
        own = [target for target in targets if target.who == party.code]
        if own:
            by_itself, chosen = _least(data, (party,), own)
            alone[party.code] = _public(by_itself, chosen)
            floors[party.code] = floor_cost(by_itself, chosen, data.rates.social, data.rates.private)
    whole, paid = sum(alone.values()), _public(together, x)
    return TargetResult(
        targets=tuple(target.text for target in targets),
        together_usd=paid * MILLION,
        alone_usd={code: amount * MILLION for code, amount in alone.items()},
        reached={target.text: _reached(together, target) for target in targets},
        ratio=paid / whole if whole > 0.0 else None,
        floor_usd=floor_cost(together, x, data.rates.social, data.rates.private) * MILLION,
        floor_alone_usd={code: amount * MILLION for code, amount in floors.items()},
        measures=tuple(_measures(together, x, {each.id: each.names["en"] for each in data.candidates})),
    )


def _reached(problem: PlanProblem, target: Limit) -> dict[str, float]:
    """Self-sufficiency by magnet element without public money."""
    block = next(block for block in problem.programme.blocks if block.party.code == target.who)
    year = target.year or problem.programme.reference.years[-1]
    found = self_sufficiency(problem.programme, block, target.what, year, problem.nothing)
    return {element: share.home for element, share in found.items() if element in target.elements}


def _measures(problem: PlanProblem, x: Floats, names: Mapping[str, str]) -> Iterator[TargetMeasure]:
    """What is paid for, the most public money first."""
    paid = problem.public * problem.free * x
    for column in np.argsort(-paid, kind="stable"):
        each = problem.programme.decisions[column]
        if paid[column] > NOTHING:
            yield TargetMeasure(
                measure=each.candidate, name=names[each.candidate], party=each.party, share=float(x[column]),
                public_usd=float(paid[column]) * MILLION,
            )  # fmt: skip


def _public(problem: PlanProblem, x: Floats) -> float:
    """Public money of decisions beyond what pays alone [million USD]."""
    return float((problem.public * problem.free) @ x)


def _least(data: PlanData, members: tuple[Party, ...], targets: Sequence[Limit]) -> tuple[PlanProblem, Floats]:
    """Problem of some members, and the decisions with least public money that reach the targets."""
    problem = data.problem(members, {"": NO_LIMIT}, shares=targets)
    first = problem.first_stage
    cost = np.concatenate([problem.public * problem.free, np.zeros(len(first.cost) - len(problem.public))])
    x = solve_first_stage(replace(first, cost=cost))
    if x is None:
        names = " and ".join(target.text for target in targets)
        raise InputError(
            f"--target: {names} cannot be reached by {', '.join(member.code for member in members)} with all candidates together"
        )
    return problem, x[: len(problem.public)]


def floor_cost(problem: PlanProblem, x: Floats, social: float, private: float) -> float:
    """Public money if the gap of the plants is paid by a floor over their life instead of a grant at the start [million USD].

    A payment of one dollar a year costs the state its value at the social rate, and is worth to the investor what the private rate
    leaves of it: the same gap costs more.
    """
    ratio = annuity(private, LIFE) / annuity(social, LIFE)
    plants = np.array([each.kind == "plant" for each in problem.programme.decisions], dtype=bool)
    paid = problem.public * problem.free * x
    return float(paid[plants].sum() * ratio + paid[~plants].sum())
