"""What duties are worth to each party: all combinations of agreed duties and of those without a deal in one array pass (N2, N3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.bargain.issues import DutyIssue
from ytterby.economy import trade as block
from ytterby.errors import InputError
from ytterby.facts import trade_goods

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from ytterby.bargain.talks import NoDealPath, Talks
    from ytterby.economy.trade import TradeBase, TradeParameters

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

IMPORTER = "US"
MONEY_OF_DUTIES = ("value_added", "revenue", "buyers")
DUTY_TERMS = (*MONEY_OF_DUTIES, "jobs", "balance")


@dataclass(frozen=True, eq=False)
class DutyCases:
    """Duties that are worked out: every combination of agreed ones, then every stretch of the paths without a deal.

    Parameters
    ----------
    base : TradeBase
    talks : Talks
    day : date
        All other duties are those enacted on it.
    """

    base: TradeBase
    talks: Talks
    day: dt.date

    def __post_init__(self) -> None:
        for issue in self.issues:
            if issue.by != IMPORTER or issue.on not in trade_goods.PARTNERS:
                partners = ", ".join(trade_goods.PARTNERS)
                what = f"{self.talks.name}: the duty '{issue.id}' is of {issue.by} on {issue.on}"
                raise InputError(f"{what}; the trade table holds imports of the US from {partners}")

    @cached_property
    def issues(self) -> tuple[DutyIssue, ...]:
        """Issues on duties."""
        return tuple(issue for issue in self.talks.issues if isinstance(issue, DutyIssue))

    @cached_property
    def paths(self) -> tuple[NoDealPath, ...]:
        """Paths without a deal."""
        return self.talks.paths(self.day)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of steps of each issue on duties."""
        return tuple(len(issue.steps) for issue in self.issues)

    @cached_property
    def rates(self) -> Floats:
        """Duty of each case by issue (case, issue), the first with the base duty on all goods of the issues."""
        agreed = [
            np.array(issue.steps)[at] for issue, at in zip(self.issues, np.indices(self.shape).reshape(len(self.issues), -1), strict=True)
        ]
        without = [[duties[issue.id] for issue in self.issues] for path in self.paths for duties in path.duties]
        return np.vstack([np.zeros((1, len(self.issues))), np.array(agreed).T.reshape(-1, len(self.issues)), np.array(without)])

    def case(self, steps: Ints) -> Ints:
        """Case of agreed duties (package,) from their steps (package, issue on duties)."""
        return np.asarray(1 + np.ravel_multi_index(tuple(steps.T), self.shape) if self.issues else np.zeros(len(steps), dtype=np.int64))

    def without(self, path: int) -> slice:
        """Cases of the stretches of a path without a deal."""
        count = int(np.prod(self.shape))
        start = 1 + count + sum(len(each.duties) for each in self.paths[:path])
        return slice(start, start + len(self.paths[path].duties))

    @cached_property
    def duty(self) -> Floats:
        """Duty over customs value (case, group, supplier)."""
        enacted = block.enacted(self.base, self.day)
        found = np.repeat(enacted[None], len(self.rates), axis=0)
        for number, issue in enumerate(self.issues):
            places, rates = block.agreed_duties(
                self.base, issue.on, issue.products, self.rates[:, number], self.day, issue.exempt_lists
            )  # fmt: skip
            found[:, places, self.base.supplier(issue.on)] = rates
        return found

    @property
    def partners(self) -> tuple[str, ...]:
        """Parties whose goods pay a duty that is talked about."""
        return tuple(dict.fromkeys(issue.on for issue in self.issues))

    def terms(self, parameters: TradeParameters, lost: float) -> DutyTerms:
        """Terms of all parties in all cases, against the base duty on the goods of the issues.

        Parameters
        ----------
        parameters : TradeParameters
        lost : float
            Share of the value added in lost or gained volume that finds no other use [1].
        """
        base = self.base.with_home(parameters.home)
        found = block.outcome(base, self.duty, parameters)
        sums = block.totals(base, found)
        terms = np.zeros((len(self.duty), len(self.talks.parties), len(DUTY_TERMS)))
        unknown = []
        for number, party in enumerate(self.talks.parties):
            if party not in base.suppliers:
                continue
            at = base.supplier(party)
            known = bool(base.added.known[at])
            volume = sums.added[:, at] + sums.price_loss[:, at] if known else np.zeros(len(self.duty))
            terms[:, number, 0] = lost * volume - sums.price_loss[:, at]
            terms[:, number, 3] = sums.all_jobs[:, at] if known else 0.0
            terms[:, number, 4] = -sums.balance[:, at]
            if not known:
                unknown.append(party)
        if IMPORTER in self.talks.parties:
            own = self.talks.parties.index(IMPORTER)
            terms[:, own, 1], terms[:, own, 2] = sums.revenue, sums.buyers
            terms[:, own, 4] = sums.balance[:, [base.supplier(code) for code in self.partners]].sum(axis=-1)
        return DutyTerms(terms - terms[:1], tuple(unknown))


class DutyTerms(NamedTuple):
    """Terms of duties."""

    values: Floats
    """(case, party, term) [USD/year, jobs in persons], against the base duty on the goods of the issues."""
    unknown: tuple[str, ...]
    """Parties whose value added and jobs are in no fact: only the fall of their prices counts."""
