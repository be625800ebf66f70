"""Dysprosium and terbium, neodymium and praseodymium stand in for each other in the magnets of 2009, with a sourced split."""

from __future__ import annotations

import importlib
from collections import Counter

import numpy as np
import pytest

from ytterby.simulation import LabelledNetwork, drawn_behaviour, no_interventions, simulate
from ytterby.system import account
from ytterby.system.draft import SUBSTITUTE
from ytterby.system.inputs import FigureExpressions

composition = importlib.import_module("ytterby.system.composition")
substitutes = importlib.import_module("ytterby.system.substitutes")
PAIRS = {"alloy.DyTb": ("Dy", "Tb"), "alloy.NdPr": ("Nd", "Pr")}
SPLIT = {"Nd": "DEM0058", "Pr": "DEM0059", "Dy": "DEM0060", "Tb": "DEM0062"}


def taken(system, element: str, region: str) -> float:
    """What the ways to make an alloy take of an element [t of it as metal a year], loss in making metal of oxide left out."""
    rows = system.recipes[system.recipes["process"].str.endswith(f"-from-{element}@{region}")]
    return float(rows.loc[rows["coefficient"] > 0, "process"].map(system.processes["activity"]).sum())


@pytest.mark.parametrize("region", ["CN", "JP"])
@pytest.mark.parametrize("good", PAIRS)
def test_the_split_is_that_of_the_magnet_oxide_of_2008(base09, facts, region, good):
    main, other = PAIRS[good]
    worth = {row.element: row.worth for row in FigureExpressions(facts, 2009).rows("substitutes", good=good)}
    ratio = taken(base09, other, region) / worth[other] / (taken(base09, main, region) / worth[main])
    assert ratio == pytest.approx(facts.value(SPLIT[other]) / facts.value(SPLIT[main]), rel=1e-9)


def test_a_joint_process_makes_no_element(facts):
    """Before it is divided: what goes in is what comes out, element by element, but for the loss of making metal."""
    inputs = FigureExpressions(facts, 2009)
    contents = composition.Composition(inputs)
    for process in substitutes.joint(inputs, contents):
        net = Counter()
        for market, size in process.coefficients.items():
            for element, share in contents.of(market.partition("@")[0]).items():
                net[element] += size * share
        assert max(net.values()) <= 1e-12, process.id
        assert sum(way.share for way in process.ways) == pytest.approx(1.0, rel=1e-12)


def test_dividing_keeps_masses_and_leaves_other_bases_alone(base, base09):
    assert not (base.processes["driver"] == SUBSTITUTE).any()
    ways = base09.processes[base09.processes["driver"] == SUBSTITUTE]
    assert len(ways) == 8
    made = ways.groupby([name.partition("-from-")[0] + "@" + name.partition("@")[2] for name in ways.index])["activity"].sum()
    assert np.allclose(made, base09.markets.loc[made.index, "use"], rtol=1e-9)


def test_magnets_hold_both_elements(base09):
    content = account.contents(base09.contents)["magnet.NdFeB"]
    assert set(content) == {"Nd", "Pr", "Dy", "Tb"}
    assert 0.28 < sum(content.values()) < 0.4


@pytest.mark.parametrize(("dear", "cheap"), [("Dy", "Tb"), ("Tb", "Dy")])
def test_the_cheaper_of_two_substitutes_gains(base09, dear, cheap):
    """A supply that stops makes an element dear: more of the other goes into magnets than without substitutes."""
    network = LabelledNetwork.of(base09)
    net, names = network.net, list(network.labels.markets)
    lost = names.index(f"oxide.{dear}@CN")
    residual = net.residual.copy()
    residual[lost] += 0.1 * net.inflow[lost]
    net = net._replace(residual=residual, outflow=net.outflow + (residual - net.residual))
    rest = no_interventions(net, 104)
    trace = simulate(net, rest, drawn_behaviour({}), 104)
    form = "metal" if cheap == "Dy" else "oxide"
    at = names.index(f"{form}.{cheap}@CN")
    price = trace.price[-1] / net.price
    assert price[lost] > 1.2
    assert trace.consumption[-26:, at].mean() > 1.005 * trace.consumption[0, at]


def test_the_dearer_way_has_its_worth_and_no_loss(base09):
    price = base09.markets["price"]
    rows = base09.recipes
    value = (rows["coefficient"] * rows["market"].map(price)).groupby(rows["process"]).sum()
    ways = base09.processes.index[base09.processes["driver"] == SUBSTITUTE]
    margin = (value - base09.processes["unit_cost"])[ways]
    assert (margin >= -1e-9).all()
    assert value["alloy.DyTb-from-Tb@CN"] < 0 < value["alloy.DyTb-from-Dy@CN"]
