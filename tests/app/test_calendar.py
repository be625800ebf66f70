"""``ytterby calendar``: dated decisions, their branches, and the scenario that opens each."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys

import numpy as np
import pytest

import ytterby as yt
from tests.app.test_controls import NOW, own, ytterby  # noqa: F401 (fixtures)
from tests.bargain.conftest import table_of
from ytterby.app import NegotiateRequest, calendar, hazard, negotiate
from ytterby.app.dates import delay_costs
from ytterby.cli.show_calendar import show
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.scenario import bundled, load_scenario

AUTUMN = dt.date(2026, 10, 1)


@pytest.fixture(scope="module")
def autumn(tmp_path_factory):
    return calendar(on=AUTUMN, project=tmp_path_factory.mktemp("project"))


def test_decisions_are_ahead_open_or_left_out(autumn, tmp_path):
    assert {row.status for row in autumn.calendar} == {"ahead", "open"}
    for row in autumn.calendar:
        assert (row.status == "ahead") == (row.date >= str(AUTUMN))
        assert (row.cost_of_delay is not None) == (row.id == "us-section-122-2026"), "talks wait for it"
        assert row.cost_of_delay_basis, "what the cost is, or why there is none"
        assert row.outcome == ""
    assert [row.date for row in autumn.calendar] == sorted(row.date for row in autumn.calendar)
    assert autumn.decided == 3
    early = calendar(on=dt.date(2025, 5, 1), project=tmp_path)
    assert next(row for row in early.calendar if row.id == "us-pause-japan-2025").status == "ahead"


def test_the_rule_on_magnets_in_us_defence_procurement_is_ahead_and_marked_as_recalled(autumn):
    row = next(row for row in autumn.calendar if row.id == "us-dfars-magnets-2027")
    assert (row.date, row.status) == ("2027-01-01", "ahead")
    assert all(branch.assumed for branch in row.branches)
    fact = load().row("XE001")
    assert (fact["kind"], fact["source_status"]) == ("assumed", "recalled")


def test_branches_add_to_one_and_are_marked(autumn):
    for row in autumn.calendar:
        assert sum(round(100 * branch.p) for branch in row.branches) == 100, "as printed"
        for branch in row.branches:
            assert 0.0 <= branch.p <= 1.0
            assert branch.assumed == (branch.basis == "assumed")
            assert not branch.assumed or branch.low <= branch.p <= branch.high
            assert branch.low is None or branch.low <= branch.p <= branch.high


def test_probabilities_are_those_of_the_hazard_model(autumn, tmp_path):
    row = next(row for row in autumn.calendar if row.id == "china-october-package-2026")
    anyone = hazard("CN", "rare_earths", years=1, project=tmp_path).rows[0]
    everyone = hazard("CN", "rare_earths", target="all", years=1, project=tmp_path).rows[0]
    p = {branch.label: branch.p for branch in row.branches}
    near = {"abs": 0.01}  # whole per cents that add up
    assert p["In force for all"] == pytest.approx(everyone.probability, **near)
    assert p["Extended"] == pytest.approx(1.0 - anyone.probability, **near)
    assert p["Aimed at Japan"] == pytest.approx(anyone.probability - everyone.probability, **near)


def test_bundled_scenarios_hold_the_decision_as_a_fork_on_the_day_after(autumn):
    named = [row for row in autumn.calendar if row.scenario and not row.draft]
    assert named
    for row in named:
        assert row.scenario in bundled()
        fork = next(fork for fork in load_scenario(row.scenario).forks if fork.date == row.day + dt.timedelta(days=1))
        assert {branch.label for branch in fork.branches} == {branch.label for branch in row.branches}
        assert [branch.p for branch in fork.branches] == [branch.p for branch in row.branches]


def test_every_row_with_minerals_of_the_model_opens_as_a_scenario_with_a_fork(autumn, tmp_path):
    path = tmp_path / "fork.yaml"
    for row in autumn.calendar:
        if row.scenario is None:
            with pytest.raises(InputError, match="not written"):
                calendar(on=AUTUMN, draft=path, decision=row.id, project=tmp_path)
            continue
        calendar(on=AUTUMN, draft=path, decision=row.id, project=tmp_path)
        scenario = load_scenario(path)
        fork = next(fork for fork in scenario.forks if fork.date == row.day + dt.timedelta(days=1))
        assert [branch.label for branch in fork.branches] == [branch.label for branch in row.branches]
        assert sum(branch.p for branch in fork.branches) == pytest.approx(1.0)


def test_a_draft_puts_back_what_is_suspended_beside_what_is_in_force(tmp_path):
    path = tmp_path / "fork.yaml"
    calendar(on=AUTUMN, draft=path, decision="china-ga-ge-sb-ban-2026", project=tmp_path)
    scenario = load_scenario(path)
    assert [measure.kind for measure in scenario.measures] == ["licence"]
    extended, back = scenario.forks[0].branches
    assert not extended.measures
    ban = back.measures[0]
    assert (ban.kind, ban.on, ban.from_, ban.to) == ("ban", ("Ga", "Ge"), ("CN",), ("US",))
    assert {key.rsplit(".", 1)[-1] for key in scenario.draws} == {"processing_days", "approval_rate"}


def test_until_is_the_last_day_shown(tmp_path):
    found = calendar(until=dt.date(2026, 11, 30), on=AUTUMN, project=tmp_path)
    assert found.calendar[-1].date == "2026-11-27"
    with pytest.raises(InputError, match="--until"):
        calendar(until=dt.date(2026, 9, 1), on=AUTUMN, project=tmp_path)


def test_the_users_own_ends_join_and_a_later_fact_closes_a_row(own):  # noqa: F811
    rows = {row.id: row for row in calendar(on=NOW, project=own).calendar}
    assert "china-october-package-2026" not in rows
    mine = [row for row in rows.values() if row.origin == "user"]
    assert {row.date for row in mine} == {"2027-01-31", "2027-11-10"}
    assert all(row.status == "ahead" and len(row.branches) == 2 for row in mine)


def test_python_gives_what_the_command_prints(ytterby, tmp_path):  # noqa: F811
    told = json.loads(ytterby("calendar", "--on", "2026-10-01", "--until", "2026-12-31", "--json").stdout)
    assert yt.load(2024, tmp_path / ".ytterby").calendar("2026-12-31", "2026-10-01").to_dict() == told
    assert {"date", "decision", "branches", "cost_of_delay"} <= set(told["calendar"][0])
    assert {"p", "assumed", "scenario"} <= set(told["calendar"][0]["branches"][0])


def test_the_terminal_has_eighty_columns_and_cuts_nothing(ytterby):  # noqa: F811
    done = ytterby("calendar", "--on", "2026-10-01")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "…" not in done.stdout
    for text in ("2026-11-10", "2026-12-03", "scenario: suspension-ends-2026", "draft: china-ga-ge-sb-ban-2026"):
        assert text in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--until", "soon"], "'soon' is no date"),
        (["--decision", "x"], "--decision: has no effect without --draft FILE"),
        (["--draft", "x.yaml", "--decision", "nothing"], "unknown decision 'nothing'"),
        (["--draft", "x.yaml", "--decision", "cd-cobalt-2025"], "hits no minerals of the model"),
        (["--draft", "no/such/folder/x.yaml"], "x.yaml"),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(ytterby, tmp_path, arguments, words):  # noqa: F811
    done = ytterby("calendar", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.rglob("*.yaml"))


def test_an_unknown_decision_is_refused_in_python(tmp_path):
    with pytest.raises(UnknownNameError):
        calendar(draft=tmp_path / "x.yaml", decision="nothing", project=tmp_path)


@pytest.mark.slow
def test_a_drafted_scenario_runs(tmp_path):
    path = tmp_path / "fork.yaml"
    calendar(on=AUTUMN, draft=path, decision="us-section-122-2026", project=tmp_path)
    done = subprocess.run([sys.executable, "-m", "ytterby", "run", str(path), "--json"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["scenario"] == "us-section-122-2026"


def test_a_day_that_has_passed_shows_no_chance_of_what_was_decided(autumn, capsys):
    show(autumn)
    ahead, passed = capsys.readouterr().out.split("\npassed; no later fact says what was decided")
    assert "%" in ahead
    entries = passed.partition("\nOn record as decided")[0]
    assert "%*" not in entries
    assert "84%" not in entries
    assert "each week of delay costs" not in entries
    told = " ".join(entries.split())
    costly = [row for row in autumn.calendar if row.status == "open" and row.cost_of_delay is not None]
    assert told.count("cost of delay: passed with the day") == len(costly) > 0
    assert entries.count("passed; no later fact") == sum(row.status == "open" for row in autumn.calendar)


def test_a_week_of_waiting_costs_what_the_talks_say_on_that_day(autumn, tmp_path, capsys):
    row = next(row for row in autumn.calendar if row.cost_of_delay is not None)
    talks = negotiate(NegotiateRequest(as_of=AUTUMN, draws=0, without_minerals=True, project=tmp_path))
    later = next(each for each in talks.delay if each.package == "nash" and each.label == "91 days later")
    assert row.cost_of_delay == pytest.approx(later.per_week)
    assert row.cost_of_delay_low < row.cost_of_delay < row.cost_of_delay_high
    show(autumn)
    told = " ".join(capsys.readouterr().out.split())
    value, low, high = (int(each) for each in re.search(r"about (\d+) M USD \(5 to 95 %: (\d+) to (\d+)\)", told).groups())
    assert value == pytest.approx(row.cost_of_delay / 1e6, abs=5.0)
    assert {value % 10, low % 10, high % 10} == {0}, "no single millions beside a band of hundreds"
    assert "which nobody has offered" in told


def test_a_deadline_of_money_costs_a_week_of_the_programme_that_was_agreed(tmp_path, monkeypatch):
    """Second road: the sum of a made-up table's gains, as a yearly payment, over weeks; without a table the reason is told."""
    day = dt.date(2026, 4, 1)
    without = {row.id: row for row in calendar(on=day, project=tmp_path).calendar}["us-japan-money-2026"]
    assert without.cost_of_delay is None
    assert "ytterby negotiate --talks us-japan-2025 --as-of 2026-03-01" in without.cost_of_delay_basis
    table = table_of()
    monkeypatch.setattr(delay_costs, "kept_table", lambda *_: table)
    rows = {row.id: row for row in calendar(on=day, project=tmp_path).calendar}
    gain = table.gain[0, table.portfolios.index("projects")] - table.gain[0, table.portfolios.index("each_alone")]
    annuity = (1.0 - 1.05**-15) / np.log(1.05)
    for name in ("us-japan-money-2026", "mmm-ministerial-2026"):
        assert rows[name].cost_of_delay == pytest.approx(float(gain.sum()) / annuity / (365.25 / 7), rel=1e-6)
    assert rows["au-us-money-2026"].cost_of_delay is None
    early = calendar(on=dt.date(2025, 10, 27), project=tmp_path)  # nothing on minerals has been agreed yet
    assert not any(row.cost_of_delay for row in early.calendar if row.by == "JP+US")
