"""The budget from which more money buys nothing."""

from __future__ import annotations

from ytterby.plan import CurvePoint, enough_money


def point(budget: float, spent: float, gain: float) -> CurvePoint:
    return CurvePoint(budget=budget, public_usd=spent, gain=gain, expected_loss=0.0, cvar=0.0)


def test_it_is_the_least_money_that_gains_nearly_all() -> None:
    curve = [point(50, 49, 700), point(250, 195, 1395), point(1000, 190, 1398), point(5000, 240, 1400)]
    found = enough_money(curve)
    assert found is not None
    assert found.public_usd == 190


def test_there_is_none_where_the_largest_budget_is_spent_or_nothing_is_gained() -> None:
    assert enough_money([point(50, 50, 700), point(250, 249, 1400)]) is None
    assert enough_money([point(50, 0, 0.0), point(250, 0, 0.0)]) is None
    assert enough_money([]) is None
