"""Programmes of scenarios that keep the duals behind their cuts, for those who want to know whose limits a bound rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scipy import sparse

from ytterby.solver.scenarios import ScenarioProgram, ScenarioPrograms, ScenarioSolutions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ytterby.solver.standard_form import ScenarioStandardForm

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class RecordingChain(ScenarioProgram):
    """Chain that keeps the row duals of each scenario's last solution."""

    def __init__(self, form: ScenarioStandardForm, scenarios: Ints, like: ScenarioProgram | None = None) -> None:
        super().__init__(form, scenarios, like)
        self.duals: dict[int, Any] = {}

    def _cut(self, scenario: int, *rest: Any) -> tuple[float, Floats]:
        """Cut of a scenario, whose row duals come last."""
        self.duals[scenario] = sparse.csr_matrix(rest[-1])
        return super()._cut(scenario, *rest)


class RecordingPrograms(ScenarioPrograms):
    """Scenarios whose row duals are kept for every cut, in the order of the cuts: by point, then by scenario."""

    kind = RecordingChain

    def __init__(self, form: ScenarioStandardForm) -> None:
        super().__init__(form)
        self.duals: list[Any] = []
        """Row duals (1, row) of each cut [unit of the form]."""

    def at(self, point: Floats, workers: int | None = None, until: float | None = None, **given: Any) -> ScenarioSolutions | None:
        """Solve all scenarios at a point (n + 1,); None if time runs out (`until`, monotonic clock) in between."""
        found = super().at(point, workers, until, **given)
        if found is not None:
            last: dict[int, Any] = {}
            for chain in self.chains:
                assert isinstance(chain, RecordingChain)
                last |= chain.duals
            self.duals.extend(last[scenario] for scenario in range(len(last)))
        return found
