"""`ytterby plan`: what must be true of any plan, on real data with few paths."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from ytterby.app import PlanRequest, plan
from ytterby.app.planning.work import thrift_of
from ytterby.cli import cli
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import candidate

BUDGET = 1e9
GROUPS = ("research", "thrift and substitutes", "recycling", "metals and magnets", "mines and separation")
SHOCKS = """path,weight,family,year,group,destination,cut,price
mild,0.3,quota,2031,light,,0.4,
mild,,,2031,heavy,,0.4,
mild,,,2031,magnet,,0.4,
hard,0.1,stop,2033,magnet,,0.9,
hard,,,2033,heavy_magnet,,0.9,
hard,,,2033,light,,0.7,
hard,,,2033,heavy,,0.8,
"""


@pytest.fixture(scope="module")
def shocks(tmp_path_factory):
    file = tmp_path_factory.mktemp("shocks") / "paths.csv"
    file.write_text(SHOCKS)
    return str(file)


@pytest.fixture(scope="module")
def found(shocks, tmp_path_factory):
    return plan(PlanRequest(allies=("JP",), budget=BUDGET, shocks=shocks, slack=0.0, project=tmp_path_factory.mktemp("project")))


def test_the_plan_helps_within_the_budget(found):
    assert found.risk_after < found.risk_before
    assert found.public_usd <= BUDGET * (1 + 1e-9)
    assert sum(row.public_usd for row in found.portfolio) == pytest.approx(found.public_usd, rel=1e-4)
    assert found.gain_usd == pytest.approx(-found.upper_bound)
    assert found.lower_bound <= found.upper_bound
    assert found.gap <= 1e-2 or found.ended == "time"


@pytest.mark.parametrize("gap", [0.0, 0.004, 0.0099, 0.02])
def test_less_public_money_never_costs_more_of_the_gain_than_the_bounds_leave(gap):
    """What a plan gives up for less public money, and as much again for crumbs, stays within the gap asked for."""
    share = thrift_of(SimpleNamespace(gap=gap))
    assert 0.0 <= share <= 2.5e-3
    assert share == 0.0 or (gap + 2.0 * share) / (1.0 - 2.0 * share) <= 1e-2 + 1e-12


def test_accounts_add_up_to_the_sums(found):
    rate, first = 0.05, found.years[0]
    total = {
        name: sum(getattr(row, name) * (1 + rate) ** -(row.year - first) for row in found.accounts)
        for name in ("resource_usd", "public_usd")
    }
    lost = sum(row.loss_usd * (1 + rate) ** -(row.year - first) for row in found.accounts)
    assert total["resource_usd"] == pytest.approx(found.cost_usd, rel=1e-9, abs=1.0)
    assert total["public_usd"] == pytest.approx(found.public_usd, rel=1e-9)
    assert lost == pytest.approx(found.risk_after, rel=1e-9, abs=1.0)
    assert sum(row.loss_usd for row in found.residual) == pytest.approx(found.risk_after, rel=1e-3, abs=1e5)


def test_money_by_group_and_year_adds_up_to_the_accounts(found):
    by_year = {}
    for row in found.spending:
        by_year[row.year] = by_year.get(row.year, 0.0) + row.public_usd
    for year in range(found.years[0], found.years[1] + 1):
        booked = sum(row.public_usd for row in found.accounts if row.year == year)
        assert by_year.get(year, 0.0) == pytest.approx(booked, rel=1e-9, abs=1.0)
    assert {row.group for row in found.spending} <= {"stocks: magnets", "stocks: materials", "stocks: components", *GROUPS}


def test_the_gain_is_made_of_its_parts(found):
    parts = found.cost_usd + found.risk_after - found.risk_before + 0.5 * (found.cvar_after - found.cvar_before)
    assert -parts == pytest.approx(found.gain_usd, rel=1e-6, abs=1e3)


def test_a_plant_says_which_part_of_it_is_bought(found):
    plants = [row for row in found.portfolio if row.unit == "t/year"]
    assert all(0.0 < row.of_plant <= 1.0 + 1e-9 and "% of the plant's capacity" in row.reason for row in plants)
    assert all(row.of_plant is None for row in found.portfolio if row.unit != "t/year")


def test_stocks_are_bought_in_the_first_year(found):
    assert {row.year for row in found.portfolio if row.kind == "stockpile"} == {found.years[0]}


def test_a_larger_budget_never_buys_less(found):
    gains = [point.gain for point in found.curve]
    slack = 0.01 * max(gains)
    assert all(later >= earlier - slack for earlier, later in zip(gains, gains[1:], strict=False))
    assert all(point.public_usd <= point.budget * (1 + 1e-9) for point in found.curve)


def test_what_pays_alone_is_never_in_the_portfolio(found):
    alone = {(row.measure, row.party) for row in found.pays_alone}
    assert alone
    assert not alone & {(row.measure, row.party) for row in found.portfolio}


def test_what_pays_alone_earns_something_and_would_not_if_prices_fell_enough(found):
    kinds = {candidate(row.measure).kind for row in found.pays_alone}
    assert "substitution" in kinds  # what saves inputs of plants has no output of its own
    assert all(row.margin >= 0.0 for row in found.pays_alone)
    assert all(row.price_fall is not None and 0.0 <= row.price_fall < 1.0 for row in found.pays_alone)


def test_what_is_left_out_is_never_too_cheap(found):
    assert all(row.too_dear_by is None or row.too_dear_by >= 0.0 for row in found.left_out)


def test_money_for_stocks_rests_on_assumed_figures(found):
    stocks = sum(row.public_usd for row in found.portfolio if row.kind == "stockpile")
    assert stocks > 0.0
    assert found.share_assumed >= stocks / found.public_usd - 1e-9
    assert found.share_assumed <= 1.0 + 1e-9


def test_without_shocks_nothing_is_lost_and_no_money_is_spent(tmp_path):
    calm = plan(PlanRequest(allies=("JP",), budget=5e9, shocks="none", project=tmp_path))
    assert calm.risk_before < 1e-6 * 1e12
    assert calm.public_usd == 0.0
    assert calm.portfolio == ()


def test_no_budget_no_portfolio(shocks, tmp_path):
    empty = plan(PlanRequest(allies=("JP",), budget=0.0, shocks=shocks, project=tmp_path))
    assert empty.portfolio == ()
    assert empty.risk_after == empty.risk_before


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"allies": ("XX",)}, UnknownNameError, "XX"),
        ({"budget": -1.0}, InputError, "at least 0"),
        ({"budget_by": "US=1e9"}, UnknownNameError, "US"),
        ({"budget_by": "JP=lots"}, InputError, "JP=2e9"),
        ({"limits": ("share:CN:max=1.5",)}, InputError, "no share"),
        ({"targets": ("oxide:JP:min=0.2@2055",)}, InputError, "2055"),
        ({"limits": ("co2:max=1e6",)}, UnknownNameError, "co2e"),
        ({"limits": ("sharks:CN:max=0.5",)}, UnknownNameError, "share"),
        ({"path": "no-path"}, UnknownNameError, "announced-pledges"),
        ({"shocks": "no-file.csv"}, InputError, "no-file.csv"),
    ],
)
def test_bad_input_is_named(options, error, words, tmp_path):
    with pytest.raises(error, match=words):
        plan(PlanRequest(project=tmp_path, **options))


def test_the_command_prints_json_with_the_keys_of_the_contract(shocks, tmp_path):
    run = CliRunner().invoke(
        cli, ["plan", "--allies", "Japan", "--budget", "1e8", "--shocks", shocks, "--slack", "0", "--json", "--project", str(tmp_path)]
    )
    assert run.exit_code == 0, run.output
    keys = {
        "parties",
        "budget",
        "portfolio",
        "cost_usd",
        "risk_before",
        "risk_after",
        "risk_resimulated",
        "gain_usd",
        "curve",
        "near",
        "residual",
    }
    keys |= {"accounts", "lower_bound", "upper_bound", "gap", "binding", "seconds"}
    assert keys <= set(json.loads(run.stdout))


def test_budgets_by_party_are_written_alike() -> None:
    from ytterby.app.planning.inputs import amounts_by

    assert amounts_by("JP=2bn,US=300m", ["JP", "US"], "party") == {"JP": 2000.0, "US": 300.0}
