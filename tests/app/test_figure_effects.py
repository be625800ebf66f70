"""The user's figures act, or the result says that they do not and what would."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ytterby.app import import_figures
from ytterby.app.figures.figure_effects import figure_effects
from ytterby.facts import load
from ytterby.system import FigureExpressions, account, build, user_totals

HEADER = "quantity,element,commodity,region,period,value,low,high,unit,source\n"


def mined(region, value, low="", high="", year=2024):
    return f"mine_production,TREO,mine.concentrate,{region},{year},{value},{low},{high},t REO,me\n"


def project(tmp_path, *rows):
    (tmp_path / "m.csv").write_text(HEADER + "".join(rows), "utf-8")
    return import_figures(tmp_path / "m.csv", tmp_path / "p", unusual=True)


def base(tmp_path, year=2024):
    return build(year, load(tmp_path / "p"))


def output(system, region):
    runs = system.processes[(system.processes["region"] == region) & system.processes.index.str.startswith("mine.")]
    return runs[~runs.index.str.startswith("mine.scandium")]["activity"].sum()


@pytest.mark.parametrize(("region", "value"), [("US", 10_000), ("AU", 100_000), ("CN", 100_000), ("CN", 0), ("IN", 9_000)])
def test_total_of_a_country_moves_its_mines(tmp_path, region, value):
    done = project(tmp_path, mined(region, value))
    assert [figure.acts for figure in done.effects.figures] == [True]
    before, after = output(build(2024), region), output(base(tmp_path), region)
    assert abs(after - value) < abs(before - value)
    assert abs(after - before) > 0.1 * before
    assert account.balance_error(base(tmp_path)) < 1e-9


def test_narrow_range_pulls_harder_than_a_wide_one(tmp_path):
    found = []
    for name, low, high in (("narrow", 9_900, 10_100), ("wide", 2_000, 30_000)):
        (tmp_path / name).mkdir()
        project(tmp_path / name, mined("US", 10_000, low, high))
        found.append(output(base(tmp_path / name), "US"))
    assert abs(found[0] - 10_000) < abs(found[1] - 10_000)


def test_mines_share_a_total_and_its_range(tmp_path):
    """Second road: value and variance of the mines' figures add up to those of the total."""
    project(tmp_path, mined("CN", 100_000, 90_000, 110_000))
    inputs = FigureExpressions(load(tmp_path / "p"), 2024)
    rows = [row for row in inputs.rows("mines") if row.region == "CN" and row.feed != "scandium"]
    figures = [user_totals.mine_output(inputs, row).scaled(row.factor) for row in rows]
    assert len(figures) > 1
    assert sum(figure.value for figure in figures) == pytest.approx(100_000)
    assert sum((figure.high - figure.value) ** 2 for figure in figures) ** 0.5 == pytest.approx(10_000)


def test_mine_given_by_its_id_stands_beside_a_total(tmp_path):
    (tmp_path / "m.csv").write_text("id," + HEADER + "CAP0176," + mined("US", 30_000) + "," + mined("US", 10_000), "utf-8")
    import_figures(tmp_path / "m.csv", tmp_path / "p", unusual=True)
    facts = load(tmp_path / "p")
    rows = [row for row in FigureExpressions(facts, 2024).rows("mines") if row.region == "US"]
    assert user_totals.mine_output(FigureExpressions(facts, 2024), rows[0]).value == 30_000


def test_base_without_figures_of_the_user_is_as_before(tmp_path):
    done = project(tmp_path, mined("MG", 2_500))
    assert done.effects.figures[0].read_by == ("exposure (GeoPolRisk)",)
    assert base(tmp_path).processes["activity"].equals(build(2024).processes["activity"])


def test_effect_says_before_after_and_sigmas(tmp_path):
    project(tmp_path, mined("US", 10_000, 9_000, 11_000))
    effects = figure_effects(tmp_path / "p", measured=True)
    (move,) = effects.figures[0].measured
    activity = {name: output(system, "US") for name, system in (("before", build(2024)), ("after", base(tmp_path)))}
    assert move.before == pytest.approx(activity["before"], rel=1e-6)
    assert move.after == pytest.approx(activity["after"], rel=1e-6)
    assert move.sigmas == pytest.approx((move.after - 10_000) / (1_000 / 1.96), rel=1e-6)
    assert effects.changes[0].what == "mined, all mines"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("use,Dy,oxide.Dy,JP,1999,700,,,t oxide,me\n", "no base"),
        ("capacity,,magnet.NdFeB,JP,1999,700,,,t magnet,me\n", "no base"),
        ("mine_production,TREO,mine.concentrate,US,2024,30,,,t oxide,me\n", "CAP0176 .*give that id"),
    ],
)
def test_figure_that_nobody_reads_says_so(tmp_path, row, words):
    import re

    (figure,) = project(tmp_path, row).effects.figures
    assert not figure.acts
    assert re.search(words, figure.reason)


def test_every_mining_country_of_every_base_can_be_replaced():
    for year in (2009, 2024):
        rows = FigureExpressions(load(), year).rows("mines")
        assert user_totals.mining_regions(year) <= {row.region for row in rows}
        assert {"CN", "IN"} <= user_totals.mining_regions(year)


def test_command_shows_the_effect(tmp_path):
    (tmp_path / "m.csv").write_text(HEADER + mined("US", 10_000), "utf-8")
    command = [sys.executable, "-m", "ytterby", "facts", "import", "m.csv", "--show-effect"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "acts: user:mine_production-TREO-mine.concentrate-US-2024" in done.stdout
    assert "sigmas" in done.stdout
    assert "mined, all mines" in done.stdout
