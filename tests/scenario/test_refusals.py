"""What is declared in Python is refused as files are: one line a fault, and an error of the house."""

from __future__ import annotations

import copy
import pickle

import pytest

import ytterby
from ytterby.errors import InputError, ScenarioError, UnknownNameError
from ytterby.facts import names
from ytterby.measures import KINDS, distribution, measure, parts
from ytterby.scenario.files import load_text
from ytterby.scenario.forks import Branch, Calendar, Fork

BAN = {"kind": "ban", "on": "Dy", "from": "CN", "start": "2027-02-01"}
HEAD = {"name": "x", "start": "2027-01-04", "weeks": 52}


def refused(make, *args, **keys):
    """Lines of the refusal."""
    with pytest.raises(ScenarioError) as caught:
        make(*args, **keys)
    assert isinstance(caught.value, InputError)
    assert caught.value.__cause__ is None
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"kind": "bann"}, "measure: unknown kind 'bann'; did you mean 'ban'?"),
        ({"on": "Dy"}, "measure: 'kind' is missing"),
        ({**BAN, "depht": 1}, "ban: depht: unknown key 'depht'; did you mean 'depth'?"),
        ({**BAN, "depth": 2}, "ban: depth: found 2; must be at most 1"),
        ({**BAN, "name": "autumn", "depth": "all"}, "ban: depth: found 'all'; must be a number"),
        ({**BAN, "from": "JA"}, f"ban: from: {UnknownNameError('region', 'JA', names.place_codes())}"),
        ({**BAN, "end": "2026-01-01"}, "ban: 'end' (2026-01-01) lies before 'start' (2027-02-01)"),
    ],
)
def test_a_measure_tells_what_is_wrong_and_what_is_allowed(keys, line):
    assert refused(measure, **keys) == [line]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"weeks": 0}, "scenario 'x': weeks: found 0; must be at least 1"),
        ({"week": 5}, "scenario 'x': week: unknown key 'week'; did you mean 'weeks'?"),
        ({"measures": [BAN | {"depth": 3}]}, "scenario 'x': measures.0.depth: found 3; must be at most 1"),
        ({"measures": [BAN | {"kind": "qota"}]}, "scenario 'x': measures.0: unknown kind 'qota'; did you mean 'quota'?"),
        ({"start": "2029-01-01", "measures": [measure(**BAN, end="2027-03-01")]},
         "scenario 'x': measures.0.end: 2027-03-01 lies before the scenario's start 2029-01-01"),
        ({"forks": [{"date": "2027-03-01", "branches": [{"p": 0.4}]}]},
         "scenario 'x': forks.0.branches: probabilities sum to 0.4, must sum to 1"),
        ({"forks": [{"date": "2027-03-01", "branches": [{"p": 1, "end": "a"}]}]},
         "scenario 'x': forks.0.branches.0.end: unknown key 'end'; did you mean 'ends'?"),
        ({"measures": [BAN], "draws": {"measures.0.depth": {"dist": "uniform", "low": 0.5, "high": 3}}},
         "scenario 'x': draws.measures.0.depth: may draw 3; must be at most 1"),
        ({"measures": [BAN], "draws": {"measures.0.depth": {"dist": "unifrm", "low": 0.5}}},
         "scenario 'x': draws.measures.0.depth: unknown dist 'unifrm'; did you mean 'uniform'?"),
    ],
)  # fmt: skip
def test_a_scenario_tells_it_from_its_constructor_from_a_mapping_and_from_update(change, line):
    good = ytterby.Scenario(**HEAD)
    assert refused(ytterby.Scenario, **(HEAD | change)) == [line]
    assert refused(ytterby.Scenario.model_validate, HEAD | change) == [line]
    assert refused(good.update, **change) == [line]


def test_values_that_are_put_in_are_refused_too():
    good = ytterby.Scenario(**HEAD, measures=[BAN])
    assert refused(good.with_values, {"measures.0.depth": 2.0}) == ["scenario 'x': measures.0.depth: found 2.0; must be at most 1"]


def test_every_fault_is_told_at_once():
    lines = refused(ytterby.Scenario, name="x", weeks="many", measures=[{"kind": "ban", "from": "CN", "start": "soon"}, BAN | {"on": "Dz"}])
    assert lines == [
        "scenario 'x': 'start' is missing",
        "scenario 'x': measures.0.start: found 'soon'; must be a date such as 2025-04-04",
        "scenario 'x': measures.1.on: unknown commodity, element or group 'Dz'; did you mean 'Dy'?",
        "scenario 'x': weeks: found 'many'; input should be a valid integer",
    ]


@pytest.mark.parametrize(
    ("make", "keys", "line"),
    [
        (parts.Window, {"from": "2025-02-01", "to": "2025-01-01"}, "window: 'to' (2025-01-01) lies before 'from' (2025-02-01)"),
        (parts.Allocation, {"start": "2025-02-01", "end": "2025-03-01", "tonnes": -1}, "allocation: tonnes: found -1; must be at least 0"),
        (parts.RateStep, {"date": "2025-02-01", "rate": 25},
         "ratestep: rate: found 25; must be 0 to 2; is 2500 % meant? write 0.25 for 25 %"),
        (parts.Trigger, {}, "trigger: give exactly one of 'cover_below_weeks' and 'price_above_multiple'"),
        (Calendar, {"grwth": 1}, "calendar: grwth: unknown key 'grwth'; did you mean 'growth'?"),
        (Branch, {"p": 2}, "branch: p: found 2; must be at most 1"),
        (Fork, {"branches": [{"p": 1}]}, "fork: 'date' is missing"),
        (Branch, {"p": 1, "label": "x" * 4001}, "branch: label: has 4001 characters; may have at most 4,000"),
        (Fork, {"date": "2027-03-01", "branches": []}, "fork: branches: has 0 entries; must have at least 1"),
        (KINDS["quota"], BAN | {"kind": "quota"}, "quota: give 'tonnes' with 'period', or 'allocations'"),
        (lambda **keys: distribution(keys), {"dist": "beta", "alpha": 0, "beta": 1}, "distribution: alpha: found 0; must be more than 0"),
    ],
)  # fmt: skip
def test_parts_refuse_in_the_same_words(make, keys, line):
    assert refused(make, **keys) == [line]


def test_a_file_and_a_constructor_find_the_same_faults():
    text = "name: x\nstart: 2027-01-04\nweeks: 52\nmeasures:\n  - {kind: ban, on: Dy, from: CN, start: 2027-02-01, depth: 2, colour: red}\n"
    in_file = [line.partition(": ")[2] for line in refused(load_text, text)]
    assert in_file == [
        line.partition(": ")[2] for line in refused(ytterby.Scenario, **HEAD, measures=[BAN | {"depth": 2, "colour": "red"}])
    ]


def test_what_is_right_is_copied_and_stored_as_before():
    scenario = ytterby.Scenario(**HEAD, measures=[BAN], draws={"measures.0.depth": {"dist": "uniform", "low": 0.5, "high": 1}})
    assert pickle.loads(pickle.dumps(scenario)) == scenario == copy.deepcopy(scenario)
    assert scenario.update(weeks=53).weeks == 53
