"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import pytest

from ytterby.system import build, compile_network


def test_a_year_has_as_many_weeks_in_the_compiled_network_as_in_the_calendar():
    """Second road: weekly sums of the compiled network against yearly sums of the tables, by days."""
    system = build(2024)
    network, _ = compile_network(system)
    assert network.activity.sum() * 365.25 / 7 == pytest.approx(system.processes["activity"].sum(), rel=1e-9)
    assert network.flow.sum() * 365.25 / 7 == pytest.approx(system.links["flow"].sum(), rel=1e-9)
