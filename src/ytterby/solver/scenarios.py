"""The scenarios' programmes: solved at one point after another, each from a basis at hand.

Scenarios are dealt to a fixed number of chains. A chain is one instance of HiGHS whose bounds are changed from scenario to scenario:
the first solve hands its basis to the second, and so on; later each scenario starts from its own last basis. The number of chains does
not depend on the number of threads, so that neither does any result.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy import sparse

from ytterby.errors import DataGapError
from ytterby.execution import cores, map_chunks
from ytterby.solver.linear_program import LinearProgram, SparseRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.execution import Executor
    from ytterby.solver.standard_form import ScenarioForm

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHAINS = 4
"""Chains of scenarios: enough for the threads of a small machine, few enough for the memory of large programmes."""
WRONG_SIGN = 1e-6
"""Dual infeasibility of an unbounded column that counts as rounding of the solver [unit of the form]."""


@dataclass(frozen=True)
class Answers:
    """Solutions of all scenarios at a point.

    Attributes
    ----------
    y : sparse matrix (S, y), or None
        Decisions of the scenarios, where they are kept.
    loss, resource : ndarray (S,)
        Loss and resource cost [USD].
    constant : ndarray (S,)
        Constants of their cuts [unit of the form].
    gradient : ndarray (S, n + 1)
        Gradients of their cuts.
    """

    y: Any
    loss: Floats
    resource: Floats
    constant: Floats
    gradient: Floats


@dataclass(frozen=True)
class Answer:
    """Solution of one scenario at a point: its decisions (y,) where they are kept, loss and resource cost [USD], and its cut."""

    y: Any
    loss: float
    resource: float
    constant: float
    gradient: Floats


class Chain:
    """One linear programme that stands for several scenarios in turn.

    Parameters
    ----------
    form : ScenarioForm
        Recourse in the form that is solved.
    scenarios : ndarray of int
        Scenarios of this chain, in the order in which they are solved.
    """

    def __init__(self, form: ScenarioForm, scenarios: Ints) -> None:
        self.form, self.scenarios = form, scenarios
        self.bases: dict[int, Any] = {}
        self.common = form.W.T.tocsr()
        rows = SparseRows()
        rows.block(*form.row_bounds(scenarios[0]))
        rows.put_matrix(0, 0, form.W)
        self.program = LinearProgram(*form.bounds(scenarios[0]), rows, cost=form.cost(scenarios[0]))
        self.columns, self.rows = np.arange(form.W.shape[1]), np.arange(form.W.shape[0])

    def solve(self, scenario: int, point: Floats, *, keep: bool = True) -> Answer:
        """Solve a scenario at a point (n + 1,).

        Raises
        ------
        DataGapError
            If the scenario has no optimal decisions at this point.
        """
        self._state(scenario, point)
        ended = self.program.run()
        if ended != "optimal":
            raise DataGapError(f"scenario {scenario} of the two-stage programme has no solution at a first stage ({ended})")
        if keep:
            self.bases[scenario] = self.program.basis
        y = self.program.values[:-1]
        constant, gradient = self._cut(scenario, self.program.row_duals)
        kept = sparse.csr_matrix(y) if keep else None
        return Answer(kept, self.form.loss(y), self.form.resource(scenario, y), constant, gradient)

    def _state(self, scenario: int, point: Floats) -> None:
        """Give the programme the bounds of a scenario at a point, and its last basis."""
        program, shift = self.program, self.form.T @ point
        low, high = self.form.row_bounds(scenario)
        program.bound(self.columns, *self.form.bounds(scenario))
        program.row_bound(self.rows, low - shift, high - shift)
        if self.form.costs_differ:
            program.cost(self.form.cost(scenario))
        if scenario in self.bases:
            program.basis = self.bases[scenario]

    def _cut(self, scenario: int, duals: Floats) -> tuple[float, Floats]:
        """Cut of row duals, whatever they are: their bound by weak duality, so that rounding of the solver cannot lift it.

        A dual of the sign that no bound supports is set to nil; reduced costs of unbounded columns are trusted up to :data:`WRONG_SIGN`.
        """
        low, high = self.form.row_bounds(scenario)
        duals = np.where(np.isfinite(np.where(duals > 0, low, high)), duals, 0.0)
        reduced = self.form.cost(scenario) - self.common @ duals
        constant = _support(duals, low, high) + _support(reduced, *self.form.bounds(scenario))
        return constant, -(self.form.T.T @ duals)


def _support(duals: Floats, low: Floats, high: Floats) -> float:
    """Sum of duals times the bound that each rests on."""
    bound = np.where(duals > 0, low, high)
    held = duals != 0
    held &= np.isfinite(bound) | (np.abs(duals) > WRONG_SIGN)
    return float(duals[held] @ bound[held])


class ScenarioPrograms:
    """All scenarios of a recourse, to be solved at points.

    Parameters
    ----------
    form : ScenarioForm
        Recourse in the form that is solved.
    order : ndarray of int (S,), optional
        Order in which scenarios hand on their bases.
    keep : bool
        Whether decisions and bases of the scenarios are kept for further points.
    """

    kind: ClassVar[type[Chain]] = Chain
    """Class of the chains."""

    def __init__(self, form: ScenarioForm, order: Ints | None = None, *, keep: bool = True) -> None:
        self.form, self.keep, self.begun = form, keep, False
        order = np.arange(form.recourse.scenarios) if order is None else order
        self.chains = [self.kind(form, part) for part in np.array_split(order, min(CHAINS, len(order)))]

    def at(self, point: Floats, workers: int | None = None, until: float | None = None) -> Answers | None:
        """Solve all scenarios at a point (n + 1,); None if time runs out (`until`, monotonic clock) in between."""
        if not self.begun:
            self._begin(point)
        threads = min(workers or cores(), len(self.chains))
        executor: Executor = "threads" if threads > 1 else "serial"
        parts = list(map_chunks(lambda chain: self._solve(chain, point, until), self.chains, executor, threads))
        if any(part is None for part in parts):
            return None
        found = {scenario: answer for part in parts if part for scenario, answer in part}
        return self._gather([found[s] for s in range(len(found))])

    def _begin(self, point: Floats) -> None:
        """Solve one scenario from nothing and hand its basis to all chains."""
        first = self.chains[0]
        first.solve(int(first.scenarios[0]), point, keep=self.keep)
        for chain in self.chains[1:]:
            chain.program.basis = first.program.basis
        self.begun = True

    def _solve(self, chain: Chain, point: Floats, until: float | None) -> list[tuple[int, Answer]] | None:
        """Solve the scenarios of a chain; None if time runs out before the last."""
        found = []
        for scenario in chain.scenarios.tolist():
            if until is not None and time.monotonic() > until:
                return None
            found.append((scenario, chain.solve(scenario, point, keep=self.keep)))
        return found

    def _gather(self, found: list[Answer]) -> Answers:
        return Answers(
            sparse.vstack([answer.y for answer in found], "csr") if self.keep else None,
            np.array([answer.loss for answer in found]),
            np.array([answer.resource for answer in found]),
            np.array([answer.constant for answer in found]),
            np.array([answer.gradient for answer in found]),
        )
