"""The value of asking on constructed cases whose answers are known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, rankdata

from ytterby.ensembles.conditional_means import MIN_DRAWS, PermutationTest, RankWindows, mean_band_width, mean_residual_variance
from ytterby.ensembles.discovery import _distance
from ytterby.ensembles.drivers import ranks
from ytterby.ensembles.value_of_information import choice_flips, information_value
from ytterby.errors import InputError


def table(n=500, width=12, seed=1):
    return pd.DataFrame(np.random.default_rng(seed).random((n, width)), columns=[f"x{i}" for i in range(width)])


def by_name(found):
    return {fact.input: fact for fact in found.facts}


def test_an_input_that_is_all_leaves_no_band():
    x = table()
    found = information_value(x, np.exp(3.0 * x["x4"].to_numpy()))
    assert found.facts[0].input == "x4"
    assert found.facts[0].narrows > 0.9
    assert found.named == ("x4",)
    assert found.together == pytest.approx(found.facts[0].narrows)
    assert all(abs(fact.narrows) < 5 * fact.noise and not fact.sure for fact in found.facts[1:])


def test_the_band_that_is_left_is_that_of_the_rest():
    """y = a + b with a normal of 3, b of 4: the band of 5 falls to that of 4 when a is known, to 3 when b is."""
    rng = np.random.default_rng(2)
    x = pd.DataFrame(rng.normal(size=(4000, 4)), columns=list("abcd"))
    found = information_value(x, (3.0 * x["a"] + 4.0 * x["b"]).to_numpy())
    facts = by_name(found)
    assert facts["b"].narrows == pytest.approx(1 - 3 / 5, abs=0.05)
    assert facts["a"].narrows == pytest.approx(1 - 4 / 5, abs=0.05)
    assert found.named == ("b", "a")
    assert found.high - found.low == pytest.approx(5 * 2 * 1.645, rel=0.05)


def test_a_fact_that_moves_only_the_scatter_is_found():
    """No correlation at all: the input tells how wide the band is, not where."""
    rng = np.random.default_rng(3)
    x = table(800)
    y = np.where(x["x2"] > 0.3, 0.05, 2.0) * rng.normal(size=800)
    assert information_value(x, y).named[:1] == ("x2",)


def test_three_facts_are_named_and_tell_more_together():
    x = table(600)
    y = (4 * x["x1"] + 3 * x["x2"] + 2.5 * x["x3"] + 1.8 * x["x5"]).to_numpy()
    found = information_value(x, y)
    assert found.named == ("x1", "x2", "x3")
    assert found.together > found.facts[0].narrows + 0.1


def test_where_nothing_tells_nothing_is_named():
    named = [information_value(table(200, 60, seed=seed), np.random.default_rng(100 + seed).normal(size=200)).named for seed in range(4)]
    assert sum(map(len, named)) <= 1


def test_words_and_steps_are_facts_too():
    rng = np.random.default_rng(6)
    x = table(400, 5)
    x["kind"] = rng.choice(["ban", "licence"], 400)
    y = np.where(x["kind"] == "ban", 10.0, 0.0) + rng.normal(size=400)
    found = information_value(x, y)
    assert found.named == ("kind",)
    assert found.facts[0].narrows > 0.6


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_order_of_draws_changes_nothing(seed):
    x = table(120, 4).round(1)
    x["kind"] = np.where(x["x0"] > 0.4, "a", "b")
    y = (x["x1"] + 0.3 * x["x2"] * (x["kind"] == "a")).to_numpy() + np.linspace(0, 0.2, 120)
    order = np.random.default_rng(seed).permutation(120)
    assert information_value(x.iloc[order], y[order]) == information_value(x, y)
    assert choice_flips(x.iloc[order], y[order] - 0.6) == choice_flips(x, y - 0.6)


@settings(max_examples=8, deadline=None)
@given(st.floats(1e-3, 1e9), st.floats(-1e3, 1e3))
def test_unit_and_level_of_the_outcome_change_no_share(factor, shift):
    x = table(120, 3)
    y = (x["x1"] + 0.5 * x["x2"]).to_numpy()
    one, two = information_value(x, y), information_value(x, factor * (y + shift))
    assert [fact.input for fact in one.facts] == [fact.input for fact in two.facts]
    assert [fact.narrows for fact in two.facts] == pytest.approx([fact.narrows for fact in one.facts], abs=1e-6)


def test_a_choice_turns_where_it_is_built_to():
    """B loses 1 more than A on average, but less where x2 is above 0.75: gain = integral of the part below nil."""
    x = table(3000, 5)
    rng = np.random.default_rng(8)
    difference = 4.0 * (0.75 - x["x2"].to_numpy()) + rng.normal(size=3000)
    (flip,) = choice_flips(x, difference)
    assert flip.input == "x2"
    assert flip.share == pytest.approx(0.25, abs=0.04)
    assert flip.values == (pytest.approx(0.75, abs=0.03),)
    assert flip.gain == pytest.approx(4.0 * 0.25**2 / 2, rel=0.15)


def test_a_choice_that_holds_everywhere_is_not_turned():
    x = table(400, 5)
    assert choice_flips(x, 1.0 + 0.5 * x["x1"].to_numpy()) == []


def test_exchanging_the_runs_keeps_the_flips():
    x = table(400, 5)
    y = x["x1"].to_numpy() - 0.4
    one, two = choice_flips(x, y), choice_flips(x, -y)
    assert [(flip.input, flip.share) for flip in one] == [(flip.input, flip.share) for flip in two]
    assert one[0].gain == pytest.approx(two[0].gain, rel=0.02)


def test_too_few_draws_and_flat_outcomes_are_refused():
    with pytest.raises(InputError, match=f"found 40; .* at least {MIN_DRAWS}"):
        information_value(table(40), np.arange(40.0))
    with pytest.raises(InputError, match="the same in all 100 draws"):
        information_value(table(100), np.ones(100))
    with pytest.raises(InputError, match="1 of 100 draws"):
        information_value(table(100), np.where(np.arange(100) == 5, np.nan, 1.0))


def test_inputs_measured_together_are_measured_as_each_alone():
    rng = np.random.default_rng(7)
    table = np.column_stack([rng.random((90, 5)), rng.integers(0, 3, 90)])
    test = PermutationTest(table[:, 0] + 0.3 * rng.random(90))
    windows = [RankWindows(table[:, [i]]) for i in range(6)]
    for measure in (mean_band_width, mean_residual_variance):
        np.testing.assert_allclose(test.gains(windows, measure), [test.gain(each, measure) for each in windows], rtol=1e-12, atol=1e-13)


def test_ranks_and_distances_are_those_of_scipy():
    rng = np.random.default_rng(8)
    for ties in (3, 1000):
        x = rng.integers(0, ties, (57, 4)).astype(float)
        np.testing.assert_array_equal(ranks(x), rankdata(x, axis=0))
        np.testing.assert_array_equal(ranks(x[:, 0]), rankdata(x[:, 0]))
        a, b = x[:30, 0], x[30:, 1]
        assert _distance(np.sort(a), np.sort(b)) == ks_2samp(a, b, method="asymp").statistic
