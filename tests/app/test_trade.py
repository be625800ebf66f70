"""The command ``trade``: keys, sums, scenarios, linked sectors, files, refusals."""

from __future__ import annotations

import csv
import json
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from ytterby.app import trade
from ytterby.cli import cli
from ytterby.economy.trade import defence_path
from ytterby.facts import load
from ytterby.system import build

NAME = "us-tariffs-japan-2025"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def found(project):
    return trade(NAME, draws=40, project=project)


@pytest.fixture(scope="module")
def barriers(project):
    return trade("apec-barriers-down", horizon="long", draws=0, project=project)


def called(project, *arguments):
    return CliRunner().invoke(cli, ["trade", *arguments, "--project", str(project)])


def test_json_has_the_keys_of_the_contract(project):
    done = called(project, NAME, "--draws", "5", "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert {"scenario", "horizon", "groups", "parties", "replay", "seconds"} <= set(document)
    assert {"revenue", "value_added", "consumers", "jobs", "balance"} <= set(document["parties"][0])
    assert {"target", "published", "model", "low", "high", "hit"} <= set(document["replay"][0])


def test_sums_of_parties_and_groups_agree(found):
    japan = next(row for row in found.parties if row.party == "JP")
    assert sum(row.change for row in found.groups) == pytest.approx(japan.exports, rel=1e-9)
    assert sum(row.price_loss for row in found.groups) == pytest.approx(japan.price_loss, rel=1e-9)
    home, *partners = found.parties
    assert home.party == "US"
    assert sum(row.balance for row in partners) == pytest.approx(-home.balance, rel=1e-9)
    assert japan.balance - japan.balance_before == pytest.approx(japan.exports, rel=1e-9)
    assert all(low <= getattr(japan, name) <= high or name not in ("exports", "value_added") for name, (low, high) in japan.band.items())


def test_dearer_duties_cost_japan_more(found):
    steps = {row.start: row for row in found.steps}
    assert steps["2025-01-01"].value_added == pytest.approx(0.0, abs=1.0)
    assert steps["2025-08-07"].value_added < steps["2025-09-16"].value_added < steps["2026-02-20"].value_added < 0
    for row in found.steps:
        assert row.price_loss <= -row.value_added + 1.0


def test_the_share_that_rests_on_memory_is_given(found):
    assert found.recalled["imports"] == 0.0
    assert 0.1 < found.recalled["home_sales"] < 0.5
    assert found.recalled["elasticities"] == 1.0
    assert {check.fact for check in found.checks} == {"TRD002", "SEC0088", "TRD013"}


def test_longer_horizons_pass_more_into_the_buyers_price(project):
    prices = []
    for horizon in ("short", "medium", "long"):
        row = next(row for row in trade(NAME, horizon=horizon, draws=0, project=project).groups if row.group == "cars")
        prices.append((row.buyer_price, -row.volume, row.export_price))
    assert prices == sorted(prices)


def test_a_fork_is_worked_out_branch_by_branch(found):
    assert [row.p for row in found.branches] == pytest.approx([0.5, 0.25, 0.25])
    nothing, same, agreed = found.branches
    assert nothing.duty < same.duty < agreed.duty
    assert nothing.value_added > same.value_added > agreed.value_added


def test_barriers_down_act_where_a_duty_falls_and_nowhere_else(barriers):
    for row in barriers.minerals:
        if row.duty_before == row.duty_after:
            assert row.imports_after == row.imports_before, (row.region, row.stage)
            assert row.share_after == row.share_before
        else:
            assert row.imports_after > row.imports_before, (row.region, row.stage)
    moved = {(row.region, row.stage) for row in barriers.minerals if row.imports_after != row.imports_before}
    assert moved == {("US", "magnet"), ("US", "metal"), ("US", "oxide")}
    assert {row.region for row in barriers.minerals} == {"AU", "APX", "CA", "CN", "JP", "KR", "MX", "MY", "RU", "TH", "TW", "US", "VN"}
    unknown = [row for row in barriers.minerals if not row.duty_known and row.imports_before > 0]
    assert any(row.imports_after_high > row.imports_before for row in unknown)


def test_barriers_down_raise_japan_s_cars_and_motors_only(barriers):
    changes = {row.group: row.change for row in barriers.groups}
    assert changes["cars"] > 0
    assert changes["motors"] > 0
    rest = [value for group, value in changes.items() if group not in ("cars", "motors", "light_trucks")]
    assert max(map(abs, rest)) < 1e-3
    assert [row.party for row in barriers.parties if row.price_loss > 1.0] == []


def test_linked_sectors_leave_unknown_cells_empty(found):
    rows = {row.item: row for row in found.linked}
    assert rows["ships-next-generation"].share_before == pytest.approx(0.71)
    assert rows["ships-next-generation"].share_after is None
    assert rows["investment-vehicle"].investment == 550e9
    assert rows["defence-path-eu"].balance is None
    assert rows["defence-path-eu"].demand == {}


def test_japan_s_earlier_two_percent_adds_tonnes_and_orders():
    """By a second road: budget, GDP and shares on paper, magnets of the base times their content."""
    facts, demands = load(), build(2024, load()).demands
    first, second, third = defence_path(facts, demands)
    yen = facts.value("TRD012")
    extra = (0.02 * 609e12 - 8.7e12) / yen
    assert first.spending == pytest.approx(extra, rel=1e-9)
    assert second.spending == pytest.approx(extra / 2, rel=1e-9)
    assert third.spending == pytest.approx(0.0, abs=1.0)
    assert first.factor == pytest.approx(0.02 * 609 / 8.7)
    assert first.orders[2] == pytest.approx(extra * 172 / 997)
    assert first.orders[0] == 0.0
    assert 1e9 < first.orders[1] < 3e9
    own = demands[(demands["region"] == "JP") & (demands["sector"] == "defence")].groupby("commodity")["use"].sum()
    assert first.demand["Sm"] == pytest.approx(own["magnet.SmCo"] * 0.36 * (first.factor - 1))
    assert first.demand["Dy"] == pytest.approx(own["magnet.NdFeB-Dy"] * 0.065 * (first.factor - 1))
    heavy = own["magnet.NdFeB-Dy"] + own["magnet.NdFeB"]
    assert first.demand["Nd"] == pytest.approx(heavy * 0.26 * 25 / 30 * (first.factor - 1))


def test_months_and_picture_are_written(project, tmp_path, found):
    assert called(project, NAME, "--draws", "0", "-o", str(tmp_path / "m.csv")).exit_code == 0
    with (tmp_path / "m.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["month"] for row in rows] == [row.month for row in found.months]
    assert float(rows[5]["duty.cars"]) == pytest.approx(0.275, abs=1e-3)
    assert called(project, NAME, "--draws", "0", "-o", str(tmp_path / "s.svg")).exit_code == 0
    picture = ET.parse(tmp_path / "s.svg").getroot()
    assert picture.get("role") == "img"
    assert "16.9 %" in str(picture.get("aria-label"))


def test_a_user_s_download_is_used_and_named(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.csv").write_text(
        "CTY_CODE,CTY_NAME,I_COMMODITY,CON_VAL_YR,CAL_DUT_YR,time\n5880,JAPAN,8703230140,1000000000,25000000,2024-12\n", "utf-8"
    )
    done = CliRunner().invoke(cli, ["facts", "import", str(tmp_path / "in"), "--project", str(tmp_path / "p")])
    assert done.exit_code == 0, done.output
    found = trade(NAME, draws=0, project=tmp_path / "p")
    assert found.user == "user figures used: tables us_trade"
    assert next(row for row in found.groups if row.group == "cars").base == 1e9


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-shock"], "has no tariff on 'products' or 'sectors'"),
        (["us-tarifs-japan-2025"], "us-tariffs-japan-2025"),
        ([NAME, "--horizon", "longer"], "--horizon"),
        ([NAME, "-o", "x.pdf"], ".csv"),
    ],
)
def test_what_is_refused_in_one_line(project, arguments, words):
    done = called(project, *arguments)
    assert done.exit_code != 0
    assert words in done.output + str(done.exception)
    assert "Traceback" not in done.output


def test_a_duty_above_what_can_be_meant_is_refused(project, tmp_path):
    measure = "{kind: tariff, products: cars, from: JP, to: US, start: 2025-04-01, rate: 15}"
    text = f"name: x\nstart: 2025-01-06\nweeks: 52\nmeasures:\n  - {measure}\n"
    (tmp_path / "x.yaml").write_text(text, "utf-8")
    done = called(project, str(tmp_path / "x.yaml"))
    assert done.exit_code != 0
    assert "1500 %" in done.output + str(done.exception)


def test_the_backtest_prints_both_scores(project):
    done = CliRunner().invoke(cli, ["backtest", "japan-tariffs-2025", "--draws", "20", "--json", "--project", str(project)])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert {"episode", "hits", "of", "targets"} <= set(document)
    assert (document["hits"], document["of"]) == (0, 0)
    assert document["seen"]["default"]["of"] == document["seen"]["wide"]["of"] == 11
    assert all(row["fitted"] is False for row in document["targets"])
    shown = CliRunner().invoke(cli, ["backtest", "japan-tariffs-2025", "--draws", "20", "--project", str(project)])
    assert "seen before" in shown.output
