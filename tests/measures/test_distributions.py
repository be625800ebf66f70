"""Distributions: quantile functions against scipy's and against their own bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ytterby.errors import ScenarioError
from ytterby.measures.distributions import DISTRIBUTIONS, distribution

U = np.linspace(0.001, 0.999, 37)
NUMBER = st.floats(-1e4, 1e4, allow_nan=False).map(lambda x: round(x, 6))


@pytest.mark.parametrize(
    ("spec", "reference"),
    [
        ({"dist": "uniform", "low": 2, "high": 5}, stats.uniform(2, 3)),
        ({"dist": "triangular", "low": 1, "mode": 2, "high": 6}, stats.triang(0.2, 1, 5)),
        ({"dist": "normal", "mean": 3, "sd": 2}, stats.norm(3, 2)),
        ({"dist": "normal", "mean": 3, "sd": 2, "low": 1, "high": 9}, stats.truncnorm(-1, 3, 3, 2)),
        ({"dist": "normal", "mean": 0, "sd": 1, "low": 6, "high": 7}, stats.truncnorm(6, 7)),
        ({"dist": "normal", "mean": 0, "sd": 1, "high": -6}, stats.truncnorm(-np.inf, -6)),
        ({"dist": "lognormal", "median": 4, "sigma": 0.5}, stats.lognorm(0.5, scale=4)),
        ({"dist": "beta", "alpha": 2, "beta": 5}, stats.beta(2, 5)),
        ({"dist": "beta", "alpha": 2, "beta": 5, "low": 10, "high": 20}, stats.beta(2, 5, 10, 10)),
    ],
)
def test_quantiles_agree_with_scipy(spec, reference):
    np.testing.assert_allclose(distribution(spec).ppf(U), reference.ppf(U), rtol=1e-9, atol=1e-12)


@given(st.lists(NUMBER, min_size=3, max_size=3).map(sorted), st.floats(0, 1, exclude_max=True))
def test_values_stay_between_low_and_high_and_rise(bounds, u):
    low, mode, high = bounds
    specs = [
        {"dist": "uniform", "low": low, "high": high},
        {"dist": "triangular", "low": low, "mode": mode, "high": high},
        {"dist": "beta", "alpha": 2, "beta": 3, "low": low, "high": high},
    ]
    if high > low:
        specs.append({"dist": "normal", "mean": mode, "sd": 3.0, "low": low, "high": high})
    for spec in specs:
        below, value = distribution(spec).ppf(np.array([u / 2, u]))
        slack = 1e-9 * max(1.0, abs(low), abs(high))
        assert low - slack <= below <= value + slack
        assert value <= high + slack


def test_choice_and_point():
    choice = distribution({"dist": "choice", "values": [1, 2, 4], "p": [0.5, 0.25, 0.25]})
    np.testing.assert_array_equal(choice.ppf(np.array([0.0, 0.49, 0.5, 0.74, 0.75, 1.0])), [1, 1, 2, 2, 4, 4])
    words = distribution({"dist": "choice", "values": ["2025-01-01", "2025-02-01"]})
    assert list(words.ppf(np.array([0.1, 0.9]))) == ["2025-01-01", "2025-02-01"]
    assert distribution({"dist": "point", "value": 3}).ppf(np.zeros((2, 2))).tolist() == [[3, 3], [3, 3]]
    assert words.median == "2025-02-01"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"dist": "uniform", "low": 2, "high": 1}, r"low \(2\) must not exceed high \(1\)"),
        ({"dist": "triangular", "low": 1, "mode": 9, "high": 6}, r"mode \(9\) must not exceed high \(6\)"),
        ({"dist": "normal", "mean": 0, "sd": 0}, "must be more than 0"),
        ({"dist": "normal", "mean": 0, "sd": 1, "low": 1, "high": 1}, "write {dist: point}"),
        ({"dist": "choice", "values": [1, 2], "p": [0.5, 0.6]}, "p sums to 1.1"),
        ({"dist": "choice", "values": [1, 2], "p": [1]}, "p has 1 entries"),
        ({"dist": "choice", "values": []}, "must have at least 1"),
        ({"dist": "uniform", "low": 0, "high": float("inf")}, "finite"),
        ({"dist": "uniform", "low": True, "high": 1}, "must be a number"),
        ({"dist": "uniform", "low": 0, "high": 1, "mean": 1}, "unknown key"),
        ({"dist": "gauss"}, "gauss"),
    ],
)
def test_malformed_distributions_are_refused(spec, words):
    with pytest.raises(ScenarioError, match=words):
        distribution(spec)


def test_every_class_is_reachable_by_its_name():
    assert {name: model.model_fields["dist"].default for name, model in DISTRIBUTIONS.items()} == {n: n for n in DISTRIBUTIONS}
