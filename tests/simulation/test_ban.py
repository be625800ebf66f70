"""A ban: undeclared goods are stopped like the declared ones, and what is held at the port leaves at its end."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.scenario import load_text
from ytterby.simulation import batch
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.simulation.measure_effects import interventions_of
from ytterby.system import build

WEEKS = 78
TEXT = """{name: stop, title_en: stop, title_de: Stopp, base_year: 2009, start: 2009-01-05, weeks: 78, measures: [
  {kind: quota, on: rare_earths, from: CN, start: 2009-01-05, allocations: [{start: 2009-01-05, end: 2010-07-04, tonnes: 35000}]},
  {kind: ban, on: rare_earths, from: CN, to: JP, start: 2010-01-04, end: 2010-02-28, depth: %s, held: %s}]}"""

FREE = TEXT.replace("tonnes: 35000", "tonnes: 350000")
"""A quota that binds nobody."""


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2009))


def undeclared(network, depth):
    policy = interventions_of(network, load_text(TEXT % (depth, 0.0)))
    trace = batch.simulate(network.net, policy, behaviour(), WEEKS)
    to = network.region[network.net.destination]
    twins = network.legal_link_of >= 0
    return policy, trace.shipped[:, twins & (to == "JP")].sum(axis=1), trace.shipped[:, twins & (to != "JP")].sum(axis=1)


def test_a_full_ban_lets_nothing_through_undeclared(network):
    (_, free, _), (policy, stopped, elsewhere) = undeclared(network, 0.0), undeclared(network, 1.0)
    assert free[52:60].min() > 1.0
    assert stopped[52:60].max() == 0.0
    assert np.array_equal(stopped[:52], free[:52])
    assert elsewhere[52:60].min() > 1.0
    closed = policy.target[policy.kind == Effect.OPEN]
    assert set(network.region[network.net.destination[closed]]) == {"JP"}


def test_they_come_back_after_it(network):
    _, stopped, _ = undeclared(network, 1.0)
    assert stopped[66:].max() > 1.0


def test_what_is_held_leaves_when_the_ban_ends(network):
    flows = {}
    for held in (0.0, 0.6):
        trace = batch.simulate(network.net, interventions_of(network, load_text(FREE % (1.0, held))), behaviour(), WEEKS)
        legal = (
            (network.legal_link_of < 0) & (network.region[network.net.destination] == "JP") & (network.region[network.net.origin] == "CN")
        )
        raw = np.char.startswith(network.commodity[network.net.origin].astype(str), ("oxide."))
        flows[held] = trace.shipped[:, legal & raw].sum(axis=1)
        waiting = trace.backlog.sum(axis=1)
        assert np.all(np.diff(waiting[52:60]) >= -1e-9)
        assert (waiting[58] > 10.0) == (held > 0.0)
        assert waiting[61:].max() < 1e-9
    assert flows[0.6][52:59].max() == 0.0
    assert flows[0.6][59:62].sum() > flows[0.0][59:62].sum() + 5.0
