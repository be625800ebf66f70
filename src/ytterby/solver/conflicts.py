"""Which limits contradict each other: the smallest set that is infeasible by itself.

A smallest infeasible set is a smallest hitting set of the correction sets (sets of limits whose removal restores feasibility) [1]_: hitting
sets of those known so far are tried until one is infeasible; each that is feasible gives a further correction set, from the
least relaxation in the sense of an elastic filter [2]_.

.. [1] A. Ignatiev, A. Previti, M. Liffiton, J. Marques-Silva, Smallest MUS extraction with minimal hitting set dualization, CP 2015.
.. [2] J. W. Chinneck, E. W. Dravnieks, Locating minimal infeasible constraint sets in linear programs, ORSA J. Computing 3 (1991), 157-168.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from ytterby.errors import DataGapError, InputError
from ytterby.solver.linear_program import LinearProgram, SparseRows
from ytterby.solver.standard_form import first_stage_program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.stages import FirstStage

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class ConflictingLimitsError(InputError):
    """Limits that cannot hold together.

    Parameters
    ----------
    limits : tuple of str
        Their names: a smallest set that is infeasible by itself; empty if the programme is infeasible without any limit.
    """

    def __init__(self, limits: tuple[str, ...]) -> None:
        self.limits = limits
        super().__init__(
            f"these limits cannot hold together: {', '.join(limits)}"
            if limits
            else "the bounds and balances contradict each other without any limit"
        )


class NamedLimits:
    """Named limits of a first stage, each of which may be switched on and off.

    Parameters
    ----------
    first : FirstStage
        Rows with the names of their limits.
    """

    def __init__(self, first: FirstStage) -> None:
        self.first = first
        labels = np.array(first.limits if first.limits is not None else [""] * len(first.row_low), dtype=object)
        self.names = sorted(set(labels) - {""})
        self.rows = [np.flatnonzero(labels == name) for name in self.names]
        self.program = first_stage_program(first)

    def feasible(self, on: set[int]) -> bool:
        """Whether these limits (by number) hold together with all that is no limit.

        Raises
        ------
        DataGapError
            If the solver cannot tell.
        """
        for i, rows in enumerate(self.rows):
            free = np.full(len(rows), np.inf)
            low, high = (self.first.row_low[rows], self.first.row_high[rows]) if i in on else (-free, free)
            self.program.row_bound(rows, low, high)
        ended = self.program.run()
        if ended not in {"optimal", "infeasible"}:
            raise DataGapError(f"whether limits contradict each other could not be told ({ended})")
        return ended == "optimal"


def smallest_conflict(first: FirstStage) -> tuple[str, ...] | None:
    """Names of a smallest set of limits that contradict each other, given all rows that are no limit.

    Parameters
    ----------
    first : FirstStage
        Rows with the names of their limits.

    Returns
    -------
    tuple of str, or None
        None if all limits hold together; empty if the programme is infeasible without any limit.
    """
    limits = NamedLimits(first)
    everything = set(range(len(limits.names)))
    if limits.feasible(everything):
        return None
    if not limits.feasible(set()):
        return ()
    corrections: list[set[int]] = []
    while True:
        chosen = _smallest_hitting_set(corrections, len(limits.names))
        if not limits.feasible(chosen):
            return tuple(limits.names[i] for i in sorted(chosen))
        corrections.append(everything - _grown(limits, chosen, everything))


def require_compatible_limits(first: FirstStage) -> None:
    """Raise the error that names the smallest set of contradicting limits, if the first stage is infeasible.

    Raises
    ------
    ConflictingLimitsError
        If limits contradict each other.
    """
    conflict = smallest_conflict(first)
    if conflict is not None:
        raise ConflictingLimitsError(conflict)


def _grown(limits: NamedLimits, held: set[int], everything: set[int]) -> set[int]:
    """Largest set of limits around a feasible one to which no further limit can be added."""
    grown = set(held)
    for i in sorted(everything - held):
        if limits.feasible(grown | {i}):
            grown.add(i)
    return grown


def _smallest_hitting_set(sets: list[set[int]], count: int) -> set[int]:
    """Smallest set of numbers below `count` that has a member in each of the sets."""
    if not sets:
        return set()
    rows = SparseRows()
    rows.block(np.ones(len(sets)), np.full(len(sets), np.inf))
    members = [(row, i) for row, held in enumerate(sets) for i in held]
    places = np.array(members, np.int64).T
    rows.put_matrix(0, 0, sparse.coo_matrix((np.ones(len(members)), (places[0], places[1])), (len(sets), count)))
    program = LinearProgram(np.zeros(count), np.ones(count), rows, cost=np.ones(count), integer=np.ones(count, bool))
    program.solve()
    return set(np.flatnonzero(program.values > 0.5).tolist())
