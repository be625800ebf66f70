"""Decomposition of a two-stage programme by scenario: Benders' method with a cut by scenario [1]_ and an in-out point [2]_.

The master gives a lower bound and the point that looks best by the cuts (*out*). Scenarios are solved at a point on the way to it
from the best point evaluated so far (*in*), which keeps the search from jumping; each gives a cut, and the point an upper bound. Every
bound of the solution comes from an evaluated point (upper) or from cuts (lower).

.. [1] J. R. Birge, F. V. Louveaux, A multicut algorithm for two-stage stochastic linear programs, Eur. J. Oper. Res. 34 (1988), 384-392.
.. [2] W. Ben-Ameur, J. Neto, Acceleration of cutting-plane and column generation algorithms, Networks 49 (2007), 3-17.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.solver.conflicts import require_compatible_limits
from ytterby.solver.cuts import Cuts
from ytterby.solver.master import Master
from ytterby.solver.mixtures import Mixtures
from ytterby.solver.standard_form import best_eta, first_stage_program, objective

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.solver.scenarios import ScenarioSolutions
    from ytterby.solver.stages import FirstStage, Reason
    from ytterby.solver.standard_form import ScenarioStandardForm

    Floats = NDArray[np.float64]

STEP = 0.5
"""Way from the best evaluated point to the best one by the cuts at which scenarios are solved."""
WELL_TOLD = 0.1
"""Error of the cuts at a point, as a share of the difference of the bounds, below which they are followed all the way."""
FINEST = 1e-9
"""Gap below which bounds are rounding, as a share of the upper bound."""
NO_EXCESS = 1e15
"""Eta of the first point [unit of the form]: no loss exceeds it, so that its cuts bound the master where eta is large."""
MASTER_SHARE = 0.25
"""Share of the allowed difference of the bounds that a mixed-integer master may leave."""
FEASIBLE = 1e-6
"""Relative violation up to which a given first stage counts as feasible."""


@dataclass(frozen=True)
class Stop:
    """When the bounds are close enough: either gap, or rounding.

    Parameters
    ----------
    gap : float
        Share of the upper bound, or of the gain against the reference.
    absolute : float, optional
        Difference of the bounds [USD].
    reference : float, optional
        Objective of doing nothing [USD].
    """

    gap: float
    absolute: float | None = None
    reference: float | None = None

    def tolerance(self, upper: float) -> float:
        """Largest difference of the bounds [USD]."""
        base = abs(upper) if self.reference is None else self.reference - upper
        return max(self.gap * base, self.absolute or 0.0, FINEST * abs(upper)) if np.isfinite(upper) else 0.0

    def relative_gap(self, lower: float, upper: float) -> float:
        """Upper - lower as a share of the upper bound or of the gain; infinite while a bound is."""
        difference = max(upper - lower, 0.0)
        base = abs(upper) if self.reference is None else self.reference - upper
        if not np.isfinite(difference) or (base <= 0 < difference):
            return np.inf
        return float(difference / base) if base > 0 else 0.0


@dataclass(frozen=True)
class Best:
    """Best known point: first stage and eta in the unit of the form, its scenarios' answers and its objective [USD].

    A mixture of points evaluated before has no answers of its own, and an upper bound for its objective.
    """

    point: Floats
    answers: ScenarioSolutions | None
    value: float


class Search:
    """State of a decomposition: cuts, bounds and best point.

    Parameters
    ----------
    first : FirstStage
        Decisions and rows; integers are relaxed.
    form : ScenarioForm
        Recourse in the form that is solved.
    stop : Stop
        When the bounds are close enough.
    cuts : Cuts, optional
        Cuts to begin with.
    until : float, optional
        End on the monotonic clock.
    workers : int, optional
        Threads.
    progress : callable, optional
        Called with (rounds, lower bound, upper bound) after each round.
    """

    def __init__(
        self,
        first: FirstStage,
        form: ScenarioStandardForm,
        stop: Stop,
        *,
        cuts: Cuts | None = None,
        until: float | None = None,
        workers: int | None = None,
        progress: Callable[[int, float, float], None] | None = None,
    ) -> None:
        self.first, self.form, self.stop, self.until, self.workers, self.progress = first, form, stop, until, workers, progress
        self.probability = form.recourse.probability
        n = len(first.cost)
        self.master = self._master()
        self.cuts = Cuts.none(form) if cuts is None else cuts
        self.master.add(self.cuts.scenario, self.cuts.constant, self.cuts.gradient)
        self.best: Best | None = None
        self.lower, self.rounds, self.step = -np.inf, 0, STEP
        self.ended: Reason = "gap"
        self.row_duals, self.reduced_costs = np.full(len(first.row_low), np.nan), np.full(n, np.nan)

    @property
    def upper(self) -> float:
        """Objective of the best evaluated point [USD]."""
        return np.inf if self.best is None else self.best.value

    def evaluate(self, point: Floats) -> float | None:
        """Solve the scenarios at a point, add their cuts, keep it if it is the best; its objective [USD], None if time ran out."""
        answers = self.cuts.programs.at(point, self.workers, self.until)
        if answers is None:
            return None
        self.cuts = self.cuts.joined(point, answers)
        self.master.add(np.arange(len(self.probability)), answers.constant, answers.gradient)
        self.rounds += 1
        value = objective(self.first, self.form.risk, self.probability, point[:-1], answers.loss, answers.resource)
        if value < self.upper:
            eta = best_eta(self.form.risk, self.probability, answers.loss) / self.form.unit
            self.best = Best(np.append(point[:-1], eta), answers, value)
        return value

    def _master(self) -> Master:
        return Master(self.first, self.form, self.probability)

    def begin(self, start: Floats | None) -> bool:
        """Take the best of what was evaluated before, and evaluate a start that is new; whether time was left."""
        x = _within(self.first, start) if start is not None and _feasible(self.first, start) else None
        if len(self.cuts):
            self._remember()
            if x is None or (self.cuts.tried[:, :-1] == x).all(axis=1).any():
                return True
        x = _cheapest(self.first) if x is None else x
        return self.evaluate(np.append(x, NO_EXCESS if self.best is None else self.best.point[-1])) is not None

    def _remember(self) -> None:
        """Begin with the best mixture of points evaluated before, if any is feasible."""
        found = Mixtures(self.first, self.cuts.tried[:, :-1], self._objectives()).best()
        if found is not None:
            eta = best_eta(self.form.risk, self.probability, found.share @ self.cuts.loss) / self.form.unit
            self.best = Best(np.append(found.x, eta), None, found.value)

    def _objectives(self) -> Floats:
        """Objective of each point evaluated before (p,) [USD]."""
        return self.cuts.objectives(self.first, self.probability)

    def run(self) -> None:
        """Search until the bounds are close enough or time is over."""
        self.ended = "gap" if self._search() else "time"
        if self.best is not None and self.best.answers is None:
            point, self.best, self.until = self.best.point, None, None
            self.evaluate(point)

    def _search(self) -> bool:
        """Search until the bounds are close enough; whether time was left."""
        while True:
            out = self._solve_master()
            if out is None:
                return False
            self._tell()
            if self.upper - self.lower <= self.stop.tolerance(self.upper):
                return True
            if self._late() or not self._advance(self._between(out)):
                return False

    def _solve_master(self) -> Floats | None:
        """Best point by the cuts, None if time ran out; raises the lower bound and takes the duals."""
        found = self.master.solve(self.until)
        if found is None:
            return None
        self.lower = max(self.lower, found[1])
        self.row_duals, self.reduced_costs = self.master.duals()
        return found[0]

    def _advance(self, point: Floats) -> bool:
        """Evaluate a point; whether time was left. Where the cuts had told its objective well, the next step goes all the way."""
        promise = self._promise(point)
        value = self.evaluate(point)
        if value is None:
            return False
        self.step = 1.0 if value - promise <= WELL_TOLD * (self.upper - self.lower) else STEP
        return True

    def _promise(self, point: Floats) -> float:
        """Objective of a point by the cuts [USD]."""
        return float(self.master.objective @ np.append(point, self.cuts.at(point[None])[0])) * self.form.unit

    def _between(self, out: Floats) -> Floats:
        return out if self.best is None else self.best.point + self.step * (out - self.best.point)

    def _late(self) -> bool:
        return self.until is not None and time.monotonic() > self.until

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.rounds, self.lower, self.upper)


class IntegerSearch(Search):
    """Search whose master keeps the integers: every evaluated point is integral, every lower bound that of branch and bound."""

    def _master(self) -> Master:
        return Master(self.first, self.form, self.probability, integral=True)

    def _solve_master(self) -> Floats | None:
        found = self.master.solve(self.until, MASTER_SHARE * self.stop.tolerance(self.upper))
        if found is None:
            return None
        self.lower = max(self.lower, found[1])
        return found[0]

    def _between(self, out: Floats) -> Floats:
        return np.append(_rounded(self.first, out[:-1]), out[-1])

    def _remember(self) -> None:
        """Begin with the best integral point evaluated before, if there is one."""
        values = self._objectives()
        for number in np.argsort(values):
            x = self.cuts.tried[number, :-1]
            if _feasible(self.first, x) and np.array_equal(x, _rounded(self.first, x)):
                eta = best_eta(self.form.risk, self.probability, self.cuts.loss[number]) / self.form.unit
                self.best = Best(np.append(x, eta), None, float(values[number]))
                return


def search_integers(relaxed: Search, start: Floats | None) -> Search:
    """From the search of the relaxation: the best integral point with its bounds, and duals with integers fixed there."""
    found = _next_search(IntegerSearch, relaxed.first, relaxed)
    found.lower = relaxed.lower
    integral = start is not None and np.allclose(start, _rounded(found.first, start))
    found.begin(start if integral else None)
    found.run()
    if found.best is None:
        return found
    fixed = _next_search(Search, _fixed(found.first, found.best.point[:-1]), found)
    fixed.best = found.best
    fixed.run()
    found.best, found.cuts, found.rounds = fixed.best, fixed.cuts, fixed.rounds
    found.row_duals, found.reduced_costs = fixed.row_duals, fixed.reduced_costs
    found.ended = fixed.ended if found.ended == "gap" else found.ended
    return found


def _next_search(kind: type[Search], first: FirstStage, before: Search) -> Search:
    """Search of another kind or first stage, with the cuts of one before."""
    search = kind(first, before.form, before.stop, cuts=before.cuts, until=before.until, workers=before.workers, progress=before.progress)
    search.rounds = before.rounds
    return search


def _rounded(first: FirstStage, x: Floats) -> Floats:
    """First stage with its integers freed of the solver's rounding."""
    return np.where(first.integer, np.round(x), x) if first.integer is not None else x


def _fixed(first: FirstStage, x: Floats) -> FirstStage:
    """First stage whose integers are held at their values in x."""
    assert first.integer is not None
    whole = _rounded(first, x)
    low, high = (np.where(first.integer, whole, bound) for bound in (first.low, first.high))
    return replace(first, low=low, high=high, integer=None)


def _cheapest(first: FirstStage) -> Floats:
    """Feasible first stage of least cost, or any where cost has no least."""
    program = first_stage_program(first, cost=first.cost)
    program.relax_integers(program.integer)
    ended = program.run()
    if ended == "unbounded":
        program.cost(np.zeros(len(first.cost)))
        ended = program.run()
    if ended == "infeasible":
        require_compatible_limits(first)
    return _within(first, program.values)


def _within(first: FirstStage, x: Floats) -> Floats:
    """First stage without the rounding that puts decisions outside their bounds: it may leave a scenario without a solution."""
    return np.clip(x, first.low, first.high)


def _feasible(first: FirstStage, x: Floats) -> bool:
    """Whether a first stage keeps all bounds and rows, up to rounding."""
    rows = first.A @ x
    held = [(x, first.low, first.high), (rows, first.row_low, first.row_high)]
    return all(
        bool(np.all(value >= low - FEASIBLE * (1 + np.abs(low))) and np.all(value <= high + FEASIBLE * (1 + np.abs(high))))
        for value, low, high in held
    )
