"""Values of alliances: superadditive, in the order of terms, with accounts and parts that add up, and kept when they are done."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest

from tests.cooperation.conftest import BUDGET, CODES
from ytterby.cooperation import (
    Coalitions,
    RightsGame,
    Spared,
    Terms,
    accounts_of,
    growth,
    least_core,
    nucleolus,
    payments,
    shapley,
    values_of,
)
from ytterby.cooperation.parts import PARTS
from ytterby.cooperation.terms import NO_LIMIT
from ytterby.solver import solve_two_stage

pytestmark = pytest.mark.slow
WHOLE = 0b111


class Kept(dict):
    """Checkpoint in memory."""

    def put(self, digest, content):
        self[digest] = content


def test_every_coalition_has_a_value_to_the_gap_asked_for(values):
    game = values.game
    assert [game.name(each) for each in range(1, 8)] == ["AU", "JP", "AU+JP", "KR", "AU+KR", "JP+KR", "AU+JP+KR"]
    assert game.values[[1, 2, 4]] == pytest.approx(0.0)
    assert 0.0 < values.gap <= 0.01 * game.whole + 1.0
    assert all(values.solved[each].lower <= values.solved[each].upper for each in values.solved)


def test_disjoint_coalitions_are_worth_at_least_as_much_together_without_any_help(data, parties, terms, values):
    """The start from smaller plans is switched off, so that nothing makes it true."""
    bare = values_of(Coalitions(data, parties, terms), values.gap, from_smaller=False)
    assert bare.game.worst_pair >= -bare.gap
    assert bare.raw == pytest.approx(values.raw, abs=bare.gap + values.gap)


def test_the_core_is_not_empty_and_holds_the_nucleolus(values):
    game = values.game
    core = least_core(game)
    assert core.eps <= values.gap
    assert game.excess(nucleolus(game))[1:-1].max() == pytest.approx(core.eps, abs=1e-6 * game.whole)
    for rule in (shapley, nucleolus):
        assert rule(game).sum() == pytest.approx(game.whole, rel=1e-9)


def test_the_whole_programme_by_another_method_gives_the_same_value(values):
    """Second road: one programme over all paths by an interior point method."""
    coalitions = values.coalitions
    found = 0.0
    for each, sign in ((0b001, 1.0), (0b010, 1.0), (0b011, -1.0)):
        problem = coalitions.problem(each)
        solution = solve_two_stage(
            problem.first_stage, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=1e-7, method="ipx-whole"
        )
        found += sign * (solution.upper_bound + coalitions.fixed(each))
    assert found == pytest.approx(values.raw[0b011], abs=values.gap)


def test_plans_side_by_side_are_a_plan_of_all_and_no_dearer_than_apart(values):
    coalitions = values.coalitions
    parts = {0b010: values.solved[0b010].x, 0b101: values.solved[0b101].x}
    problem, x = coalitions.problem(WHOLE), coalitions.union(WHOLE, parts)
    for row in problem.rows:
        assert row.coefficients @ x <= row.high + 1e-6
    together = problem.outcome(x).objective + coalitions.fixed(WHOLE)
    assert together <= sum(values.solved[part].upper for part in parts) + values.gap


def test_accounts_add_up_and_transfers_bring_each_its_share(values):
    coalitions = values.coalitions
    own = accounts_of(coalitions, WHOLE, values.solved[WHOLE]).own()
    assert sum(own.values()) == pytest.approx(values.solved[WHOLE].upper, abs=0.5)
    alone = {party.code: values.solved[1 << i].upper for i, party in enumerate(coalitions.parties)}
    shares = dict(zip(CODES, shapley(values.game), strict=True))
    balance = {code: shares[code] - (alone[code] - own[code]) for code in CODES}
    found = payments(balance)
    for code in CODES:
        got = sum(each.amount for each in found if each.payee == code) - sum(each.amount for each in found if each.payer == code)
        assert got == pytest.approx(balance[code], abs=1.0)


def test_goods_go_both_ways_at_most_once_and_cost_what_is_exchanged(values):
    rows = list(accounts_of(values.coalitions, WHOLE, values.solved[WHOLE]).sent())
    assert len(rows) == 6
    assert min(min(row.calm, row.crisis) for row in rows) >= -1e-6


@pytest.mark.parametrize("coalition", [0b011, 0b101, 0b110, WHOLE])
def test_parts_add_up_to_the_value_in_order_and_on_average(few, coalition):
    game = RightsGame(few, coalition)
    for parts in (game.in_order(), game.on_average()):
        assert sum(parts) == pytest.approx(few.raw[coalition], abs=1e-6)
        assert min(parts) >= -few.gap
        assert parts.technology >= 0.0


def test_more_rights_are_worth_no_less_and_the_mean_is_that_over_all_orders(few):
    """Second road: the four rights given in each of the 24 orders."""
    game = RightsGame(few, WHOLE)
    mean = game.on_average()
    worth = {rights: game.worth(rights) for rights in (frozenset(some) for k in range(5) for some in combinations(PARTS, k))}
    for rights, value in worth.items():
        assert all(value <= worth[rights | {right}] + 1e-9 for right in PARTS)
    added = dict.fromkeys(PARTS, 0.0)
    for order in permutations(PARTS):
        for place, right in enumerate(order):
            added[right] += (worth[frozenset(order[: place + 1])] - worth[frozenset(order[:place])]) / 24.0
    assert mean == pytest.approx(tuple(added[right] for right in PARTS), abs=1e-6)


def test_parts_from_nothing_are_those_from_known_cuts(few):
    """Second road: one set of rights solved whole by an interior point method, without cuts or plans of other sets."""
    game = RightsGame(few, 0b110)
    game.on_average()
    for rights in (frozenset({"stocks"}), frozenset({"aid", "stocks", "technology"}), frozenset({"projects"})):
        problem = game.problem(rights)
        found = solve_two_stage(
            game.first_stage(rights), problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=1e-7, method="ipx-whole"
        )
        assert game.best(rights).objective == pytest.approx(found.upper_bound + game.fixed, abs=few.gap)


def test_without_exchange_partners_send_what_they_owe_as_outsiders(few):
    """None of the rights to exchange: goods between members are at most what they would owe each other in every path and year."""
    game = RightsGame(few, 0b110)
    none, free = (game.problem(rights) for rights in (frozenset(), frozenset({"aid", "projects"})))
    pair = none.programme.program.place_of("JP>KR")
    assert (none.recourse.high[:, pair] <= free.recourse.high[:, pair] + 1e-9).all()
    assert none.recourse.high[:, pair].max() < free.recourse.high[:, pair].max()


def test_less_is_allowed_less_is_gained(data, parties, terms, values):
    pair = (0b011, 0b110)
    for changed in (
        replace(terms, exchange="calm"),
        replace(terms, exchange="crisis"),
        replace(terms, hub="AU"),
        replace(terms, pooled=False),
    ):
        coalitions = Coalitions(data, parties, changed)
        for each in pair:
            found = coalitions.solved(each, values.gap)
            assert values.alone(each) - found.lower <= values.raw[each] + 2.0 * values.gap + (values.gap if changed.pooled else 0.0)


def test_a_star_without_its_hub_has_no_exchange(data, parties, terms, values):
    """JP and KR around a hub that is not a member exchange what they would owe each other; what they gain is research and budgets."""
    star = Coalitions(data, parties, replace(terms, hub="AU")).problem(0b110)
    pair = star.programme.program.place_of("JP>KR")
    assert star.recourse.high[:, pair].max() < values.coalitions.problem(0b110).recourse.high[:, pair].max()


def test_solved_coalitions_are_kept(data, parties, terms):
    store = Kept()
    first = Coalitions(data, parties, terms, store, "a").solved(0b001, 5.0)
    again = Coalitions(data, parties, terms, store, "a")
    again.solve = None  # nothing is solved a second time
    assert again.solved(0b001, 5.0).upper == first.upper
    other = Coalitions(data, parties, Terms(dict.fromkeys(CODES, 2 * BUDGET)), store, "a")
    other.solved(0b001, 5.0)
    assert len(store) == 2


def test_a_side_deal_grows_with_the_share_and_nothing_is_bought_for_nothing(values):
    spared = Spared(values.coalitions, CODES.index("KR"), 1.0)
    gains = [spared.gain(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    steps = np.diff(gains)
    assert spared.without - spared.objective(0.0) == pytest.approx(0.0, abs=2.0)
    assert steps.min() > -1.0, "whoever is spared may do as before"
    assert np.diff(steps).min() > -4.0, "each further share is worth no less than the one before, to the gap of four plans"
    assert spared.least(0.0) == (0.0, 0.0)
    half = spared.least(gains[2])
    assert half.exempt_share == pytest.approx(0.5, abs=0.1)
    beyond = spared.least(gains[4] + 10.0)
    assert beyond.exempt_share is None
    assert beyond.payment == pytest.approx(10.0, abs=3.0)


@pytest.mark.parametrize("code", ["JP", "KR"])
def test_no_path_costs_a_party_more_because_it_is_spared(values, code):
    """Path by path, without a plan: stocks that its markets draw down have to be bought again, and it is used to what others lack."""
    spared = Spared(values.coalitions, CODES.index(code), 1.0)
    without = spared.problem.judged(spared.problem.nothing, spared.recourse, 0.0)
    hit, left = np.split(without.resource + without.loss + spared.fixed.sum(axis=1), 2)
    assert (hit - left).min() > -0.5
    assert (hit - left).max() > 100.0


class Curve(Spared):
    """A party whose gain is a known convex function of the share."""

    def __init__(self, power: float) -> None:
        self.power, self.gains, self.slopes, self.asked = power, {0.0: 0.0}, {}, 0

    def gain(self, share: float) -> float:
        if share not in self.gains:
            self.asked += 1
            self.gains[share] = 100.0 * share**self.power
            self.slopes[share] = 100.0 * self.power * share ** (self.power - 1.0)
        return self.gains[share]


@pytest.mark.parametrize("power", [1.0, 2.0, 5.0])
@pytest.mark.parametrize("owed", [1.0, 30.0, 99.0])
def test_the_least_share_is_found_between_chord_and_tangent(power, owed):
    curve = Curve(power)
    found = curve.least(owed).exempt_share
    exact = (owed / 100.0) ** (1.0 / power)
    assert exact - 1e-9 <= found <= exact + 1.0 / 128.0
    assert curve.asked <= 8


def test_an_alliance_grows_to_what_all_are_worth(values):
    rows = growth(values.coalitions, 0b010, values.solved[0b010], values.gap / 4.0)
    assert [row.order for row in rows] == [1, 2]
    assert sum(row.gain_in_order for row in rows) == pytest.approx(values.raw[WHOLE], abs=2.0 * values.gap)
    assert rows[0].gain == pytest.approx(rows[0].gain_in_order)
    by_party = {row.party: row.gain for row in rows}
    assert by_party["KR"] == pytest.approx(values.raw[0b110], abs=2.0 * values.gap)


def test_budgets_are_one_or_by_party(parties):
    assert Terms({"AU": 1.0, "JP": 2.0}).budgets_of(parties[:2]) == {"": 3.0}
    assert Terms({"AU": 1.0}, pooled=False).budgets_of(parties[:2]) == {"AU": 1.0, "JP": NO_LIMIT}


def test_candidates_of_the_pool_are_taken_once(data, parties, terms):
    name = next(each.candidate for each in data.decisions(parties) if each.kind == "plant" and not each.pays_alone)
    problem = Coalitions(data, parties, replace(terms, pool=frozenset({name}))).problem(WHOLE)
    row = problem.rows[-1]
    assert (row.high, row.coefficients.sum()) == (
        1.0,
        sum(each.candidate == name and not each.pays_alone for each in problem.programme.decisions),
    )
    assert np.isfinite(row.high)


def test_all_together_are_worth_no_less_than_any_split(values):
    game = values.game
    for split in ((0b001, 0b110), (0b010, 0b101), (0b100, 0b011), (0b001, 0b010, 0b100)):
        assert game.whole >= sum(game.values[bloc] for bloc in split) - values.gap


def test_a_party_that_is_always_spared_is_worth_what_it_is_without_restrictions_on_it(values):
    """Second road: its plan alone on paths from which its regions are left out, solved by itself; never sparing it changes nothing."""
    number, coalitions = CODES.index("KR"), values.coalitions
    spared, party = Spared(coalitions, number, 1.0), coalitions.parties[number]
    data = coalitions.data
    left = replace(data.left_by(data.shocks, party.regions), restricted=data.delivered.restricted, later=data.delivered.later)
    problem = coalitions.problem(1 << number).facing(left, data.probability)
    found = solve_two_stage(problem.first_stage, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0, absolute_gap=1.0)
    fixed = float(data.probability @ problem.programme.fixed(left).sum(axis=1))
    assert spared.objective(1.0) == pytest.approx(found.upper_bound + fixed, abs=2.5)
    assert spared.without == pytest.approx(values.solved[1 << number].upper, abs=values.gap + 1.0)


def test_who_saves_less_than_its_share_is_paid_and_who_saves_more_pays(values):
    """Second road to who pays whom: with every payment made, each member ends at its share, and goods are paid once."""
    accounts = accounts_of(values.coalitions, WHOLE, values.solved[WHOLE])
    own, shares = accounts.own(), dict(zip(CODES, shapley(values.game), strict=True))
    alone = {code: values.solved[1 << i].upper for i, code in enumerate(CODES)}
    balance = {code: shares[code] - (alone[code] - own[code]) for code in CODES}
    for each in payments(balance):
        assert alone[each.payer] - own[each.payer] > shares[each.payer]
        assert alone[each.payee] - own[each.payee] < shares[each.payee]
    goods = {code: 0.0 for code in CODES}
    for row in accounts.sent():
        goods[row.taker] += row.calm + row.crisis
        goods[row.giver] -= row.calm + row.crisis
    assert sum(goods.values()) == pytest.approx(0.0, abs=1e-6)
