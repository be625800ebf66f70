"""PRIM against boxes that are known, and against draws in which there is nothing to find."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.ensembles.discovery import CHANCE, MIN_CASES, PLACES, discover
from ytterby.errors import InputError


def table(n, width, seed=1):
    values = np.random.default_rng(seed).random((n, width))
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(width)])


def in_box(x):
    return ((x["x1"] > 0.6) & (x["x3"] < 0.5)).to_numpy()


@pytest.mark.parametrize("width", [5, 60])
def test_a_known_box_is_found(width):
    x = table(600, width)
    box = discover(x, in_box(x))
    assert {limit.input for limit in box.limits} == {"x1", "x3"}
    ends = {limit.input: limit for limit in box.limits}
    assert ends["x1"].low == pytest.approx(0.6, abs=0.03)
    assert ends["x1"].high is None
    assert ends["x3"].high == pytest.approx(0.5, abs=0.03)
    assert ends["x3"].low is None
    assert box.coverage > 0.93
    assert box.density > 0.93
    assert box.tested_density > 0.85
    assert box.tested_coverage > 0.8


def test_coverage_density_and_mass_are_what_the_limits_say():
    """A second road: the box counted from its printed ends."""
    x = table(500, 6)
    rng = np.random.default_rng(4)
    cases = in_box(x) ^ (rng.random(500) < 0.1)
    box = discover(x, cases)
    inside = np.ones(500, dtype=bool)
    for limit in box.limits:
        inside &= (
            x[limit.input].between(-np.inf if limit.low is None else limit.low, np.inf if limit.high is None else limit.high).to_numpy()
        )
    assert box.mass == pytest.approx(inside.mean())
    assert box.coverage == pytest.approx(cases[inside].sum() / cases.sum())
    assert box.density == pytest.approx(cases[inside].mean())
    assert box.base == pytest.approx(cases.mean())
    assert box.coverage * cases.sum() == pytest.approx(box.density * inside.sum())


def test_where_there_is_nothing_no_box_is_drawn():
    """Of 30 ensembles of noise CHANCE lets 1.5 have a box; more than 5 would be a fault at odds of 1 in 300."""
    found = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        cases = rng.random(150) < 0.25
        box = discover(table(150, 60, seed=1000 + seed), cases)
        found.append(len(box.limits))
        if not box.limits:
            assert (box.coverage, box.mass, box.density) == (1.0, 1.0, pytest.approx(cases.mean()))
            assert box.tested_density is None
    assert sum(count > 0 for count in found) <= 5


def test_peels_nest_and_the_box_is_no_worse():
    x = table(400, 8)
    box = discover(x, in_box(x))
    peels = box.peels
    assert (peels[0].coverage, peels[0].mass, peels[0].limits) == (1.0, 1.0, 0)
    for before, after in zip(peels, peels[1:], strict=False):
        assert after.mass < before.mass
        assert after.coverage <= before.coverage
    assert peels[-1].mass >= 0.05
    chosen = peels[box.chosen]
    assert box.coverage * box.density / (box.coverage + box.density) >= chosen.coverage * chosen.density / (
        chosen.coverage + chosen.density
    )


def test_words_are_asked_for_or_barred():
    x = table(600, 3)
    x["kind"] = np.random.default_rng(2).choice(["ban", "licence", "quota"], 600)
    asked = discover(x, ((x["kind"] == "ban") & (x["x0"] > 0.5)).to_numpy())
    found = {(limit.input, limit.category): limit for limit in asked.limits}
    assert found["kind", "ban"].low is not None
    assert ("x0", "") in found
    barred = discover(x, ((x["kind"] != "ban") & (x["x0"] > 0.8)).to_numpy())
    assert {(limit.input, limit.category, limit.high is not None) for limit in barred.limits} >= {("kind", "ban", True)}


def test_quasi_p_values_are_binomial():
    from scipy.stats import binom

    x = table(200, 1)
    cases = (x["x0"] > 0.7).to_numpy()
    (limit,) = discover(x, cases).limits
    inside = (x["x0"] >= limit.low).to_numpy()
    assert limit.p == pytest.approx(PLACES * binom.sf(cases[inside].sum() - 1, inside.sum(), cases.mean()), rel=1e-9)
    assert limit.p <= CHANCE
    assert limit.share_low == pytest.approx((x["x0"] < limit.low).mean())
    assert limit.share_high == 1.0


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_order_of_draws_and_inputs_changes_nothing(seed):
    x = table(150, 4, seed=3).round(1)  # with ties
    x["kind"] = np.where(x["x0"] > 0.3, "a", "b")
    cases = ((x["x1"] > 0.5) & (x["x2"] > 0.3)).to_numpy() ^ (np.arange(150) % 11 == 0)
    order = np.random.default_rng(seed).permutation(150)
    again = discover(x.iloc[order][list(x.columns[::-1])], cases[order])
    assert again == discover(x, cases)


@settings(max_examples=4, deadline=None)
@given(st.floats(0.01, 100.0), st.floats(-50.0, 50.0))
def test_units_of_an_input_change_only_its_ends(factor, shift):
    x = table(150, 3, seed=5)
    cases = in_box(x.assign(x3=x["x2"]))
    one, two = discover(x, cases), discover(x.assign(x1=factor * x["x1"] + shift), cases)
    assert (one.coverage, one.density, one.mass, one.peels) == (two.coverage, two.density, two.mass, two.peels)
    ends = [next(limit.low for limit in box.limits if limit.input == "x1") for box in (one, two)]
    assert ends[1] == pytest.approx(factor * ends[0] + shift, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("cases", [0, MIN_CASES - 1, 100 - MIN_CASES + 1])
def test_too_few_cases_are_refused(cases):
    with pytest.raises(InputError, match=f"found {cases} cases in 100 draws"):
        discover(table(100, 2), np.arange(100) < cases)


def test_a_missing_input_is_named():
    x = table(100, 2)
    x.loc[3, "x1"] = np.nan
    with pytest.raises(InputError, match="'x1'"):
        discover(x, np.arange(100) < 40)
