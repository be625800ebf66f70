"""The backtest as a product: keys of the contract, misses first, words, charts."""

import json
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner

from ytterby.app import EPISODES
from ytterby.cli.backtest import command
from ytterby.cli.show_backtest import show
from ytterby.errors import UnknownNameError
from ytterby.validation.criteria import direction

EPISODE = EPISODES["quota-crisis-2010"]


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    return EPISODE.score("quota-crisis-2010", draws=3, project=tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def result(scored):
    """The document that the command prints."""
    return scored.to_dict()


def test_keys_of_the_contract(result):
    assert {"episode", "hits", "of", "targets"} <= set(result)
    assert {"id", "what", "unit", "target", "model", "low", "high", "hit", "fitted"} <= set(result["targets"][0])
    assert result["of"] == len(result["targets"]) == len({row["id"] for row in result["targets"]})
    assert result["hits"] == sum(row["hit"] for row in result["targets"])
    json.dumps(result)


def test_misses_come_first_and_the_worst_of_them_first(result):
    rows = result["targets"]
    assert [row["hit"] for row in rows] == sorted(row["hit"] for row in rows)
    missed = [row["misses_by"] for row in rows if not row["hit"]]
    assert missed == sorted(missed, reverse=True)
    assert min(missed) > 1.0
    met = [row["met"] for row in result["criteria"]]
    assert met == sorted(met)


def test_every_target_of_the_horizon_has_a_band(result):
    for row in result["targets"]:
        assert np.isfinite([row["model"], row["low"], row["high"]]).all(), row["id"]
        assert row["low"] <= row["model"] <= row["high"], row["id"]


def test_words_and_charts(scored, result, tmp_path, capsys):
    show(scored)
    words = capsys.readouterr().out
    assert words.index("MISS") < words.index("missed targets")
    assert "naive" in words
    for path in EPISODE.write_plots(scored, tmp_path / "plots"):
        root = ET.fromstring(path.read_text("utf-8"))  # noqa: S314
        dots = root.findall(".//{http://www.w3.org/2000/svg}circle")
        kind = path.stem.removeprefix("quota-crisis-2010-").replace("-", "_")
        assert len(dots) == sum(row["kind"] == kind for row in result["targets"])
        assert root.get("aria-label")


def test_an_unknown_episode_is_refused():
    done = CliRunner().invoke(command, ["quota-crisis-2011"])
    assert isinstance(done.exception, UnknownNameError)
    assert done.exception.nearest == "quota-crisis-2010"


def test_direction_of_history_itself_is_right(result):
    from ytterby.facts import load
    from ytterby.validation.customs_targets import tonnes

    found = tonnes(load())
    assert direction(found, {t.id: t.value for t in found}) == 1.0
    assert direction(found, {t.id: -t.value for t in found}) == 0.0
