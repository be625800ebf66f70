"""Assistance needs both sides; it brings plants nearer to the best of their stage, and the best nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import dates
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays
from ytterby.scenario import load_text
from ytterby.simulation import Effect, LabelledNetwork, behaviour, interventions_of, simulate
from ytterby.simulation import plant_improvements as better
from ytterby.system import build

RANDOM = dates(
    "assistance", from_=st.just("JP"), to=st.sampled_from(("MY", "US", "all")), stages=st.just(["oxide"]), access=st.floats(0.7, 1.0),
    ramp_weeks=st.floats(0.0, 60.0), kept=st.floats(0.0, 1.0),
)  # fmt: skip
DRAWN = {
    "{kind: assistance, name: help, from: JP, to: [MY, US], stages: [oxide, scrap], access: 0.9, ramp_weeks: 20, kept: 0.5, "
    "start: 2025-02-03, end: 2025-06-29}": {
        "access": "{dist: uniform, low: 0.6, high: 1}",
        "ramp_weeks": "{dist: uniform, low: 1, high: 60}",
        "kept": "{dist: uniform, low: 0, high: 1}",
    }
}
KEYS = {"kind": "assistance", "from": "JP", "stages": ["oxide"], "access": 0.8, "start": "2026-01-05"}
WEEKS = 104
HEAD = f"{{name: help, start: 2025-01-06, weeks: {WEEKS}, measures: ["
HELP = "{kind: assistance, from: JP, to: %s, stages: [%s], access: %g, ramp_weeks: 26, start: 2025-02-03}"


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


def run(network, *measures):
    policy = interventions_of(network, load_text(HEAD + ", ".join(measures) + "]}"))
    return policy, simulate(network.net, policy, behaviour(), WEEKS)


def last(policy, effect):
    """Value of the rows of an effect in the last week, by target."""
    rows = policy.kind == effect
    values = policy.weight[rows] * policy.level[policy.measure[rows], -1]
    return dict(zip(policy.target[rows].tolist(), values.tolist(), strict=True))


def test_it_needs_giver_and_receiver():
    assert measure(**KEYS, to="MY").stages == ("oxide",)
    with pytest.raises(ScenarioError, match="'to' is missing"):
        measure(**KEYS)


def test_what_was_learnt_stays_as_far_as_it_is_kept():
    help_ = measure(**KEYS, to="MY", ramp_weeks=20, kept=0.25, end="2026-03-15")
    learnt = help_.learnt(mondays(dt.date(2026, 1, 5), 60), DrawnValues(help_))
    assert learnt[[0, 5, 9]] == pytest.approx([0.0, 0.25, 0.45])
    assert learnt[12:] == pytest.approx(0.25 * (69 / 7 / 20))


def test_recoveries_are_those_of_the_tables(network):
    """Second road: recovery of NdPr at Kuantan and of the best plants, from the table of recoveries."""
    at = {name: i for i, name in enumerate(network.labels.processes)}
    found = {}
    for plant in ("oxide.mount-weld@MY", "oxide.mountain-pass@US", "oxide.clay-mm@CN"):
        for r in better.entries_of(network, at[plant]):
            found[plant, str(network.commodity[network.net.recipe_market[r]])] = (r, better.recoveries(network)[r])
    assert found["oxide.mount-weld@MY", "oxide.NdPr"][1] == pytest.approx(0.88)
    assert found["oxide.mountain-pass@US", "oxide.Ce"][1] == pytest.approx(0.36)
    assert found["oxide.clay-mm@CN", "oxide.Dy"][1] == pytest.approx(0.935)
    best = better.best_recoveries(network)
    assert best[found["oxide.mountain-pass@US", "oxide.Ce"][0]] == pytest.approx(0.9)
    assert np.isnan(better.recoveries(network)[found["oxide.mount-weld@MY", "mine.concentrate-mount-weld"][0]])


def test_it_raises_output_outside_the_dominant_supplier(network):
    (_, bare), (_, helped) = run(network), run(network, HELP % ("[MY, US, EE]", "oxide", 1))
    for place in ("MY", "US", "EE"):
        at = network.markets_where(["oxide.NdPr"], [place])
        assert helped.production[-26:, at].sum() > 1.02 * bare.production[-26:, at].sum()


def test_more_access_is_more_gain_and_none_is_none(network):
    (nil, idle), (some, _), (full, _) = (run(network, HELP % ("[MY, US]", "oxide", access)) for access in (0.2, 0.9, 1.0))
    assert len(nil.kind) == 0
    assert np.abs(idle.price / network.net.price - 1).max() < 1e-8

    for r, gain in last(full, Effect.GAIN).items():
        assert gain >= last(some, Effect.GAIN).get(r, 0.0)
        assert better.recoveries(network)[r] * (1 + gain) <= better.best_recoveries(network)[r] * (1 + 1e-12)


def test_the_best_plants_gain_nothing(network):
    """China holds the best recovery of most oxides: what its plants gain is no more than the best of others."""
    policy, _ = run(network, HELP % ("all", "oxide", 1))
    gains, shifts = last(policy, Effect.GAIN), last(policy, Effect.PRACTICE)
    assert gains
    for r, gain in gains.items():
        assert better.recoveries(network)[r] * (1 + gain) == pytest.approx(better.best_recoveries(network)[r])
    for p, shift in shifts.items():
        own = network.net.utilisation[p]
        assert 1 / (1 + np.exp(-(np.log(own / (1 - own)) + shift))) == pytest.approx(better.best_use(network)[p])


def test_nobody_makes_more_of_an_element_than_the_feed_holds(network):
    policy, _ = run(network, HELP % ("all", "oxide, metal, magnet, scrap", 1))
    assert max(better.recoveries(network)[r] * (1 + gain) for r, gain in last(policy, Effect.GAIN).items()) <= 1 + 1e-9
