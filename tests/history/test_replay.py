"""The replay in lock-step is the replay one draw at a time, bit for bit."""

import numpy as np

from ytterby.facts.load import load
from ytterby.history import replay as room
from ytterby.history.posterior import posterior_rows
from ytterby.history.replay import Replay, scenario_until
from ytterby.history.targets import LAST_FITTED_DAY, calibration_targets
from ytterby.scenario.ensemble import realise
from ytterby.simulation.act import act
from ytterby.simulation.kernel import simulate
from ytterby.simulation.scene import Scene
from ytterby.simulation.uncertainty import drawn_behaviour, drawn_cover
from ytterby.system.build import build


def test_draws_together_are_draws_apart(monkeypatch):
    """Several chunks, several draws a chunk, and two quotas of different scope against one call of the kernel per draw."""
    monkeypatch.setattr(room, "CHUNK", 4)
    replay = Replay(Scene.of(build(2009)), scenario_until("quota-crisis-2010", LAST_FITTED_DAY), calibration_targets(load()))
    scope = "measures.mofcom-quota.customs_factor.rare_earths"
    rows = posterior_rows(6, 3).assign(**{scope: [0.8, 0.9, 0.8, 0.85, 0.9, 0.8]})
    found = replay.ensemble(rows)
    for i, row in enumerate(rows.to_dict("records")):
        full = replay.medians | {str(key): value for key, value in row.items()}
        net = replay.scene.net._replace(cover=drawn_cover(replay.scene, full))
        policy = act(replay.scene, realise(replay.scenario, full))
        trace = simulate(net, policy, drawn_behaviour(full), replay.scenario.weeks)
        assert np.array_equal(found[i], replay.ledger.outputs(net, policy, trace), equal_nan=True)
