"""What was moved, by how many sigmas, and where each figure comes from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ytterby.system import account, assemble
from ytterby.system.inputs import NORMAL_95, FigureExpressions, FigureWithRange, assumed, weakest
from ytterby.system.layouts import full_chain


def test_sigma_is_the_half_range_over_the_normal_95():
    assert FigureWithRange(10, 8, 14, ("X",), "reported").sigma(0.5) == pytest.approx(3 / NORMAL_95)
    assert FigureWithRange(10, 10, 10, ("X",), "reported").sigma(0.05) == pytest.approx(0.5 / NORMAL_95)


def test_ranges_of_sums_add_in_squares(facts):
    inputs = FigureExpressions(facts, 2024)
    total = inputs.sum("CAP0227 -CAP0231")
    assert total.value == facts.value("CAP0227") - facts.value("CAP0231")
    low, high = facts.range("CAP0231")
    assert total.high - total.low == pytest.approx(high - low)
    assert inputs.used == {"CAP0227", "CAP0231"}


def test_a_sum_is_no_better_than_its_weakest_term(facts):
    assert weakest("reported", "assumed", "derived") == "assumed"
    assert FigureExpressions(facts, 2024).sum("CAP0061 BAL0064").kind == "assumed"
    assert assumed(3.0, 0.5).kind == "assumed"


def test_adjustments_are_sorted_and_say_how_far(system):
    table = system.adjustments
    assert (table["sigmas"].abs().diff().dropna() <= 1e-9).all()
    assert np.isfinite(table[["reported", "used", "sigmas"]]).all().all()
    moved = table["used"] - table["reported"]
    assert (np.sign(moved) == np.sign(table["sigmas"])).all()


def test_adjusted_facts_exist(system, facts):
    known = set(facts.table.index)
    for cell in system.adjustments["fact"]:
        if not cell.startswith("BACI-"):
            assert {id.lstrip("-") for id in cell.split()} <= known


def test_reported_rows_rest_on_reported_facts(base, facts):
    kinds = facts.table["kind"]
    for table in (base.processes, base.links):
        for kind, cell in zip(table["kind"], table["facts"], strict=True):
            if kind == "reported":
                ids = cell.split()
                assert ids
                assert ids[0].startswith("BACI-") or kinds[ids[0]] == "reported"


def test_ids_in_the_tables_exist(system, facts):
    known = set(facts.table.index)
    for table in (system.processes, system.links, system.demands, system.sectors, system.stockpiles):
        for cell in table["facts"]:
            assert {id.lstrip("-") for id in cell.split() if not id.startswith("BACI-")} <= known


def test_uses_are_marked_assumed_with_a_range(base):
    assert (base.demands["kind"] == "assumed").all()
    assert (base.demands["low"] < base.demands["use"]).all()
    assert (base.demands["use"] < base.demands["high"]).all()


def test_data_share_is_that_of_reported_flow(base):
    """A second road: by tables."""
    share = account.data_share(base)
    assert 0.2 < share < 0.6
    none = base.processes.assign(kind="assumed")
    from dataclasses import replace

    assert account.data_share(replace(base, processes=none)) < 0.05


def test_half_of_the_figures_move_less_than_one_sigma(base):
    assert base.adjustments["sigmas"].abs().median() < 1.0
    assert base.adjustments["sigmas"].abs().max() < 6.0


@pytest.fixture(scope="module")
def layout(facts):
    inputs = FigureExpressions(facts, 2024)
    return full_chain.layout(inputs)[1], inputs


def test_a_sharper_figure_is_met_more_closely(layout):
    from dataclasses import replace

    found, inputs = layout
    index = next(i for i, m in enumerate(found.observations) if m.fact == "CAP0155")
    sharp = [replace(m, sigma=m.sigma / 20) if i == index else m for i, m in enumerate(found.observations)]

    def miss(solved):
        m = solved.observed.observations[index]
        return abs(math.fsum(w * solved.values[name] for name, w in m.weights.items()) - m.value)

    assert miss(assemble.solve(inputs, replace(found, observations=sharp))) < 0.5 * miss(assemble.solve(inputs, found))


def test_figures_without_width_pull_the_base_onto_themselves(layout):
    """Measures of one fact only, all consistent: each is met."""
    from dataclasses import replace

    found, inputs = layout
    mines = [replace(m, sigma=1e-3 * m.value) for m in found.observations if m.quantity.startswith("activity mine.")]
    solved = assemble.solve(inputs, replace(found, observations=mines))
    for m in mines:
        (name,) = m.weights
        assert solved.values[name] == pytest.approx(m.value, rel=1e-3)
