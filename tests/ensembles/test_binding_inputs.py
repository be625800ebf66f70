"""Every input that stops or costs a sector something in a bundled scenario stands in the reviewed table with a row of its own."""

import numpy as np
import pytest

from ytterby.economy import assumptions
from ytterby.ensembles.draw_assessment import DrawAssessment
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

SEVERE = 0.05
"""A material without a row of its own may not stop more than this share of a sector's dependent output."""


def reviewed(sector, commodity):
    rows = [row for row in assumptions.read("criticality").rows if row.parameter != "leakage" and row.matches(sector, commodity)]
    return max(rows, key=lambda row: row.precision)


@pytest.mark.parametrize("name", ["china-licences-2025", "china-october-2025", "japan-ban-2026", "myanmar-stop", "total-stop"])
def test_binding_inputs_are_reviewed(name):
    scenario = load_scenario(name)
    network = LabelledNetwork.of(build(scenario.base_year))
    found, demands = DrawAssessment(Experiment(network, scenario, 0, 1)).assess(0), network.system.demands
    binding = np.unique(found["binding"][found["binding"] >= 0])
    for sector, commodity in {(demands["sector"].iloc[i], demands["commodity"].iloc[i]) for i in binding}:
        row = reviewed(sector, commodity)
        assert row.sector != "*" or row.value <= SEVERE, (sector, commodity)
        assert row.note, (sector, commodity)


@pytest.mark.parametrize(
    ("sector", "commodity"),
    [
        ("ships", "metal.Ce"),
        ("industry", "oxide.Yb"),
        ("electronics", "oxide.Er"),
        ("industry", "oxide.Sc"),
        ("medical", "oxide.Gd"),
        ("electronics", "magnet.SmCo"),
    ],
)
def test_minor_uses_stop_no_firm(sector, commodity):
    assert reviewed(sector, commodity).value <= SEVERE
