"""What keeps a measure out of a plan: its reduced cost, or what the plan loses with it where that is nil."""

from types import SimpleNamespace

import numpy as np
import pytest

from ytterby.facts import candidates
from ytterby.plan.left_out import why_left_out
from ytterby.plan.portfolio import PortfolioReading

KNOWN = {each.id: each for each in candidates()}
NAMES = ("minamitorishima", "caremag-heavy", "kuantan-heavy")
COST = np.array([200.0, 100.0, 50.0])


def left_out(reduced, loss, tried):
    """Rows of a plan that takes nothing, whose objective rises by a loss for each measure taken whole [million USD]."""
    asked = []

    def evaluate(x):
        asked.append(x.copy())
        return SimpleNamespace(objective=1000.0 + float(loss @ x))

    made = [SimpleNamespace(candidate=name, party="JP", pays_alone=False, kind="plant", start=2027, commodity="") for name in NAMES]
    problem = SimpleNamespace(
        programme=SimpleNamespace(decisions=made, blocks=(), reference=None), free=np.ones(3, bool), resource=COST, public=COST
    )
    reading = SimpleNamespace(after=SimpleNamespace(objective=1000.0))
    portfolio = PortfolioReading(
        problem, np.zeros(3), np.asarray(reduced, float), reading, evaluate, None, {name: KNOWN[name] for name in NAMES}
    )
    return {row.measure: row for row in portfolio.left_out(tried)}, asked


@pytest.fixture(autouse=True)
def no_stock_is_held(monkeypatch):
    monkeypatch.setattr(PortfolioReading, "_held", lambda _self, _each: None)


def test_a_reduced_cost_of_nil_is_judged_by_what_the_plan_loses_with_the_measure():
    rows, asked = left_out([0.0, 40.0, 0.0], np.array([200.0, 100.0, 0.0]), NAMES)
    assert rows["minamitorishima"].too_dear_by == pytest.approx(1.0)
    assert why_left_out(rows["minamitorishima"]) == "never"
    assert rows["caremag-heavy"].too_dear_by == pytest.approx(0.4)
    assert rows["kuantan-heavy"].reason == "neither gains nor loses here"
    assert [np.flatnonzero(x).tolist() for x in sorted(asked, key=lambda x: -x[0])] == [[0], [2]]


def test_only_what_is_asked_for_is_tried():
    rows, asked = left_out([0.0, 40.0, 0.0], np.array([200.0, 100.0, 0.0]), ())
    assert not asked
    assert why_left_out(rows["minamitorishima"]) == "as_good"
    assert rows["minamitorishima"].reason == "neither gains nor loses here"
