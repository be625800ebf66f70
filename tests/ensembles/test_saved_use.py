"""Use that a measure saves is no output given up, and growth that is wished and not served is none lost."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.ensembles import DrawAssessment
from ytterby.scenario import Scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

START = "2027-01-04"


def lost(*measures):
    scenario = Scenario.model_validate({"name": "saving", "start": START, "weeks": 104, "base_year": 2024, "measures": measures})
    network = LabelledNetwork.of(build(2024))
    gross = DrawAssessment(Experiment(network, scenario, 0, 1)).assess(0)["gross"]
    return float(gross @ network.system.sectors["value_added"].to_numpy(float))


@pytest.mark.parametrize("saving", [0.05, 0.3])
def test_doing_with_less_costs_no_output(saving):
    assert lost({"kind": "substitution", "on": ["component.*"], "to": "JP", "saving": saving, "start": START}) < 1e6


def test_the_intended_use_is_what_measures_ask_for():
    scenario = Scenario.model_validate(
        {
            "name": "saving", "start": START, "weeks": 52, "base_year": 2024,
            "measures": [{"kind": "substitution", "on": ["component.drive"], "to": "JP", "saving": 0.3, "start": START}],
        }
    )  # fmt: skip
    network = LabelledNetwork.of(build(2024))
    [(_, draw)] = list(Experiment(network, scenario, 0, 1).simulate([0]))
    drives = ((network.system.demands["commodity"] == "component.drive") & (network.system.demands["region"] == "JP")).to_numpy()
    demands, ratio = draw.intended
    assert demands.tolist() == np.flatnonzero(drives).tolist()
    assert ratio[-1] == pytest.approx(np.full(drives.sum(), 0.7))


def test_growth_that_nobody_serves_costs_no_output():
    """Mines do not grow with the wish; the market gives the growing users about what they had."""
    growth = {"kind": "demand_shift", "on": "all", "to": "JP", "factor": 1.3, "ramp_weeks": 26, "start": START, "assumed": ["factor"]}
    base = build(2024).sectors
    japan = base["value_added"][base["region"] == "JP"].sum()
    assert lost(growth) < 1e-4 * japan
