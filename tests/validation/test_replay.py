"""The replay in lock-step is the replay one draw at a time, bit for bit."""

import importlib

import numpy as np

from ytterby.facts import load
from ytterby.simulation import LabelledNetwork, drawn_behaviour, drawn_cover, interventions_of, simulate
from ytterby.system import build
from ytterby.validation.posterior import posterior_rows
from ytterby.validation.replay import Replay, scenario_until
from ytterby.validation.targets import LAST_FITTED_DAY, calibration_targets

room = importlib.import_module("ytterby.validation.replay")


def test_draws_together_are_draws_apart(monkeypatch):
    """Several chunks, several draws a chunk, and two quotas of different scope against one call of the kernel per draw."""
    monkeypatch.setattr(room, "CHUNK", 4)
    replay = Replay(LabelledNetwork.of(build(2009)), scenario_until("quota-crisis-2010", LAST_FITTED_DAY), calibration_targets(load()))
    scope = "measures.mofcom-quota.customs_factor.rare_earths"
    rows = posterior_rows(6, 3).assign(**{scope: [0.8, 0.9, 0.8, 0.85, 0.9, 0.8]})
    found = replay.ensemble(rows)
    for i, row in enumerate(rows.to_dict("records")):
        full = replay.medians | {str(key): value for key, value in row.items()}
        net = replay.network.net._replace(cover=drawn_cover(replay.network, full))
        policy = interventions_of(replay.network, replay.scenario.with_values(full).path(full))
        trace = simulate(net, policy, drawn_behaviour(full), replay.scenario.weeks)
        assert np.array_equal(found[i], replay.operator.outputs(net, policy, trace), equal_nan=True)
