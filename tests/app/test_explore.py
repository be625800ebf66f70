"""Exploration of a real ensemble, and Ytterby as a model of others: the same figures by every road."""

import importlib
import importlib.util
import json
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ytterby.app.runs.result import Result
from ytterby.app.runs.run import run
from ytterby.cli import cli
from ytterby.economy import assumptions
from ytterby.ensembles import connectors
from ytterby.errors import InputError, UnknownNameError
from ytterby.scenario import load_scenario, uniforms
from ytterby.store import read_run, write_run

explore = importlib.import_module("ytterby.app.runs.explore")

DRAWS = 64
INPUT = "measures.announcement-18.approval_rate"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def scenario():
    whole = load_scenario("china-licences-2025")
    draws = {key: value for key, value in whole.draws.items() if "alarm" not in key and "general" not in key}
    return whole.update(name="short", weeks=16, measures=whole.measures[:1], draws=draws)


@pytest.fixture(scope="module")
def done(project, scenario):
    return run(scenario, draws=DRAWS, seed=3, project=project)


@pytest.fixture(scope="module")
def model(scenario, project):
    return connectors.model(scenario, project)


def test_points_of_an_ensemble_give_its_outcomes(model, done):
    """The connector at the ensemble's own quantiles is the ensemble."""
    unit = uniforms(model.names, DRAWS, 3)[:3]
    found = model.at(unit)
    for name, values in found.items():
        np.testing.assert_array_equal(values, done.draws[f"outcome.{name}"].to_numpy()[:3], err_msg=name)
    job = model.job(unit)
    names = sorted(job.inputs)
    pd.testing.assert_frame_equal(job.inputs[names], done.draws[names][:3], check_index_type=False, check_names=False)


def test_points_do_not_depend_on_each_other(model):
    unit = np.random.default_rng(1).random((3, len(model.names)))
    together, alone = model.at(unit), model.at(unit[2])
    assert {name: values[2] for name, values in together.items() if not np.isnan(values[2])} == {
        name: values[0] for name, values in alone.items() if not np.isnan(values[0])
    }


def test_all_inputs_are_axes(model):
    assert len(set(model.names)) == len(model.names)
    assert {key for name in assumptions.DRAWN for key in assumptions.read(name).keys} < set(model.names)
    assert INPUT in model.names
    assert "posterior.draw" in model.names
    assert model.axis("behaviour.price_gain") == "posterior.draw" or "behaviour.price_gain" in model.names
    plain = [connectors.plain_name(name) for name in model.names]
    assert len(set(plain)) == len(plain)
    assert all(name.isidentifier() for name in plain)


@pytest.mark.parametrize(("points", "words"), [(np.zeros((1, 3)), "3 columns"), (None, "between 0 and 1")])
def test_points_outside_the_cube_are_refused(model, points, words):
    with pytest.raises(InputError, match=words):
        model.at(np.full((1, len(model.names)), 1.1) if points is None else points)


def test_salib_is_served(scenario, project, done):
    pytest.importorskip("SALib")
    from SALib.sample import latin

    problem = connectors.salib_problem(scenario, project)
    points = latin.sample(problem, 2, seed=1)
    found = connectors.salib_function(scenario, project=project)(points)
    assert found.shape == (2,)
    assert (found >= 0).all()
    with pytest.raises(UnknownNameError, match="value_added_lost"):
        connectors.salib_function(scenario, "value_added_lots.JP", project)(points)


def test_sobol_of_a_run(scenario, tmp_path):
    pytest.importorskip("SALib")
    seen = []
    found = run(scenario, draws=8, seed=3, project=tmp_path, sobol=True, progress=lambda done, total: seen.append(total)).summary
    table = found.sobol
    axes = dict.fromkeys(connectors.model(scenario).axis(row.input) for row in found.drivers)
    assert [row.input for row in table.indices] == [*axes, "others"]
    assert table.n == 8
    assert table.runs == 8 * (len(axes) + 3) == seen[-1]
    assert not list(tmp_path.glob("chunks/*/*"))


def test_sobol_without_an_ensemble_is_refused_before_any_work(scenario, tmp_path):
    with pytest.raises(InputError, match="found 1 draws"):
        run(scenario, project=tmp_path, sobol=True)
    assert not list(tmp_path.iterdir())


def test_sobol_names_unknown_inputs(scenario, project):
    with pytest.raises(UnknownNameError, match=INPUT):
        connectors.sobol(scenario, [INPUT[:-1]], 8, project=project)


@pytest.mark.parametrize(("draws", "points"), [(1, 8), (63, 8), (64, 16), (1000, 128), (1024, 256)])
def test_base_points_are_a_power_of_two(draws, points):
    assert connectors.base_points(draws) == points


def built(folder, project, done, effect):
    """A run whose outcome is made: inputs as drawn, loss as the effect says."""
    draws = done.draws.copy()
    for place in ("JP", "US", "EU"):
        draws[f"outcome.value_added_lost.{place}"] = effect(draws) / 3.0
    return write_run(folder, done.record, done.summary, done.dataset, draws)


def test_what_was_built_in_is_found(tmp_path, project, done):
    def effect(draws):
        return 1e9 * (draws[INPUT].rank() > 44).to_numpy() + 1e7 * draws["cover.magnet@JP"].to_numpy()

    folder = built(tmp_path / "built", project, done, effect)
    found = explore.explore(folder, above=5e8)
    (limit,) = found.discovery.limits
    assert (limit.input, limit.high, found.discovery.cases) == (INPUT, None, 20)
    assert limit.share_low == pytest.approx(44 / 64, abs=0.03)
    assert found.asking.facts[0].input == INPUT
    assert found.first_order[0].input == INPUT
    below = explore.discover(folder, below=5e8)
    assert (below.limits[0].low, below.cases) == (None, 44)


def test_a_choice_between_two_runs_turns(tmp_path, project, done):
    one = built(tmp_path / "one", project, done, lambda draws: np.full(len(draws), 1e9))
    two = built(tmp_path / "two", project, done, lambda draws: 2e9 * draws[INPUT].rank(pct=True).to_numpy() + 3e8)
    found = explore.asking(two, against=one)
    assert found.choice == done.summary.scenario
    assert found.difference == pytest.approx(1e9 - 1.3e9, rel=0.1)
    assert found.flips[0].input == INPUT
    assert found.flips[0].share == pytest.approx(0.35, abs=0.07)


def test_runs_of_other_draws_are_not_compared(tmp_path, project, done):
    draws = done.draws.copy()
    draws[INPUT] = draws[INPUT].to_numpy()[::-1]
    other = write_run(tmp_path / "other", done.record, done.summary, done.dataset, draws)
    with pytest.raises(InputError, match=rf"different values of '{INPUT}'; .*--seed"):
        explore.asking(done, against=other)
    fewer = write_run(tmp_path / "fewer", done.record, done.summary, done.dataset, done.draws[:63])
    with pytest.raises(InputError, match="64 and 63 draws"):
        explore.asking(done, against=fewer)


def test_stops_that_never_come_count_as_the_horizon(tmp_path, done):
    draws = done.draws.copy()
    draws["outcome.first_stop.JP"] = np.where(np.arange(DRAWS) < 30, np.nan, 5.0)
    folder = write_run(tmp_path / "stops", done.record, done.summary, done.dataset, draws)
    assert explore.discover(folder, "first_stop.JP", below=10).cases == 34
    assert explore.asking(folder, "first_stop.JP").high == 16


def test_command_prints_and_gives_json(tmp_path, project, done):
    folder = built(tmp_path / "built", project, done, lambda draws: 1e9 * (draws[INPUT].rank() > 44).to_numpy() + draws["cover.magnet@JP"])
    assert Result(read_run(folder)).explore(above=5e8).discovery.cases == 20
    told = CliRunner().invoke(cli, ["explore", str(folder), "--above", "5e8"])
    assert told.exit_code == 0, told.output
    assert "the box contains 100% of them" in " ".join(told.output.split())
    found = json.loads(CliRunner().invoke(cli, ["explore", str(folder), "--above", "5e8", "--json"]).output)
    assert {"run", "scenario", "draws", "outcome", "discovery", "asking", "first_order"} == set(found)


def test_a_briefing_is_told_what_there_is_to_tell(tmp_path, project, done):
    def effect(draws):
        return 1e9 * draws[INPUT].rank(pct=True).to_numpy()

    one = read_run(built(tmp_path / "one", project, done, effect))
    found = explore.summarise(one, "JP")
    assert found.outcome == "value_added_lost.JP"
    assert found.discovery.limits[0].input == INPUT
    assert found.asking.choice is None
    assert explore.summarise(one, "KR").outcome == "value_added_lost.KR"
    assert explore.summarise(one, "APEC").outcome == "value_added_lost.all"
    two = read_run(built(tmp_path / "two", project, done, lambda draws: 0.5 * effect(draws)))
    assert explore.summarise(one, "JP", two).asking.choice
    assert explore.summarise(one, "JP", one).asking.choice is None
    flat = read_run(built(tmp_path / "flat", project, done, lambda draws: np.zeros(len(draws))))
    assert explore.summarise(flat, "JP") is None
    central = read_run(write_run(tmp_path / "central", done.record, done.summary.model_copy(update={"draws": 1}), done.dataset))
    assert explore.summarise(central, "JP") is None
    assert explore.summarise(one, "JP", central).asking.choice is None


def test_both_thresholds_are_refused(done):
    with pytest.raises(InputError, match="not both"):
        explore.discover(done, above=1.0, below=2.0)


class Ema:
    """Stands in for the EMA Workbench: keeps what it is given."""

    @staticmethod
    def Model(name, function):  # noqa: N802
        return SimpleNamespace(name=name, function=function)

    @staticmethod
    def RealParameter(name, low, high):  # noqa: N802
        return (name, low, high)

    @staticmethod
    def ScalarOutcome(name):  # noqa: N802
        return name


def test_ema_workbench_is_given_a_model(scenario, project, model, monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", Ema)
    built = connectors.ema_model(scenario, project)
    assert len(built.uncertainties) == len(model.names)
    given = {name: 0.5 for name, _, _ in built.uncertainties}
    found = built.function(**given)
    assert set(found) == set(built.outcomes)
    middle = model.at(np.full((1, len(model.names)), 0.5))
    assert found["value_added_lost_all"] == middle["value_added_lost.all"][0]


@pytest.mark.skipif(importlib.util.find_spec("ema_workbench") is not None, reason="the EMA Workbench is installed")
def test_without_the_ema_workbench_the_way_out_is_named(scenario):
    with pytest.raises(InputError, match="pip install ema_workbench"):
        connectors.ema_model(scenario)


def test_a_decision_is_searched_by_its_branches_not_by_the_number_that_chose_them():
    whole = load_scenario("suspension-ends-2026")
    chosen = np.array([0.0, 0.74, 0.76, 0.96, 0.99])
    made = SimpleNamespace(
        draws=pd.DataFrame({"forks.0": chosen, INPUT: np.arange(5.0), "outcome.value_added_lost.JP": np.zeros(5)}),
        record={"scenario": whole.model_dump(mode="json", by_alias=True)},
    )
    found = explore._with_branches(made)
    (taken,) = whole.choices({"forks.0": chosen})
    assert found["forks.0"].tolist() == [whole.forks[0].branches[i].label for i in taken]
    assert found["forks.0"].nunique() > 1
    assert found[INPUT].tolist() == made.draws[INPUT].tolist()
