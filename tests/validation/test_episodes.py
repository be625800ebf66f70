"""Statements on the later episodes: frozen first, scored by rules that were written down before, placebos calm."""

from __future__ import annotations

import copy
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from ytterby.app import EPISODES
from ytterby.cli.backtest import command
from ytterby.errors import InputError
from ytterby.facts import load
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build
from ytterby.validation import episode_scores, episode_statements, posterior_rows
from ytterby.validation.forecasts import verify
from ytterby.validation.tables import FOLDER, table

DRAWS = 8
CONTRACT = {"id", "what", "unit", "target", "model", "low", "high", "hit", "fitted"}


def frozen():
    """The statements as they were frozen."""
    return json.loads((FOLDER / "forecasts-episodes.json").read_text("utf-8"))


def experiment_of(name):
    """Ensemble of an episode on its own base."""
    scenario = load_scenario(name)
    network = LabelledNetwork.of(build(scenario.base_year, load(), scenario.chain))
    return Experiment(network, scenario, DRAWS, 3, fitted=posterior_rows(DRAWS, 3, prefix="behaviour."))


@pytest.fixture(scope="module")
def experiments():
    return {name: experiment_of(name) for name in ("gallium-germanium-2023", "antimony-2024")}


@pytest.fixture(scope="module", params=episode_statements.episodes())
def result(request, tmp_path_factory):
    return EPISODES[request.param].score(request.param, draws=DRAWS, project=tmp_path_factory.mktemp("none")).to_dict()


def test_the_frozen_statements_are_those_of_the_table_and_untouched():
    document = frozen()
    verify(document)
    assert [item["id"] for item in document["statements"]] == [row["id"] for row in table("episode_statements")]
    changed = copy.deepcopy(document)
    changed["statements"][0]["p"] = 0.5
    with pytest.raises(InputError, match="changed after"):
        verify(changed)


def test_every_later_episode_has_a_backtest():
    assert set(episode_statements.episodes()) <= set(EPISODES)


def test_keys_of_the_contract_and_misses_first(result):
    assert set(result) >= {"episode", "hits", "of", "targets", "checks", "open", "frozen"}
    assert all(set(row) >= CONTRACT for row in result["targets"])
    assert result["hits"] == sum(row["hit"] for row in result["targets"])
    assert result["of"] == len(result["targets"])
    assert [row["hit"] for row in result["targets"]] == sorted(row["hit"] for row in result["targets"])
    names = [row["id"] for part in ("targets", "checks", "open") for row in result[part]]
    assert sorted(names) == sorted(row["id"] for row in table("episode_statements") if row["episode"] == result["episode"])


def test_placebos_stay_calm_and_what_is_out_of_scope_is_left_alone(result):
    assert result["checks"]
    assert all(row["hit"] for row in result["checks"])


def test_what_is_judged_are_the_frozen_medians_whatever_is_replayed(result):
    held = {item["id"]: item["median"] for item in frozen()["statements"]}
    assert all(row["model"] == held[row["id"]] for row in result["targets"])
    assert all(row["replayed"] >= 0.0 for row in result["targets"])


def test_a_model_value_lies_in_its_own_band(result):
    """Exports that stop: the frozen quantiles begin at the smallest multiple on which an error can be laid, the median is nil."""
    assert all(row["low"] <= row["model"] <= row["high"] for row in result["targets"])


def test_nothing_of_the_record_enters_scenario_base_or_prior():
    """Facts of the records are named by no bundled scenario and by no table of the small chains."""
    records = {fact for row in table("episode_records") for fact in (row["fact"], row["per"]) if fact and not row["seen"]}
    from importlib.resources import files

    bases = files("ytterby.system") / "bases"
    for chain in ("gallium-germanium", "antimony"):
        told = " ".join(path.read_text("utf-8") for path in (bases / chain).iterdir())
        assert not any(re.search(rf"\b{re.escape(fact)}\b", told) for fact in records)
        assert not re.search(r"-(2024|2025)\b", told)
    for name in ("gallium-germanium-2023", "antimony-2024"):
        assert not records & set(load_scenario(name).facts)


def test_numbers_taken_from_notes_stand_there():
    facts = load()
    for row in table("episode_records"):
        if row["how"] in ("over_note", "note_change"):
            digits = f"{abs(float(row['number'])):,.0f}"
            assert digits in str(facts.row(row["fact"])["note"]), row["id"]


def test_the_record_as_multiple_of_the_base():
    facts, known = load(), episode_scores.records()
    assert episode_scores.recorded(known["ga-november"], facts, 1.0) == pytest.approx(facts.value("B041a") / 5611)
    assert episode_scores.recorded(known["ga-price-eu"], facts, 1.0) == pytest.approx(1.0 + facts.value("B042") / 100)
    assert episode_scores.recorded(known["mm-february"], facts, 1.0) == pytest.approx(12 * facts.value("B178") / facts.value("CAP0103"))
    assert episode_scores.recorded(known["ga-price-us"], facts, 290.0) == pytest.approx(facts.value("B048") / 290.0)
    assert episode_scores.recorded(known["ga-drop"], facts, 1.0) == 0.0


@pytest.mark.parametrize(
    ("rule", "median", "record", "bound", "wanted"),
    [
        ("side", 0.4, 0.1, "", True),
        ("side", 0.6, 0.1, "", False),
        ("month", 2.0, 1.0, "", True),
        ("month", 3.0, 1.0, "", False),
        ("points", 0.3, 0.06, "", True),
        ("points", 0.3, 0.04, "", False),
        ("factor", 1.5, 1.01, "", True),
        ("factor", 1.52, 1.01, "", False),
        ("factor", 1.39, 1.4, "at_least", False),
        ("factor", 9.0, 1.4, "at_least", True),
    ],
)
def test_rules_of_a_hit(rule, median, record, bound, wanted):
    item = {"rule": rule, "sense": "below", "threshold": 0.5}
    assert episode_scores.hit(item, median, record, bound) is wanted


def test_every_rule_is_told_and_every_statement_has_one():
    assert {row["rule"] for row in table("episode_statements")} == set(episode_statements.RULES)


@pytest.mark.parametrize("name", ["gallium-germanium-2023", "antimony-2024"])
def test_without_a_control_the_small_chains_rest(name, experiments):
    """No alarm from nothing: prices, exports and output stay where they are, draw by draw."""
    from dataclasses import replace

    calm = replace(experiments[name], scenario=episode_statements.placebo(experiments[name].scenario))
    rows = [row for row in episode_statements.rows_of(name, control=True) if row["kind"] != "onset"]
    assert np.allclose(episode_statements.values(calm, rows), 1.0, rtol=0.0, atol=1e-7)


def test_licences_on_gallium_alone_leave_germanium_alone(experiments):
    """Scope: the two chains share no plant, so a licence on one moves nothing of the other."""
    from dataclasses import replace

    scenario = experiments["gallium-germanium-2023"].scenario
    licence = scenario.measures[0].model_copy(update={"on": ("Ga",)})
    only = scenario.update(measures=(licence,), draws={}, source="")
    found = episode_statements.values(
        replace(experiments["gallium-germanium-2023"], scenario=only), episode_statements.rows_of("gallium-germanium-2023", control=True)
    )
    rows = episode_statements.rows_of("gallium-germanium-2023", control=True)
    place = {row["id"]: k for k, row in enumerate(rows)}
    assert np.allclose(found[:, place["ge-2024"]], 1.0, atol=1e-7)
    assert np.allclose(found[:, place["ge-price-eu"]], 1.0, atol=1e-7)
    assert (found[:, place["ga-drop"]] < 0.9).all()


def test_exports_of_a_month_are_those_that_customs_would_count(experiments):
    """Second road: days of the weeks of November 2023 by hand."""
    experiment = experiments["gallium-germanium-2023"]
    row = next(row for row in episode_statements.rows_of("gallium-germanium-2023", control=True) if row["id"] == "ga-november")
    draw = experiment.draw(0)
    net, labels, sums = draw.net, draw.network.labels.links, 0.0
    chosen = [i for i, name in enumerate(labels) if re.match(r"(mine|metal)\.Ga@CN>", name)]
    for week, monday in enumerate(experiment.scenario.mondays):
        days = sum(str(monday + day).startswith("2023-11") for day in range(7))
        sums += days / 7.0 * draw.trace.shipped[week, chosen].sum()
    base = net.flow[chosen].sum() * 30.0 / 7.0
    assert episode_statements.StatementReading(row, draw.network, experiment.scenario.mondays).value(draw) == pytest.approx(
        sums / base, rel=1e-9
    )


def test_days_outside_the_run_are_those_of_the_base(experiments):
    experiment = experiments["antimony-2024"]
    row = episode_statements.rows_of("antimony-2024", control=True)[0]
    reading = episode_statements.StatementReading(row, experiment.network, experiment.scenario.mondays)
    nothing = np.zeros(experiment.scenario.weeks)
    assert reading.mean(nothing, "2024-01-01", "2024-12-31") == pytest.approx(245 / 366)


def test_command_prints_misses_first(tmp_path):
    done = CliRunner().invoke(command, ["antimony-2024", "--draws", "4", "--project", str(tmp_path), "--plots", str(tmp_path / "plots")])
    assert done.exit_code == 0, done.output
    lines = [line[:4] for line in done.output.splitlines() if line[:4] in ("MISS", "hit ", "ok  ", "open")]
    assert lines == sorted(lines, key=("MISS", "hit ", "ok  ", "open").index)
    assert (tmp_path / "plots" / "antimony-2024.svg").read_text("utf-8").startswith("<svg")
    done = CliRunner().invoke(command, ["antimony-2024", "--draws", "4", "--project", str(tmp_path), "--json"])
    assert json.loads(done.output)["of"] == 5
