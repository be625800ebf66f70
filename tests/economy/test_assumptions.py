"""The assumptions: complete, sourced, in range, drawn without surprises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import triang

from ytterby.economy import assumptions
from ytterby.economy.input_output_tables import bridge
from ytterby.errors import DataGapError
from ytterby.facts import load, sectors

NAMES = (*assumptions.DRAWN, "rivals")


@pytest.mark.parametrize("name", NAMES)
def test_each_row_names_facts_that_exist(name):
    known = set(load().table.index)
    for row in assumptions.read(name).rows:
        assert set(row.facts.split()) <= known, row
        assert row.low <= row.value <= row.high
        assert row.unit


def test_each_row_is_marked_assumed_with_a_range_unless_it_is_a_convention():
    fixed = {row.parameter for name in NAMES for row in assumptions.read(name).rows if row.low == row.high and row.value not in {0.0, 1.0}}
    assert fixed == {"window"}


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_unique(name):
    keys = assumptions.read(name).keys
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "commodity", ["magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.CeFeB", "component.traction_motor", "component.drive", "oxide.Ce", "oxide.Y"]
)
def test_each_sector_finds_each_parameter(commodity):
    for sector in sectors():
        for parameter in ("parts", "cover_spread", "firm_share", "lumpy", "incomplete", "thrift", "joint"):
            assumptions.read("parts").find(parameter, sector, commodity)
        for parameter in ("share", "delay"):
            assumptions.read("substitution").find(parameter, sector, commodity)
        for parameter in ("share", "longest", "overtime", "finished"):
            assumptions.read("recapture").find(parameter, sector)
        assert bridge("us")[sector]
        assert bridge("cited")[sector]


def test_the_most_specific_row_wins():
    recipe = assumptions.read("parts")
    assert recipe.rows[recipe.find("parts", "cars_battery", "component.traction_motor")].commodity == "component.traction*"
    assert recipe.rows[recipe.find("parts", "cars_battery", "component.small_motor")].value == 40
    assert recipe.rows[recipe.find("parts", "refining", "oxide.La")].value == 1


def test_a_missing_parameter_is_named():
    with pytest.raises(DataGapError, match="no row 'colour' for sector 'wind'"):
        assumptions.read("parts").find("colour", "wind", "oxide.Y")


def test_triangular_against_scipy():
    quantiles = np.linspace(0.001, 0.999, 50)
    ours = assumptions.triangular(quantiles, np.array(2.0), np.array(3.0), np.array(9.0))
    np.testing.assert_allclose(ours, triang.ppf(quantiles, c=1 / 7, loc=2, scale=7))
    point = assumptions.triangular(quantiles, np.array(5.0), np.array(5.0), np.array(5.0))
    assert (point == 5.0).all()


def test_draws_do_not_depend_on_chunks():
    whole = assumptions.quantiles(12, seed=4)
    parts = [assumptions.quantiles(12, seed=4, first=first, stop=first + 4) for first in (0, 4, 8)]
    for name in assumptions.DRAWN:
        np.testing.assert_array_equal(whole[name], np.concatenate([part[name] for part in parts]))
        assert whole[name].shape == (12, len(assumptions.read(name).rows))
