"""The command ``trade``: keys, sums, scenarios, linked sectors, files, refusals."""

from __future__ import annotations

import csv
import json
import re
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from ytterby.app import told_jobs, trade
from ytterby.cli import cli
from ytterby.cli.show_trade import check_numbers, state_of
from ytterby.economy.trade import TradeCheck, defence_path
from ytterby.facts import load, trade_goods
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


@pytest.mark.parametrize("draws", [1, 3])
def test_a_band_holds_its_figure_and_few_draws_are_said(draws, project):
    found = trade(NAME, draws=draws, project=project)
    for row in found.parties:
        assert row.band
        assert all(low <= getattr(row, name) <= high for name, (low, high) in row.band.items()), row.party
    shown = CliRunner().invoke(cli, ["trade", NAME, "--draws", str(draws), "--project", str(project)]).stdout
    assert f"Only {draws} draws: the bands are rough." in " ".join(shown.split())


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


def test_barriers_down_start_from_enacted_duties_and_end_at_nil(barriers):
    assert barriers.against == "2026-12-28"
    assert barriers.year == ("2031-01", "2031-12")
    assert set(barriers.named) == {"JP", "CN", "KR", "TW", "VN", "TH", "CA", "MX"}
    cars = next(row for row in barriers.groups if (row.group, row.partner) == ("cars", "JP"))
    assert cars.duty_before == pytest.approx(0.15)
    assert all(row.duty == 0.0 for row in barriers.groups)
    assert all(row.change > 0 for row in barriers.groups if row.duty_before > 0.1)
    assert {row.party for row in barriers.parties if row.exports > 0} == set(barriers.named)
    paid = sum(row.base * row.duty_before for row in barriers.groups)
    assert sum(row.revenue for row in barriers.groups) == 0.0
    assert -barriers.parties[0].revenue >= paid


def test_barriers_down_are_worked_out_for_the_years_they_take(project, barriers):
    assert barriers.horizon == "long"
    by_itself = trade("apec-barriers-down", draws=0, project=project)
    assert by_itself.horizon == "long"
    assert by_itself.parties == barriers.parties


def test_the_title_of_barriers_down_names_whose_duties_fall(barriers):
    assert barriers.title == "US duties on eight APEC economies fall to zero"


def test_a_foot_names_the_pass_through_of_its_horizon(found, barriers):
    assert "0.2 reaches the buyer of cars from Japan, 0.9 of all else" in found.grounds
    assert "0.9 reaches the buyer of cars from Japan, 0.9 of all else" in barriers.grounds


def test_home_buyers_bear_most_of_a_duty_on_all(found):
    home, *partners = found.parties
    abroad = sum(row.price_loss for row in partners)
    assert -(home.consumers + home.users) > 0.9 * home.revenue
    assert abroad < 0.15 * home.revenue
    japan = next(row for row in partners if row.party == "JP")
    assert japan.price_loss / japan.exports < -0.3  # cars from Japan are the exception


def test_all_partners_stand_in_the_table_and_add_up(project, found):
    home, *partners = found.parties
    assert len(partners) == len(trade_goods.PARTNERS)
    facts = load()
    table = facts.us_trade()
    sums = table.groupby("flow")["value_usd"].sum()
    assert -home.balance_before == pytest.approx(sums["imports"] - sums["exports"], rel=1e-9)
    shown = called(project, NAME, "--draws", "0").output
    assert all(f"\n{row.name} " in shown for row in partners)
    assert "all partners" in shown
    assert f"{-home.balance_before / 1e9:.0f} > {-home.balance / 1e9:.0f}" in shown


def test_every_partner_has_exports_and_imports():
    table = load().us_trade()
    both = table.groupby(["partner", "flow"])["value_usd"].sum().unstack()
    assert (both > 1e9).all(axis=None)


def test_the_replay_counts_the_rule_and_the_band(project, found):
    scored = [row for row in found.replay if row.hit is not None]
    count = found.replay_score
    assert (count.of, count.unseen) == (len(scored), 0) == (11, 0)
    assert count.within_rule == sum(row.hit for row in scored)
    assert count.in_band == sum(row.low <= row.published <= row.high for row in scored) < count.within_rule
    shown = " ".join(called(project, NAME, "--draws", "40").output.split())
    assert [row.target for row in scored if not row.direction] == ["TRD022a"]
    assert not any(row.hit for row in scored if not row.direction)
    assert "whatever the size: TRD022a" in shown
    assert "cost of US duties, bn 2,101" in shown, "the unit stands beside the number"
    assert f"{count.within_rule} of 11. Published value inside our 5 to 95 %: {count.in_band} of 11. None counts as a test" in shown


@pytest.mark.parametrize(
    ("shipped", "low", "high", "words"),
    [
        (78.977, 79.0, 81.0, "78.98 bn USD here, published 79.70 (79.00 to 81.00)"),
        (78.9996, 79.0, 81.0, "78.9996 bn USD here, published 79.7000 (79.0000 to 81.0000)"),
        (79.5, 79.0, 81.0, "79.5 bn USD here, published 79.7 (79.0 to 81.0)"),
        (79.0, 79.0, 81.0, "79.0 bn USD here, published 79.7 (79.0 to 81.0)"),
        (79.5, 79.7, 79.7, "79.5 bn USD here, published 79.7 (no range)"),
    ],
)
def test_a_check_shows_as_many_decimals_as_tell_it_from_its_range(shipped, low, high, words):
    check = TradeCheck(fact="X", what="x", published=79.7, low=low, high=high, shipped=shipped, inside=low <= shipped <= high)
    assert check_numbers(check) == words
    assert (state_of(check) in ("within", "outside")) is (low < high)


def test_linked_sectors_leave_unknown_cells_empty(found):
    rows = {row.item: row for row in found.linked}
    assert rows["ships-next-generation"].share_before == pytest.approx(0.71)
    assert rows["ships-next-generation"].share_after is None
    assert rows["investment-vehicle"].investment == 550e9
    assert rows["defence-path-eu"].balance is None
    assert rows["defence-path-eu"].demand == {}
    assert rows["ships-next-generation"].share_of == "China, of new ship orders"
    assert all(bool(row.share_of) == (row.share_before is not None) for row in found.linked)


def test_jobs_have_the_digits_that_their_band_supports():
    assert told_jobs(-72_086.4, (-95_000.0, -60_000.0)) == -72_000.0
    assert told_jobs(-72_086.4) == -72_000.0
    assert told_jobs(14.3, (14.2, 14.4)) == 14.0
    assert told_jobs(0.0) == 0.0


def test_the_first_line_answers_about_the_partner_and_the_importer(project, found):
    japan = next(row for row in found.parties if row.party == "JP")
    shown = called(project, NAME, "--draws", "2").output
    first = " ".join(shown.partition("\n\n")[0].split())
    assert first.startswith(f"Japan sells the United States {-japan.exports / 1e9:.1f} bn USD less")
    assert re.search(r"has \d+\.\d bn less value added and \d{2},000 fewer jobs", first), "jobs at the digits that their band supports"
    assert f"{found.parties[0].revenue / 1e9:.0f} bn more revenue" in first
    assert first.endswith("other things equal.")
    assert "change against 2024, other things equal" in " ".join(shown.split())
    named = " ".join(row.item for row in found.linked)
    assert not any(slug in shown for slug in named.split()), "sectors are named"
    assert "Germany" not in shown.partition("Sectors that talks link")[2], "rows without a figure are left out"


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
    assert "16.9%" in str(picture.get("aria-label"))


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
    assert "0 of 0" not in shown.output
    assert "None counts as a test" in shown.output
    assert "inside the band" in " ".join(shown.output.split())


def test_what_rounds_to_nothing_has_no_sign():
    from ytterby.cli.tables import signed

    assert [signed(value) for value in (-0.04, 0.04, 0.0, -0.06, 0.06, 12.0)] == ["0.0", "0.0", "0.0", "-0.1", "+0.1", "+12.0"]
