"""Screens: the draws of a run, reduced in the kernel; parts survive a kill, chunks change no digit."""

import importlib

import duckdb
import numpy as np
import pytest

from ytterby.errors import StoreError
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork, Screening
from ytterby.store import Screen
from ytterby.system import build

module = importlib.import_module("ytterby.app.runs.screen")


@pytest.fixture(scope="module")
def scenario():
    whole = load_scenario("china-licences-2025")
    return whole.update(
        name="short",
        weeks=16,
        measures=whole.measures[:1],
        draws={key: value for key, value in whole.draws.items() if "alarm" not in key and "general" not in key},
    )


@pytest.fixture(scope="module")
def work(scenario):
    return Screening(Experiment(LabelledNetwork.of(build(2024)), scenario, 40, 3), "float64")


def test_outcomes_are_those_of_the_run(work):
    found = work.chunk((8, 12))
    for i, draw in work.experiment.simulate(range(8, 12)):
        unmet = np.zeros((draw.trace.want.shape[0], len(draw.net.price)))
        np.add.at(unmet.T, draw.net.demand_market, (draw.trace.want - draw.trace.served).T)
        assert np.allclose(found["shortfall"][i - 8], unmet.sum(axis=0)[work.markets], rtol=1e-5, atol=1e-6)
        peak = (draw.trace.price / draw.net.price).max(axis=0)[work.markets]
        assert np.allclose(found["peak_multiple"][i - 8], peak, rtol=1e-6)
        assert np.allclose(found["price_level"][i - 8], draw.level[work.markets], rtol=1e-6)


def test_chunks_change_no_digit(work):
    whole = work.chunk((0, 20))
    for first in range(0, 20, 5):
        piece = work.chunk((first, first + 5))
        for name, values in piece.items():
            assert np.array_equal(values, whole[name][first : first + 5]), name


def test_single_precision_is_near(work):
    narrow = Screening(work.experiment, "float32").chunk((0, 16))
    wide = work.chunk((0, 16))
    use = work.experiment.network.net.outflow[work.markets] * work.experiment.scenario.weeks
    assert (np.abs(narrow["shortfall"] - wide["shortfall"]) <= 1e-4 * use).all()


def test_a_screen_goes_on_from_its_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 8)
    monkeypatch.setattr(module, "load_scenario", lambda name: load_scenario("china-licences-2025").update(weeks=12, name=name))
    place = tmp_path / "out"
    first = module.screen("some", 24, project=tmp_path, out=place)
    lost = place / "part-000001.parquet"
    content = lost.read_bytes()
    lost.unlink()
    seen = []
    again = module.screen("some", 24, project=tmp_path, out=place, progress=lambda done, total: seen.append(done))
    assert seen == [16]
    assert lost.read_bytes() == content
    assert again.markets == first.markets
    count = duckdb.execute(f"SELECT count(DISTINCT draw) FROM '{place}/part-*.parquet'").fetchone()
    assert count == (24,)
    with pytest.raises(StoreError, match="another screen"):
        module.screen("some", 25, project=tmp_path, out=place)


def test_a_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(StoreError, match="not a screen"):
        Screen(tmp_path, {"draws": 3})
