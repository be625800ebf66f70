"""What a solved plan says: accounts, what stays, what the plants mean for industry and environment, reasons in words.

Everything is read from the solution of the programme, so that sums agree with its objective. Arrays are in million USD;
results in USD.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_result import AccountRow, ResidualRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.plan.members import PartyBlock
    from ytterby.plan.problem import PlanOutcome, PlanProblem

    Floats = NDArray[np.float64]

ALL_OF_IT = 0.99
"""Share of a measure from which on it is used up."""
NOTHING_USD = 1e3
"""Smaller amounts are solver's noise [USD]."""


@dataclass(frozen=True, eq=False)
class PlanReading:
    """Reads a choice of decisions and its second stage, beside doing nothing.

    Parameters
    ----------
    problem : PlanProblem
    x : array (decision,)
        Decisions.
    after, before : Outcome
        Second stage with and without them.
    """

    problem: PlanProblem
    x: Floats
    after: PlanOutcome
    before: PlanOutcome

    @cached_property
    def change(self) -> Floats:
        """Decisions beyond what pays alone (decision,)."""
        return np.where(self.problem.free, self.x, 0.0)

    def by_year(self, outcome: PlanOutcome, block: PartyBlock, kind: str) -> Floats:
        """Values of the columns of a party's kind (scenario, year, column)."""
        program = self.problem.programme.program
        places = program.place_of(block.name(kind))
        return np.asarray(outcome.y[:, places.ravel()].toarray().reshape(len(outcome.loss), *places.shape))

    def losses(self, outcome: PlanOutcome, block: PartyBlock) -> Floats:
        """Expected loss of a party by year and sector, not discounted (year, sector); of the first year what is ahead."""
        programme = self.problem.programme
        ahead = programme.weights / programme.discount
        return np.asarray(np.einsum("s,syj,y->yj", outcome.probability, self.by_year(outcome, block, "loss"), ahead))

    def resource_by_year(self, outcome: PlanOutcome, x: Floats, block: PartyBlock) -> Floats:
        """Expected resource cost of a party by year, not discounted (year,)."""
        programme = self.problem.programme
        program, years = programme.program, len(programme.reference.years)
        total = np.zeros(years)
        mean = np.asarray(outcome.probability @ outcome.y).ravel()
        width = sum(kind.low.shape[1] for kind in program.columns.values())
        cost = self.problem.recourse.resource_cost
        spent = outcome.probability @ np.asarray(outcome.y.multiply(cost).todense()) if cost.ndim == 2 else mean * cost
        spent = np.asarray(spent).reshape(years, width)
        offset = 0
        for name, kind in program.columns.items():
            count = kind.low.shape[1]
            if self._bearer(name) == block.party.code:
                total += spent[:, offset : offset + count].sum(axis=1) / programme.discount
            offset += count
        for column, each in enumerate(programme.decisions):
            total += x[column] * each.borne_by(block.party.code) * each.resource
        return total

    @staticmethod
    def _bearer(columns: str) -> str:
        """Party that bears the cost of some columns: its own, or those that reach it."""
        return columns.partition(">")[2] or columns.partition(".")[0]

    def public_by_year(self, party: str) -> Floats:
        """Public money of a party by year (year,)."""
        total = np.zeros(len(self.problem.programme.reference.years))
        for column, each in enumerate(self.problem.programme.decisions):
            total += self.change[column] * each.borne_by(party) * each.public
        return np.asarray(total)

    def accounts(self) -> Iterator[AccountRow]:
        """Accounts of each party and year."""
        programme = self.problem.programme
        for block in programme.blocks:
            resource = self.resource_by_year(self.after, self.x, block) - self.resource_by_year(self.before, self.problem.nothing, block)
            public = self.public_by_year(block.party.code)
            loss, before = (self.losses(outcome, block).sum(axis=1) for outcome in (self.after, self.before))
            for number, year in enumerate(programme.reference.years):
                yield AccountRow(
                    party=block.party.code, year=year, resource_usd=float(resource[number]) * MILLION,
                    public_usd=float(public[number]) * MILLION,
                    loss_usd=float(loss[number]) * MILLION, loss_before_usd=float(before[number]) * MILLION,
                )  # fmt: skip

    def jobs_at_risk(self) -> dict[str, float]:
        """Jobs behind the value added that each party loses without the plan, in the mean over the paths, in its worst year [persons]."""
        sectors, found = self.problem.programme.reference.system.sectors, {}
        for block in self.problem.programme.blocks:
            own = sectors.iloc[block.sectors]
            per_million = (own["jobs"] / own["value_added"].clip(lower=1.0) * MILLION).to_numpy(float)
            found[block.party.code] = float((self.losses(self.before, block) @ np.nan_to_num(per_million)).max(initial=0.0))
        return found

    def residual(self) -> list[ResidualRow]:
        """Losses that stay, by sector of a party, largest first, with the scarcest input and why."""
        rows = []
        for block in self.problem.programme.blocks:
            discount = self.problem.programme.discount
            loss, before = (discount @ self.losses(outcome, block) for outcome in (self.after, self.before))
            scarce = self._scarcest(block)
            by_sector: dict[str, list[int]] = {}
            sectors = self.problem.programme.reference.system.sectors
            for column, sector in enumerate(block.sectors):
                by_sector.setdefault(str(sectors["sector"].iloc[sector]), []).append(column)
            for name, columns in by_sector.items():
                left = float(loss[columns].sum()) * MILLION
                if left < NOTHING_USD:
                    continue
                worst = columns[int(np.argmax(loss[columns]))]
                rows.append(
                    ResidualRow(
                        sector=name,
                        party=block.party.code,
                        input=scarce[worst],
                        loss_usd=left,
                        before_usd=float(before[columns].sum()) * MILLION,
                        why=self._why(block, scarce[worst], self.losses(self.after, block)[:, columns].sum(axis=1)),
                    )  # fmt: skip
                )
        return sorted(rows, key=lambda row: -row.loss_usd)

    def _scarcest(self, block: PartyBlock) -> list[str]:
        """Input that is scarcest where each sector loses most."""
        lost = self.by_year(self.after, block, "loss")
        missing = self.by_year(self.after, block, "missing")
        demands = self.problem.programme.reference.system.demands["commodity"]
        names = []
        for column, sector in enumerate(block.sectors):
            scenario, year = np.unravel_index(int(np.argmax(lost[:, :, column])), lost.shape[:2])
            own = np.flatnonzero(block.curves.sector_of[block.demands] == sector)
            weight = block.curves.slopes[0, block.demands[own], -1]
            names.append(str(demands.iloc[block.demands[own[int(np.argmax(weight * missing[scenario, year, block.good[own]]))]]]))
        return names

    def _why(self, block: PartyBlock, commodity: str, lost: Floats) -> str:
        """Why a loss stays: nothing opens in time, no measure reaches the input, it comes built in, money, or it is not worth it."""
        reaching = [
            each
            for _, each in block.decisions
            if commodity in each.makes or commodity == each.commodity or any(use[0] == commodity for use in each.savings)
        ]
        if not reaching:
            return "components" if commodity.startswith("component.") else "no measure"
        years = len(lost)
        first = min((int(np.argmax(each.usable > 0.0)) if each.usable.max() > 0.0 else years) for each in reaching)
        if lost[:first].sum() > 0.5 * lost.sum():
            return "before anything opens"
        if all(self.x[column] > ALL_OF_IT for column, each in block.decisions if each in reaching and each.kind != "plant"):
            return "used up"
        budgets = [row for row in self.problem.rows if row.name.startswith("budget")]
        if any(row.coefficients @ self.x > row.high * 0.999 for row in budgets):
            return "budget"
        return "cost"
