# ruff: noqa: E501 (texts are kept on one line)
"""The watch: promises over all readings of a project; silence is no news."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from click.testing import CliRunner

from ytterby.app import read, watch
from ytterby.cli import cli
from ytterby.errors import UnknownNameError
from ytterby.evidence import Promise, promise_prior

FIRST = "Notiz\n\n5 March 2025\n\nChile and Norway plan to sign an agreement on graphite."
SECOND = "Notiz\n\n9 May 2025\n\nChile and Norway signed an agreement on graphite."
BUILD = "Notiz\n\n5 March 2025\n\nNorway will invest 40 million euros in a graphite plant by the end of 2025."
BUILT = "Notiz\n\n9 February 2026\n\nNorway has invested 40 million euros in a graphite plant."
DENIED = "Notiz\n\n5 March 2025\n\nChile does not plan an export ban on lithium."


@pytest.fixture
def project(tmp_path):
    def add(*texts):
        for text in texts:
            path = tmp_path / f"{abs(hash(text)) % 10**8}.txt"
            path.write_text(text)
            read([path], project=tmp_path / "p")
        return tmp_path / "p"

    return add


def _told(project, on, kind):
    found = watch(project, on=dt.date.fromisoformat(on)).watch
    return [row for row in found if row.kind == kind and not row.fact]


def test_a_later_reading_says_what_became_of_a_promise(project):
    folder = project(FIRST)
    row = _told(folder, "2025-04-01", "agreement")[0]
    assert (row.outcome, row.overdue, row.last_seen) == ("open", False, "2025-03-05")
    row = _told(project(SECOND), "2025-06-01", "agreement")[0]
    assert row.outcome == "kept"
    assert [(step.date, step.status) for step in row.status_path] == [("2025-03-05", "planned"), ("2025-05-09", "signed")]


def test_the_watch_of_a_day_knows_no_later_report(project):
    folder = project(FIRST, SECOND)
    assert _told(folder, "2025-04-01", "agreement")[0].outcome == "open"


def test_silence_after_the_day_is_no_news_and_never_broken(project):
    folder = project(BUILD)
    row = _told(folder, "2025-12-31", "investment")[0]
    assert (row.due, row.outcome, row.overdue) == ("2025-12-31", "open", False)
    row = _told(folder, "2026-03-01", "investment")[0]
    assert (row.outcome, row.overdue) == ("no news", True)


def test_what_is_done_after_its_day_is_late(project):
    row = _told(project(BUILD, BUILT), "2026-03-01", "investment")[0]
    assert (row.outcome, row.overdue) == ("late", False)


def test_what_is_only_denied_is_no_promise(project):
    assert _told(project(DENIED), "2026-03-01", "control") == []


def test_dated_facts_are_promises_too_and_a_party_narrows_them(project):
    folder = project(FIRST)
    found = {row.fact: row for row in watch(folder, on=dt.date(2026, 4, 27)).watch if row.fact}
    assert {"C024", "C025", "C053", "C054b"} <= set(found)
    assert found["C025"].outcome == "no news"
    assert found["C024"].outcome == "open"
    only = watch(folder, on=dt.date(2026, 4, 27), party="AU").watch
    assert {row.fact for row in only} == {"C054b"}
    with pytest.raises(UnknownNameError, match="party 'XX'"):
        watch(folder, party="XX")


def test_shares_of_what_is_known_by_kind(project):
    shares = {row.kind: row for row in watch(project(FIRST, SECOND, BUILD, BUILT), on=dt.date(2026, 3, 1)).shares}
    assert (shares["agreement"].kept, shares["agreement"].known) == (1.0, 1)
    assert shares["investment"].late == 1.0
    assert shares["meeting"].kept is None


def test_the_command_prints_the_keys_of_the_contract_and_fits_a_terminal(project):
    folder = str(project(FIRST, SECOND))
    found = json.loads(CliRunner().invoke(cli, ["watch", "--project", folder, "--on", "2026-11-29", "--json"]).stdout)
    assert {"promise", "who", "due", "status_path", "overdue", "last_seen"} <= set(found["watch"][0])
    assert {"date", "status", "claim"} == set(found["watch"][0]["status_path"][0])
    terminal = {"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "80"}  # a pipe has its natural width
    words = CliRunner(env=terminal).invoke(cli, ["watch", "--project", folder, "--on", "2026-11-29"]).stdout
    assert "2025-03-05: planned > 2025-05-09: signed" in words
    assert max(map(len, words.splitlines())) <= 80


@pytest.mark.parametrize(("day", "shown"), [("2025-10-21", 0), ("2025-10-29", 1)])
def test_a_fact_that_an_article_tells_a_day_later_is_listed_once(tmp_path, day, shown):
    text = f"---\ntitle: Notiz\ndate: {day}\n---\n\nAustralia and the United States will each invest 1 billion dollars in mines over the next six months."
    (tmp_path / "a.md").write_text(text)
    read([tmp_path / "a.md"], project=tmp_path / "p")
    rows = [row for row in watch(tmp_path / "p", on=dt.date(2026, 1, 1)).watch if row.kind == "investment" and {*row.who} == {"AU", "US"}]
    assert sum(row.fact == "C054b" for row in rows) == shown
    assert sum(not row.fact for row in rows) == 1


def _promise(kind, outcome):
    return Promise("p", "words", (), kind, None, (), outcome, False, None, 1)


def test_the_prior_of_promises_is_the_beta_distribution_of_what_is_known():
    known = [_promise("investment", outcome) for outcome in ["kept"] * 6 + ["late"] * 3 + ["ended"] + ["open", "no news"]]
    late = promise_prior([*known, _promise("meeting", "kept")])["investment"]["late"]
    assert (late.count, late.of, late.mean) == (3, 10, pytest.approx(3.5 / 11))
    draws = np.sort(np.random.default_rng(1).beta(3.5, 7.5, 200_000))
    assert late.low == pytest.approx(draws[10_000], abs=0.004)
    assert late.high == pytest.approx(draws[190_000], abs=0.004)


def test_a_prior_narrows_with_what_is_known_and_says_little_without():
    few, many = (
        promise_prior([_promise("stockpile", "ended")] * n + [_promise("stockpile", "kept")] * n)["stockpile"]["ended"] for n in (2, 50)
    )
    assert few.low < many.low < 0.5 < many.high < few.high
    nothing = promise_prior([_promise("tariff", "open")])["tariff"]["ended"]
    assert (nothing.of, nothing.mean, nothing.low, nothing.high) == (0, 0.5, 0.0, 1.0)


def test_the_command_prints_the_prior(project):
    folder = project(FIRST, SECOND)
    shown = CliRunner().invoke(cli, ["watch", "--on", "2025-06-01", "--project", str(folder)]).output
    assert "agreement      1 known: 100% kept, 0% late, 0% ended" in shown
    assert "next one late 0% to 77%, ended 0% to 77% (90 %)" in shown
