"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.cooperation import Game, membership, proportional


@pytest.mark.parametrize("seed", range(5))
def test_the_worst_pair_is_sought_among_all_pairs(seed):
    """Second road: every two coalitions without a common member, one by one."""
    values = np.random.default_rng(seed).normal(size=16)
    values[0] = 0.0
    game = Game(("A", "B", "C", "D"), values)
    pairs = [(one, two) for one in range(1, 16) for two in range(1, 16) if not one & two]
    assert game.worst_pair == pytest.approx(min(values[one | two] - values[one] - values[two] for one, two in pairs))
    assert membership(4).sum() == 32


def test_a_party_of_weight_nothing_gets_nothing_and_is_no_fault():
    game = Game(("A", "B"), np.array([0.0, 1.0, 2.0, 6.0]))
    assert proportional(game, {"A": 0.0, "B": 3.0}).tolist() == [0.0, 6.0]
