"""Every input that stops or costs a sector something in a bundled scenario stands in the reviewed table with a row of its own."""

import numpy as np
import pytest

from ytterby.economy import UserFlows, assumptions, for_base_output, stops
from ytterby.ensembles.draw_assessment import DrawAssessment
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

SEVERE = 0.05
"""A material without a row of its own may not stop more than this share of a sector's dependent output."""


def reviewed(sector, commodity):
    rows = [row for row in assumptions.read("criticality").rows if row.parameter != "leakage" and row.matches(sector, commodity)]
    return max(rows, key=lambda row: row.precision)


BUNDLED = ("china-licences-2025", "china-october-2025", "japan-ban-2026", "myanmar-stop", "total-stop", "gallium-germanium-2023")


@pytest.mark.parametrize("name", BUNDLED)
def test_binding_inputs_are_reviewed(name):
    scenario = load_scenario(name)
    network = LabelledNetwork.of(build(scenario.base_year, chain=scenario.chain))
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


@pytest.mark.parametrize(
    ("sector", "commodity"), [("semiconductors", "metal.Ga"), ("defence", "metal.Ga"), ("defence", "metal.Ge"), ("electronics", "metal.Ge")]
)
def test_what_a_product_is_made_of_is_no_minor_use(sector, commodity):
    """The dependent share of these sectors is the output that is made of gallium or germanium: no row for dopants speaks of it."""
    assert reviewed(sector, commodity).precision > (0, 0)
    assert reviewed(sector, commodity).value > SEVERE


def test_engineered_parts_stop_before_materials():
    """In a total stop, by the input that binds in the week of the first stop; only cells that are made of lanthanum stop as early.

    Other inputs that stop anybody are the magnets of makers of electronics: eight regions.
    """
    network = LabelledNetwork.of(build(2024))
    found = DrawAssessment(Experiment(network, load_scenario("total-stop"), 0, 1)).assess(0)
    week, binding = found["first_stop"], found["binding"]
    stops = np.isfinite(week)
    classes = np.array([reviewed(*use).parameter for use in assumptions.uses_of(network.system.demands)])[np.maximum(binding, 0)]
    cells = (network.system.sectors["sector"] == "batteries").to_numpy()
    parts, others = stops & (classes == "engineered_part"), stops & (classes != "engineered_part") & ~cells
    assert parts.sum() > 50
    assert others.sum() > 5
    assert np.median(week[parts]) < 0.7 * np.median(week[others])
    assert week[parts].min() < week[others].min()


def test_firms_that_stand_at_the_first_stop_are_those_of_all_demands():
    """Second road: stops of every demand, of which a draw counts those of binding inputs alone."""
    scenario = load_scenario("total-stop")
    network = LabelledNetwork.of(build(scenario.base_year))
    job = DrawAssessment(Experiment(network, scenario, 0, 1))
    found, [(_, draw)] = job.assess(0), list(job.experiment.simulate([0]))
    parts = job._models([0]).of(0).parts
    parts = parts._replace(lumpy=parts.lumpy * draw.restricted_share)
    flows = for_base_output(UserFlows(draw.served, draw.arrival_ratio, draw.want), parts.thrift, *draw.intended)
    stopped = stops(flows.served, flows.arrival, draw.user_cover, parts, want=flows.want).stopped
    sectors = np.flatnonzero(found["binding"] >= 0)
    assert len(sectors) > 20
    wanted = stopped[found["first_stop"][sectors].astype(int), found["binding"][sectors]]
    np.testing.assert_allclose(found["firms"][sectors], wanted, atol=1e-12)
    assert np.isnan(np.delete(found["firms"], sectors)).all()
