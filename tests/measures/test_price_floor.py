"""A price floor pays what the reference falls below the strike: never less than nothing, and nothing where it is nil."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.measures.random_keys import MADE, SHARE, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays
from ytterby.scenario import load_text
from ytterby.simulation import LabelledNetwork, behaviour, interventions_of, simulate
from ytterby.system import build

PLANTS = st.sampled_from(("CN", "JP"))
RANDOM = dates(
    "price_floor", on=goods(MADE[2:]), from_=PLANTS, payer=st.just("US"), strike=st.floats(20.0, 400.0), upside_share=SHARE,
    upside_above=st.floats(400.0, 900.0), tonnes_per_year=st.floats(10.0, 50_000.0),
)  # fmt: skip
DRAWN = {
    "{kind: price_floor, name: floor, on: oxide.NdPr, from: MY, payer: US, strike: 110, upside_share: 0.3, upside_above: 120, "
    "tonnes_per_year: 4000, start: 2025-03-03}": {
        "strike": "{dist: uniform, low: 60, high: 110}",
        "upside_share": "{dist: uniform, low: 0, high: 1}",
        "upside_above": "{dist: uniform, low: 110, high: 200}",
        "tonnes_per_year": "{dist: uniform, low: 100, high: 9000}",
    }
}
WEEKS = 104
HEAD = f"{{name: floor, start: 2025-01-06, weeks: {WEEKS}, measures: ["
GLUT = "{kind: project, name: glut, on: oxide.NdPr, from: CN, start: 2025-02-03, capacity_t_per_year: 40000, ramp: [1]}"
FLOOR = "{kind: price_floor, on: oxide.NdPr, from: [US, MY], payer: US, strike: %g, start: 2025-03-03%s}"


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


def run(network, *measures):
    policy = interventions_of(network, load_text(HEAD + ", ".join(measures) + "]}"))
    return policy, simulate(network.net, policy, behaviour(), WEEKS)


def made(network, trace, good="oxide.NdPr", regions=("US", "MY")):
    return trace.production[:, network.markets_where([good], regions)].sum(axis=1)


def received(network, policy, trace):
    """Price of each guaranteed output where it is made, and what a tonne of it brings with what was paid [USD/kg]."""
    markets = network.net.recipe_market[policy.floor_entry]
    own, sold = trace.price[:, markets], trace.production[:, markets]
    return own, own + trace.paid / np.maximum(sold, 1e-12)


def test_what_is_missing_to_the_strike_is_paid():
    floor = measure(kind="price_floor", on="oxide.NdPr", from_="US", payer="US", strike=110, start="2025-07-10", end="2026-07-09")
    weeks = mondays(dt.date(2025, 6, 30), 60)
    (effect,) = floor.effects(weeks, DrawnValues(floor))
    assert floor.reference == "CN"
    assert (effect.reference, effect.strike, effect.upside_above) == ("CN", 110, 110)
    assert effect.level[[0, 1, 2, 53, 54]] == pytest.approx([0.0, 4 / 7, 1.0, 4 / 7, 0.0])


def test_an_upside_below_the_strike_is_refused():
    with pytest.raises(ScenarioError, match=r"'upside_above' \(90\) lies below 'strike' \(110\)"):
        measure(
            kind="price_floor", on="oxide.NdPr", from_="US", payer="US", strike=110, upside_share=1, upside_above=90, start="2025-07-10"
        )


def test_a_reference_without_a_market_is_told(network):
    with pytest.raises(ScenarioError, match=r"price_floor: LA has no market of oxide\.NdPr"):
        run(network, FLOOR % (110, ", reference: LA"))
    with pytest.raises(ScenarioError, match="price_floor: nothing in BR makes oxide"):
        run(network, FLOOR.replace("[US, MY]", "BR") % (110, ""))


def test_a_nil_floor_and_one_below_the_market_change_nothing(network):
    (_, bare), (_, nil), (_, low) = run(network, GLUT), run(network, GLUT, FLOOR % (0, "")), run(network, GLUT, FLOOR % (1, ""))
    for trace in (nil, low):
        assert np.array_equal(trace.price, bare.price)
        assert not trace.paid.any()


def test_it_holds_output_in_a_glut_and_costs_what_is_missing(network):
    (_, bare), (policy, held) = run(network, GLUT), run(network, GLUT, FLOOR % (60, ""))
    assert made(network, held)[-52:].sum() > 1.02 * made(network, bare)[-52:].sum()
    outputs = np.stack([made(network, held, regions=(place,)) for place in ("US", "MY")]).sum(axis=0)
    gap = np.maximum(60.0 - held.price[:, policy.floor_reference[0]], 0.0) * policy.floor_level[0]
    assert held.paid.sum(axis=1) == pytest.approx(gap * outputs, rel=1e-9)


def test_a_volume_bounds_what_is_paid(network):
    _, trace = run(network, GLUT, FLOOR % (60, ", tonnes_per_year: 520"))
    policy, _ = run(network, GLUT, FLOOR % (60, ", tonnes_per_year: 520"))
    gap = np.maximum(60.0 - trace.price[:, policy.floor_reference[0]], 0.0)
    assert (trace.paid.sum(axis=1) <= gap * 520 * 7 / 365.25 * (1 + 1e-9) + 1e-9).all()
    assert trace.paid.sum() > 0.0


@seed(1)
@settings(max_examples=6, deadline=None)
@given(strike=st.floats(0.0, 300.0), more=st.floats(0.0, 100.0))
def test_a_floor_never_lowers_the_price_received(strike, more):
    network = LabelledNetwork.of(build(2024))
    policy, trace = run(network, GLUT, FLOOR % (strike, ""))
    own, with_floor = received(network, policy, trace)
    assert (with_floor >= own).all()
    assert trace.paid.min(initial=0.0) >= 0.0
    _, higher = run(network, GLUT, FLOOR % (strike + more, ""))
    assert made(network, higher)[-1] >= made(network, trace)[-1] * (1 - 1e-9)


def test_an_upside_flows_back(network):
    squeeze = "{kind: outage, on: oxide.NdPr, from: CN, start: 2025-02-03, loss: 0.3}"
    policy, trace = run(network, squeeze, FLOOR % (60, ", upside_share: 0.5, upside_above: 70"))
    reference = trace.price[:, policy.floor_reference[0]]
    assert reference.max() > 70
    assert (trace.paid[reference > 70].sum(axis=1) < 0).all()
