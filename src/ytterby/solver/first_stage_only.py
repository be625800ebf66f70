"""A first stage by itself: decisions that no scenario follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.solver.standard_form import first_stage_program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ytterby.solver.stages import FirstStage


def solve_first_stage(first: FirstStage) -> NDArray[np.float64] | None:
    """Cheapest decisions (n,) that keep all rows; None if there are none.

    Raises
    ------
    DataGapError
        If the programme is unbounded or the solver fails.
    """
    program = first_stage_program(first, cost=first.cost)
    return None if program.solve() is None else program.values
