"""Use case: what an alliance is worth, how its worth can be shared, who would rather leave, and whom to ask next."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.bases import scenario_base
from ytterby.app.cooperate_inputs import MILLION, CooperateInputs, CooperateRequest
from ytterby.cooperation import (
    BlocRow,
    CooperationResult,
    ExcessRow,
    HubResult,
    InviteRow,
    JobsRow,
    JointMeasureRow,
    PartitionResult,
    PartsRow,
    PoolRow,
    SentRow,
    ShareSensitivityRow,
    SideDealRow,
    Spared,
    TransferRow,
    accounts_of,
    growth,
    input_ends,
    least_core,
    level_payment,
    nucleolus,
    parts_of,
    payments,
    proportional,
    shapley,
    values_of,
)
from ytterby.economy import gdp_usd
from ytterby.plan import OTHERS, PlanMeasures, industries, resimulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from ytterby.cooperation import Accounts, Values

    Floats = NDArray[np.float64]

OPTIONS = ("units", "pool", "no_aid", "own_budgets")
"""Options that change the terms."""
WORST = 5
"""Coalitions that are told for each rule of sharing."""
DRAWS = 200
"""Paired draws of the re-simulation."""
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
    work.check()
    kept = work.store.get(work.digest)
    if kept is None:
        found = work.result()
        text = json.dumps(found | {"seconds": 0.0})
        work.store.put(work.digest, {"result": np.frombuffer(text.encode(), np.uint8)})
    else:
        found = json.loads(bytes(np.asarray(kept["result"])))
    result = CooperationResult.model_validate(found | {"seconds": round(time.perf_counter() - began, 3)})
    if request.out:
        save_cooperation(result, request.out)
    return result


@dataclass(frozen=True, eq=False)
class _Work(CooperateInputs):
    """An answer on its way."""

    @cached_property
    def values(self) -> Values:
        gap = None if self.request.gap is None else self.request.gap / MILLION
        return values_of(self.coalitions(self.members), gap, progress=self.progress)

    @property
    def whole(self) -> int:
        """Coalition of all members."""
        return (1 << len(self.members)) - 1

    @cached_property
    def accounts(self) -> Accounts:
        return accounts_of(self.values.coalitions, self.whole, self.values.solved[self.whole])

    @cached_property
    def rules(self) -> dict[str, Floats]:
        """Shares by rule (party,) [million USD]."""
        game = self.values.game
        found = {"shapley": shapley(game), "nucleolus": nucleolus(game)}
        return found | {f"by {name}": shares for name, shares in self.proportional.items()}

    @cached_property
    def proportional(self) -> dict[str, Floats]:
        weights = {"use": self._use(), "gain alone": self._gain_alone(), "GDP": {code: gdp_usd(self.facts, code) for code in self.codes}}
        return {name: proportional(self.values.game, each) for name, each in weights.items() if sum(each.values()) > 0.0}

    def _use(self) -> dict[str, float]:
        """Value of what each party uses finally in the first year, at base prices."""
        reference = self.data.reference
        demands = reference.system.demands
        worth = reference.use[0] * demands["commodity"].map(reference.price).fillna(0.0).to_numpy(float)
        return {party.code: float(worth[demands["region"].isin(party.regions).to_numpy()].sum()) for party in self.members}

    def _gain_alone(self) -> dict[str, float]:
        """Fall of each party's objective by its own plan, alone [million USD]."""
        values, found = self.values, {}
        for number, party in enumerate(self.members):
            problem = values.coalitions.problem(1 << number)
            after = values.solved[1 << number].upper - values.coalitions.fixed(1 << number)
            found[party.code] = max(problem.before.objective - after, 0.0)
        return found

    def result(self) -> dict[str, Any]:
        """Everything that is said, as plain data."""
        values = self.values
        game, core = values.game, least_core(values.game)
        gap = values.gap
        found = CooperationResult(
            parties=tuple(self.codes),
            budget={code: self.budgets[code] * MILLION for code in self.codes if code in self.budgets} or None,
            years=(self.data.reference.years[0], self.data.reference.years[-1]),
            scenarios=len(self.data.probability),
            seed=self.request.seed,
            terms=tuple(name.replace("_", "-") for name in OPTIONS if getattr(self.request, name)),
            values=dict(sorted(((game.name(each), float(game.values[each]) * MILLION) for each in range(1, self.whole + 1)), key=_by_size)),
            gap_usd=gap * MILLION,
            undecided=tuple(game.name(each) for each in values.undecided),
            worst_pair=game.worst_pair * MILLION,
            shapley=self._by_party(self.rules["shapley"]),
            nucleolus=self._by_party(self.rules["nucleolus"]),
            proportional={name: self._by_party(shares) for name, shares in self.proportional.items()},
            least_core_eps=core.eps * MILLION,
            core_empty=core.eps > gap,
            core_decided=abs(core.eps) > gap or len(self.members) == 1,
            blocking=tuple(game.name(each) for each in core.blocking),
            excess=tuple(self._excess()),
            parts=self._parts(),
            transfers=tuple(self._transfers()),
            sent=tuple(self._sent()),
            portfolio=tuple(self._portfolio()),
            jobs_created=tuple(self._jobs()),
            side_deal=tuple(self._side_deals()),
            invite=tuple(self._invite()),
            partition=self._partition(),
            hub=self._hub(),
            double_counted=tuple(self._double_counted()),
            spillover=self._spillover() if self.request.resimulate else None,
            sensitivity=tuple(self._sensitivity()) if self.request.sensitivity else (),
            seconds=0.0,
        )
        return found.to_dict()

    def _by_party(self, shares: Floats) -> dict[str, float]:
        return {code: float(share) * MILLION for code, share in zip(self.codes, shares, strict=True)}

    def _excess(self) -> Iterator[ExcessRow]:
        """Coalitions that do worst under each rule, the worst first."""
        game = self.values.game
        for rule, shares in self.rules.items():
            excess = game.excess(shares)[1:-1]
            for place in np.argsort(-excess, kind="stable")[:WORST]:
                yield ExcessRow(rule=rule, coalition=game.name(int(place) + 1), excess=float(excess[place]) * MILLION)

    def _parts(self) -> dict[str, PartsRow]:
        """Parts of the value of all together; none without aid, and none with a pool, where plans of each alone do not fit together."""
        if len(self.members) < 2 or self.request.no_aid or self.request.pool:
            return {}
        parts = parts_of(self.values, self.whole)
        return {"+".join(self.codes): PartsRow(**{name: value * MILLION for name, value in parts._asdict().items()})}

    def _transfers(self) -> Iterator[TransferRow]:
        if len(self.members) < 2:
            return
        own, discount = self.accounts.own(), self.accounts.problem.programme.discount
        saved = np.array([self.values.alone(1 << number) - own[code] for number, code in enumerate(self.codes)])
        saved *= self.values.game.whole / saved.sum() if self.values.game.whole == 0.0 else 1.0
        for rule, shares in self.rules.items():
            for each in payments(dict(zip(self.codes, (shares - saved).tolist(), strict=True))):
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
                share=float(share), public_usd=float(paid),
            )
            for each, share, paid in zip(problem.programme.decisions, self.accounts.x, money, strict=True)
            if paid > LEAST_USD
        ]  # fmt: skip
        return sorted(rows, key=lambda row: -row.public_usd)

    def _jobs(self) -> Iterator[JobsRow]:
        """Jobs in the plants of the joint plan, by party."""
        rows = list(industries(self.accounts.problem, self.accounts.x, self.data.maker, self.candidates, {}))
        for code in self.codes:
            own = [row for row in rows if row.party == code]
            yield JobsRow(party=code, build=sum(row.jobs_build or 0.0 for row in own), run=sum(row.jobs_run or 0.0 for row in own))

    def _side_deals(self) -> Iterator[SideDealRow]:
        """What would let each member do as well alone, by the rules that look at coalitions."""
        if len(self.members) < 2:
            return
        for number, code in enumerate(self.codes):
            spared = Spared(self.values.coalitions, number, max(self.values.gap, 1.0))
            for rule in ("shapley", "nucleolus"):
                deal = spared.least(float(self.rules[rule][number]))
                yield SideDealRow(party=code, rule=rule, exempt_share=deal.exempt_share, usd=deal.payment * MILLION)

    def _invite(self) -> list[InviteRow]:
        """Outsiders by what they add, the most first."""
        if not self.request.invite:
            return []
        coalitions = self.coalitions(self.everybody)
        present = sum(1 << i for i, party in enumerate(self.everybody) if party in self.members)
        gap = max(self.values.gap, 1.0) / 4.0
        rows = growth(coalitions, present, self.values.solved[self.whole], gap, self.progress)
        found = [
            InviteRow(
                party=row.party, gain=row.gain * MILLION, gain_of_party=row.own_gain * MILLION, order=row.order,
                gain_in_order=row.gain_in_order * MILLION,
            )
            for row in rows
        ]  # fmt: skip
        return sorted(found, key=lambda row: -row.gain)

    def _partition(self) -> PartitionResult | None:
        if not self.blocs:
            return None
        game = self.values.game
        rows = [BlocRow(bloc="+".join(bloc), value=float(game.values[game.coalition(bloc)]) * MILLION) for bloc in self.blocs]
        value = sum(row.value for row in rows)
        return PartitionResult(blocs=tuple(sorted(rows, key=lambda row: -row.value)), value=value, lost=game.whole * MILLION - value)

    def _hub(self) -> HubResult | None:
        if not self.hub:
            return None
        star = self.coalitions(self.members, replace(self.terms, hub=self.hub))
        found = star.solved(self.whole, max(self.values.gap, 1.0) / 2.0)
        value = self.values.alone(self.whole) - found.upper
        return HubResult(hub=self.hub, value=value * MILLION, lost=(self.values.game.whole - value) * MILLION)

    def _double_counted(self) -> Iterator[PoolRow]:
        """What parties planning alone take of the pool beyond what there is."""
        times: dict[str, float] = {}
        tonnes: dict[str, float] = {}
        for number, party in enumerate(self.members):
            for each, share in zip(self.data.decisions((party,)), self.values.solved[1 << number].x, strict=True):
                if each.candidate in self.terms.pool:
                    times[each.candidate] = times.get(each.candidate, 0.0) + float(share)
                    tonnes[each.candidate] = each.size
        for name, share in sorted(times.items(), key=lambda pair: -pair[1]):
            if share > 1.0 + 1e-6:
                yield PoolRow(measure=name, times=share, tonnes=(share - 1.0) * tonnes[name])

    def _spillover(self) -> dict[str, float]:
        """Loss that outsiders avoid in the weekly simulator by the joint plan, mean over paired draws."""
        problem = self.accounts.problem
        change = np.where(problem.free, self.accounts.x, 0.0)
        chosen = tuple((each, float(share)) for each, share in zip(problem.programme.decisions, change, strict=True))
        measures = PlanMeasures(self.data.maker, self.candidates, self.members, chosen)
        inside = {region for party in self.members for region in party.regions}
        places = tuple(place for place in OTHERS if place not in self.codes and place not in inside)
        found = resimulate(
            lambda scenario: scenario_base(scenario, self.facts, self.request.project),
            measures,
            self.path,
            places,
            DRAWS,
            self.request.seed,
        )
        return {place: float(np.mean(found.avoided(place))) for place in places}

    def _sensitivity(self) -> Iterator[ShareSensitivityRow]:
        """Value and Shapley shares with inputs at the ends of their ranges."""
        gap = max(self.values.gap, 1.0)
        for each in input_ends(self.values.coalitions):
            values = values_of(each.coalitions, gap)
            yield ShareSensitivityRow(
                input=each.name, end=each.end, at=each.at, value=values.game.whole * MILLION, shapley=self._by_party(shapley(values.game))
            )


def _by_size(pair: tuple[str, float]) -> tuple[int, str]:
    return pair[0].count("+"), pair[0]


def save_cooperation(found: CooperationResult, folder: Path) -> None:
    """Write the result and its tables into a folder."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cooperation.json").write_text(json.dumps(found.to_dict(), indent=2, ensure_ascii=False), "utf-8")
    for name in ("excess", "transfers", "sent", "portfolio", "side_deal", "invite", "sensitivity"):
        found.table(name).to_csv(folder / f"{name}.csv", index=False)
    pd.DataFrame({"coalition": list(found.values), "usd": list(found.values.values())}).to_csv(folder / "values.csv", index=False)
    rules = {"shapley": found.shapley, "nucleolus": found.nucleolus} | {f"by {name}": each for name, each in found.proportional.items()}
    pd.DataFrame(rules).rename_axis("party").reset_index().to_csv(folder / "shares.csv", index=False)
