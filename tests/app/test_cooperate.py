"""The command ``cooperate``: what it refuses, what its answer holds, and that an answer is kept."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner

from ytterby.app import CooperateRequest, cooperate
from ytterby.cli import cli
from ytterby.errors import InputError, UnknownNameError

KEYS = ("parties", "values", "shapley", "nucleolus", "least_core_eps", "core_empty", "invite")
SMALL = {"allies": ("AU", "KR"), "scenarios": 4, "budget": 1e9, "periods": 5, "fresh": 20}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def pair(project):
    return cooperate(CooperateRequest(**SMALL, invite=("GB",), hub="KR", blocs="AU,KR", project=project))


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"allies": ("JP", "XX")}, UnknownNameError, "XX"),
        ({"allies": ("JP", "JP")}, InputError, "twice"),
        ({"allies": ("JP", "CN")}, InputError, "side deals"),
        ({"allies": tuple(["JP", "US", "DE", "FR", "GB", "KR", "AU", "IN", "CA", "BR", "TH"])}, InputError, "at most 10"),
        ({"allies": ("JP", "US"), "invite": ("US",)}, InputError, "--invite: US"),
        ({"allies": ("JP", "US"), "blocs": "JP+US,JP"}, InputError, "do not overlap"),
        ({"allies": ("JP", "US"), "blocs": "JP+EU"}, UnknownNameError, "--blocs"),
        ({"allies": ("JP", "US"), "hub": "EU"}, UnknownNameError, r"--hub: unknown ally 'EU'; known: JP \(Japan\), US \(United States\)$"),
        ({"allies": ("JPP",)}, UnknownNameError, r"--allies: unknown region 'JPP'; did you mean 'JP' \(Japan\)\?$"),
        ({"allies": ("CN",)}, InputError, "side deals"),
        ({"allies": ("JP", "US"), "budget": -1.0}, InputError, "--budget"),
        ({"allies": ("JP", "US"), "budget_by": "EU=3e9"}, UnknownNameError, "--budget-by"),
        ({"allies": ("JP", "US"), "budget_by": "US=much"}, InputError, "JP=2e9"),
        ({"allies": ("JP", "US"), "scenarios": 3}, InputError, "at least 4"),
        ({"allies": ("JP", "US"), "gap": 0.0}, InputError, "--gap"),
        ({"allies": ("JP", "US"), "path": "boom"}, UnknownNameError, "--path"),
        ({"allies": ("JP", "US"), "periods": 4}, InputError, "--periods: 15 years"),
        ({"allies": ("JP", "US"), "fresh": 5}, InputError, "--fresh"),
        ({"allies": ("JP", "US"), "deterrence": -0.1}, InputError, "--deterrence"),
        ({"allies": ("JP", "US"), "unit_seconds": float("nan")}, InputError, "--unit-seconds"),
        ({"allies": ("JP", "US"), "imitate": ("JP",)}, InputError, "--imitate: JP"),
        ({"allies": ("JP", "US"), "invite": ("KR",), "imitate": ("KR",)}, InputError, "--imitate: KR"),
        ({"allies": ("JP", "US"), "imitate": ("CN",)}, InputError, "side deals"),
        ({"allies": ("JP", "MM")}, InputError, "no final use"),
    ],
)
def test_bad_input_is_refused_before_the_work(given, error, words, project):
    with pytest.raises(error, match=words) as found:
        cooperate(CooperateRequest(**given, project=project))
    assert "\n" not in str(found.value)


def test_an_alliance_of_one_is_worth_nothing_and_needs_no_plan(project, monkeypatch):
    monkeypatch.setattr("ytterby.app.alliances.values.values_of", None)
    found = cooperate(CooperateRequest(allies=("AU",), scenarios=4, project=project))
    assert (found.values, found.shapley, found.nucleolus) == ({"AU": 0.0}, {"AU": 0.0}, {"AU": 0.0})
    assert not found.core_empty
    assert found.least_core_eps == 0.0


@pytest.mark.slow
def test_the_answer_holds_the_keys_of_the_contract(pair):
    plain = pair.to_dict()
    assert set(KEYS) <= set(plain)
    assert list(plain["values"]) == ["AU", "KR", "AU+KR"]
    assert set(plain["invite"][0]) >= {"party", "gain"}
    assert all(set(row) == {"rule", "from", "to", "usd", "by_year"} for row in plain["transfers"])
    whole = pair.values["AU+KR"]
    for shares in (pair.shapley, pair.nucleolus, pair.owen, *pair.proportional.values()):
        assert sum(shares.values()) == pytest.approx(whole, rel=1e-9)
    parts = pair.parts["AU+KR"]
    assert parts.aid + parts.stocks + parts.projects + parts.technology == pytest.approx(whole, abs=pair.gap_usd)


@pytest.mark.slow
def test_what_stands_around_an_alliance_is_told(pair):
    plain = pair.to_dict()
    for row in pair.cost_shares:
        assert sum(row.paid.values()) == pytest.approx(row.public_usd)
    assert all(sum(beside.values()) == pytest.approx(0.0, abs=1.0) for beside in pair.beside.values())
    assert pair.fresh.low <= pair.fresh.value <= pair.fresh.high
    assert pair.deterrence.delta == 0.0
    assert pair.deterrence.value == pytest.approx(pair.values["AU+KR"], abs=pair.gap_usd)
    assert any("Lynas" in row.project for row in pair.commitments)
    assert {row["party"] for row in plain["jobs_created"]} == {"AU", "KR"}
    assert pair.imitation is None
    assert 0.0 <= pair.public_money.together_usd <= pair.public_money.alone_usd + 2e6
    assert pair.public_money.published_ratio == pytest.approx(96 / 141)


@pytest.mark.slow
def test_a_gap_wider_than_the_value_leaves_it_undecided(project):
    found = cooperate(CooperateRequest(**SMALL | {"fresh": 0}, gap=1e12, project=project))
    assert found.values["AU+KR"] == 0.0
    assert found.undecided == ("AU+KR",)
    assert not found.core_decided


@pytest.mark.slow
def test_splits_and_stars_are_worth_no_more_than_all_together(pair):
    assert pair.partition.value == 0.0
    assert pair.partition.lost == pytest.approx(pair.values["AU+KR"])
    assert pair.hub.lost == pytest.approx(0.0, abs=pair.gap_usd)  # two parties of which one is the hub are the club


@pytest.mark.slow
def test_the_order_of_parties_does_not_matter_and_an_answer_is_kept(pair, project):
    began = time.process_time()
    again = cooperate(CooperateRequest(**SMALL | {"allies": ("KR", "AU")}, invite=("GB",), hub="KR", blocs="AU,KR", project=project))
    assert time.process_time() - began < 1.0
    assert again.to_dict() | {"seconds": 0} == pair.to_dict() | {"seconds": 0}


@pytest.mark.slow
def test_the_screen_the_tables_and_the_json_say_the_same(pair, project, tmp_path):
    arguments = [
        "cooperate",
        "--allies",
        "AU,KR",
        "--scenarios",
        "4",
        "--budget",
        "1e9",
        "--invite",
        "GB",
        "--hub",
        "KR",
        "--blocs",
        "AU,KR",
        "--periods",
        "5",
        "--fresh",
        "20",
    ]
    told = CliRunner().invoke(cli, [*arguments, "--project", str(project), "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert "AU, KR together" in " ".join(told.stdout.split())
    assert "Whom to ask next" in told.stdout
    written = json.loads((tmp_path / "out" / "cooperation.json").read_text("utf-8"))
    assert written["values"] == pair.to_dict()["values"]
    assert (tmp_path / "out" / "transfers.csv").read_text("utf-8").startswith("rule,payer,payee,usd,by_year")
    assert "paid.AU,paid.KR" in (tmp_path / "out" / "cost_shares.csv").read_text("utf-8").splitlines()[0]
    assert len((tmp_path / "out" / "shares.csv").read_text("utf-8").splitlines()) == 3
