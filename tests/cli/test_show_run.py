"""What ``run`` prints: what is next to nil is left out, and what that means is said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.datasets import run_summary
from ytterby.cli import show_run
from ytterby.cli.region_codes import explained
from ytterby.cli.tables import TextTable
from ytterby.ensembles import BranchResult, FirstStop, PeakPrice, PlaceLoss, SectorLoss, Shortfall


def told(capsys: pytest.CaptureFixture[str], **changes: Any) -> str:
    """Printed text on one line."""
    show_run.show(run_summary(**({"draws": 20, "start": "2025-04-07", "weeks": 52} | changes)))
    return " ".join(capsys.readouterr().out.split())


def stop(sector: str, probability: float) -> FirstStop:
    return FirstStop(
        sector=sector, country="JP", value_added_usd=1e9, date=None, date_low=None, date_high=None, probability=probability, line_stop=None,
        line_stop_probability=0.0, firms=None, input="magnet.NdFeB",
    )  # fmt: skip


def loss(country: str, usd: float, high: float, jobs: float) -> SectorLoss:
    return SectorLoss(
        country=country, sector="cars", value_added_usd=usd, low=0.0, high=high, net_usd=usd, sales_usd=usd, jobs=jobs, jobs_worst_week=jobs
    )


def short(monday: str, recovered: str | None = None) -> Shortfall:
    return Shortfall(
        commodity="magnet.SmCo", region="ROW", sum_of_regions=False, total_t=10.0, total_t_low=8.0, total_t_high=12.0, worst_share=0.3,
        worst_share_high=0.4, worst_date=monday, recovered=recovered,
    )  # fmt: skip


def test_sectors_that_stop_in_few_draws_are_counted_and_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, first_stops=(stop("often", 0.6), stop("tenth", 0.1), stop("rare", 0.09)))
    assert "often JP" in text
    assert "tenth JP" in text
    assert "rare JP" not in text
    assert "1 sectors in half of the draws or more, 2 in a tenth or more, 3 in some draw; those of less than a tenth are not listed" in text


def test_where_only_few_draws_have_a_stop_their_number_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, first_stops=(stop("rare", 0.05),))
    assert "0 in a tenth or more, 1 in some draw" in text


def test_losses_next_to_nil_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, losses=(loss("US", 5e8, 9e8, 300.0), loss("DE", 0.0, 3e7, 0.00031), loss("CN", 0.0, 2e5, 0.0)))
    assert "US cars 500 m" in text
    assert "DE cars 0 0 30 m <1" in text, "nil at the median, not at the high end"
    assert "CN cars" not in text
    assert "0.00031" not in text


@pytest.mark.parametrize(
    ("monday", "recovered", "rising"), [("2026-03-30", None, True), ("2026-03-02", None, False), ("2025-07-07", None, False)]
)
def test_a_shortage_that_is_worst_at_the_end_is_still_rising(
    capsys: pytest.CaptureFixture[str], monday: str, recovered: str | None, rising: bool
) -> None:
    text = told(capsys, shortfall=(short(monday, recovered),))
    assert ("still rising when the run ends: magnet.SmCo in ROW" in text) == rising
    assert "ROW: Rest of the world" in text


def test_prices_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    row = PeakPrice(
        commodity="oxide.Dy", place="EU", price_place=1024.0, week="2025-07-28", price=968.0, base=257.0, multiple=968 / 257,
        inside="CN", price_inside=248.0, base_inside=256.9,
    )  # fmt: skip
    text = told(capsys, peak_prices=(row,))
    assert "Highest prices outside, and inside in that week (USD/kg)" in text
    assert "oxide.Dy 2025-07-28 968 257 3.8 EU 1,020 CN 248 257" in text


def test_groups_of_countries_are_explained_once_and_not_where_their_name_stands() -> None:
    table = TextTable.of("", ["region"])
    table.add_row("EUX")
    table.add_row("AFR Africa")
    table.add_row("JP")
    assert explained(table).caption == "EUX: Rest of the EU-27"


def test_losses_that_hang_on_a_decision_are_told_by_branch(capsys: pytest.CaptureFixture[str]) -> None:
    """A mean over ways that a decision may go says what happens in none of them."""
    japan = PlaceLoss(value_added_usd=2e9, low=1e9, high=4e9, net_usd=1e9, job_years=1.0, scaled_share=0.0)
    branches = [
        BranchResult(fork=0, label="In force for all", p=0.22, draws=5, headline={"JP": japan}, stops={"JP": 1.0}),
        BranchResult(fork=0, label="Aimed at Japan", p=0.03, draws=0, headline={}, stops={}),
    ]
    text = told(capsys, branches=branches)
    assert "value added lost; by what is decided (each on the draws that take it, so they differ by more than the decision; " in text
    assert "the briefing compares them on the same draws): In force for all (22%): JP 2" in text
    assert "Aimed at Japan (3%): no draw takes it" in text
