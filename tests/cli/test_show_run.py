"""What ``run`` prints: what is next to nil is left out, and what that means is said."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.datasets import run_summary
from ytterby.cli import show_run
from ytterby.cli.region_codes import explained
from ytterby.cli.tables import TextTable
from ytterby.ensembles import BranchResult, Driver, FirstStop, PeakPrice, PlaceLoss, SectorLoss, Shortfall
from ytterby.facts import regions, sectors
from ytterby.report import Words


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
    assert "often Japan" in text
    assert "tenth Japan" in text
    assert "rare Japan" not in text
    assert "1 sectors in half of the draws or more, 2 in a tenth or more, 3 in some draw; those of less than a tenth are not listed" in text


def test_where_only_few_draws_have_a_stop_their_number_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, first_stops=(stop("rare", 0.05),))
    assert "0 in a tenth or more, 1 in some draw" in text


def test_losses_next_to_nil_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, losses=(loss("US", 5e8, 9e8, 300.0), loss("DE", 0.0, 3e7, 0.00031), loss("CN", 0.0, 2e5, 0.0)))
    assert "United States cars 500 m" in text
    assert "Germany cars 0 0 30 m <1" in text, "nil at the median, not at the high end"
    assert "China cars" not in text
    assert "0.00031" not in text


@pytest.mark.parametrize(
    ("monday", "recovered", "rising"), [("2026-03-30", None, True), ("2026-03-02", None, False), ("2025-07-07", None, False)]
)
def test_a_shortage_that_is_worst_at_the_end_is_still_rising(
    capsys: pytest.CaptureFixture[str], monday: str, recovered: str | None, rising: bool
) -> None:
    text = told(capsys, shortfall=(short(monday, recovered),))
    assert ("still rising when the run ends: SmCo magnets (Rest of the world)" in text) == rising
    assert "ROW" not in text


def test_prices_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    row = PeakPrice(
        commodity="oxide.Dy", place="EU", price_place=1024.0, week="2025-07-28", price=968.0, base=257.0, multiple=968 / 257,
        inside="CN", price_inside=248.0, base_inside=256.9,
    )  # fmt: skip
    text = told(capsys, peak_prices=(row,))
    assert "Highest prices outside, and inside in that week (USD/kg)" in text
    assert "dysprosium oxide 2025-07-28 968 257 3.8 EU-27 1,020 China 248 257" in text


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
    assert "the briefing compares them on the same draws): In force for all (22%): Japan 2" in text
    assert "Aimed at Japan (3%): no draw takes it" in text


@pytest.mark.parametrize("draws", [1, 20])
def test_no_code_stands_in_what_a_person_reads(capsys: pytest.CaptureFixture[str], draws: int) -> None:
    """Every sector, good and region of the model, and every kind of drawn input; the codes are those of JSON and files."""
    places, goods = list(regions()), ["component.small_motor", "oxide.Dy", "magnet.NdFeB-Dy", "metal.NdPr"]
    stops = [
        stop(code, 0.9).model_copy(update={"country": place, "input": goods[0]}) for code, place in zip(sectors(), places, strict=False)
    ]
    losses = [loss(place, 5e8, 9e8, 3.0).model_copy(update={"sector": code}) for code, place in zip(sectors(), places, strict=False)]
    inputs = ("cover.magnet@EU", "economy.criticality.cars_*.oxide.Ce.material", "behaviour.conversion_elasticity", "forks.0")
    drivers = [Driver(input=name, rho=0.5, kind="assumed", beyond_chance=True) for name in inputs]
    for first in range(0, len(stops), show_run.TOP):
        chosen = slice(first, first + show_run.TOP)
        missing = [short("2025-07-07").model_copy(update={"commodity": name, "region": "EUX"}) for name in goods]
        text = told(capsys, draws=draws, first_stops=stops[chosen], losses=losses[chosen], shortfall=missing, drivers=drivers)
        shown = text.partition("as of ")[0]
        assert not re.findall(r"\b(?:cars|component|oxide|metal|magnet|cover|economy|behaviour)[._]\w+|\b[a-z]+_[a-z]+\b|@", shown)
        assert not set(re.findall(r"\b[A-Z]{2,3}\b", shown)) & {*places, "EUX", "US"} - {"EU"}
        assert all(Words("en").sector(row.sector) in shown for row in stops[chosen])
