"""What stands around an alliance: outsiders, other splits of the parties, followers, deterrence, promises, and what others gain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.alliances.values import CooperateValues
from ytterby.app.network.bases import scenario_base
from ytterby.app.planning.inputs import MILLION
from ytterby.cooperation import (
    BlocRow,
    Coalitions,
    CommitmentRow,
    Deterred,
    DeterrenceResult,
    FreshValue,
    HubResult,
    ImitationResult,
    InviteRow,
    PartitionResult,
    PoolRow,
    PublicMoneyResult,
    ShareSensitivityRow,
    commitments_of,
    growth,
    input_ends,
    left_by_others,
    out_of_sample,
    public_money,
    shapley,
    values_of,
)
from ytterby.plan import (
    OTHERS,
    PlanMeasures,
    fresh,
    imported_and_supplied,
    resimulate,
    unrestricted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.cooperation import Values
    from ytterby.plan import PlanData

    Floats = NDArray[np.float64]
    Planning = tuple[Coalitions, int, Floats | None]
    """Coalition and its plan; None for none."""

DRAWS = 200
"""Paired draws of the re-simulation."""
STAGES = ("oxide", "magnet")
"""Stages whose supplier is told."""
IMF = ("D051", "D050")
"""Figures of IMF WP 2026/072: public money of importers that act together, and of one alone, for the same target."""
IMF_WHY = (
    "theirs lifts refining at home from 10 to 25 % of use, where the subsidies of others lower the price for all; ours keeps what "
    "the own plans reach, and partners' goods in a crisis take the place of money"
)


@dataclass(frozen=True, eq=False)
class CooperateOutside(CooperateValues):
    """Answers that need more than the coalitions of the members."""

    def invite(self) -> list[InviteRow]:
        """Outsiders by what they add, the most first."""
        if not self.request.invite:
            return []
        coalitions = self.coalitions(self.everybody)
        present = sum(1 << i for i, party in enumerate(self.everybody) if party in self.members)
        gap = self.sharp / 4.0
        rows = growth(coalitions, present, self.values.solved[self.whole], gap, self.progress)
        found = [
            InviteRow(
                party=row.party, gain=row.gain * MILLION, gain_of_party=row.own_gain * MILLION, order=row.order,
                gain_in_order=row.gain_in_order * MILLION,
            )
            for row in rows
        ]  # fmt: skip
        return sorted(found, key=lambda row: -row.gain)

    def partition(self) -> PartitionResult | None:
        """The split into blocs that was asked for."""
        if not self.blocs:
            return None
        game = self.values.game
        rows = [BlocRow(bloc="+".join(bloc), value=float(game.values[game.coalition(bloc)]) * MILLION) for bloc in self.blocs]
        value = sum(row.value for row in rows)
        return PartitionResult(blocs=tuple(sorted(rows, key=lambda row: -row.value)), value=value, lost=game.whole * MILLION - value)

    def star(self) -> HubResult | None:
        """The star that was asked for."""
        if not self.hub:
            return None
        star = self.coalitions(self.members, replace(self.terms, hub=self.hub))
        found = star.solved(self.whole, self.sharp / 2.0)
        value = self.values.alone(self.whole) - found.upper
        return HubResult(hub=self.hub, value=value * MILLION, lost=(self.values.game.whole - value) * MILLION)

    def double_counted(self) -> Iterator[PoolRow]:
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

    def spillover(self) -> dict[str, float]:
        """Loss that outsiders avoid in the weekly simulator by the joint plan, mean over paired draws."""
        problem = self.accounts.problem
        change = np.where(problem.free, self.accounts.x, 0.0)
        yearly = Coalitions(self.data.by_year, self.members, self.terms).decisions(self.members)
        chosen = tuple((each, float(share)) for each, share in zip(yearly, change, strict=True))
        alone = tuple((each, 1.0) for each in yearly if each.pays_alone)
        measures = PlanMeasures(self.data.maker, self.candidates, self.members, chosen, alone)
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

    def sensitivity(self) -> Iterator[ShareSensitivityRow]:
        """Value and Shapley shares with inputs at the ends of their ranges."""
        gap = self.sharp
        for each in input_ends(self.values.coalitions):
            values = values_of(each.coalitions, gap)
            yield ShareSensitivityRow(
                input=each.name, end=each.end, at=each.at, value=values.game.whole * MILLION, shapley=self.by_party(shapley(values.game))
            )

    def fresh(self) -> FreshValue | None:
        """Value of all together on other paths, year by year."""
        count, shocks = self.request.fresh, self.data.shocks
        if not count or len(self.members) < 2 or shocks is None:
            return None
        data = self.data.by_year.changed(shocks=fresh(shocks, count, self.request.seed + 1))
        found = out_of_sample(self.values, Coalitions(data, self.members, self.terms, world=self.everybody), self.request.seed)
        promised = self.values.game.whole
        return FreshValue.of(count, *(value * MILLION for value in (*found, promised)))

    def deterrence(self) -> DeterrenceResult | None:
        """What changes if plans deter."""
        if len(self.members) < 2:
            return None
        deterred, game = Deterred(self.values), self.values.game
        there, flip = deterred.game(self.request.deterrence), deterred.flip()
        return DeterrenceResult(
            delta=self.request.deterrence,
            removed={game.name(each): float(deterred.removed[each]) for each in range(1, self.whole + 1)},
            value=there.whole * MILLION,
            shapley=self.by_party(shapley(there)),
            flips_at=flip.delta if flip else None,
            tried_to=deterred.most,
            flips=f"{flip.answer}: {flip.before} -> {flip.after}" if flip else "",
        )

    def commitments(self) -> Iterator[CommitmentRow]:
        """What has been promised already, beside the shares of this alliance."""
        public = self.accounts.public()
        whole = float(public.sum())
        rules: tuple[str, ...] = ("shapley", "nucleolus") if whole > 0.0 else ()
        ours = {rule: self._part_of_public(rule) for rule in rules}
        for row in commitments_of(self.codes):
            yield CommitmentRow(
                project=row.project,
                published=row.published,
                published_shares=row.shares,
                ours=ours,
                why=row.why,
                facts=tuple(row.facts.split()),
            )

    def _part_of_public(self, rule: str) -> dict[str, float]:
        """Part of each member in the public money of the joint plan under a rule [1]."""
        paid = self.shares_of_cost(rule).projects.sum(axis=0)
        return {code: float(amount / paid.sum()) for code, amount in zip(self.codes, paid, strict=True)}

    def public_money(self) -> PublicMoneyResult | None:
        """Least public money for what the members reach alone, together and alone."""
        if len(self.members) < 2 or self.terms.whole_units:
            return None
        found = public_money(self.values, self.sharp)
        together, alone = (self.facts.value(name) for name in IMF)
        return PublicMoneyResult(
            together_usd=found.together * MILLION, alone_usd=found.alone * MILLION,
            ratio=found.together / found.alone if found.alone > 0.0 else None,
            published_ratio=together / alone, why=IMF_WHY, facts=IMF,
        )  # fmt: skip

    def imitation(self) -> ImitationResult | None:
        """What followers do to the members."""
        if not self.followers:
            return None
        kept = left_by_others(tuple(self.candidates.values()), self.data.maker, self.members, self.followers)
        alone = self._elsewhere(self.data.changed(candidates=tuple(kept)))
        dear = self._elsewhere(self.data.changed(end="high"))
        own = self.coalitions(self.followers)
        plans = [own.solved(1 << number, self.sharp) for number in range(len(self.followers))]
        public = sum(float((own.problem(1 << number).public * own.problem(1 << number).free) @ each.x) for number, each in enumerate(plans))
        upper = self.values.solved[self.whole].upper
        return ImitationResult(
            followers=tuple(party.code for party in self.followers),
            value=self.values.game.whole * MILLION,
            value_alone=alone.game.whole * MILLION,
            cost=(upper - alone.solved[self.whole].upper) * MILLION,
            value_dear=dear.game.whole * MILLION,
            cost_dear=(dear.solved[self.whole].upper - upper) * MILLION,
            followers_public_usd=public * MILLION,
            supplier_share=self._supplier_share(own, [each.x for each in plans]),
        )

    def _elsewhere(self, data: PlanData) -> Values:
        """Values of the members' coalitions in another world."""
        return values_of(Coalitions(data, self.members, self.terms, world=self.everybody, executor=self.place), self.sharp)

    def _supplier_share(self, followers: Coalitions, plans: list[Floats]) -> dict[str, dict[str, float]]:
        """Share of the dominant supplier by stage, if nobody plans, if the members do, and if all do [1]."""
        mine = self.values.coalitions
        singles: list[Planning] = [(mine, 1 << number, None) for number in range(len(self.members))]
        others: list[Planning] = [(followers, 1 << number, None) for number in range(len(self.followers))]
        joint: list[Planning] = [(mine, self.whole, self.accounts.x)]
        following: list[Planning] = [(followers, 1 << number, x) for number, x in enumerate(plans)]
        cases = {"nobody": [*singles, *others], "members": [*joint, *others], "all": [*joint, *following]}
        return {stage: {who: self._share_in(stage, case) for who, case in cases.items()} for stage in STAGES}

    def _share_in(self, stage: str, planning: list[Planning]) -> float:
        imported = supplied = 0.0
        for coalitions, coalition, x in planning:
            problem = coalitions.problem(coalition)
            recourse = problem.recourse_of(unrestricted(self.data.reference), np.ones(1))
            decided = problem.judged(problem.nothing if x is None else x, recourse, 0.0, keep=True).y[0].toarray().ravel()
            one, other = imported_and_supplied(problem.programme, decided, stage, len(self.data.reference.years) - 1)
            imported, supplied = imported + one, supplied + other
        return imported / supplied if supplied > 0.0 else 0.0
