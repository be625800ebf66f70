"""Hints for units go by meaning: what is written instead is worth the same."""

from __future__ import annotations

import pytest

from ytterby.facts import vocabulary
from ytterby.facts.unit_hints import MASS, unit_hint


@pytest.mark.parametrize(
    ("unit", "value", "wanted"),
    [
        ("kt REO", "45", "write 45000 in 't REO'"),
        ("kg REO", "45", "write 0.045 in 't REO'"),
        ("USD/lb", "10", "write 22.04622622 in 'USD/kg'"),
        ("USD/g", "2", "write 2000 in 'USD/kg'"),
        ("kt REO/year", "1,5", "multiply by 1000 and write 't REO/year'"),
        ("tonnes", "7", "write 7 in 't'"),
        ("mt", "7", "write 7 in 't'"),
        ("t reo", "7", "did you mean 't REO'"),
        ("usd / kg", "7", "did you mean 'USD/kg'"),
    ],
)
def test_the_value_is_written_in_a_unit_that_is_known(unit, value, wanted):
    assert wanted in unit_hint(unit, value)


@pytest.mark.parametrize("unit", ["EUR/kg", "GBP/t", "JPY/kg", "bn GBP"])
def test_another_currency_is_to_be_converted_and_never_taken_for_dollars(unit):
    assert "convert" in unit_hint(unit, "250")
    assert "did you mean" not in unit_hint(unit, "250")


@pytest.mark.parametrize("unit", sorted(unit for unit in vocabulary.listed("units") if unit.split(" ")[0] == "t"))
@pytest.mark.parametrize("mass", ["g", "lb", "kt", "Mt"])
def test_masses_of_all_known_units_keep_their_worth(unit, mass):
    other = mass + unit[1:]
    if other in vocabulary.listed("units"):
        pytest.skip("is known itself")
    assert f"write {MASS[mass] * 8:.10g} in '{unit}'" in unit_hint(other, "8")


def test_what_means_nothing_gets_the_list():
    assert "known:" in unit_hint("furlongs", "1")
    assert "did you mean" not in unit_hint("furlongs", "1")
