"""Rules of bargaining: second roads, textbook cases, and the axioms that each rule has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ytterby.bargain import RULES, Room, chosen, on_hull
from ytterby.bargain.room import pareto, upper_hull
from ytterby.bargain.solutions import nash_lottery

PAIRS = arrays(float, st.tuples(st.integers(3, 40), st.just(2)), elements=st.integers(-20, 100).map(float))
TRIPLES = arrays(float, st.tuples(st.integers(3, 40), st.just(3)), elements=st.integers(-20, 100).map(float))


def program_of_nash(gains: np.ndarray) -> np.ndarray:
    """Largest sum of logarithms of mean gains over lotteries, by a conic solver: another road to the Nash point on the hull."""
    import clarabel
    from scipy import sparse as sp

    count, parties = gains.shape
    # columns: lottery (count), logarithms (parties); maximise the sum of the logarithms
    cost = np.concatenate([np.zeros(count), -np.ones(parties)])
    once = sp.csc_matrix(np.concatenate([np.ones(count), np.zeros(parties)])[None])
    least = sp.csc_matrix(np.hstack([-np.eye(count), np.zeros((count, parties))]))
    rows, offsets, cones = [once, least], [np.array([1.0]), np.zeros(count)], [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(count)]
    for party in range(parties):
        block = np.zeros((3, count + parties))
        block[0, count + party] = -1.0
        block[2, :count] = -gains[:, party]
        rows.append(sp.csc_matrix(block))
        offsets.append(np.array([0.0, 1.0, 0.0]))
        cones.append(clarabel.ExponentialConeT())
    settings_ = clarabel.DefaultSettings()
    settings_.verbose = False
    nothing = sp.csc_matrix((count + parties, count + parties))
    found = clarabel.DefaultSolver(nothing, cost, sp.vstack(rows).tocsc(), np.concatenate(offsets), cones, settings_).solve()
    return np.asarray(np.array(found.x)[:count] @ gains)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("parties", [2, 3])
def test_nash_on_the_hull_is_that_of_the_convex_program(seed: int, parties: int) -> None:
    gains = np.random.default_rng(seed).uniform(-1.0, 1.0, (60, parties))
    gains[0] = 0.05
    ours = nash_lottery(gains) @ gains
    assert np.log(ours).sum() >= np.log(program_of_nash(gains)).sum() - 1e-6
    np.testing.assert_allclose(ours, program_of_nash(gains), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("seed", range(10))
def test_nash_on_the_hull_is_enumerated_over_fine_lotteries(seed: int) -> None:
    utilities = np.random.default_rng(seed).uniform(0.0, 10.0, (30, 2))
    room = Room(utilities, np.array([2.0, 3.0]))
    share = np.linspace(0.0, 1.0, 2001)[:, None, None, None]
    corners = utilities[room.corners]
    mixed = share * corners[None, :, None] + (1.0 - share) * corners[None, None, :]
    gains = np.maximum(mixed - room.no_deal, 0.0)
    found = on_hull(room, "nash")
    assert found is not None
    assert float(np.prod(found.utilities - room.no_deal)) == pytest.approx(float(gains.prod(axis=-1).max()), rel=1e-5)


def test_kalai_smorodinsky_on_a_triangle_lies_in_its_middle() -> None:
    room = Room(np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 2.0]]), np.zeros(2))
    found = on_hull(room, "kalai_smorodinsky")
    assert found is not None
    np.testing.assert_allclose(found.utilities, [4.0, 1.0])


def test_kalai_smorodinsky_on_a_textbook_polygon() -> None:
    # corners (0, 1), (3/4, 1), (1, 0.7), (1, 0): ideal (1, 1), so the diagonal meets the edge from (0.75, 1) to (1, 0.7)
    room = Room(np.array([[0.0, 1.0], [0.75, 1.0], [1.0, 0.7], [1.0, 0.0]]), np.zeros(2))
    found, nash = on_hull(room, "kalai_smorodinsky"), on_hull(room, "nash")
    assert found is not None
    assert nash is not None
    np.testing.assert_allclose(found.utilities, np.full(2, 1.9 / 2.2))
    # the Nash point of that edge is where x (1.9 - 1.2 x) is largest, within the edge
    np.testing.assert_allclose(nash.utilities, [1.9 / 2.4, 1.9 - 1.2 * 1.9 / 2.4])


def test_nash_of_dividing_a_dollar_under_a_better_no_deal_of_one() -> None:
    shares = np.linspace(0.0, 1.0, 11)
    split = np.column_stack([shares, 1.0 - shares])
    even, better = (chosen(Room(split, np.array(no_deal)), "nash") for no_deal in ([0.0, 0.0], [0.2, 0.0]))
    assert even is not None
    assert better is not None
    np.testing.assert_allclose(even.utilities, [0.5, 0.5])
    np.testing.assert_allclose(better.utilities, [0.6, 0.4])


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.floats(0.05, 50.0), st.floats(-100.0, 100.0), st.sampled_from(["nash", "kalai_smorodinsky"]))
def test_scale_and_origin_of_one_party_do_not_matter(utilities: np.ndarray, factor: float, shift: float, rule: str) -> None:
    room = Room(utilities, np.zeros(2))
    other = Room(utilities * [factor, 1.0] + [shift, 0.0], np.array([shift, 0.0]))
    for of in (chosen, on_hull):
        one, two = of(room, rule), of(other, rule)
        assert (one is None) == (two is None)
        if one is not None and two is not None:
            np.testing.assert_allclose((two.utilities - [shift, 0.0]) / [factor, 1.0], one.utilities, rtol=1e-5, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.sampled_from(RULES))
def test_a_symmetric_room_gives_both_the_same_on_the_hull(utilities: np.ndarray, rule: str) -> None:
    found = on_hull(Room(np.vstack([utilities, utilities[:, ::-1]]), np.zeros(2)), rule)
    if found is not None and rule != "utilitarian":
        assert found.utilities[0] == pytest.approx(found.utilities[1], rel=1e-5, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.randoms())
def test_irrelevant_packages_do_not_move_nash(utilities: np.ndarray, random: object) -> None:
    room = Room(utilities, np.zeros(2))
    found = chosen(room, "nash")
    if found is None:
        return
    kept = np.array([number == found.packages[0] or random.random() < 0.5 for number in range(len(utilities))])  # type: ignore[attr-defined]
    fewer = chosen(Room(utilities[kept], np.zeros(2)), "nash")
    assert fewer is not None
    assert np.prod(fewer.utilities) == pytest.approx(np.prod(found.utilities))


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.floats(0.0, 30.0))
def test_a_better_no_deal_of_one_never_lowers_its_nash_utility(utilities: np.ndarray, better: float) -> None:
    for of in (chosen, on_hull):
        before, after = (of(Room(utilities, np.array([no_deal, 0.0])), "nash") for no_deal in (0.0, better))
        if before is not None and after is not None:
            assert after.utilities[0] >= before.utilities[0] - 1e-6


@settings(max_examples=80, deadline=None)
@given(st.one_of(PAIRS, TRIPLES))
def test_no_package_of_the_front_is_dominated_and_all_others_are(utilities: np.ndarray) -> None:
    front = pareto(utilities)
    dominated = np.array([((utilities >= one).all(axis=1) & (utilities > one).any(axis=1)).any() for one in utilities])
    assert not dominated[front].any()
    reached = {tuple(utilities[number]) for number in front}
    assert {tuple(one) for one, bad in zip(utilities, dominated, strict=True) if not bad} == reached


@settings(max_examples=60, deadline=None)
@given(st.one_of(PAIRS, TRIPLES))
def test_corners_reach_every_weighted_best(utilities: np.ndarray) -> None:
    corners = upper_hull(utilities, pareto(utilities))
    for weights in np.random.default_rng(0).dirichlet(np.ones(utilities.shape[1]), 20):
        assert (utilities[corners] @ weights).max() >= (utilities @ weights).max() - 1e-6


@settings(max_examples=60, deadline=None)
@given(st.one_of(PAIRS, TRIPLES), st.sampled_from(RULES))
def test_a_rule_gives_all_more_than_no_deal_and_lies_on_the_front(utilities: np.ndarray, rule: str) -> None:
    room = Room(utilities, np.zeros(utilities.shape[1]))
    found, mixed = chosen(room, rule), on_hull(room, rule)
    if found is None:
        assert not room.feasible.any()
        return
    assert (found.utilities > 0.0).all()
    assert any((utilities[number] == found.utilities).all() for number in room.front)
    assert mixed is not None
    assert (mixed.utilities >= -1e-6).all()
    if rule == "nash":
        assert np.prod(mixed.utilities) >= np.prod(found.utilities) * (1.0 - 1e-9)


def test_without_a_room_no_rule_chooses() -> None:
    room = Room(np.array([[1.0, -1.0], [-1.0, 1.0]]) - 0.5, np.zeros(2))
    assert [of(room, rule) for rule in RULES for of in (chosen, on_hull)] == [None] * 8


def test_a_lottery_may_open_a_room_that_no_package_has() -> None:
    room = Room(np.array([[3.0, -1.0], [-1.0, 3.0]]), np.zeros(2))
    assert chosen(room, "nash") is None
    found = on_hull(room, "nash")
    assert found is not None
    np.testing.assert_allclose(found.utilities, [1.0, 1.0], atol=1e-6)
    assert sum(found.probabilities) == pytest.approx(1.0)


def test_three_alike_share_alike() -> None:
    found = on_hull(Room(np.eye(3), np.zeros(3)), "nash")
    assert found is not None
    np.testing.assert_allclose(found.utilities, np.full(3, 1.0 / 3.0), atol=1e-6)
