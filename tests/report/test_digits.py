from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ytterby.report.digits import band_place, bounded_percents, date_precision, place_of, plain_place, rounded, share_of_draws

positive = st.floats(1e-6, 1e12)


@pytest.mark.parametrize(
    ("half", "place"),
    [(0.119, -2), (0.367, -1), (0.967, -1), (1.0, -1), (3.54, -1), (3.55, 0), (9.49, 0), (9.51, 0), (18.5, 0), (60.0, 1), (3540.0, 2)],
)
def test_the_rule_of_the_particle_data_group(half: float, place: int) -> None:
    """The first three lines are the rule's own: 0.827 +- 0.119 -> 0.83 +- 0.12, 0.367 -> 0.4, 0.967 -> 1.0."""
    assert place_of(half) == place


@given(positive)
def test_one_or_two_digits_of_the_uncertainty_are_kept(half: float) -> None:
    digits = round(half / 10.0 ** place_of(half))
    assert 3 < digits <= 35 or digits in (3, 36)


@given(positive, positive, positive)
def test_a_wider_band_never_supports_more_digits(value: float, first: float, second: float) -> None:
    low, high = sorted((first, second))
    assume(low > 1e-9 * value)
    assert band_place(value, value - low, value + low) <= band_place(value, value - high, value + high)


@given(positive, positive)
def test_a_value_is_never_rounded_away(value: float, half: float) -> None:
    assert rounded(value, band_place(value, value - half, value + half)) > 0.0


@given(positive)
def test_a_band_without_width_supports_the_plain_digits_only(value: float) -> None:
    assert band_place(value, value, value) == plain_place(value) == band_place(value, None, None)


@given(st.floats(-1e9, 1e9), st.integers(-3, 6))
def test_rounding_moves_by_half_a_place_at_most(value: float, place: int) -> None:
    assert abs(rounded(value, place) - value) <= 0.5 * 10.0**place * (1 + 1e-9)
    assert math.copysign(1.0, rounded(value, place)) > 0 or rounded(value, place) < 0


@given(st.integers(1, 5000), st.data())
def test_the_interval_of_a_share_holds_it_and_shrinks_with_draws(draws: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, draws))
    share, low, high = share_of_draws(hits, draws)
    assert 0.0 <= low <= share <= high <= 1.0
    _, low4, high4 = share_of_draws(4 * hits, 4 * draws)
    assert high4 - low4 < high - low


def test_the_interval_of_a_share_is_wilsons() -> None:
    """Second road: the ends solve (p - s)^2 = z^2 p (1 - p) / n."""
    share, low, high = share_of_draws(37, 200)
    for end in (low, high):
        assert (end - share) ** 2 == pytest.approx(1.6448536269514722**2 * end * (1 - end) / 200)
    assert share_of_draws(0, 200)[2] > 0.0
    assert share_of_draws(200, 200)[1] < 1.0


@given(st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), st.integers(0, 2000), st.integers(0, 2000))
def test_a_wider_band_of_dates_is_named_less_exactly(start: dt.date, first: int, second: int) -> None:
    assume(first <= second)
    ranks = ["day", "month", "year"]
    names = [date_precision(start, start + dt.timedelta(days=days)) for days in (first, second)]
    assert ranks.index(names[0]) <= ranks.index(names[1])


def test_a_value_outside_its_band_has_no_more_digits_than_its_distance_bears():
    for value, high in ((23.76, 0.0007), (32.2, 0.53)):
        assert band_place(value, 0.0, high) == band_place(value, 0.0, value) >= 0


@pytest.mark.parametrize(
    ("percents", "place", "told"),
    [
        (99.9, 0, (">", 99.0)), (99.97, -1, (">", 99.9)), (99.4, 0, ("", 99.0)), (100.0, 0, ("", 100.0)), (100.0 - 1e-9, 0, ("", 100.0)),
        (0.2, 0, ("<", 1.0)), (0.0, 0, ("", 0.0)), (1e-9, 0, ("", 0.0)), (104.0, 0, ("", 104.0)), (-0.2, 0, ("", 0.0)),
        (97.0, 1, ("", 100.0)),
    ],
)  # fmt: skip
def test_a_share_short_of_all_is_not_called_all(percents: float, place: int, told: tuple[str, float]) -> None:
    assert bounded_percents(percents, place) == told
