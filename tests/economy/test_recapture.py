"""What comes back: short stops, overtime, window, finished goods."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.economy.losses import RecaptureModel, recapture, recapture_model
from ytterby.economy.making_up import sales_lost


def model(share=0.8, longest=8.0, fade=26.0, window=52, overtime=0.2, finished=2.0) -> RecaptureModel:
    return RecaptureModel(
        *(np.array([value]) for value in (share, longest, fade)), window, *(np.array([value]) for value in (overtime, finished))
    )


def stop(length: int, weeks: int = 80, first: int = 2, depth: float = 1.0) -> np.ndarray:
    lost = np.zeros((weeks, 1))
    lost[first : first + length] = depth
    return lost


@pytest.mark.parametrize(("length", "share"), [(1, 0.8), (7, 0.8), (8, 0.8), (21, 0.8 * np.exp(-0.5)), (34, 0.8 * np.exp(-1.0))])
def test_less_comes_back_of_a_longer_stop(length, share):
    back = recapture(stop(length, weeks=220), model(window=200))
    assert back.made_up.sum() == pytest.approx(share * length)
    assert back.made_up.max() <= 0.2
    assert (back.made_up[: 2 + length] == 0).all()
    assert back.pending.sum() == pytest.approx(0.0, abs=1e-12)


def test_about_half_of_what_the_car_makers_lost_in_2011_comes_back_within_the_fiscal_year():
    """DIS020-DIS024: -57 % in March, -60 % in April, -14 % in June, 29 % of half a year; the fiscal year ended 3 % above the one before."""
    lost = np.zeros((70, 1))
    lost[0:15, 0] = np.interp(np.arange(15), [0, 6, 14], [0.6, 0.6, 0.14])
    lost[15:22, 0] = np.linspace(0.12, 0.01, 7)
    back = recapture(lost, recapture_model(["cars_combustion"]))
    assert 0.3 < back.made_up[:55].sum() / lost.sum() < 0.75


def test_what_is_not_made_up_within_the_window_is_lost():
    back = recapture(stop(7), model(overtime=0.01, window=10))
    assert back.made_up.sum() == pytest.approx(10 * 0.01)
    assert np.flatnonzero(back.made_up[:, 0])[-1] == 2 + 7 + 10 - 1


def test_what_the_weeks_cut_off_is_pending_and_not_counted():
    back = recapture(stop(5, weeks=9), model())
    assert back.made_up.sum() == pytest.approx(2 * 0.2)
    assert back.pending.sum() == pytest.approx(0.8 * 5 - 0.4)


lost_paths = st.lists(st.one_of(st.just(0.0), st.floats(0.0, 1.0)), min_size=1, max_size=60)


@settings(max_examples=80, deadline=None)
@given(lost_paths, st.floats(0.0, 1.0), st.floats(0.0, 0.5), st.floats(0.0, 6.0))
def test_never_more_than_was_lost(path, share, overtime, finished):
    lost = np.array(path)[:, None]
    back = recapture(lost, model(share=share, overtime=overtime, finished=finished))
    assert (np.cumsum(back.made_up) <= np.cumsum(lost) * share + 1e-9).all()
    assert (back.made_up <= overtime + 1e-12).all()
    assert (back.made_up[lost > 0.005] == 0).all()
    assert (back.sales_lost >= -1e-12).all()
    assert back.sales_lost.sum() <= lost.sum() + 1e-9


@settings(max_examples=60, deadline=None)
@given(lost_paths, st.floats(0.0, 6.0))
def test_sales_against_a_stock_kept_week_by_week(path, finished):
    """Second road: stock of finished goods, one week of sales a week, unsold output stays in stock."""
    stock, expected = finished, []
    for lost in path:
        reach = stock + 1.0 - lost
        sold = min(1.0, reach)
        stock = reach - sold
        expected.append(1.0 - sold)
    np.testing.assert_allclose(sales_lost(np.array(path)[None, :, None], np.array([[finished]]))[0, :, 0], expected, atol=1e-9)


def test_draws_do_not_mix():
    rng = np.random.default_rng(3)
    lost = np.where(rng.random((4, 60, 5)) < 0.3, rng.random((4, 60, 5)), 0.0)
    sectors = recapture_model(["cars_battery", "wind", "refining", "other", "electronics"])
    whole = recapture(lost, sectors)
    for draw in range(4):
        single = recapture(lost[draw], sectors)
        np.testing.assert_array_equal(single.made_up, whole.made_up[draw])
        np.testing.assert_array_equal(single.sales_lost, whole.sales_lost[draw])
