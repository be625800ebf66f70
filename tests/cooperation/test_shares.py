"""Shares of made-up games: axioms, second roads (permutations, another program, Kohlberg's criterion), and games with an empty core."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.cooperation import MAX_PARTIES, Game, least_core, membership, nucleolus, proportional, shapley
from ytterby.errors import InputError
from ytterby.solver import LinearProgram, SparseRows

NAMES = tuple("ABCDEFGHIJ")


def game_of(values):
    values = np.asarray(values, float)
    return Game(NAMES[: len(values).bit_length() - 1], values)


def random_game(seed, n=None):
    """Random game in which nobody alone is worth more than a share of the whole."""
    rng = np.random.default_rng(seed)
    n = n or int(rng.integers(3, 9))
    values = np.append(0.0, rng.random(2**n - 1)) * membership(n).sum(axis=1) ** rng.choice([0.5, 1.0, 1.5])
    own = 1 << np.arange(n)
    values[own] *= rng.choice([0.0, 0.3])
    values[-1] = max(values[-1], values[own].sum())
    return game_of(values)


def by_permutations(game):
    """Shapley value as it is defined: the mean over all orders of what each party adds when it joins."""
    n = len(game.parties)
    total = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        present = 0
        for party in order:
            total[party] += game.values[present | 1 << party] - game.values[present]
            present |= 1 << party
    return total / len(orders)


def is_balanced(game, shares, level):
    """Kohlberg: those that do at most as well as a level, with parties that get just their own, are balanced or none."""
    n = len(game.parties)
    excess = game.excess(shares)
    chosen = [each for each in range(1, 2**n - 1) if excess[each] >= level - 1e-9]
    tied = [1 << i for i in range(n) if abs(shares[i] - game.values[1 << i]) < 1e-9]
    every = chosen + [each for each in tied if each not in chosen]
    rows = SparseRows()
    ones = np.ones(n)
    numbers = rows.block(ones, ones)
    for column, each in enumerate(every):
        inside = np.flatnonzero(game.members[each])
        rows.put(numbers[inside], np.full(len(inside), column), 1.0)
    low = np.zeros(len(every))
    for place in range(len(chosen)):  # weights above 0 on all of them exist if each can have one
        cost = np.zeros(len(every))
        cost[place] = 1.0
        best = LinearProgram(low, np.full(len(every), np.inf), rows, cost=cost, maximise=True).solve()
        if best is None or best < 1e-9:
            return False
    return True


@pytest.mark.parametrize("seed", range(20))
def test_shapley_is_the_mean_over_all_orders(seed):
    game = random_game(seed, 6)
    assert shapley(game) == pytest.approx(by_permutations(game), abs=1e-12)


@pytest.mark.parametrize("seed", range(200))
def test_another_program_finds_the_same_shares(seed):
    pytest.importorskip("coopgame")
    import coopgame

    game = random_game(seed)
    other = coopgame.Game(game.values[1:].tolist())
    assert nucleolus(game) == pytest.approx(np.array(coopgame.nucleolus(other)["allocation"]), abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_the_nucleolus_meets_kohlbergs_criterion(seed):
    game = random_game(seed, 4)
    shares = nucleolus(game)
    for level in np.unique(np.round(game.excess(shares)[1:-1], 9)):
        assert is_balanced(game, shares, level)


def test_other_shares_do_not_meet_it():
    game = random_game(3, 4)
    other = nucleolus(game) + np.array([0.05, -0.05, 0.0, 0.0]) * game.whole
    levels = np.unique(np.round(game.excess(other)[1:-1], 9))
    assert not all(is_balanced(game, other, level) for level in levels)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7))
def test_shares_add_up_and_are_those_of_the_same_game_in_other_units(seed, n):
    game = random_game(seed, n)
    for rule in (shapley, nucleolus):
        shares = rule(game)
        assert shares.sum() == pytest.approx(game.whole, rel=1e-9)
        assert rule(Game(game.parties, game.values * 0.92)) == pytest.approx(0.92 * shares, abs=1e-9 * game.whole)
    core = least_core(game).eps
    worst = game.excess(nucleolus(game))[1:-1].max()
    assert core == pytest.approx(worst, abs=1e-7 * game.whole) if core <= 0.0 else core <= worst + 1e-7 * game.whole


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_twins_get_the_same_and_a_dummy_what_it_has(seed):
    base = random_game(seed, 3)
    members = membership(5)
    with_twin = members[:, :3].copy()
    values = np.zeros(32)
    for each in range(32):  # party 3 is party 2's twin: either will do; party 4 adds nothing
        inside = with_twin[each].copy()
        inside[2] = members[each, 2] or members[each, 3]
        values[each] = base.values[int(inside @ (1 << np.arange(3)))]
    # all together are worth at least what each has alone, else no share gives each its own
    values[-1] = max(values[-1], values[:-1].max(), values[1 << np.arange(5)].sum())
    game = game_of(values)
    for rule in (shapley, nucleolus):
        shares = rule(game)
        assert shares[2] == pytest.approx(shares[3], abs=1e-9)
    if values[-1] == values[15]:
        assert shapley(game)[4] == pytest.approx(0.0, abs=1e-12)


def test_known_games():
    glove = game_of([0, 0, 0, 0, 0, 1, 1, 1])  # one right-hand glove (C), two left-hand ones
    assert shapley(glove) == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    assert nucleolus(glove) == pytest.approx([0.0, 0.0, 1.0], abs=1e-9)
    assert least_core(glove).eps == pytest.approx(0.0, abs=1e-9)
    estate = game_of([0, 0, 0, 0, 0, 0, 100, 200])  # what is left for claims of 100, 200 and 300 in an estate of 200 (Talmud)
    assert nucleolus(estate) == pytest.approx([50.0, 75.0, 75.0])


def test_whole_units_can_leave_the_core_empty_and_the_coalitions_that_block_are_named():
    """A plant that any two of three can fill and pay for, and that cannot be halved: any pair gets 6, all three no more than 7."""
    game = game_of([0, 0, 0, 6, 0, 6, 6, 7])
    core = least_core(game)
    assert core.eps == pytest.approx(6 - 14 / 3)
    assert {game.name(each) for each in core.blocking} == {"A+B", "A+C", "B+C"}
    assert nucleolus(game) == pytest.approx([7 / 3] * 3)


def test_convex_games_have_shapley_in_the_core():
    size = membership(6).sum(axis=1)
    game = game_of(size.astype(float) ** 2 - size)
    assert game.worst_pair >= 0.0
    assert game.excess(shapley(game)).max() <= 1e-9
    assert least_core(game).eps < 0.0


@pytest.mark.parametrize("n", [9, 10])
def test_rows_generated_as_they_are_violated_give_the_same_nucleolus(n, monkeypatch):
    game = random_game(5, n)
    generated = nucleolus(game)
    monkeypatch.setattr("ytterby.cooperation.shares.MANY", MAX_PARTIES + 1)
    assert nucleolus(game) == pytest.approx(generated, abs=1e-9)


def test_an_alliance_of_one_is_trivial():
    game = game_of([0.0, 0.0])
    assert shapley(game) == pytest.approx([0.0])
    assert nucleolus(game) == pytest.approx([0.0])
    assert least_core(game) == (0.0, ())


def test_excess_part_and_names():
    game = game_of([0, 0, 0, 6, 0, 6, 6, 7])
    assert game.excess([1.0, 2.0, 4.0])[game.coalition("AB")] == pytest.approx(3.0)
    assert game.name(5) == "A+C"
    pair = game.part(game.coalition(["A", "C"]))
    assert (pair.parties, pair.whole) == (("A", "C"), 6.0)
    assert game.worst_pair == pytest.approx(1.0)


def test_shares_by_proportion():
    game = game_of([0, 0, 0, 6])
    assert proportional(game, {"A": 1.0, "B": 2.0}) == pytest.approx([2.0, 4.0])
    with pytest.raises(InputError, match="not all 0"):
        proportional(game, {"A": 0.0, "B": 0.0})


@pytest.mark.parametrize(("values", "words"), [([1, 0], "nobody being 0"), ([0, 0, np.nan, 1], "finite"), ([0.0] * 2048, "1 to 10")])
def test_what_is_no_game_is_refused(values, words):
    with pytest.raises(InputError, match=words):
        Game(tuple(f"P{i}" for i in range(len(values).bit_length() - 1)), np.asarray(values, float))


def test_own_values_above_the_whole_leave_nothing_to_share():
    with pytest.raises(InputError, match="own values add up"):
        nucleolus(game_of([0, 2, 2, 3]))
