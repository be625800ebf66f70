"""Scenarios: digest, forks, values put in, checks across keys."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ytterby.errors import ScenarioError, UnknownNameError
from ytterby.scenario.files import dump, load_text
from ytterby.scenario.scenario import Scenario

TEXT = """
name: forked
start: 2026-10-05
weeks: 60
measures:
  - {kind: licence, name: a, on: Dy, from: CN, start: 2026-10-05, approval_rate: 0.5}
  - {kind: ban, on: Tb, from: CN, to: JP, start: 2026-10-05}
  - {kind: ban, name: late, on: Sm, from: CN, start: 2027-01-04}
forks:
  - date: 2026-11-11
    branches:
      - {p: 0.25, ends: [a, late]}
      - p: 0.75
        measures: [{kind: ban, name: b, on: Y, from: CN, start: 2026-12-01}]
  - date: 2027-03-01
    branches: [{p: 0.5}, {p: 0.5, ends: [a]}]
draws:
  measures.a.approval_rate: {dist: uniform, low: 0, high: 1}
  measures.1.depth: {dist: uniform, low: 0.5, high: 1}
  measures.2.depth: {dist: uniform, low: 0.5, high: 1}
  forks.0.branches.1.measures.b.depth: {dist: uniform, low: 0, high: 1}
  behaviour.sigma: {dist: uniform, low: 2, high: 6}
"""


@pytest.fixture(scope="module")
def forked():
    return load_text(TEXT)


def test_paths_have_every_branch_and_sum_to_one(forked):
    paths = forked.paths()
    assert [p for p, _ in paths] == [0.125, 0.125, 0.375, 0.375]
    assert all(path.forks == () for _, path in paths)


def test_a_branch_ends_measures_on_the_eve_and_drops_what_had_not_begun(forked):
    ended = forked.branch((0, 0))
    assert [m.kind for m in ended.measures] == ["licence", "ban"]
    assert ended.measures[0].end == dt.date(2026, 11, 10)
    assert set(ended.draws) == {"measures.a.approval_rate", "measures.1.depth", "behaviour.sigma"}
    other = forked.branch((1, 1))
    assert [m.name for m in other.measures] == ["a", None, "late", "b"]
    assert other.measures[0].end == dt.date(2027, 2, 28)
    assert "measures.2.depth" in other.draws


def test_a_path_is_picked_by_uniform_numbers(forked):
    assert forked.path({"forks.0": 0.2499, "forks.1": 0.0}) == forked.branch((0, 0))
    assert forked.path({"forks.0": 0.25, "forks.1": 0.9999999}) == forked.branch((1, 1))


def test_values_are_put_in_by_name_number_and_path(forked):
    drawn = forked.with_values(
        {
            "measures.a.approval_rate": 0.25,
            "measures.1.depth": 0.75,
            "forks.0.branches.1.measures.b.depth": 0.125,
            "behaviour.sigma": 3,
            "cover.magnet@JP": 0.5,
            "forks.0": 0.3,
        }
    )
    assert drawn.measures[0].approval_rate == 0.25
    assert drawn.measures[1].depth == 0.75
    assert drawn.forks[0].branches[1].measures[0].depth == 0.125
    assert set(drawn.draws) == {"measures.2.depth"}
    assert drawn.measures[1].model_fields_set == forked.measures[1].model_fields_set | {"depth"}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("measures.a.approval", "did you mean 'measures.a.approval_rate'"),
        ("measures.9.depth", "unknown key 'measures.9.depth'"),
        ("measures.zz.depth", "unknown key"),
        ("measures.a.approval_rate.x", "unknown key"),
    ],
)
def test_unknown_keys_are_refused(forked, key, words):
    with pytest.raises(UnknownNameError, match=words):
        forked.with_values({key: 0.5})


def test_values_out_of_range_are_refused(forked):
    with pytest.raises(ScenarioError, match="scenario 'forked'"):
        forked.with_values({"measures.a.approval_rate": 1.5})


def test_digest_is_of_what_matters(forked):
    same = forked.update(name="other", title_en="x", note="y", facts=("B049",))
    assert same.digest == forked.digest
    renamed = load_text(TEXT.replace("on: Tb, from: CN", "note: words, assumed: [depth], facts: [A001], on: Tb, from: CN"))
    assert renamed.digest == forked.digest
    for change in ("weeks: 61", "base_year: 2009\nweeks: 60"):
        assert load_text(TEXT.replace("weeks: 60", change)).digest != forked.digest
    assert load_text(TEXT.replace("approval_rate: 0.5", "approval_rate: 0.6")).digest != forked.digest
    assert load_text(TEXT.replace("low: 2, high: 6", "low: 2, high: 5")).digest != forked.digest
    assert hash(forked) == hash(load_text(TEXT))


def test_digest_is_stable_across_versions():
    """Names results on disk: a change here makes every stored run look foreign, so it needs a line in the changelog."""
    plain = Scenario(name="x", start=dt.date(2027, 1, 4), weeks=10)
    assert plain.digest == "6a2753b3cdfef4439fc19bae20f256bcfeb793ac2e8f94a05e4a229c2d002a25"


def test_update_checks_and_equality_ignores_nothing_but_text(forked):
    with pytest.raises(ScenarioError, match="weeks|1040"):
        forked.update(weeks=2000)
    assert forked.update(weeks=61) != forked
    assert forked != "forked"


def test_weeks_and_last_day(forked):
    assert forked.mondays[0] == np.datetime64("2026-10-05")
    assert len(forked.mondays) == 60
    assert forked.last_day == dt.date(2027, 11, 28)
    assert Scenario(name="x", start=dt.date(2026, 10, 7), weeks=1).last_day == dt.date(2026, 10, 11)


def test_titles_fall_back():
    one = Scenario(name="x", start=dt.date(2026, 10, 7), weeks=1, title_en="A", summary_de="D")
    assert (one.title("de"), one.title(), one.summary("de"), one.summary()) == ("A", "A", "D", "")
    assert Scenario(name="x", start=dt.date(2026, 10, 7), weeks=1).title("de") == "x"


def test_titles_of_any_language_are_kept_and_change_no_run():
    plain = Scenario(name="x", start=dt.date(2026, 10, 7), weeks=1, title_en="A")
    one = plain.update(title_ja="題", summary_pt="s")
    assert one.titles == {"en": "A", "ja": "題"}
    assert one.digest == plain.digest
    assert load_text(dump(one), "x").titles == one.titles
    assert one.as_data()["summary_pt"] == "s"


def test_other_keys_stay_unknown():
    with pytest.raises(ScenarioError, match=r"unknown key 'titel_de'; did you mean 'title_en'\?"):
        Scenario(name="x", start=dt.date(2026, 10, 7), weeks=1, titel_de="A")
    with pytest.raises(ScenarioError, match=r"title_de: .*4,000"):
        Scenario(name="x", start=dt.date(2026, 10, 7), weeks=1, title_de="A" * 4001)
