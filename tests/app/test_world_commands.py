"""Everything that the commands do is on the Python face: a method for each command, a parameter for each option."""

from __future__ import annotations

import inspect
from importlib import import_module

import click
import pytest

import ytterby as yt
from ytterby.api import ServerLimits, Settings
from ytterby.app.alliances.inputs import CooperateRequest
from ytterby.app.parts.bill_of_materials import PartsRequest
from ytterby.app.planning.request import PlanRequest
from ytterby.app.runs.result import Result
from ytterby.app.runs.screen import screen
from ytterby.app.talks.request import NegotiateRequest
from ytterby.cli import commands
from ytterby.errors import InputError, UnknownNameError

WORLD, RESULT = yt.World, Result
METHODS = {
    "facts list": [WORLD.figures],
    "facts show": [WORLD.figure],
    "facts check": [WORLD.check_figures],
    "facts import": [WORLD.import_figures],
    "chain": [yt.load, WORLD.chain],
    "exposure": [yt.load, WORLD.exposure, WORLD.parts, PartsRequest, WORLD.history, WORLD.parts_template, WORLD.save],
    "run": [WORLD.simulate, RESULT.save],
    "screen": [WORLD.screen, screen],
    "compare": [WORLD.compare],
    "export": [WORLD.export],
    "explore": [WORLD.explore],
    "read": [WORLD.read, WORLD.read_archive, WORLD.score_reading],
    "review": [WORLD.review],
    "watch": [WORLD.watch],
    "brief": [WORLD.brief],
    "backtest": [WORLD.backtest, WORLD.calibrate],
    "forecasts freeze": [WORLD.freeze_forecasts],
    "forecasts score": [WORLD.score_forecasts],
    "nowcast": [WORLD.nowcast],
    "controls": [WORLD.controls],
    "calendar": [WORLD.calendar],
    "trade": [WORLD.trade, WORLD.save],
    "hazard": [WORLD.hazard],
    "rivals": [WORLD.rivals],
    "scenarios": [WORLD.scenarios, WORLD.scenario],
    "measures": [WORLD.measures, WORLD.candidates, WORLD.candidate, WORLD.recipes, WORLD.compare_measures],
    "plan": [WORLD.plan, PlanRequest],
    "cooperate": [WORLD.cooperate, CooperateRequest],
    "negotiate": [WORLD.negotiate, WORLD.talks, NegotiateRequest],
    "serve": [Settings, ServerLimits],
    "project info": [WORLD.project_info],
    "project clean": [WORLD.project_clean],
    "project examples": [WORLD.project_examples],
}
"""What does in Python what a command does."""
SHOWN_ONLY = {"as_json", "project"}
"""Options about what is printed, and the project, which belongs to the world."""
OTHERWISE = {
    "exposure": {"bom": "parts(FILE)", "template": "parts_template", "out": "save", "history": "history"},
    "facts list": {"quantity": "**filters", "element": "**filters", "region": "**filters", "kind": "**filters", "period": "**filters"},
    "run": {"design": "method", "export": "Result.save", "dask": "executor"},
    "screen": {"dask": "address"},
    "read": {"gold": "score_reading", "llm_model": "Endpoint", "ask": "review", "dask": "read_archive, workers"},
    "brief": {"output": "save of the briefing", "with_pdf": "save of the briefing"},
    "chain": {"minerals": "load(chain=)"},
    "backtest": {"calibration": "calibrate"},
    "measures": {"compared": "compare_measures", "only": "kind", "recipes": "recipes", "candidates": "candidates"},
    "controls": {"everything": "every row is there, with its state"},
    "trade": {"output": "save"},
    "cooperate": {"dask": "executor, address"},
    "negotiate": {"show_talks": "talks"},
    "serve": {"year": "base_year", "opened": "a browser is opened by the command only"},
}
"""Options whose name in Python is another, or whose work is done by another call."""


def _commands():
    for name in commands():
        command = import_module(f"ytterby.cli.{name}").command
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", child) for sub, child in command.commands.items())
        else:
            yield name, command


CLI = dict(_commands())


def test_every_command_has_its_method():
    assert set(METHODS) == set(CLI)


@pytest.mark.parametrize("name", CLI)
def test_every_option_has_its_parameter(name):
    known = {parameter for method in METHODS[name] for parameter in inspect.signature(method).parameters}
    options = {option.name.rstrip("_") for option in CLI[name].params} - SHOWN_ONLY
    other = OTHERWISE.get(name, {})
    assert {option for option in options if option not in known} == {option for option in other if option not in known}


@pytest.mark.parametrize("name", [name for name in dir(WORLD) if not name.startswith("_") and callable(getattr(WORLD, name))])
def test_methods_are_typed_and_documented(name):
    method = getattr(WORLD, name)
    assert len((method.__doc__ or "").split()) > 4
    missing = [key for key, value in inspect.signature(method).parameters.items() if key != "self" and value.annotation is value.empty]
    assert not missing
    assert inspect.signature(method).return_annotation is not inspect.Signature.empty


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return yt.load(2024, project=tmp_path_factory.mktemp("project"))


def test_rows_of_results_are_tables(world):
    for found, name in (
        (world.chain("Dy"), "balance"),
        (world.figures(quantity="price", element="Dy"), "facts"),
        (world.scenarios(), "scenarios"),
        (world.measures(), "measures"),
        (world.candidates("JP"), "candidates"),
        (world.recipes(), "recipes"),
        (world.hazard("China", years=5), "rows"),
        (world.history(["JP"]), "history"),
        (world.controls("2026-01-01"), "controls"),
    ):
        assert len(found.table(name)) > 0, name


def test_answers_are_those_of_the_commands(world, tmp_path):
    from ytterby.app import chain, show_fact

    assert world.chain("Dy") == chain(2024, world.project, "Dy")
    assert world.figure("MCS2026-MINE-CN-2024") == show_fact("MCS2026-MINE-CN-2024", world.project)
    assert world.candidate(world.candidates("JP").candidates[0].id).id == world.candidates("JP").candidates[0].id
    assert world.scenario("total-stop").name == "total-stop"
    assert not world.check_figures().faults
    assert world.project_info().project == str(world.project)
    assert world.geopolrisk(["JP"], [2022])["score"].notna().all()
    world.parts_template(tmp_path / "parts.csv")
    assert len(world.parts(tmp_path / "parts.csv", country="CN").parts) > 0


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".csv"])
def test_results_are_saved_as_by_the_commands(world, tmp_path, ending):
    assert world.save(world.exposure("JP", "Dy"), tmp_path / f"e{ending}").stat().st_size > 100
    assert world.save(world.history(["JP"]), tmp_path / f"h{ending}").stat().st_size > 100
    with pytest.raises(InputError, match="allowed are"):
        world.save(world.exposure("JP", "Dy"), tmp_path / "e.docx")


def test_changed_figures_are_never_left_out_in_silence(world):
    other = world.with_facts({"MCS2026-MINE-CN-2024": 280_000.0})
    assert other.changed_figures == ("MCS2026-MINE-CN-2024",)
    asked = (other.chain, other.plan, other.cooperate, other.hazard, other.figures, other.calendar, lambda: other.brief("no-shock"))
    for ask in (*asked, lambda: other.trade("us-tariffs-japan-2025"), lambda: other.parts("x.csv"), lambda: other.screen("no-shock")):
        with pytest.raises(InputError, match="would not see"):
            ask()
    assert other.exposure("JP", "Dy") != world.exposure("JP", "Dy")


def test_what_does_not_exist_is_named(world):
    with pytest.raises(UnknownNameError, match="episode"):
        world.backtest("quota-crisis")
    with pytest.raises(InputError, match="nothing is fitted"):
        world.calibrate("antimony-2024", 40, "x")
    with pytest.raises(InputError, match="no charts"):
        world.backtest("disruptions", plots="x")
