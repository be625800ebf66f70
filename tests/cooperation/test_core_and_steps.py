"""Owen's point of the core, steps of years, executors, whole units, mutual aid that never costs, and what stands around an alliance."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from tests.cooperation.conftest import CODES
from ytterby.cooperation import (
    Coalitions,
    Deterred,
    Game,
    Place,
    accounts_of,
    commitments_of,
    cost_shares,
    least_core,
    left_by_others,
    nucleolus,
    out_of_sample,
    owen,
    payments,
    shapley,
    values_of,
)
from ytterby.cooperation.coalitions import Task
from ytterby.cooperation.commitments import all_commitments
from ytterby.cooperation.parts import parts_of
from ytterby.cooperation.share_sensitivities import more_often
from ytterby.errors import InputError
from ytterby.facts import WORLD, load
from ytterby.plan import YEARS, PlanData, Steps, parties_of, shock_paths
from ytterby.system import entitlements

slow = pytest.mark.slow
owen_module = import_module("ytterby.cooperation.owen")
WHOLE = 0b111


@slow
def test_owens_point_lies_in_the_core_and_adds_up(few):
    shares = owen(few, max(few.gap / 2.0, 0.1))
    assert shares.sum() == pytest.approx(few.game.whole, rel=1e-9)
    assert few.game.excess(shares)[1:-1].max() <= few.gap + 0.5
    assert least_core(few.game).eps <= few.gap


@slow
def test_costs_at_dual_prices_are_the_lower_bound_told_apart(few, monkeypatch):
    """Each row, bound, decision and budget belongs to one member: nothing is lost and nothing stands twice."""
    found = []
    whole = owen_module.Costs.by_party
    monkeypatch.setattr(owen_module.Costs, "by_party", lambda costs: found.append(whole(costs)) or found[0])
    owen(few, max(few.gap / 2.0, 0.1))
    solved = few.solved[WHOLE]
    assert solved.lower - few.gap <= found[0].sum() <= solved.upper + 1e-6 * abs(solved.upper)
    for each in range(1, 7):  # a dual solution of all bounds every coalition from below
        inside = few.coalitions.members[each]
        assert found[0][inside].sum() <= few.solved[each].upper + few.gap


@slow
def test_mutual_aid_never_costs_even_where_a_partner_cannot_use_what_it_is_owed(data):
    """A restriction makes Malaysia's NdPr useless to Japan, whose magnets lack dysprosium: what is owed is paid for all the same."""
    codes = ("JP", "MY")
    parties = parties_of(codes, data.system)
    shocks = shock_paths(data.facts, data.system, codes, seed=1, keep=4)
    own = PlanData(data.system, data.facts, data.candidates, shocks, periods=5, planners=parties)
    from ytterby.cooperation import Terms

    values = values_of(Coalitions(own, parties, Terms()))
    parts = parts_of(values, 0b11)
    assert parts.aid >= -values.gap
    assert values.game.worst_pair >= -values.gap


@slow
def test_trade_between_parties_is_the_same_two_numbers_in_every_split(few):
    """What is fixed of all parties alone, with goods paid and goods sold, is that of all together: only trade with outsiders is left."""
    coalitions = few.coalitions
    apart = sum(coalitions.fixed(1 << i) for i in range(3))
    assert apart == pytest.approx(coalitions.fixed(WHOLE), rel=1e-9)


@slow
def test_steps_keep_costs_and_what_is_lost_without_a_plan(data, coarse, parties):
    assert coarse.reference.years == (2026, 2029, 2032, 2035, 2038)
    assert coarse.reference.discount(0.05).sum() == pytest.approx(data.reference.discount(0.05).sum())
    for one, other in zip(data.decisions(parties), coarse.decisions(parties), strict=True):
        assert one.public @ data.reference.discount(0.05) == pytest.approx(other.public @ coarse.reference.discount(0.05))
        assert one.resource @ data.reference.discount(0.05) == pytest.approx(other.resource @ coarse.reference.discount(0.05))
    for party in parties:
        lost = [each.problem((party,), {}).before.expected_loss for each in (data, coarse)]
        assert lost[1] == pytest.approx(lost[0], rel=0.2, abs=5.0)


def test_years_that_cannot_be_divided_are_refused():
    with pytest.raises(InputError, match="--periods: 15 years .* 3, 5, 15 can"):
        Steps(YEARS, 4, 0.05)
    assert Steps(YEARS, 5, 0.05).weights.sum(axis=1) == pytest.approx(1.0)


@slow
@pytest.mark.parametrize("place", [Place("threads", 2), Place("processes", 2)])
def test_results_are_the_same_to_the_bit_wherever_coalitions_are_solved(coarse, parties, terms, place):
    tasks = [Task(0b001, 5.0), Task(0b010, 5.0), Task(0b011, 5.0)]
    here = list(Coalitions(coarse, parties, terms).solve_all(tasks))
    there = list(Coalitions(coarse, parties, terms, executor=place).solve_all(tasks))
    for one, other in zip(here, there, strict=True):
        assert (one.upper, one.lower, one.eta) == (other.upper, other.lower, other.eta)
        assert one.x.tobytes() == other.x.tobytes()


@slow
def test_whole_units_are_whole_and_no_better_than_divided_ones(few, coarse, parties, terms):
    whole = Coalitions(coarse, parties, replace(terms, whole_units=True, seconds=3.0))
    for each in (0b010, 0b011):
        found = whole.solve(Task(each, max(few.gap, 5.0)))
        plants = whole.problem(each).first_stage.integer
        assert np.abs(found.x - np.round(found.x))[plants].max() < 1e-6
        assert found.lower <= found.upper
        assert found.upper >= few.solved[each].lower - 1e-6


@slow
def test_a_larger_entitlement_never_lowers_the_own_share(few, coarse, parties, terms):
    name = next(each.id for each in coarse.candidates if each.entitled.get(WORLD) and each.goods[0] == "oxide.NdPr")
    richer = tuple(replace(each, entitled=each.entitled | {"JP": 0.5}) if each.id == name else each for each in coarse.candidates)
    more = values_of(Coalitions(coarse.changed(candidates=richer), parties, terms), few.gap)
    own = CODES.index("JP")
    alone = few.solved[1 << own].upper - more.solved[1 << own].upper  # what it gains without any ally
    assert shapley(more.game)[own] + alone >= shapley(few.game)[own] - more.gap - few.gap
    assert alone >= -few.gap


@slow
def test_a_richer_catalogue_never_costs_all_together(few, coarse, parties, terms):
    """What all save against nobody's plan, v(N) and what each gains alone, does not fall where there is more to choose from."""
    poorer = coarse.changed(candidates=tuple(each for each in coarse.candidates if each.kind != "stockpile"))
    found = Coalitions(poorer, parties, terms).solved(WHOLE, max(few.gap, 1.0))
    assert found.upper >= few.solved[WHOLE].lower - 1e-6


@slow
def test_paths_weighed_for_a_higher_rate_are_worse(few):
    shocks = few.coalitions.data.shocks
    often, seldom = more_often(shocks, 2.0), more_often(shocks, 0.5)
    assert often.weights.sum() == pytest.approx(1.0)
    assert more_often(shocks, 1.0).weights == pytest.approx(shocks.weights)
    restricted = shocks.cut.max(axis=(2, 3)) > 0.02
    begins = restricted[:, 0] + (restricted[:, 1:] & ~restricted[:, :-1]).sum(axis=1)
    assert often.weights @ begins >= shocks.weights @ begins >= seldom.weights @ begins


@slow
def test_plans_judged_on_their_own_paths_are_worth_what_they_were_made_for(few):
    """With the plan's paths, as likely as they are, the check out of sample gives the plan's own value."""
    even = replace(few.coalitions.data.shocks, weights=np.full(4, 0.25))
    data = few.coalitions.data.changed(shocks=even)
    same = Coalitions(data, few.coalitions.parties, few.coalitions.terms)
    again = values_of(same, few.gap)
    found = out_of_sample(again, same, 1)
    assert found.value == pytest.approx(again.raw[WHOLE], abs=again.gap + 0.5)
    assert found.low <= found.value + 1e-9
    assert found.high >= found.low


@slow
def test_cost_shares_keep_the_rule(few):
    accounts = accounts_of(few.coalitions, WHOLE, few.solved[WHOLE])
    own = accounts.own()
    saved = np.array([few.alone(1 << i) - own[code] for i, code in enumerate(CODES)])
    balance = shapley(few.game) - saved
    balance -= balance.mean()
    found = cost_shares(accounts.public(), -balance)
    assert found.projects.sum(axis=1) == pytest.approx(accounts.public().sum(axis=1))
    assert found.projects.min() >= 0.0
    paid = found.projects.sum(axis=0) + found.beside
    assert paid - accounts.public().sum(axis=0) == pytest.approx(-balance, abs=1e-6)


def test_costs_that_projects_can_settle_leave_nothing_beside():
    found = cost_shares(np.array([[60.0, 0.0], [0.0, 40.0]]), np.array([-20.0, 20.0]))
    assert found.projects == pytest.approx(np.array([[24.0, 36.0], [16.0, 24.0]]))
    assert found.beside == pytest.approx([0.0, 0.0])
    large = cost_shares(np.array([[60.0, 0.0], [0.0, 40.0]]), np.array([-120.0, 120.0]))
    assert large.projects.sum(axis=0) == pytest.approx([0.0, 100.0])
    assert large.beside == pytest.approx([-60.0, 60.0])
    assert not payments({"A": 0.0, "B": 0.0})


@slow
def test_deterrence_raises_the_value_of_plans_that_remove_more(few):
    deterred = Deterred(few)
    assert deterred.game(0.0).values == pytest.approx(few.game.values, abs=1e-9)
    assert 0.0 <= deterred.removed[1:].min() <= deterred.removed.max() <= 1.0
    flip = deterred.flip()
    assert flip is None or 0.0 < flip.delta <= deterred.most


@slow
def test_followers_leave_the_members_no_more_than_before(coarse, parties):
    others = parties_of(("IN", "EU"), coarse.system)
    kept = left_by_others(coarse.candidates, coarse.maker, parties, others)
    for one, other in zip(coarse.candidates, kept, strict=True):
        before, after = (entitlements(each, coarse.system, "JP") for each in (one, other))
        own = [sum(held.get(region, 0.0) for party in parties for region in party.regions) for held in (before, after)]
        assert own[1] >= own[0] - 1e-12
        assert sum(after.values()) == pytest.approx(sum(before.values()))


def test_promises_on_record_cite_figures_that_exist():
    facts = load()
    for row in all_commitments():
        assert all(name in facts.table.index for name in row.facts.split()), row.project
        assert not row.shares or sum(row.shares.values()) == pytest.approx(1.0)
    caremag = next(row for row in commitments_of(["EU", "JP"]) if row.project.startswith("Caremag"))
    assert caremag.shares == pytest.approx({"EU": 106 / 216, "JP": 110 / 216})


def test_rules_for_ten_parties_take_milliseconds():
    import time

    rng = np.random.default_rng(1)
    size = np.array([bin(each).count("1") for each in range(1024)])
    game = Game(tuple("ABCDEFGHIJ"), np.where(size > 1, size**1.5 * rng.uniform(0.8, 1.0, 1024), 0.0))
    limits = {shapley: 0.001, least_core: 0.010, nucleolus: 0.050}
    for rule, limit in limits.items():
        rule(game)
        spent = []
        for _ in range(5):
            began = time.process_time()
            rule(game)
            spent.append(time.process_time() - began)
        assert min(spent) <= limit, (rule.__name__, min(spent))
