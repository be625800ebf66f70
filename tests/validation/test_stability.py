"""What the posterior may hold must leave a calm world calm."""

import numpy as np
import pytest

from ytterby.scenario import load_scenario
from ytterby.simulation import LabelledNetwork, behaviour, interventions_of, simulate
from ytterby.system import build
from ytterby.validation.posterior import posterior_rows


def test_hoarding_is_lowered_where_prices_would_feed_on_themselves():
    assert behaviour({"price_gain": 0.6, "hoarding": 0.05}).hoarding == 0.05
    for price_gain in (0.4, 0.6, 1.2, 1.9):
        assert price_gain * behaviour({"price_gain": price_gain, "hoarding": 0.3}).hoarding * 52.0 / 8.0 <= 0.9 + 1e-12


@pytest.mark.parametrize("price_gain", [0.4, 1.9])
def test_no_shock_means_no_change_with_any_posterior_draw(price_gain):
    network, scenario = LabelledNetwork.of(build(2009)), load_scenario("no-shock")
    policy = interventions_of(network, scenario)
    for _, row in posterior_rows(3, 5, prefix="behaviour.").iterrows():
        par = behaviour({str(k).removeprefix("behaviour."): v for k, v in row.items()} | {"price_gain": price_gain})
        trace = simulate(network.net, policy, par, scenario.weeks)
        assert np.abs(trace.price[-1] / network.net.price - 1.0).max() < 1e-7
