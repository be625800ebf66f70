"""Packages: a step of every issue; what makes no difference is left out (N1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.bargain.issues import EACH_ALONE, CostSharesIssue, InvestmentIssue, LinkedIssue, MineralsIssue, SnapBackIssue, StandardIssue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.bargain.issues import AnyIssue
    from ytterby.bargain.talks import Talks

    Ints = NDArray[np.int64]


NO_FACT = "no fact gives what it changes"
NOT_ASKED = "not asked for: --with {issue}"
NO_PROGRAMMES = "programmes on minerals are left out"


@dataclass(frozen=True, eq=False)
class Packages:
    """All packages of talks.

    Parameters
    ----------
    talks : Talks
    still : mapping of str to str
        Issues whose steps have no effect that a fact gives, with the reason; they stay at their first step.
    """

    talks: Talks
    still: Mapping[str, str]

    @cached_property
    def steps(self) -> Ints:
        """Step of each issue (package, issue)."""
        counts = [1 if issue.id in self.still else len(issue.values) for issue in self.talks.issues]
        every = np.indices(counts).reshape(len(counts), -1).T
        return np.asarray(every[self._meant(every)])

    def _meant(self, steps: Ints) -> NDArray[np.bool_]:
        """Packages without a step that has nothing to act on: cost shares without a programme, a clause without an investment."""
        kept = np.ones(len(steps), dtype=bool)
        for dependent, needed, nothing in ((CostSharesIssue, MineralsIssue, EACH_ALONE), (SnapBackIssue, InvestmentIssue, 0.0)):
            acting, on = self.column(dependent), self.column(needed)
            if acting is None:
                continue
            empty = np.ones(len(steps), dtype=bool) if on is None else self._is(steps, on, nothing)
            kept &= (steps[:, acting] == 0) | ~empty
        return kept

    def _is(self, steps: Ints, column: int, value: Any) -> NDArray[np.bool_]:
        return np.array([each == value for each in self.talks.issues[column].values], dtype=bool)[steps[:, column]]

    def column(self, kind: type) -> int | None:
        """Place of the only issue of a kind."""
        return next((number for number, issue in enumerate(self.talks.issues) if isinstance(issue, kind)), None)

    def columns(self, kind: type) -> list[int]:
        """Places of all issues of a kind."""
        return [number for number, issue in enumerate(self.talks.issues) if isinstance(issue, kind)]

    def terms(self, steps: Sequence[int]) -> dict[str, Any]:
        """Step of each issue as it is written; issues without effect have none."""
        pairs = zip(self.talks.issues, steps, strict=True)
        return {issue.id: issue.label(int(step)) for issue, step in pairs if issue.id not in self.still}

    def find(self, steps: Sequence[int]) -> int:
        """Number of the package with these steps; issues without effect do not count."""
        wanted = np.array([0 if issue.id in self.still else step for issue, step in zip(self.talks.issues, steps, strict=True)])
        wanted = self.normal(wanted[None])[0]
        return int(np.flatnonzero((self.steps == wanted).all(axis=1))[0])

    def normal(self, steps: Ints) -> Ints:
        """Steps without those that have nothing to act on (package, issue)."""
        found = steps.copy()
        for dependent, needed, nothing in ((CostSharesIssue, MineralsIssue, EACH_ALONE), (SnapBackIssue, InvestmentIssue, 0.0)):
            acting, on = self.column(dependent), self.column(needed)
            if acting is not None and on is not None:
                found[self._is(found, on, nothing), acting] = 0
        return found


def without_effect(
    issues: Sequence[AnyIssue], empty: Mapping[str, bool], minerals: bool, standards: Collection[str] = ()
) -> dict[str, str]:
    """Issues that change no number, with the reason.

    Parameters
    ----------
    issues : sequence of issue
    empty : mapping of str to bool
        Whether the cells of a row of the linked sectors are empty.
    minerals : bool
        Whether there is a table of programmes on minerals; without one neither a programme nor who pays it changes anything.
    standards : collection of str
        Issues on standards whose worth is known.
    """
    found = {}
    for issue in issues:
        if isinstance(issue, LinkedIssue) and empty.get(issue.row, False):
            found[issue.id] = NO_FACT
        if isinstance(issue, StandardIssue) and issue.id not in standards:
            found[issue.id] = NOT_ASKED.format(issue=issue.id)
        if isinstance(issue, MineralsIssue | CostSharesIssue) and not minerals:
            found[issue.id] = NO_PROGRAMMES
    return found
