"""Utilities of packages, term by term (N2-N7): every block of issues is worked out once and added up over all packages.

Money is in USD of 2024 a year, level over the time that is looked at, against the base duty on the goods of the issues and no
programme on minerals at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.bargain import vehicle as vehicles
from ytterby.bargain.duty_terms import DUTY_TERMS, DutyCases, DutyTerms
from ytterby.bargain.issues import (
    EACH_ALONE,
    CostSharesIssue,
    DutyIssue,
    InvestmentIssue,
    LinkedIssue,
    MineralsIssue,
    OrdersIssue,
    PurchasesIssue,
    SnapBackIssue,
    StandardIssue,
    StartIssue,
)
from ytterby.bargain.package_terms import PackageTerms, TermsBlock, combined
from ytterby.bargain.packages import Packages, without_effect
from ytterby.bargain.time_weights import shares
from ytterby.bargain.utility_weights import TERMS
from ytterby.economy import trade as block
from ytterby.errors import DataGapError, UnknownNameError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.bargain.minerals import MineralsTable
    from ytterby.bargain.standards import StandardCurve
    from ytterby.bargain.talks import NoDealPath, Talks
    from ytterby.economy.trade import TradeBase, TradeParameters
    from ytterby.facts import Facts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MONTHS = 12.0
TIED = (DutyIssue, StartIssue, SnapBackIssue, InvestmentIssue)
"""Issues that act on each other: the clause on duties is one on the investment too."""


@dataclass(frozen=True, eq=False)
class Bargain:
    """Talks on a day, ready to be evaluated under any assumptions.

    Parameters
    ----------
    talks : Talks
    day : date
        No deal, duties of others and plans are those known on it.
    facts : Facts
    demands : DataFrame
        Demands of a System, for orders of arms.
    minerals : MineralsTable
    standards : mapping of str to mapping of str to StandardCurve
        What standards are worth at their charges, by issue and step.
    """

    talks: Talks
    day: dt.date
    facts: Facts
    demands: pd.DataFrame
    minerals: MineralsTable | None
    standards: Mapping[str, Mapping[str, StandardCurve]] = field(default_factory=dict)

    @cached_property
    def base(self) -> TradeBase:
        """Trade of 2024."""
        return block.trade_base(self.facts)

    @cached_property
    def cases(self) -> DutyCases:
        """Duties that are worked out."""
        return DutyCases(self.base, self.talks, self.day)

    @cached_property
    def packages(self) -> Packages:
        """All packages."""
        rows = {row.item: row for row in block.linked_rows()}
        for issue in self.talks.issues:
            if isinstance(issue, LinkedIssue) and issue.row not in rows:
                raise UnknownNameError("linked sector", issue.row, rows, f"{self.talks.name}: {issue.id}")
        empty = {name: not row.balance for name, row in rows.items()}
        return Packages(self.talks, without_effect(self.talks.issues, empty, self.minerals is not None, self.standards))

    @cached_property
    def parameters(self) -> TradeParameters:
        """Central parameters of trade at the horizon of the talks."""
        return block.central(self.base.groups, self.base.suppliers, self.talks.horizon)

    @cached_property
    def defence(self) -> tuple[block.DefenceYear, ...]:
        """What the earlier path of defence adds."""
        return block.defence_path(self.facts, self.demands)

    def evaluate(
        self,
        assumed: Mapping[str, float],
        parameters: TradeParameters | None = None,
        event: int = 0,
        only: Sequence[int] | None = None,
    ) -> PackageTerms:
        """Terms of all packages and of no deal.

        Parameters
        ----------
        assumed : mapping of str to float
            Values of the assumptions by name.
        parameters : TradeParameters, optional
            Of trade; central ones by default.
        event : int
            Control of the dominant supplier: its number in the table of minerals.
        only : sequence of int, optional
            Packages that are wanted; all by default.
        """
        blocks = self.combinations if only is None else self._combined(self.packages.steps[list(only)])
        return _EvaluationWork(self, assumed, parameters or self.parameters, event).evaluation(*blocks)

    @cached_property
    def combinations(self) -> tuple[tuple[Ints, Ints], ...]:
        """Combinations of the steps of duties with what they depend on, and of all other issues, and which each package has."""
        return self._combined(self.packages.steps)

    def _combined(self, steps: Ints) -> tuple[tuple[Ints, Ints], ...]:
        tied = [number for number, issue in enumerate(self.talks.issues) if isinstance(issue, TIED)]
        others = [number for number in range(len(self.talks.issues)) if number not in tied]
        return tuple(combined(steps, columns, self.talks.shape) for columns in (tied, others))


@dataclass(frozen=True, eq=False)
class _EvaluationWork:
    """One evaluation."""

    bargain: Bargain
    assumed: Mapping[str, float]
    parameters: TradeParameters
    event: int

    @property
    def talks(self) -> Talks:
        return self.bargain.talks

    @cached_property
    def rate(self) -> float:
        """Continuous discount rate."""
        return vehicles.rate(self.assumed["discount"])

    @cached_property
    def annuity(self) -> float:
        """Present value of a dollar a year over the time that is looked at."""
        lasting = self.assumed["lasting"]
        return float(-np.expm1(-self.rate * lasting) / self.rate) if self.rate > 0.0 else lasting

    def evaluation(self, tied: tuple[Ints, Ints], others: tuple[Ints, Ints]) -> PackageTerms:
        """Terms of combinations of steps (combination, issue), and which of them each package has (package,)."""
        shape = (len(self.talks.parties), len(TERMS))
        bound, rest, no_deal = np.zeros((len(tied[0]), *shape)), np.zeros((len(others[0]), *shape)), np.zeros(shape)
        self._duties(tied[0], bound, no_deal)
        self._investment(tied[0], bound)
        self._minerals(others[0], rest, no_deal)
        self._purchases(others[0], rest)
        self._standards(others[0], rest)
        self._linked(others[0], rest)
        rest[:, :, TERMS.index("prestige")] = 1.0
        return PackageTerms((TermsBlock(bound, tied[1]), TermsBlock(rest, others[1])), no_deal)

    @cached_property
    def paths(self) -> tuple[NoDealPath, ...]:
        """Paths without a deal, with the chances that are assumed."""
        return self.talks.paths(self.bargain.day, self.assumed)

    @cached_property
    def duty_terms(self) -> DutyTerms:
        return self.bargain.cases.terms(self.parameters, self.assumed["value_added_lost"])

    def _duties(self, steps: Ints, found: Floats, no_deal: Floats) -> None:
        """N3, N4: duties as agreed from their start until they go back, and as without a deal in the rest of the time."""
        cases, values = self.bargain.cases, self.duty_terms.values
        agreed = values[cases.case(steps[:, self.bargain.packages.columns(DutyIssue)])]
        timings, number = self._timings(steps)
        part, rest = np.zeros(len(timings)), np.zeros((len(timings), *values.shape[1:]))
        for row, (begins, ends) in enumerate(timings):
            for at, path in enumerate(self.paths):
                held = shares(path.starts, self.bargain.day, self.rate, self.assumed["lasting"], begins, ends)
                part[row] += path.p * held.agreed
                rest[row] += path.p * np.einsum("s,spt->pt", held.without, values[cases.without(at)])
        lasting, without = part[number][:, None], self.without_deal()
        for place, name in enumerate(DUTY_TERMS):
            found[:, :, TERMS.index(name)] += lasting * agreed[:, :, place] + rest[number, :, place]
            no_deal[:, TERMS.index(name)] += without[:, place]

    def without_deal(self) -> Floats:
        """N3: duties without a deal, the mean over paths and time (party, term of duties)."""
        cases, values = self.bargain.cases, self.duty_terms.values
        found = np.zeros(values.shape[1:])
        for at, path in enumerate(self.paths):
            weights = shares(path.starts, self.bargain.day, self.rate, self.assumed["lasting"], self.assumed["lasting"]).without
            found += path.p * np.einsum("s,spt->pt", weights, values[cases.without(at)])
        return found

    def _timings(self, steps: Ints) -> tuple[list[tuple[float, float]], Ints]:
        """Times until the duties change [years] with rates at which they go back [1/year], and which a combination has."""
        start, clause = (self.bargain.packages.column(kind) for kind in (StartIssue, SnapBackIssue))
        months = [0.0] if start is None else [value / MONTHS for value in self.talks.issues[start].values]
        rates = [0.0] if clause is None else [self.assumed["snap_back_rate"] * value for value in self.talks.issues[clause].values]
        at = (np.zeros(len(steps), dtype=np.int64) if column is None else steps[:, column] for column in (start, clause))
        first, second = at
        return [(begins, ends) for begins in months for ends in rates], first * len(rates) + second

    def _of(self, steps: Ints, column: int | None, default: float) -> Floats:
        """Numbers of an issue's steps (combination,)."""
        if column is None:
            return np.full(len(steps), default)
        return np.array([float(value) for value in self.talks.issues[column].values])[steps[:, column]]

    def _minerals(self, steps: Ints, found: Floats, no_deal: Floats) -> None:
        """N6: worth of the programme; without one each makes its own plan. Who pays more than it spends itself pays the difference."""
        column, table = self.bargain.packages.column(MineralsIssue), self.bargain.minerals
        if table is None:
            return
        order = [table.parties.index(party) for party in self.talks.parties]
        gain = table.gain[self.event][:, order] * self.assumed["minerals_scale"] / self.annuity
        place = TERMS.index("minerals")
        no_deal[:, place] += gain[table.portfolios.index(EACH_ALONE)]
        names = (EACH_ALONE,) if column is None else self.talks.issues[column].values
        chosen = np.array([table.portfolios.index(name) for name in names])
        chosen = chosen[steps[:, column]] if column is not None else np.repeat(chosen, len(steps))
        found[:, :, place] += gain[chosen]
        found[:, :, TERMS.index("cost_shares")] += self._transfers(steps, table.public[:, order] / self.annuity, chosen)

    def _transfers(self, steps: Ints, public: Floats, chosen: Ints) -> Floats:
        """What each receives so that public money is shared as agreed (combination, party)."""
        column = self.bargain.packages.column(CostSharesIssue)
        found = np.zeros((len(steps), len(self.talks.parties)))
        if column is None:
            return found
        for step, agreed in enumerate(self.talks.issues[column].values):
            own = steps[:, column] == step
            if agreed:
                spent = public[chosen[own]]
                found[own] = spent - spent.sum(axis=1, keepdims=True) * np.array([agreed.get(party, 0.0) for party in self.talks.parties])
        return found

    def _investment(self, steps: Ints, found: Floats) -> None:
        """N5: what the vehicle brings to both sides, as far as it is carried out."""
        clause = self.bargain.packages.column(SnapBackIssue)
        bound = self._of(steps, clause, 0.0) > 0.0
        delivered = np.where(bound, self.assumed["delivered_with_snap_back"], self.assumed["delivered"])
        for column in self.bargain.packages.columns(InvestmentIssue):
            issue = self.talks.issues[column]
            assert isinstance(issue, InvestmentIssue)
            investor, host = self.per_dollar(issue)
            sums = self._of(steps, column, 0.0) * delivered
            found[:, self.talks.parties.index(issue.from_), TERMS.index("investment")] += sums * investor
            found[:, self.talks.parties.index(issue.to), TERMS.index("investment")] += sums * host

    def per_dollar(self, issue: InvestmentIssue) -> tuple[float, float]:
        """Worth of an invested dollar to investor and host [USD/year]."""
        a = self.assumed
        terms = vehicles.Vehicle(
            issue.split, issue.after, a["project_return"], a["build_years"], a["project_life"], a["interest"], a["alternative_return"]
        )
        found = vehicles.worth(terms, a["discount"], a["additional"])
        spread = vehicles.deployment(max((issue.until - self.bargain.day).days / 365.25, 0.0), a["discount"]) / self.annuity
        return found.investor * spread, found.host * spread

    def _purchases(self, steps: Ints, found: Floats) -> None:
        """N7: what purchases and orders bring to the seller, and what they cost the buyer."""
        for column in (*self.bargain.packages.columns(PurchasesIssue), *self.bargain.packages.columns(OrdersIssue)):
            issue = self.talks.issues[column]
            assert isinstance(issue, PurchasesIssue | OrdersIssue)
            yearly = self._of(steps, column, 0.0) * (self._orders(issue) if isinstance(issue, OrdersIssue) else 1.0)
            self._bought(found, issue, yearly)

    def _bought(self, found: Floats, issue: PurchasesIssue | OrdersIssue, yearly: Floats) -> None:
        buyer, seller = (self.talks.parties.index(party) for party in (issue.from_, issue.to))
        new = yearly * self.assumed["purchase_additional"]
        group, at = self.bargain.base.group(issue.goods), self.bargain.base.supplier(issue.to)
        content = self.bargain.base.added
        found[:, seller, TERMS.index("purchases")] += new * float(content.total[group, at]) * self.assumed["value_added_lost"]
        found[:, buyer, TERMS.index("purchases")] -= yearly * self.assumed["purchase_premium"]
        found[:, seller, TERMS.index("jobs")] += new * float(content.all_jobs[group, at])
        found[:, seller, TERMS.index("balance")] += new
        found[:, buyer, TERMS.index("balance")] -= new

    def _orders(self, issue: OrdersIssue) -> float:
        """All that the earlier path of defence adds to procurement, as a level payment [USD/year]."""
        if issue.from_ != "JP":
            raise DataGapError(f"{self.talks.name}: '{issue.id}' is of {issue.from_}; a path of defence is known of JP only")
        path = self.bargain.defence
        years = np.array([max(each.year - self.bargain.day.year, 0) for each in path])
        return float(np.array([each.orders[-1] for each in path]) @ (1.0 + self.assumed["discount"]) ** -years.astype(float)) / self.annuity

    def _standards(self, steps: Ints, found: Floats) -> None:
        """N14: what standards are worth, as long as the package lasts."""
        for column in self.bargain.packages.columns(StandardIssue):
            issue = self.talks.issues[column]
            assert isinstance(issue, StandardIssue)
            curves = self.bargain.standards.get(issue.id)
            if curves is not None:
                charge = self.assumed.get(issue.assumption, issue.charge_usd_per_t)
                of_steps = np.array([curves[step].total(charge) for step in issue.values])
                found[:, :, TERMS.index("standards")] += of_steps[steps[:, column]]

    def _linked(self, steps: Ints, found: Floats) -> None:
        """Known changes of the balance by linked sectors; cells that no fact fills are left out."""
        rows = {row.item: row for row in block.linked_rows()}
        for column in self.bargain.packages.columns(LinkedIssue):
            issue = self.talks.issues[column]
            assert isinstance(issue, LinkedIssue)
            change = block.number(rows[issue.row].balance)
            if change is None or rows[issue.row].party not in self.talks.parties:
                continue
            done = self._of(steps, column, 0.0)
            for number, party in enumerate(self.talks.parties):
                found[:, number, TERMS.index("balance")] += done * change * (-1.0 if party == rows[issue.row].party else 1.0)
