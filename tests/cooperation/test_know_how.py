"""Know-how of partners: who can teach whom, that it never costs, and that one with full access gains nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ytterby.cooperation import Coalitions, TaughtDecision, Terms, values_of
from ytterby.cooperation.know_how import KnowHow
from ytterby.facts import candidates, load
from ytterby.plan import PlanData, parties_of
from ytterby.system import build

CODES = ("EU", "JP", "US")


@pytest.fixture(scope="module")
def unshocked():
    return PlanData(build(2024), load(), candidates())


@pytest.fixture(scope="module")
def members(unshocked):
    return parties_of(CODES, unshocked.system)


@pytest.fixture(scope="module")
def know_how(unshocked):
    return KnowHow(unshocked)


def test_access_is_practice_over_that_of_the_best_region(unshocked, know_how):
    """Second road: dysprosium metal by hand from the tables of the reference."""
    reference = unshocked.yearly
    processes = reference.system.processes
    use = dict(zip(processes.index, reference.activity[0] / np.maximum(reference.capacity[0], 1e-12), strict=True))
    best = max(value for name, value in use.items() if name.startswith("metal.Dy@"))
    assert know_how.access("metal.Dy", ("JP",)) == pytest.approx(use["metal.Dy@JP"] / best)
    assert know_how.access("metal.Dy", ("US",)) == 0.0
    assert know_how.access("metal.Dy", ("CN", "JP")) <= 1.0
    assert max(know_how.access(good, (region,)) for good, region in know_how.practice) == pytest.approx(1.0)


def test_help_lies_between_the_own_level_and_the_best_and_costs_what_a_programme_costs(unshocked, know_how, members):
    plain = {(each.candidate, each.party, each.start): each for party in members for each in unshocked.maker.of(party)}
    taught = know_how.taught(members)
    programme = next(each for each in candidates() if each.kind == "assistance")
    assert taught
    assert {each.party for each in taught} >= {"EU", "US"}
    for each in taught:
        own = plain[each.candidate, each.party, each.start]
        assert not own.pays_alone
        assert (each.usable >= own.usable - 1e-12).all()
        assert each.usable.max() <= 1.0
        assert each.resource.sum() > own.resource.sum()
        share = unshocked.maker.part_of(next(one for one in candidates() if one.id == each.candidate), own)
        assert (each.public - own.public).sum() == pytest.approx(programme.capex.value / 1e6 * share)
        assert each.teacher != each.party
        assert 0.0 < each.closing <= programme.effect.value + 1e-12


def test_japan_teaches_heavy_metal_and_nobody_teaches_those_who_know(know_how, members):
    taught = know_how.taught(members)
    heavy = {(each.party, each.teacher) for each in taught if each.candidate == "any-metal-Dy"}
    assert heavy == {("EU", "JP"), ("US", "JP")}
    for party in members:  # one with full access gains nothing, whoever is with it
        full = replace_access(know_how, party.regions)
        assert not [each for each in full.taught(members) if each.party == party.code]


def replace_access(know_how, regions):
    """The same world in which some regions use their capacity for every good as the best do."""
    other = KnowHow(know_how.data)
    best = dict.fromkeys({good for good, _ in know_how.practice}, 1.0)
    other.__dict__["practice"] = know_how.practice | {(good, regions[0]): (1.0, 1.0) for good in best}
    for region in regions[1:]:
        for good in best:
            other.__dict__["practice"].pop((good, region), None)
    return other


def test_mines_are_not_taught_and_single_parties_have_no_teacher(know_how, members):
    opened = {each.candidate for each in know_how.taught(members)}
    with_mines = {each.id for each in candidates() if any(name.startswith("mine.") for name in each.recipes) or each.stage == "mine"}
    assert not opened & with_mines
    assert know_how.taught(members[:1]) == ()
    assert KnowHow(know_how.data, "").taught(members) == ()


@pytest.mark.slow
def test_more_access_never_lowers_a_value_and_none_gives_no_more(coarse, parties):
    """Ends of the range, solved from nothing: none, low, central, high; a plan of less help is one of more."""
    gap, found = 4.0, []
    for end in ("", "low", "value", "high"):
        terms = Terms(dict.fromkeys(("AU", "JP", "KR"), 1000.0), know_how=end)
        found.append(values_of(Coalitions(coarse, parties, terms), gap).raw)
    for less, more in zip(found, found[1:], strict=False):
        assert (more >= less - 2.0 * gap).all()


@pytest.mark.slow
def test_a_plan_with_less_help_is_carried_into_more_without_loss(coarse, parties, terms):
    """Half of a plant taught by a weaker partner is as much of it taught by a stronger one as gives the same, and no dearer."""
    coalitions = Coalitions(coarse, parties, terms)
    pair, whole = 0b110, 0b111
    decisions = coalitions.decisions(coalitions.of(pair))
    x = np.array([0.5 if isinstance(each, TaughtDecision) else 0.0 for each in decisions])
    problem = coalitions.problem(pair)
    x = np.where(problem.free, x, 1.0)
    united = coalitions.union(whole, {pair: x, 0b001: coalitions.problem(0b001).nothing})
    joint = coalitions.problem(whole)
    apart = problem.resource @ x + coalitions.problem(0b001).resource @ coalitions.problem(0b001).nothing
    assert joint.resource @ united <= apart + 1e-6
    for name in {each.candidate for each, share in zip(decisions, x, strict=True) if isinstance(each, TaughtDecision) and share}:
        before = sum(s * each.usable for each, s in zip(decisions, x, strict=True) if each.candidate == name and not each.pays_alone)
        after = sum(
            s * each.usable
            for each, s in zip(joint.programme.decisions, united, strict=True)
            if each.candidate == name and each.party != "AU" and not each.pays_alone
        )
        assert (after >= before - 1e-9).all()


@pytest.mark.slow
def test_without_any_restriction_help_is_worth_nothing(unshocked, members):
    """What a taught plant earns in calm years is no gain (P11), so that know-how is not bought for its profits."""
    data = unshocked.changed(periods=5, planners=members)
    pair = tuple(party for party in members if party.code != "EU")
    worth = {}
    for end in ("", "high"):
        coalitions = Coalitions(data, pair, replace(Terms({"JP": 1e3, "US": 1e3}), know_how=end))
        worth[end] = coalitions.solved(0b11, 0.5).lower
    assert worth[""] == pytest.approx(worth["high"], abs=3.0)
