"""Approvals and end users: more approvals never cost more, and what one user is refused is missing to that user alone."""

import numpy as np
import pytest

from ytterby.ensembles.draw_assessment import DrawAssessment
from ytterby.scenario import load_text
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

TEXT = """
name: approvals
start: 2025-04-04
weeks: 78
measures:
  - {kind: licence, name: rule, on: [Sm, Tb, Dy], from: CN, to: all, start: 2025-04-04, processing_days: 45, approval_rate: %s%s}
draws:
  measures.rule.processing_days: {dist: triangular, low: 20, mode: 45, high: 90}
"""


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


def gross(network, rate, more="", draws=24):
    """Loss by sector, mean of paired draws [USD]."""
    experiment = Experiment(network, load_text(TEXT % (rate, more)), draws, 7)
    found = DrawAssessment(experiment).chunk((0, draws))
    sectors = network.system.sectors
    return sectors.assign(loss=(found["gross"] * sectors["value_added"].to_numpy()).mean(axis=0))["loss"]


@pytest.mark.parametrize("draws", [24, pytest.param(200, marks=pytest.mark.slow)])
def test_more_approvals_cost_no_more(network, draws):
    totals = [gross(network, rate, draws=draws).sum() for rate in (0.2, 0.4, 0.6, 0.8, 1.0)]
    assert all(high <= 1.001 * low for low, high in zip(totals, totals[1:], strict=False))
    assert totals[0] > 1.5 * totals[-1] > 0.0


def test_what_defence_is_refused_costs_nobody_else(network):
    even, refused = gross(network, 0.7), gross(network, 0.7, ", approval_by_end_use: {defence: 0.05}")
    defence = even.index.str.startswith("defence@") & ~even.index.str.endswith("@CN")
    assert refused[defence].sum() > 1.2 * even[defence].sum()
    assert refused[~defence].sum() == pytest.approx(even[~defence].sum(), rel=0.01)


def test_who_waits_is_served_in_the_end(network):
    """A refused applicant files again: in the long run all that is ordered is approved."""
    experiment = Experiment(network, load_text((TEXT % (0.5, "")).replace("weeks: 78", "weeks: 156")), 0, 1)
    draw = experiment.draw(0)
    late = draw.trace.served[-13:].sum(axis=0) / np.maximum(draw.trace.want[-13:].sum(axis=0), 1e-12)
    assert late[draw.net.use > 1e-9].min() > 0.97
    assert draw.trace.backlog[-1].sum() > 0.0


def test_the_lottery_passes_the_tiers(network):
    """A licence on oxides is drawn behind the magnets and the parts that are made of them too."""
    text = TEXT.replace("on: [Sm, Tb, Dy]", "on: [oxide.Tb, oxide.Dy]") % (0.5, "")
    draw = Experiment(network, load_text(text), 0, 1).draw(0)
    demands = network.system.demands
    parts = demands["commodity"].str.startswith("component").to_numpy() & (demands["region"] == "JP").to_numpy()
    others = demands["commodity"].isin(["oxide.La", "oxide.Ce"]).to_numpy()
    assert draw.restricted_share[parts].min() > 0.0
    assert (draw.restricted_share[parts] <= 1.0).all()
    assert (draw.restricted_share[others] < 1e-3).all()  # traces of mixed goods


def test_buyers_know_the_queue(network):
    """With every application approved, what waits is ordered ahead: in the end stocks are at their targets and nobody is short."""
    text = TEXT.replace("weeks: 78", "weeks: 156") % (1.0, "")
    draw = Experiment(network, load_text(text), 0, 1).draw(0)
    net, trace = draw.net, draw.trace
    restricted = np.zeros(len(net.price), dtype=bool)
    restricted[net.destination[draw._restricted]] = True
    rest = (net.cover * net.outflow - net.imports)[restricted]
    assert trace.backlog[-26:, restricted].mean(axis=0).sum() > net.imports[restricted].sum()  # weeks of imports wait
    assert (trace.stock[-1, restricted] / np.maximum(rest, 1e-9)).min() > 0.8
    assert (trace.served[-26:].sum(axis=0) / np.maximum(trace.want[-26:].sum(axis=0), 1e-12))[net.use > 1e-9].min() > 0.99
