"""Values of alliances: superadditive, in the order of terms, with accounts and parts that add up, and kept when they are done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.cooperation.conftest import BUDGET, CODES
from ytterby.cooperation import (
    NO_LIMIT,
    Coalitions,
    Spared,
    Terms,
    accounts_of,
    growth,
    least_core,
    nucleolus,
    parts_of,
    payments,
    shapley,
    values_of,
)
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


def test_parts_add_up_to_the_value(values):
    parts = parts_of(values, WHOLE)
    assert sum(parts) == pytest.approx(values.raw[WHOLE], abs=1e-6)
    assert min(parts) >= -values.gap


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
    gains = [spared.gain(share) for share in (0.0, 0.5, 1.0)]
    assert gains[0] == pytest.approx(0.0, abs=2.0)
    assert gains == sorted(gains)
    assert spared.least(0.0) == (0.0, 0.0)
    half = spared.least(gains[1])
    assert half.exempt_share == pytest.approx(0.5, abs=0.1)
    beyond = spared.least(gains[2] + 10.0)
    assert beyond.exempt_share is None
    assert beyond.payment == pytest.approx(10.0, abs=3.0)


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
