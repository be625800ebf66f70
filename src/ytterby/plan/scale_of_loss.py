"""What a year of a stop would cost without a plan, beside how often the paths have one: from the worst case to the expected loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.judged_result import ScaleRow
from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_making import restricted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.plan.answers import PlanReading
    from ytterby.plan.plan_making import PlanData

DEPTHS = (0.6, 0.8, 1.0)
"""Shares of all rare earths and magnets held back for a year [1]."""
YEAR = 2032
"""Year in which they are held back: after the plants under construction have opened."""
LEAST = 1.0
"""Smaller yearly losses are none [million USD]."""


def scale_of_loss(data: PlanData, reading: PlanReading) -> Iterator[ScaleRow]:
    """Loss of each member without a plan in a year of a restriction, by its depth, and how often a year of the paths costs as much.

    Parameters
    ----------
    data : PlanData
    reading : PlanReading
        A plan of the members, beside nothing.
    """
    problem, programme = reading.problem, reading.problem.programme
    number = data.reference.years.index(YEAR)
    recourse = problem.recourse_of(restricted(data, YEAR, DEPTHS), np.full(len(DEPTHS), 1.0 / len(DEPTHS)))
    y = problem.judged(problem.nothing, recourse, 0.0, keep=True).y
    for block in programme.blocks:
        places = programme.program.place_of(block.name("loss"))[number]
        yearly = reading.by_year(reading.before, block, "loss").sum(axis=2)
        for row, depth in enumerate(DEPTHS):
            lost = float(y[row, places].sum())
            often = (yearly >= max(lost, LEAST)).mean(axis=1)
            yield ScaleRow(
                party=block.party.code, year=YEAR, depth=depth, loss_usd=lost * MILLION, chance=float(reading.before.probability @ often)
            )
