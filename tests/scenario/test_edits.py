"""Changes by a form: what is changed back is as before, comments stay, ranges follow their measures, probabilities add up to one."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.errors import ScenarioError
from ytterby.measures import KINDS
from ytterby.scenario import bundled, load_text, parse_yaml, plain, with_measure, with_probability, with_range, with_value, without


def text_of(name):
    return (files("ytterby.scenario") / "episodes" / f"{name}.yaml").read_text("utf-8")


def data_of(text):
    return plain(parse_yaml(text, "scenario"))


def comments(text):
    return [line.split("#", 1)[1].strip() for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize("name", bundled())
def test_a_change_and_its_opposite_leave_the_scenario(name):
    text = text_of(name)
    weeks = data_of(text)["weeks"]
    there = with_value(text, "weeks", weeks + 1)
    assert data_of(there) == {**data_of(text), "weeks": weeks + 1}
    back = with_value(there, "weeks", weeks)
    assert load_text(back) == load_text(text)
    assert comments(back) == comments(text)


@pytest.mark.parametrize("name", bundled())
def test_a_measure_added_and_removed_leaves_the_scenario(name):
    text = text_of(name)
    added = with_measure(text, "measures", "ban")
    assert load_text(added).measures[-1].kind == "ban"
    number = len(data_of(added)["measures"]) - 1
    assert load_text(without(added, f"measures.{number}")) == load_text(text)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_new_measure_lacks_at_most_what_nobody_can_guess(kind):
    text, told = with_measure(text_of("no-shock"), "measures", kind), ""
    try:
        load_text(text)
    except ScenarioError as error:
        told = str(error)
    assert all("is missing" in line or "give" in line for line in told.splitlines())


def test_a_date_is_written_as_a_date_and_none_takes_a_key_out():
    text = with_value(text_of("total-stop"), "measures.0.end", "2030-01-31")
    assert "end: 2030-01-31" in text
    assert "end" not in data_of(with_value(text, "measures.0.end", None))["measures"][0]


TWO = """\
name: two
start: 2027-01-04
weeks: 26
measures:
  - {kind: outage, on: oxide.Nd, from: CN, start: 2027-01-04, loss: 0.1}
  - {kind: outage, on: oxide.Dy, from: CN, start: 2027-01-04, loss: 0.2}
"""


def test_ranges_follow_their_measure_when_one_before_is_removed():
    text = with_range(with_range(TWO, "measures.0.loss", 0.0, 0.3), "measures.1.loss", 0.1, 0.3)
    left = without(text, "measures.0")
    assert data_of(left)["draws"] == {"measures.0.loss": {"dist": "triangular", "low": 0.1, "mode": 0.2, "high": 0.3}}
    assert load_text(left).measures[0].on == ("oxide.Dy",)


def test_a_range_is_kept_under_the_name_of_its_measure():
    text = with_range(text_of("china-licences-2025"), "measures.0.approval_rate", 0.2, 0.9)
    drawn = data_of(text)["draws"]
    assert drawn["measures.announcement-18.approval_rate"] == {"dist": "triangular", "low": 0.2, "mode": 0.6, "high": 0.9}
    assert "measures.0.approval_rate" not in drawn
    assert data_of(with_range(text, "measures.0.approval_rate", None, None))["draws"].keys() == drawn.keys() - {
        "measures.announcement-18.approval_rate"
    }


def test_a_range_beside_the_value_is_drawn_evenly():
    assert data_of(with_range(TWO, "measures.0.loss", 0.5, 0.7))["draws"]["measures.0.loss"] == {"dist": "uniform", "low": 0.5, "high": 0.7}


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2), st.floats(0.0, 1.0), st.integers(0, 2), st.floats(0.0, 1.0))
def test_probabilities_of_branches_add_up_to_one(first, p, second, q):
    text = with_probability(text_of("suspension-ends-2026"), f"forks.0.branches.{first}", p)
    text = with_probability(text, f"forks.0.branches.{second}", q)
    shares = [branch["p"] for branch in data_of(text)["forks"][0]["branches"]]
    assert sum(shares) == pytest.approx(1.0, abs=1e-6)
    assert shares[second] == pytest.approx(q, abs=1e-6)
    assert min(shares) >= 0.0
    load_text(text)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: with_value(TWO, "measures.7.loss", 1), "no 'measures.7.loss'"),
        (lambda: with_value(TWO, "name.loss", 1), "no 'name.loss'"),
        (lambda: with_value("a: [", "a", 1), "scenario"),
        (lambda: with_range(TWO, "measures.0.loss", 0.1, None), "two ends"),
        (lambda: with_measure(TWO, "measures", "hope"), "unknown kind"),
        (lambda: with_measure(TWO, "draws", "ban"), "no list of measures"),
        (lambda: without(TWO, "measures.2"), "no 'measures.2'"),
        (lambda: with_probability(TWO, "forks.0.branches.0", 0.5), "no 'forks.0.branches.0'"),
        (lambda: with_probability(TWO, "forks.0.branches.0", 1.5), "between 0 and 1"),
    ],
)
def test_what_has_no_place_is_refused_in_one_line(change, told):
    with pytest.raises(ScenarioError, match=told) as caught:
        change()
    assert len(str(caught.value).splitlines()) == 1
