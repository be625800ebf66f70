"""Scores against closed forms, naive forecasts against hand-made series."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.validation import scores
from ytterby.validation.scores import brier, coverage, crps, weighted_quantile
from ytterby.validation.targets import Target


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12), st.floats(-60, 60))
def test_crps_is_mean_distance_less_half_the_spread(values, observed):
    """Second road: E|X - y| - E|X - X'| / 2 over all pairs."""
    x = np.array(values)
    pairs = np.abs(x[:, None] - x[None, :]).mean()
    assert crps(x, np.ones(len(x)), observed) == pytest.approx(np.abs(x - observed).mean() - pairs / 2, abs=1e-9)


def test_crps_of_a_point_is_the_absolute_error():
    assert crps(np.array([3.0]), np.ones(1), 5.0) == 2.0


def test_weights_count_like_copies():
    x, w = np.array([1.0, 2.0, 7.0]), np.array([1.0, 3.0, 2.0])
    copies = np.repeat(x, w.astype(int))
    assert crps(x, w, 4.0) == pytest.approx(crps(copies, np.ones(6), 4.0))
    assert weighted_quantile(x, np.array([1.0, 1e-12, 1.0]), (0.5,))[0] == pytest.approx(4.0, abs=3.1)


def test_brier_and_coverage():
    assert brier(0.18, happened=True) == pytest.approx(0.6724)
    assert brier(0.0, happened=False) == 0.0
    assert coverage(np.array([0.0, 2.0]), np.array([1.0, 3.0]), np.array([0.5, 5.0])) == 0.5


def quote(name: str, element: str, day: dt.date, value: float) -> Target:
    return Target(name, "fob", name, "USD/kg", day, day, value, value, value, "ln", 0.4, True, True, element)


SERIES = [
    quote("a", "La", dt.date(2009, 6, 1), 5.0),
    quote("b", "La", dt.date(2010, 6, 1), 20.0),
    quote("c", "Dy", dt.date(2009, 6, 1), 100.0),
    quote("d", "Dy", dt.date(2010, 6, 1), 200.0),
    quote("e", "La", dt.date(2012, 6, 1), 10.0),
    quote("f", "Dy", dt.date(2012, 6, 1), 100.0 * 2**0.5),
]
ORIGIN = dt.date(2010, 12, 31)


def test_naive_forecasts_of_a_series_that_halves():
    wanted = scores.later_quotes(SERIES, ORIGIN)
    assert [t.id for t in wanted] == ["e", "f"]
    assert np.exp(scores.constant(SERIES, ORIGIN, wanted)) == pytest.approx([5.0, 100.0])
    assert np.exp(scores.random_walk(SERIES, ORIGIN, wanted)) == pytest.approx([20.0, 200.0])
    reverting = scores.mean_reversion(SERIES, ORIGIN, wanted)
    assert np.exp(reverting) == pytest.approx([10.0, 141.4], rel=0.05)
    assert np.exp(scores.common_factor(SERIES, ORIGIN, wanted)) == pytest.approx([10.0, 141.4], rel=0.05)


def test_naive_forecasts_do_not_look_ahead_but_for_the_half_life():
    moved = [*SERIES[:4], quote("e", "La", dt.date(2012, 6, 1), 999.0), SERIES[5]]
    wanted, other = scores.later_quotes(SERIES, ORIGIN), scores.later_quotes(moved, ORIGIN)
    assert np.array_equal(scores.random_walk(SERIES, ORIGIN, wanted), scores.random_walk(moved, ORIGIN, other))
