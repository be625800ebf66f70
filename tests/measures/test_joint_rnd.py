"""Joint research: its shares are those of the parties, its success is left to chance, its fruits come late."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import USED, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays
from ytterby.scenario import design, load_text
from ytterby.simulation import Effect, Experiment, LabelledNetwork, behaviour, interventions_of, simulate
from ytterby.simulation import plant_improvements as better
from ytterby.system import build

RANDOM = dates(
    "joint_rnd", on=goods(USED), parties=st.just(["JP", "US"]), effect=st.just("saving"), size=st.floats(0.05, 0.6),
    success=st.floats(0.51, 1.0), delay_weeks=st.floats(0.0, 10.0),
)  # fmt: skip
DRAWN = {
    "{kind: joint_rnd, name: lab, on: magnet.NdFeB-Dy, parties: [JP, US], effect: saving, size: 0.3, success: 0.8, delay_weeks: 12, "
    "start: 2025-02-03}": {
        "size": "{dist: uniform, low: 0.1, high: 0.5}",
        "success": "{dist: uniform, low: 0.3, high: 1}",
        "delay_weeks": "{dist: uniform, low: 2, high: 20}",
    }
}
KEYS = {"kind": "joint_rnd", "on": "Dy", "effect": "saving", "size": 0.3, "success": 0.5, "delay_weeks": 156, "start": "2026-01-01"}
WEEKS = 78
HEAD = f"{{name: lab, start: 2025-01-06, weeks: {WEEKS}, measures: ["
LAB = "{kind: joint_rnd, on: %s, parties: %s, effect: %s, size: %g, success: %g, delay_weeks: 20, start: 2025-02-03}"


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


def scenario(*measures):
    return load_text(HEAD + ", ".join(measures) + "]}")


def run(network, *measures):
    policy = interventions_of(network, scenario(*measures))
    return policy, simulate(network.net, policy, behaviour(), WEEKS)


def test_shares_belong_to_the_parties_and_sum_to_one():
    assert measure(**KEYS, parties=["JP", "US"], shares={"JP": 0.5, "US": 0.5}).parties == ("JP", "US")
    with pytest.raises(ScenarioError, match="'shares' names 'US', which is no party"):
        measure(**KEYS, parties=["JP"], shares={"US": 1})
    with pytest.raises(ScenarioError, match="'shares' sum to 0.5, must sum to 1"):
        measure(**KEYS, parties=["JP"], shares={"JP": 0.5})


def test_it_comes_into_use_after_the_delay_and_stays():
    lab = measure(**KEYS | {"delay_weeks": 10, "success": 0.6, "start": "2026-01-05"}, parties=["JP"])
    use = lab.in_use(mondays(dt.date(2026, 1, 5), 60), DrawnValues(lab))
    assert use[[0, 9, 10, 59]].tolist() == [0.0, 0.0, 1.0, 1.0]
    half = lab.in_use(mondays(dt.date(2026, 1, 5), 60), DrawnValues(lab, {"delay_weeks": np.array([[10.5]])}))
    assert half[0, 10] == pytest.approx(0.5)
    stopped = measure(**KEYS | {"delay_weeks": 10, "success": 1, "start": "2026-01-05"}, parties=["JP"], end="2026-02-01")
    assert not stopped.in_use(mondays(dt.date(2026, 1, 5), 60), DrawnValues(stopped)).any()


def test_without_draws_the_more_probable_happens():
    weeks = mondays(dt.date(2026, 1, 5), 60)
    for success, happens in ((0.49, False), (0.51, True)):
        lab = measure(**KEYS | {"delay_weeks": 0, "success": success}, parties=["JP"])
        assert lab.in_use(weeks, DrawnValues(lab)).any() == happens


def test_over_draws_it_succeeds_as_often_as_it_says(network):
    found = scenario(LAB % ("magnet.NdFeB-Dy", "[JP]", "saving", 0.3, 0.3))
    assert found.luck_keys == ("measures.0.luck",)
    luck = design(found, 4000, 1)["measures.0.luck"]
    assert (luck < 0.3).mean() == pytest.approx(0.3, abs=0.025)
    run_ = Experiment(network, found, 24, 1)
    hits = np.array([run_.draw(i).want[-1, :].min() < 0.9 for i in range(24)])
    assert np.array_equal(hits, run_.rows["measures.0.luck"].to_numpy() < 0.3)
    assert 0 < hits.sum() < 24


def test_chance_is_drawn_in_branches_too():
    lab = (LAB % ("Dy", "[JP]", "saving", 0.3, 0.3)).replace("2025-02-03", "2025-04-07")
    fork = f"{{date: 2025-03-03, branches: [{{p: 0.5, measures: [{lab}]}}, {{p: 0.5}}]}}"
    found = load_text(f"{{name: lab, start: 2025-01-06, weeks: 78, forks: [{fork}]}}")
    assert found.luck_keys == ("forks.0.branches.0.measures.0.luck",)
    assert "forks.0.branches.0.measures.0.luck" in design(found, 3, 1)


def test_thrift_takes_less_of_a_metal_per_magnet(network):
    """Dysprosium taken in by makers of magnets falls by the share saved, at the output that they have."""
    (_, bare), (policy, thrifty) = run(network), run(network, LAB % ("metal.Dy", "[JP]", "saving", 0.3, 1))
    metal, magnet = (network.markets_where([good], ["JP"]) for good in ("metal.Dy", "magnet.NdFeB-Dy"))
    assert set(policy.kind.tolist()) == {int(Effect.GAIN)}
    per = [(trace.consumption[:, metal] / trace.production[:, magnet])[-1, 0] for trace in (bare, thrifty)]
    assert per[1] == pytest.approx(0.7 * per[0], rel=1e-9)
    with pytest.raises(ScenarioError, match=r"no maker of magnets in MY takes in metal\.Dy"):
        run(network, LAB % ("metal.Dy", "[MY]", "saving", 0.3, 1))


def test_recovery_never_exceeds_what_the_feed_holds(network):
    policy, _ = run(network, LAB % ("oxide.NdPr", "[MY, US]", "recovery", 1, 1))
    rows = policy.kind == Effect.GAIN
    after = better.recoveries(network)[policy.target[rows]] * (1 + policy.level[policy.measure[rows], -1])
    assert after.max() == pytest.approx(1.0)
    assert after.max() <= 1.0 + 1e-12


def test_better_plants_make_more(network):
    _, bare = run(network)
    at = network.markets_where(["oxide.NdPr"], ["MY"])
    for effect in ("recovery", "unit_cost"):
        _, trace = run(network, LAB % ("oxide.NdPr", "[MY]", effect, 0.1, 1))
        assert trace.production[-1, at] > bare.production[-1, at]
        _, nothing = run(network, LAB % ("oxide.NdPr", "[MY]", effect, 0, 1))
        assert np.array_equal(nothing.price, bare.price)
        _, failed = run(network, LAB % ("oxide.NdPr", "[MY]", effect, 0.1, 0))
        assert np.array_equal(failed.price, bare.price)
