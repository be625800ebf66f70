"""What a year of a stop would cost without a plan, beside how often the paths have one: from the worst case to the expected loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.judged_result import ScaleRow
from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_making import restricted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.plan.plan_making import PlanData
    from ytterby.plan.problem import PlanProblem

DEPTHS = (0.4, 0.8, 1.0)
"""Shares of all rare earths and magnets held back for a year [1]."""
YEAR = 2032
"""Year in which they are held back: after the plants under construction have opened, before those of a plan matter."""
WHOLE = 0.99
"""Share from which on everything counts as held back [1]."""


def scale_of_loss(data: PlanData, problem: PlanProblem) -> Iterator[ScaleRow]:
    """Loss of each member without a plan in a year of a restriction, by its depth, with its yearly probability on the paths.

    Parameters
    ----------
    data : PlanData
        With paths of restrictions.
    problem : PlanProblem
        Of the members.
    """
    programme, paths = problem.programme, data.shocks
    assert paths is not None
    number = data.reference.years.index(YEAR)
    recourse = problem.recourse_of(restricted(data, YEAR, DEPTHS), np.full(len(DEPTHS), 1.0 / len(DEPTHS)))
    y = problem.judged(problem.nothing, recourse, 0.0, keep=True).y
    for block in programme.blocks:
        places = programme.program.place_of(block.name("loss"))[number]
        held_back = paths.cut_for(block.party.code).mean(axis=2)
        for row, depth in enumerate(DEPTHS):
            often = (held_back >= min(depth, WHOLE)).mean(axis=1)
            yield ScaleRow(
                party=block.party.code, year=YEAR, depth=depth, loss_usd=float(y[row, places].sum()) * MILLION,
                chance=float(paths.weights @ often),
            )  # fmt: skip
