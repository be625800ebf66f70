"""Every stop of a bundled scenario follows a lack that its table shows."""

import numpy as np
import pytest

from ytterby.app import run
from ytterby.cli.show_run import TOP, show
from ytterby.cli.words import country, good

LACKING = 0.05
HALF = 0.5


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    return run("total-stop", draws=4, seed=1, project=tmp_path_factory.mktemp("project"), executor="serial").summary


def test_the_input_of_each_stop_is_lacking_by_the_end_of_its_band(summary):
    rows = {(row.commodity, row.region): row for row in summary.shortfall}
    stops = [stop for stop in summary.first_stops if stop.probability >= HALF]
    assert len(stops) > 50
    for stop in stops:
        row = rows[stop.input, stop.country]
        assert row.lack_share >= LACKING, stop
        assert (row.lack_since or "never") <= (stop.date_high or "9999"), stop


def test_what_stops_sectors_comes_first_and_by_their_losses(summary):
    lost = {(row.sector, row.country): row.value_added_usd for row in summary.losses}
    of = {}
    for stop in summary.first_stops:
        if stop.date:
            of[stop.input, stop.country] = of.get((stop.input, stop.country), 0.0) + lost.get((stop.sector, stop.country), 0.0)
    found = [of.get((row.commodity, row.region), 0.0) for row in summary.shortfall]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.0
    assert summary.shortfall[0].commodity.startswith(("component.", "magnet."))


def test_lack_is_what_goes_unserved_is_priced_out_or_comes_from_stocks(summary):
    for row in summary.shortfall:
        assert min(row.total_t, row.priced_out_t, row.from_stock_t) >= 0.0
        assert row.lack_share >= row.worst_share - 1e-6
    assert any(row.priced_out_t > 10.0 * row.total_t and row.lack_share > HALF for row in summary.shortfall)


def test_the_terminal_shows_what_stops_the_sectors_that_it_names(summary, capsys):
    show(summary)
    lines = capsys.readouterr().out.splitlines()
    short = lines[next(i for i, line in enumerate(lines) if line.startswith("Supply missing to final users")) :]
    for stop in summary.first_stops[:TOP]:
        assert any(" ".join(line.split()).startswith(f"{good(stop.input)} {country(stop.country)} ") for line in short), stop


def test_weeks_never_lack_more_than_the_use_at_rest_without_measures_for_growth(summary):
    assert np.max([row.lack_share for row in summary.shortfall]) <= 1.0 + 1e-6
