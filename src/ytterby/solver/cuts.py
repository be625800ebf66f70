"""Cuts: lower bounds of a scenario's cost that are linear in the point (first stage and eta) [1]_.

A cut is a dual solution of a scenario put in numbers. It holds for every point, whatever the rows, bounds and costs of the first stage
and the probabilities of the scenarios are, so that it serves other budgets and other limits too.

.. [1] J. R. Birge, F. V. Louveaux, A multicut algorithm for two-stage stochastic linear programs, Eur. J. Oper. Res. 34 (1988), 384-392.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError
from ytterby.solver.scenarios import ScenarioPrograms, similar_order
from ytterby.solver.standard_form import Risk, ScenarioStandardForm, objective

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.scenarios import ScenarioSolutions
    from ytterby.solver.stages import FirstStage, Recourse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cuts:
    """Cuts of all scenarios: cost of a scenario >= constant + gradient @ point [unit of the form].

    Attributes
    ----------
    scenario : ndarray of int (c,)
        Scenario of each cut.
    constant : ndarray (c,)
        Value at the point zero.
    gradient : ndarray (c, n + 1)
        Change by unit of each decision of the first stage, last of eta.
    tried : ndarray (p, n + 1)
        Points that were evaluated for them.
    loss, resource : ndarray (p, S)
        Loss and resource cost of each scenario there [USD].
    programs : ScenarioPrograms
        The programmes that gave them, with their bases: further solves start warm. They serve one solve at a time.
    """

    scenario: Ints
    constant: Floats
    gradient: Floats
    tried: Floats
    loss: Floats
    resource: Floats
    programs: ScenarioPrograms = field(repr=False, compare=False)

    @classmethod
    def none(cls, form: ScenarioStandardForm, like: Cuts | None = None) -> Cuts:
        """No cuts yet; work on other scenarios with the same coefficients gives rows and bases to begin with."""
        points, scenarios = form.T.shape[1], form.recourse.scenarios
        programs = ScenarioPrograms(form, similar_order(form.recourse), like.programs if like is not None else None)
        nothing = np.zeros((0, scenarios))
        return cls(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, points)), np.zeros((0, points)), nothing, nothing, programs)

    def __len__(self) -> int:
        return len(self.constant)

    def joined(self, point: Floats, answers: ScenarioSolutions) -> Cuts:
        """These cuts and those of a further evaluated point (n + 1,)."""
        return Cuts(
            np.append(self.scenario, np.arange(len(answers.constant))),
            np.append(self.constant, answers.constant),
            np.vstack([self.gradient, answers.gradient]),
            np.vstack([self.tried, point]),
            np.vstack([self.loss, answers.loss]),
            np.vstack([self.resource, answers.resource]),
            self.programs,
        )

    def objectives(self, first: FirstStage, probability: Floats) -> Floats:
        """Objective of each evaluated point under a first stage's costs and some probabilities (p,) [USD]."""
        risk = self.programs.form.risk
        found = [
            objective(first, risk, probability, point[:-1], loss, resource)
            for point, loss, resource in zip(self.tried, self.loss, self.resource, strict=True)
        ]
        return np.array(found)

    def at(self, points: Floats) -> Floats:
        """Largest cut of each scenario at points (p, n + 1): (p, S); minus infinity where a scenario has none."""
        value = points @ self.gradient.T + self.constant
        best = np.full((len(points), self.programs.form.recourse.scenarios), -np.inf)
        np.maximum.at(best.T, self.scenario, value.T)
        return best

    def require_same(self, recourse: Recourse, risk: Risk) -> None:
        """Refuse another recourse, weight or level than the one whose cuts these are; probabilities may differ.

        Raises
        ------
        InputError
            If they differ.
        """
        own = self.programs.form
        if own.risk != risk:
            raise InputError(f"cuts: made with weight {own.risk.weight} and alpha {own.risk.alpha}; now {risk.weight} and {risk.alpha}")
        if not _same_recourse(own.recourse, recourse):
            raise InputError("cuts: made with another recourse; only first stage and probabilities may differ")


def no_cuts(recourse: Recourse, *, weight: float = 0.5, alpha: float = 0.9, like: Cuts | None = None) -> Cuts:
    """No cuts of a recourse yet, to be handed to the first of several solves and evaluations.

    Parameters
    ----------
    recourse : Recourse
    weight, alpha : float
        Weight and level of the CVaR.
    like : Cuts, optional
        Of other scenarios with the same coefficients: their rows and bases are begun with.
    """
    return Cuts.none(ScenarioStandardForm.of(recourse, Risk(weight, alpha)), like)


def _same_recourse(a: Recourse, b: Recourse) -> bool:
    if a is b:
        return True
    names = ("resource_cost", "loss", "low", "high", "row_low", "row_high")
    matrices = ((a.W, b.W), (a.T, b.T))
    return (
        a.scenarios == b.scenarios
        and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)
        and all(one.shape == other.shape and abs(one - other).nnz == 0 for one, other in matrices)
    )
