"""The replay of the duties of 2025 on Japan: rules of the score, and what was reached."""

from __future__ import annotations

import pytest

from ytterby.economy import trade
from ytterby.facts import load
from ytterby.validation import duty_replay

FACTS = load()


@pytest.fixture(scope="module")
def default() -> tuple[duty_replay.ReplayTarget, ...]:
    return duty_replay.replay(FACTS, draws=60, seed=1)


@pytest.fixture(scope="module")
def wide() -> tuple[duty_replay.ReplayTarget, ...]:
    return duty_replay.replay(FACTS, draws=60, seed=1, wide=True)


@pytest.mark.parametrize(
    ("kind", "published", "model", "hit"),
    [
        ("volume", -2.4, -5.3, True),
        ("volume", -2.4, -5.5, False),
        ("volume", 3.4, -0.1, False),
        ("value", -22.7, -15.2, True),
        ("value", -22.7, -15.0, False),
        ("value", -22.7, -34.2, False),
        ("cost", 2100.0, 701.0, True),
        ("cost", 2100.0, 699.0, False),
    ],
)
def test_what_counts_as_a_hit(kind, published, model, hit):
    assert duty_replay.within(kind, published, model) is hit


def test_rows_of_trade_are_marked_seen_and_estimates_of_the_economy_are_compared_only(default):
    for row in default:
        assert (row.hit is None) == row.id.startswith("D"), row.id
        assert row.seen == row.id.startswith("TRD"), row.id
        assert row.low <= row.high
        assert row.missing or row.id.startswith("TRD"), row.id


def test_the_rows_asked_for_have_the_right_sign_and_are_met(default):
    asked = [row for row in default if row.asked and row.hit is not None]
    assert len(asked) == 6
    assert all(row.direction and row.hit for row in asked)
    score = duty_replay.score(default)
    assert (score.hits, score.of, score.unseen) == (9, 11, 0)
    assert score.in_band == sum(row.low <= row.published <= row.high for row in default if row.hit is not None) == 5


def test_drawn_from_all_that_is_possible_the_score_is_lower_and_stays_honest(default, wide):
    drawn, ours = duty_replay.score(wide), duty_replay.score(default)
    assert drawn.of == ours.of == 11
    assert 6 <= drawn.hits <= ours.hits
    widths = zip(wide, default, strict=True)
    assert all(w.high - w.low > d.high - d.low for w, d in widths if w.id == "TRD015")


def test_the_letter_of_july_costs_more_than_the_agreement(default):
    rows = {row.id: row for row in default}
    assert rows["D061"].model < rows["D060"].model < 0
    assert rows["D060"].model == pytest.approx(-0.23, abs=0.02)
    assert rows["D061"].model == pytest.approx(-0.41, abs=0.03)


def test_japan_s_cars_in_june_2025_by_hand(default):
    """The price that exporters took off, from the formula on paper: phi 0.2, duty 2.5 to 27.5 %."""
    price = (1 + 0.2 * (0.25 / 1.025)) * 1.025 / 1.275 - 1
    row = next(row for row in default if row.id == "TRD015")
    assert row.model == pytest.approx(100 * price, abs=0.01)
    assert trade.HORIZONS == ("short", "medium", "long")
