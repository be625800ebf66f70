"""Recorded commitments beside a plan: amounts, days, and that they stand beside the right part of it."""

from __future__ import annotations

import datetime as dt

import pytest

from ytterby.errors import InputError
from ytterby.facts import dollars, load
from ytterby.plan import PortfolioRow, compared_with


def _row(measure: str, party: str, size: float, public: float) -> PortfolioRow:
    return PortfolioRow(
        measure=measure, name=measure, party=party, kind="stockpile", year=2027, share=1.0, size=size, unit="t", of_plant=None,
        capex_usd=public,
        public_usd=public, avoids_usd=0.0, usable_from=2028, reason="",
    )  # fmt: skip


PORTFOLIO = (
    _row("stock-magnet.NdFeB", "US", 900.0, 5e7),
    _row("stock-oxide.Y", "US", 10.0, 1e6),
    _row("stock-magnet.NdFeB", "JP", 7.0, 3e5),
)


def test_money_stands_beside_all_money_of_the_party_and_a_stock_beside_the_same_goods() -> None:
    found = {row.fact: row for row in compared_with(load(), ("US",), PORTFOLIO)}
    assert found["C032"].recorded == 400e6
    assert found["C032"].plan == pytest.approx(51e6)
    assert (found["STO0016"].recorded, found["STO0016"].plan, found["STO0016"].unit) == (450.0, 900.0, "t")
    assert found["STO0015"].plan == 0.0
    assert found["STO0016"].what.startswith("acquisition ceiling")
    assert found["C032"].what.startswith("MP Materials")


def test_yen_are_turned_at_the_rate_of_their_year_and_recalled_figures_say_so() -> None:
    found = {row.fact: row for row in compared_with(load(), ("JP",), PORTFOLIO)}
    assert found["A338"].recorded == pytest.approx(100e9 / 87.8)
    assert found["A338"].recalled
    assert found["A338"].what.endswith("(100 billion yen)")
    assert not found["B164"].recalled
    assert found["B164"].plan == 3e5


def test_later_commitments_are_not_known() -> None:
    before = dt.date(2025, 12, 31)
    facts = {row.fact for row in compared_with(load(), ("JP", "US"), PORTFOLIO, before)}
    assert facts >= {"A338", "C032"}
    assert not facts & {"B164", "C028a"}


def test_the_amount_keeps_its_scale_in_every_unit() -> None:
    assert dollars(2.0, "bn USD", 1990) == 1000.0 * dollars(2.0, "M USD", 2020)
    assert dollars(1.0, "trn JPY", 2024) == pytest.approx(1000.0 * dollars(1.0, "bn JPY", 2024))
    with pytest.raises(InputError):
        dollars(1.0, "t", 2024)
    with pytest.raises(InputError):
        dollars(1.0, "bn JPY", 1950)
