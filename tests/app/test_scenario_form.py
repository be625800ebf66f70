"""A scenario as a form: every key of every measure is asked for, and what is shown is what the text says."""

from __future__ import annotations

from importlib.resources import files

import pytest

from ytterby.app import ScenarioChange, scenario_form
from ytterby.errors import ScenarioError
from ytterby.measures import KINDS
from ytterby.scenario import bundled, fields_of

ELSEWHERE = {"name", "evidence", "facts", "assumed", "note"}


def text_of(name):
    return (files("ytterby.scenario") / "episodes" / f"{name}.yaml").read_text("utf-8")


def measures_of(form):
    return [*form.measures, *(measure for fork in form.forks for branch in fork.branches for measure in branch.measures)]


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_are_forms_without_faults(name):
    form = scenario_form(text_of(name))
    assert form.fault == ""
    for measure in measures_of(form):
        assert {field.name for field in measure.fields} == {field["key"] for field in fields_of(KINDS[measure.kind])} - ELSEWHERE
        for field in measure.fields:
            if field.can_be_drawn and field.value is not None:
                assert field.least is None or field.value >= field.least
                assert field.most is None or field.value <= field.most


def field(form, key):
    return next(field for measure in measures_of(form) for field in measure.fields if field.key == key)


def test_a_change_is_shown_in_form_and_text():
    form = scenario_form(text_of("china-licences-2025"), ScenarioChange(do="value", key="measures.0.approval_rate", value=0.5))
    assert field(form, "measures.0.approval_rate").value == 0.5
    assert "approval_rate: 0.5" in form.yaml
    rate = field(form, "measures.0.approval_rate")
    assert (rate.control, rate.low, rate.high, rate.drawn) == ("share", 0.3, 0.95, "uniform")


def test_shares_by_name_are_one_field():
    form = scenario_form(text_of("china-licences-2025"))
    by_use = field(form, "measures.0.approval_by_end_use")
    assert (by_use.control, by_use.value) == ("map", {"defence": 0.1})
    changed = ScenarioChange(do="value", key=by_use.key, value={"defence": 0.2, "cars_hybrid": 0.5})
    assert scenario_form(form.yaml, changed).fault == ""


def test_a_text_with_faults_is_a_form_that_names_them():
    form = scenario_form(text_of("total-stop"), ScenarioChange(do="value", key="weeks", value=-1))
    assert "weeks" in form.fault
    assert (form.weeks, form.end) == (None, "")
    assert form.measures
    with pytest.raises(ScenarioError):
        scenario_form("a: [")


def test_branches_share_their_probability():
    form = scenario_form(text_of("suspension-ends-2026"), ScenarioChange(do="probability", key="forks.0.branches.0", value=0.4))
    assert sum(branch.p for branch in form.forks[0].branches) == pytest.approx(1.0)
    assert form.fault == ""
