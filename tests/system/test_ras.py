"""Maximum entropy: tables under sums, mixtures under a mean price."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.system.ras import POWERS, balance_table, tilted

positive = st.floats(0.1, 100)


@given(st.lists(positive, min_size=2, max_size=6), st.lists(positive, min_size=2, max_size=6), st.integers(0, 99))
def test_sums_are_met(rows, columns, seed):
    start = np.random.default_rng(seed).uniform(0.1, 1, (len(rows), len(columns)))
    table = balance_table(start, rows, columns)
    assert table.sum(axis=1) == pytest.approx(np.array(rows), rel=1e-6)
    assert table.sum(axis=0) == pytest.approx(np.array(columns) * sum(rows) / sum(columns), rel=1e-6)


@given(st.integers(0, 99))
def test_cross_ratios_of_the_pattern_survive(seed):
    """The mark of maximum entropy: x_ij x_kl / (x_il x_kj) is that of the pattern."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(0.1, 1, (3, 4))
    table = balance_table(start, rng.uniform(1, 9, 3), rng.uniform(1, 9, 4))
    for a in (start, table):
        a /= a[:1] * a[:, :1] / a[0, 0]
    assert table == pytest.approx(start, rel=1e-6)


def test_a_forbidden_route_stays_forbidden():
    assert balance_table([[0, 1], [1, 1]], [2, 3], [1, 4])[0, 0] == 0


BASKET = {"oxide.La": 60.0, "oxide.NdPr": 30.0, "oxide.Dy": 1.0, "oxide.Y": 9.0}
PRICE = {"oxide.La": 1.0, "oxide.NdPr": 55.0, "oxide.Dy": 257.0, "oxide.Y": 6.0}


@settings(max_examples=50)
@given(st.floats(2.0, 100.0))
def test_the_mean_price_is_the_unit_value(mean):
    share = tilted(BASKET, PRICE, mean)
    assert sum(share.values()) == pytest.approx(1.0)
    assert sum(share[name] * PRICE[name] for name in share) == pytest.approx(mean, rel=1e-6)


@settings(max_examples=50)
@given(st.floats(2.0, 100.0))
def test_the_mixture_is_the_basket_tilted_by_one_power(mean):
    share = tilted(BASKET, PRICE, mean)
    tilt = [np.log(share[name] / BASKET[name]) for name in BASKET]
    price = [np.log(PRICE[name]) for name in BASKET]
    power = np.polyfit(price, tilt, 1)
    assert np.polyval(power, price) == pytest.approx(tilt, abs=1e-9)


def test_a_unit_value_out_of_reach_is_bounded():
    assert min(POWERS) == -1.0
    low = tilted(BASKET, PRICE, 1e-6)
    assert low["oxide.La"] / low["oxide.Y"] == pytest.approx(60 / 1.0 / (9 / 6.0), rel=1e-6)
    assert tilted({"oxide.Ce": 5.0}, {"oxide.Ce": 1.2}, 40.0) == {"oxide.Ce": 1.0}
