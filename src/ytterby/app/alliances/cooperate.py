"""Use case: what an alliance is worth, how its worth can be shared, who would rather leave, and whom to ask next."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.alliances.alone import alone, is_alone
from ytterby.app.alliances.outside import CooperateOutside
from ytterby.app.planning.inputs import MILLION
from ytterby.cooperation import (
    CooperationResult,
    CostShareRow,
    ExcessRow,
    JobsRow,
    JointMeasureRow,
    PartsRow,
    RightsGame,
    SentRow,
    SideDealRow,
    Spared,
    TaughtDecision,
    TransferRow,
    least_core,
    level_payment,
    payments,
)
from ytterby.plan import industries, later_figures, later_plants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pandas as pd

    from ytterby.app.alliances.inputs import CooperateRequest
    from ytterby.plan import LaterFigureRow

OPTIONS = ("units", "pool", "no_aid", "own_budgets")
"""Options that change the terms."""
FAIR = ("shapley", "nucleolus", "owen")
"""Rules that look at coalitions."""
WORST = 5
"""Coalitions that are told for each rule of sharing."""
TABLES = (
    "excess", "transfers", "sent", "portfolio", "cost_shares", "side_deal", "commitments", "invite", "sensitivity",
)  # fmt: skip
"""Lists of the result that are written as tables."""
LEAST_USD = 1e5
"""Smaller amounts of public money are left out of the table of measures [USD]."""


def cooperate(request: CooperateRequest, progress: Callable[[int, int], None] | None = None) -> CooperationResult:
    """Value of every coalition, shares by several rules, stability, whom to invite, and what could break the alliance.

    Parameters
    ----------
    request : CooperateRequest
    progress : callable, optional
        Called with coalitions done and coalitions in all.

    Raises
    ------
    UnknownNameError
        For an unknown party or path of demand, or a bloc, hub or budget of one who is no party.
    InputError
        For a party named twice or without a market, too many parties, blocs that overlap, an amount below nil, too few scenarios.
    """
    began = time.perf_counter()
    work = _Work(request, progress)
    kept = work.store.get(work.digest)
    if kept is None:
        work.check()
        found = alone(work, work.changed_terms).to_dict() if is_alone(work) else work.result()
        text = json.dumps(found | {"seconds": 0.0})
        work.store.put(work.digest, {"result": np.frombuffer(text.encode(), np.uint8)})
    else:
        found = json.loads(bytes(np.asarray(kept["result"])))
    result = CooperationResult.model_validate(found | {"seconds": round(time.perf_counter() - began, 3)})
    if request.out:
        save_cooperation(result, request.out)
    return result


@dataclass(frozen=True, eq=False)
class _Work(CooperateOutside):
    """An answer on its way."""

    @property
    def changed_terms(self) -> tuple[str, ...]:
        """What differs from the usual terms."""
        return tuple(name.replace("_", "-") for name in OPTIONS if getattr(self.request, name))

    def result(self) -> dict[str, Any]:
        """Everything that is said, as plain data."""
        values = self.values
        game, core = values.game, least_core(values.game)
        gap = values.gap
        found = CooperationResult(
            parties=tuple(self.codes),
            budget={code: self.budgets[code] * MILLION for code in self.codes if code in self.budgets} or None,
            years=(self.data.yearly.years[0], self.data.yearly.years[-1]),
            periods=len(self.data.reference.years),
            scenarios=len(self.data.probability),
            seed=self.request.seed,
            terms=self.changed_terms,
            values=dict(sorted(((game.name(each), float(game.values[each]) * MILLION) for each in range(1, self.whole + 1)), key=_by_size)),
            gap_usd=gap * MILLION,
            undecided=tuple(game.name(each) for each in values.undecided),
            fresh=self.fresh(),
            worst_pair=game.worst_pair * MILLION,
            shapley=self.by_party(self.rules["shapley"]),
            nucleolus=self.by_party(self.rules["nucleolus"]),
            owen=None if self.owen is None else self.by_party(self.owen),
            proportional={name: self.by_party(shares) for name, shares in self.proportional.items()},
            least_core_eps=core.eps * MILLION,
            core_empty=core.eps > gap,
            core_decided=abs(core.eps) > gap or len(self.members) == 1,
            blocking=tuple(game.name(each) for each in core.blocking),
            excess=tuple(self._excess()),
            parts=self._parts("in_order"),
            parts_average=self._parts("on_average"),
            own_saving=self.by_party(self.saved),
            transfers=tuple(self._transfers()),
            sent=tuple(self._sent()),
            portfolio=tuple(self._portfolio()),
            jobs_created=tuple(self._jobs()),
            side_deal=tuple(self._side_deals()),
            cost_shares=tuple(self._cost_shares()),
            beside={rule: self.by_party(self.shares_of_cost(rule).beside) for rule in FAIR if rule in self.rules and len(self.members) > 1},
            commitments=tuple(self.commitments()),
            public_money=self.public_money(),
            deterrence=self.deterrence(),
            imitation=self.imitation(),
            invite=tuple(self.invite()),
            partition=self.partition(),
            hub=self.star(),
            double_counted=tuple(self.double_counted()),
            spillover=self.spillover() if self.request.resimulate else None,
            sensitivity=tuple(self.sensitivity()) if self.request.sensitivity else (),
            later_figures=self._later_figures(),
            later_plants=later_plants(self.request.as_of) if self.request.as_of else (),
            seconds=0.0,
        )
        return found.to_dict()

    def _excess(self) -> Iterator[ExcessRow]:
        """Coalitions that do worst under each rule, the worst first."""
        game = self.values.game
        for rule, shares in self.rules.items():
            excess = game.excess(shares)[1:-1]
            for place in np.argsort(-excess, kind="stable")[:WORST]:
                yield ExcessRow(rule=rule, coalition=game.name(int(place) + 1), excess=float(excess[place]) * MILLION)

    @cached_property
    def _parted(self) -> dict[str, dict[str, PartsRow]]:
        """Parts of the value of coalitions in order and on average, by coalition.

        There are none without aid, and none with a pool, where plans of each alone do not fit together. Only all together are parted,
        unless every coalition is asked for: it takes longer than the values.
        """
        found: dict[str, dict[str, PartsRow]] = {"in_order": {}, "on_average": {}}
        if self.request.no_aid or self.request.pool:
            return found
        every = range(1, self.whole + 1) if self.request.parts else (self.whole,)
        for coalition in [each for each in every if each & (each - 1)]:
            game = RightsGame(self.values, coalition)
            for way, rows in found.items():
                parts = getattr(game, way)()
                rows[self.values.game.name(coalition)] = PartsRow(**{name: value * MILLION for name, value in parts._asdict().items()})
        return found

    def _parts(self, way: str) -> dict[str, PartsRow]:
        return dict(sorted(self._parted[way].items(), key=_by_size))

    def _transfers(self) -> Iterator[TransferRow]:
        if len(self.members) < 2:
            return
        discount = self.accounts.problem.programme.discount
        for rule in self.rules:
            for each in payments(dict(zip(self.codes, self.balance(rule).tolist(), strict=True))):
                yearly = level_payment(each.amount, discount) * MILLION
                row = {"rule": rule, "from": each.payer, "to": each.payee, "usd": each.amount * MILLION, "by_year": yearly}
                yield TransferRow.model_validate(row)

    def _sent(self) -> Iterator[SentRow]:
        if len(self.members) > 1:
            for row in self.accounts.sent():
                yield SentRow(giver=row.giver, taker=row.taker, calm_usd=row.calm * MILLION, crisis_usd=row.crisis * MILLION)

    def _portfolio(self) -> list[JointMeasureRow]:
        """Measures of the joint plan that take public money, the dearest first."""
        problem = self.accounts.problem
        money = problem.public * np.where(problem.free, self.accounts.x, 0.0) * MILLION
        rows = [
            JointMeasureRow(
                measure=each.candidate, name=self.candidates[each.candidate].name(), party=each.party, year=each.start,
                share=float(share), public_usd=float(paid), taught_by=each.teacher if isinstance(each, TaughtDecision) else "",
            )
            for each, share, paid in zip(problem.programme.decisions, self.accounts.x, money, strict=True)
            if paid > LEAST_USD
        ]  # fmt: skip
        return sorted(rows, key=lambda row: -row.public_usd)

    def _later_figures(self) -> tuple[LaterFigureRow, ...]:
        """Figures of the joint plan's measures that are dated after its day."""
        day = self.request.as_of
        if day is None:
            return ()
        chosen = dict.fromkeys(row.measure for row in self._portfolio())
        return tuple(later_figures((self.candidates[name] for name in chosen), self.inputs.facts, day))

    def _cost_shares(self) -> Iterator[CostShareRow]:
        """Who bears each measure of the joint plan, by the rules that look at coalitions."""
        if len(self.members) < 2:
            return
        problem = self.accounts.problem
        for rule in FAIR:
            if rule not in self.rules:
                continue
            rows = zip(problem.programme.decisions, self.shares_of_cost(rule).projects, strict=True)
            for each, paid in sorted(rows, key=lambda row: -row[1].sum()):
                if paid.sum() * MILLION > LEAST_USD:
                    yield CostShareRow(
                        rule=rule, measure=each.candidate, name=self.candidates[each.candidate].name(), party=each.party,
                        public_usd=float(paid.sum()) * MILLION, paid=self.by_party(paid),
                    )  # fmt: skip

    def _jobs(self) -> Iterator[JobsRow]:
        """Jobs in the plants of the joint plan, by party."""
        rows = list(industries(self.accounts.problem, self.accounts.x, self.data.maker, self.candidates, {}, {}))
        for code in self.codes:
            own = [row for row in rows if row.party == code]
            yield JobsRow(party=code, build=sum(row.jobs_build or 0.0 for row in own), run=sum(row.jobs_run or 0.0 for row in own))

    def _side_deals(self) -> Iterator[SideDealRow]:
        """What would let each member do as well alone, by the rules that look at coalitions."""
        if len(self.members) < 2:
            return
        for number, code in enumerate(self.codes):
            spared = Spared(self.values.coalitions, number, self.sharp)
            for rule in [rule for rule in FAIR if rule in self.rules]:
                deal = spared.least(float(self.rules[rule][number]))
                yield SideDealRow(party=code, rule=rule, exempt_share=deal.exempt_share, usd=deal.payment * MILLION)


def _by_size(pair: tuple[str, object]) -> tuple[int, str]:
    return pair[0].count("+"), pair[0]


def save_cooperation(found: CooperationResult, folder: Path) -> None:
    """Write the result and its tables into a folder."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cooperation.json").write_text(json.dumps(found.to_dict(), indent=2, ensure_ascii=False), "utf-8")
    for name in TABLES:
        _flat(found.table(name)).to_csv(folder / f"{name}.csv", index=False)
    pd.DataFrame({"coalition": list(found.values), "usd": list(found.values.values())}).to_csv(folder / "values.csv", index=False)
    rules = {"shapley": found.shapley, "nucleolus": found.nucleolus} | {f"by {name}": each for name, each in found.proportional.items()}
    pd.DataFrame(rules).rename_axis("party").reset_index().to_csv(folder / "shares.csv", index=False)


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Table with a column for each key of what is a mapping, such as ``paid.JP``, and with lists as words."""
    import pandas as pd

    if table.empty:
        return table
    rows: list[dict[str, Any]] = [
        {str(key): " ".join(map(str, value)) if isinstance(value, tuple) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]
    return pd.json_normalize(rows)
