"""Nowcast on part of an episode: bands shrink and still cover; months and weights against hand-made cases."""

import json
from pathlib import Path

import numpy as np
import pytest

from ytterby.app import experiment_of_run, loadable, nowcast
from ytterby.errors import InputError, UnknownNameError
from ytterby.scenario import Scenario, bundled, load_scenario
from ytterby.simulation import Experiment, LabelledNetwork, interventions_of
from ytterby.system import build
from ytterby.validation.calibration import effective
from ytterby.validation.monthly_trade import TradeRoute, month_share, weekly
from ytterby.validation.nowcast import MIN_EFFECTIVE, CustomsObservation, bands, log_posterior, log_weights, tempered

ROUTES = (TradeRoute("oxide.*", "CN", "JP"), TradeRoute("oxide.*", "CN", "US"))
SEEN = ("2010-08", "2010-10", "2010-12", "2011-02")
AHEAD = ("2011-04", "2011-06", "2011-09")
DRAWS = 80


@pytest.fixture(scope="module")
def episode():
    experiment = Experiment(LabelledNetwork.of(build(2009)), load_scenario("quota-crisis-2010"), DRAWS, 11)
    return experiment.scenario.mondays, weekly(experiment, ROUTES)


def test_bands_shrink_and_still_cover(episode):
    """Every second draw plays history; the others, re-weighted by its first months, forecast its later ones.

    The median is judged: where the prior band is narrow by chance, the ratio of widths has no bound.
    """
    mondays, series = episode
    rng = np.random.default_rng(5)
    inside, shrink, count = [], [], 0
    for truth in range(0, DRAWS, 2):
        others = np.delete(series, truth, axis=0)
        observations = []
        for k, route in enumerate(ROUTES):
            common = 0.12 * rng.standard_normal()
            for month in SEEN:
                real = float(series[truth, k] @ month_share(mondays, month))
                observations.append(CustomsObservation(month, route, real * np.exp(common + 0.12 * rng.standard_normal())))
        w, _ = tempered(log_posterior(others, mondays, ROUTES, observations))
        count += effective(w) < len(others) * 0.9
        for row in bands(others, mondays, ROUTES, w, AHEAD):
            real = series[truth, [route.destination for route in ROUTES].index(row.destination)] @ month_share(mondays, row.month)
            inside.append(row.now.low * 0.98 <= real <= row.now.high * 1.02)
            shrink.append(row.shrink)
    assert count >= 32  # figures tell draws apart
    assert np.median(shrink) > 0.1
    assert 0.65 <= np.mean(inside) <= 1.0


def test_a_month_that_says_nothing_changes_nothing():
    flows = np.full((5, 2), 7.0)
    logs = log_weights(flows, np.array([9.0, 4.0]), np.array([0.2, 0.2]), 0.1)
    assert np.allclose(logs, logs[0])


def test_weights_follow_the_normal_density():
    """Second road: one month, the density written out."""
    flows = np.array([[5.0], [10.0], [20.0]])
    logs = log_weights(flows, np.array([8.0]), np.array([0.3]), 0.01)
    direct = -0.5 * ((np.log(8.0) - np.log(flows[:, 0])) / 0.3) ** 2
    assert np.allclose(logs, direct)


def test_months_of_a_lane_are_not_independent_facts():
    flows = np.array([[5.0] * 6, [10.0] * 6])
    months = log_weights(flows, np.full(6, 8.0), np.full(6, 0.3), 0.01)
    single = log_weights(flows[:, :1], np.array([8.0]), np.array([0.3]), 0.01)
    assert np.ptp(months) < 2.0 * np.ptp(single)


def test_tempering_leaves_an_eighth_of_the_draws():
    sharp = -(np.arange(100.0) ** 2)
    w, power = tempered(sharp)
    assert effective(w) == pytest.approx(100 * MIN_EFFECTIVE, rel=1e-3)
    assert 0.0 < power < 1.0
    assert tempered(np.zeros(100))[1] == 1.0
    assert np.argmax(w) == 0


def test_months_and_lanes_are_checked(episode):
    mondays, _ = episode
    assert month_share(mondays, "2010-06").sum() * 7 == pytest.approx(30)
    with pytest.raises(InputError, match="2010-13"):
        month_share(mondays, "2010-13")
    with pytest.raises(InputError, match="not entirely"):
        month_share(mondays, "2025-01")
    with pytest.raises(InputError, match="no such flow"):
        TradeRoute("oxide.Zz", "CN", "JP").links(LabelledNetwork.of(build(2009)))


@pytest.mark.parametrize("name", bundled())
def test_the_record_of_a_run_gives_its_scenario_back(name):
    scenario = load_scenario(name)
    record = json.loads(json.dumps(scenario.model_dump(mode="json", by_alias=True)))
    again = Scenario.model_validate(loadable(record))
    assert again.digest == scenario.digest
    network = LabelledNetwork.of(build(scenario.base_year, chain=scenario.chain))
    assert interventions_of(network, again.paths()[0][1]).level.shape[1] == len(scenario.all_mondays)


def test_a_run_that_is_not_there_is_the_users_mistake(tmp_path):
    with pytest.raises(UnknownNameError, match="unknown run 'licences'"):
        nowcast(Path("licences"), tmp_path / "customs.csv", project=tmp_path)


def test_a_run_is_re_weighted_by_a_file(tmp_path):
    from ytterby.app import run

    done = run("japan-embargo-2010", draws=24, project=tmp_path / "p")
    file = tmp_path / "customs.csv"
    file.write_text("month,goods,origin,destination,tonnes\n2010-10,oxide.*,CN,JP,300\n2010-11,oxide.*,CN,JP,250\n", "utf-8")
    result = nowcast(Path(done.folder.name), file, project=tmp_path / "p")
    assert result.draws == 24
    assert sum(result.weights) == pytest.approx(1.0)
    assert result.effective_draws >= 24 * MIN_EFFECTIVE - 0.1
    file.write_text("month,goods,origin,destination,tonnes\n2031-10,oxide.*,CN,JP,300\n", "utf-8")
    with pytest.raises(InputError, match="2031-10"):
        nowcast(Path(done.folder.name), file, project=tmp_path / "p")
    again = experiment_of_run(json.loads((done.folder / "run.json").read_text("utf-8")), tmp_path / "p", "")
    assert np.allclose(again.rows["behaviour.hoarding"], done.draws["behaviour.hoarding"])
    single = run("japan-embargo-2010", project=tmp_path / "p")
    with pytest.raises(InputError, match="at least 20"):
        nowcast(single.folder, file, project=tmp_path / "p")
