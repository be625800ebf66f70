"""The scenarios' programmes: solved at one point after another, each from a basis at hand.

Scenarios are dealt to a fixed number of chains. A chain is one instance of HiGHS whose bounds are changed from scenario to scenario:
the first solve hands its basis to the second, and so on; later each scenario starts from its own last basis. The number of chains does
not depend on the number of threads, so that neither does any result.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from scipy import sparse

from ytterby.errors import DataGapError
from ytterby.execution import cores, map_chunks
from ytterby.solver.linear_program import LinearProgram, SparseRows, of_some_rows, with_basic_rows
from ytterby.solver.standard_form import differing, inner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.execution import Executor
    from ytterby.solver.stages import Recourse
    from ytterby.solver.standard_form import ScenarioStandardForm

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHAINS = {0: 4, 60_000: 2, 200_000: 1}
"""Chains of scenarios by the coefficients from which on: enough for the threads of a small machine, and fewer for large programmes, each of
which takes 80 MB and more."""
BROKEN = 1e-7
"""Relative violation from which on a row left out counts as broken: the tolerance of the solver."""
EXHAUSTED = 1e-6
"""Relative slack up to which a row counts as exhausted, so that it is not left out."""
SETTLED = 5
"""Scenarios that a chain solves with all rows."""
WRONG_SIGN = 1e-6
"""Dual infeasibility of an unbounded column that counts as rounding of the solver [unit of the form]."""


@dataclass(frozen=True)
class ScenarioSolutions:
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
class ScenarioSolution:
    """Solution of one scenario at a point: its decisions (y,) where they are kept, loss and resource cost [USD], and its cut."""

    y: Any
    loss: float
    resource: float
    constant: float
    gradient: Floats


class Moved(NamedTuple):
    """Bounds of a scenario's rows (k + 1,), and those less what the point adds to the rows."""

    own_low: Floats
    own_high: Floats
    low: Floats
    high: Floats


class ScenarioProgram:
    """One linear programme that stands for several scenarios in turn.

    Most rows of a large recourse bind nowhere near the points of interest (pieces of a loss that is nil, the state of a shortage
    that a scenario does not know). Once a few scenarios have been solved with all rows, those that none of them exhausts are left
    out, until a solution breaks them (row generation, the dual of column generation [1]_): what is found is always optimal for
    all rows, and the duals of rows left out are nil.

    .. [1] D. Bertsimas, J. N. Tsitsiklis, Introduction to linear optimization, 1997, section 6.3.

    Parameters
    ----------
    form : ScenarioForm
        Recourse in the form that is solved.
    scenarios : ndarray of int
        Scenarios of this chain, in the order in which they are solved.
    like : Chain, optional
        Of the same coefficients: its rows and its last basis are begun with.
    """

    def __init__(self, form: ScenarioStandardForm, scenarios: Ints, like: ScenarioProgram | None = None) -> None:
        self.form, self.scenarios = form, scenarios
        self.bases: dict[int, tuple[Any, int]] = {}
        self.exhausted = np.zeros(form.W.shape[0], bool)
        self.slim: bool = like is not None and like.slim
        self._hold(form.bound_rows.others(form.W.shape[0]) if like is None else like.held)
        if like is not None:
            self.program.basis = like.program.basis

    def _hold(self, rows: Ints) -> None:
        """Build the programme with these rows; those that bound a column are its bounds."""
        low, high = self.form.row_bounds(self.scenarios[0])
        held = SparseRows()
        held.block(low[rows], high[rows])
        held.put_matrix(0, 0, self.form.by_row[0][rows])
        self.program = LinearProgram(*self.form.bounds(self.scenarios[0]), held, cost=self.form.cost(self.scenarios[0]))
        self._note(rows)

    def _note(self, rows: Ints) -> None:
        """Take note of the rows that the programme has, and of those among them that move with scenario or point."""
        out = np.ones(self.form.W.shape[0], bool)
        out[rows] = out[self.form.bound_rows.rows] = False
        self.held, self.left_out = rows, np.flatnonzero(out)
        self.places = np.flatnonzero(self.form.moving_rows[rows])
        self.moving = rows[self.places]

    def settle(self, shift: Floats, until: float | None = None) -> None:
        """Solve the first scenario, and more until it is known which rows can be left out or time is over (monotonic clock)."""
        for number, scenario in enumerate(self.scenarios[:SETTLED].tolist()):
            if number == 0 or until is None or time.monotonic() < until:
                self.solve(scenario, shift, keep=False)

    def solve(self, scenario: int, shift: Floats, *, keep: bool = True) -> ScenarioSolution:
        """Solve a scenario at a point.

        Parameters
        ----------
        scenario : int
        shift : ndarray (k + 1,)
            What the point adds to the rows.
        keep : bool
            Whether the decisions are returned.

        Raises
        ------
        DataGapError
            If the scenario has no optimal decisions at this point.
        """
        low, high = self.form.row_bounds(scenario)
        bounds = Moved(low, high, low - shift, high - shift)
        self._state(scenario, bounds)
        y = self._optimal(scenario, bounds)
        self.bases[scenario] = self.program.basis, len(self.held)
        constant, gradient = self._cut(scenario, bounds, self._duals(scenario, bounds))
        kept = sparse.csr_matrix(y[:-1]) if keep else None
        if not self.slim:
            self._slim_down(scenario, bounds, y)
        return ScenarioSolution(kept, self.form.loss(y[:-1]), self.form.resource(scenario, y[:-1]), constant, gradient)

    def _state(self, scenario: int, rows: Moved) -> None:
        """Give the programme the bounds of a scenario at a point, and its last basis."""
        program, form = self.program, self.form
        program.row_bound(self.places, rows.low[self.moving], rows.high[self.moving])
        low, high = form.bound_rows.tightened(*form.bounds(scenario), rows.low, rows.high)
        columns = form.moving_columns
        program.bound(columns, low[columns], high[columns])
        if form.costs_differ:
            program.cost(form.cost(scenario))
        if scenario in self.bases:
            basis, count = self.bases[scenario]
            program.basis = with_basic_rows(basis, len(self.held) - count)

    def _optimal(self, scenario: int, rows: Moved) -> Floats:
        """Optimal decisions (y + 1,), with the rows added that they need."""
        while True:
            ended = self.program.run()
            if ended == "infeasible":  # from the basis of another scenario, or by presolve: where nothing is left over, rounding may say so
                ended = self.program.run_afresh()
            if ended == "optimal":
                y = self.program.values
                broken = self._broken(rows, y)
                if not len(broken):
                    return y
            elif ended != "infeasible" and len(self.left_out):
                broken = self.left_out  # without some rows the programme may have no least
            else:
                raise DataGapError(f"scenario {scenario} of the two-stage programme has no solution at a first stage ({ended})")
            self._add(broken, rows)

    def _broken(self, rows: Moved, y: Floats) -> Ints:
        """Numbers of rows left out that decisions break."""
        if not len(self.left_out):
            return self.left_out
        values = (self.form.by_row[0] @ y)[self.left_out]
        low, high = rows.low[self.left_out], rows.high[self.left_out]
        broken = (values < low - BROKEN * (1.0 + np.abs(low))) | (values > high + BROKEN * (1.0 + np.abs(high)))
        return np.asarray(self.left_out[broken])

    def _add(self, numbers: Ints, rows: Moved) -> None:
        """Add rows to the programme."""
        self.program.add_rows(self.form.by_row[0][numbers], rows.low[numbers], rows.high[numbers])
        self._note(np.append(self.held, numbers))

    def _slim_down(self, scenario: int, rows: Moved, y: Floats) -> None:
        """Once a few scenarios have been solved, leave out the rows that none of them exhausts: they are basic in each basis."""
        values = self.form.by_row[0] @ y
        self.exhausted |= np.minimum(values - rows.low, rows.high - values) <= EXHAUSTED * (1.0 + np.abs(values))
        if len(self.bases) < min(SETTLED, len(self.scenarios)):
            return
        places = np.flatnonzero(self.exhausted[self.held])
        self.bases = {number: (of_some_rows(basis, places), len(places)) for number, (basis, _) in self.bases.items()}
        del self.program  # the next one is built in its memory
        self._hold(self.held[places])
        self.program.basis = self.bases[scenario][0]
        self.slim = True

    def _duals(self, scenario: int, rows: Moved) -> Floats:
        """Duals of all rows (k + 1,) in the last solution; of rows left out they are nil."""
        duals, form = np.zeros(self.form.W.shape[0]), self.form
        duals[self.held] = self.program.row_duals
        reduced = form.cost(scenario) - form.by_row[1] @ duals
        duals[form.bound_rows.rows] = form.bound_rows.duals(reduced, form.bounds(scenario), rows.low, rows.high)
        return duals

    def _cut(self, scenario: int, rows: Moved, duals: Floats) -> tuple[float, Floats]:
        """Cut of row duals, whatever they are: their bound by weak duality, so that rounding of the solver cannot lift it.

        A dual of the sign that no bound supports is set to nil; reduced costs of unbounded columns are trusted up to :data:`WRONG_SIGN`.
        """
        duals = np.where(np.isfinite(np.where(duals > 0, rows.own_low, rows.own_high)), duals, 0.0)
        reduced = self.form.cost(scenario) - self.form.by_row[1] @ duals
        constant = _support(duals, rows.own_low, rows.own_high) + _support(reduced, *self.form.bounds(scenario))
        return constant, -(self.form.T.T @ duals)


def _support(duals: Floats, low: Floats, high: Floats) -> float:
    """Sum of duals times the bound that each rests on."""
    bound = np.where(duals > 0, low, high)
    held = duals != 0
    held &= np.isfinite(bound) | (np.abs(duals) > WRONG_SIGN)
    return inner(duals[held], bound[held])


class ScenarioPrograms:
    """All scenarios of a recourse, to be solved at points.

    Parameters
    ----------
    form : ScenarioForm
        Recourse in the form that is solved.
    order : ndarray of int (S,), optional
        Order in which scenarios hand on their bases.
    like : ScenarioPrograms, optional
        Programmes of other scenarios with the same coefficients, to begin with their rows and bases.
    """

    kind: ClassVar[type[ScenarioProgram]] = ScenarioProgram
    """Class of the chains."""

    def __init__(self, form: ScenarioStandardForm, order: Ints | None = None, like: ScenarioPrograms | None = None) -> None:
        self.form = form
        self.like = like if like is not None and like.chains and _same_matrix(like.form.W, form.W) else None
        self.order = np.arange(form.recourse.scenarios) if order is None else order
        self.chains: list[ScenarioProgram] = []

    def at(self, point: Floats, workers: int | None = None, until: float | None = None, *, keep: bool = True) -> ScenarioSolutions | None:
        """Solve all scenarios at a point (n + 1,); None if time runs out (`until`, monotonic clock) in between.

        Parameters
        ----------
        point : ndarray (n + 1,)
        workers : int, optional
            Threads.
        until : float, optional
            End on the monotonic clock.
        keep : bool
            Whether the decisions of the scenarios are returned.
        """
        if not self.chains:
            self._begin(point, until)
        threads = min(workers or cores(), len(self.chains))
        executor: Executor = "threads" if threads > 1 else "serial"
        parts = list(map_chunks(lambda chain: self._solve(chain, point, until, keep=keep), self.chains, executor, threads))
        if any(part is None for part in parts):
            return None
        found = {scenario: answer for part in parts if part for scenario, answer in part}
        return self._gather([found[s] for s in range(len(found))], keep=keep)

    def _begin(self, point: Floats, until: float | None) -> None:
        """Make the chains: of the rows and basis of others, or of the first one once it has settled, so that only one is ever large."""
        parts = np.array_split(self.order, min(chains(self.form), len(self.order)))
        if self.like is not None:
            known = self.like.chains
            self.chains, self.like = [self.kind(self.form, part, known[i % len(known)]) for i, part in enumerate(parts)], None
            return
        first = self.kind(self.form, parts[0])
        first.settle(self.form.T @ point, until)
        self.chains = [first, *(self.kind(self.form, part, first) for part in parts[1:])]

    def _solve(
        self, chain: ScenarioProgram, point: Floats, until: float | None, *, keep: bool
    ) -> list[tuple[int, ScenarioSolution]] | None:
        """Solve the scenarios of a chain; None if time runs out before the last."""
        found, shift = [], self.form.T @ point
        for scenario in chain.scenarios.tolist():
            if until is not None and time.monotonic() > until:
                return None
            found.append((scenario, chain.solve(scenario, shift, keep=keep)))
        return found

    @staticmethod
    def _gather(found: list[ScenarioSolution], *, keep: bool) -> ScenarioSolutions:
        return ScenarioSolutions(
            sparse.vstack([answer.y for answer in found], "csr") if keep else None,
            np.array([answer.loss for answer in found]),
            np.array([answer.resource for answer in found]),
            np.array([answer.constant for answer in found]),
            np.array([answer.gradient for answer in found]),
        )


def chains(form: ScenarioStandardForm) -> int:
    """Number of chains of a recourse."""
    return CHAINS[max(least for least in CHAINS if form.W.nnz >= least)]


def _same_matrix(a: Any, b: Any) -> bool:
    return a is b or (a.shape == b.shape and a.nnz == b.nnz and abs(a - b).nnz == 0)


def similar_order(recourse: Recourse) -> Ints:
    """Order of the scenarios (S,) in which each is followed by the one nearest to it among those left; begins with the first."""
    features = _differences(recourse)
    square = (features**2).sum(axis=1)
    distance = square[:, None] + square[None, :] - 2.0 * features @ features.T
    np.fill_diagonal(distance, np.inf)
    order = [0]
    for _ in range(len(features) - 1):
        distance[:, order[-1]] = np.inf
        order.append(int(np.argmin(distance[order[-1]])))
    return np.array(order)


def _differences(recourse: Recourse) -> NDArray[np.float32]:
    """Bounds that differ by scenario, each scaled by its largest difference (S, features)."""
    parts = [np.zeros((recourse.scenarios, 0), np.float32)]
    for bound in (recourse.low, recourse.high, recourse.row_low, recourse.row_high):
        if np.ndim(bound) > 1:
            own = bound[:, differing(bound)]
            finite = np.where(np.isfinite(own), own, 0.0)
            spread = np.ptp(finite, axis=0)
            parts.append((finite[:, spread > 0] / spread[spread > 0]).astype(np.float32))
    return np.hstack(parts)
