"""Value at stake without a supplier (E16): by hand, against the module of losses, and in every output the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from tests.exposure.systems import random_system
from ytterby.app import exposure
from ytterby.app.exposures.value_at_stake import by_supplier, largest_by_sector, main_elements, value_at_stake
from ytterby.economy import loss_model, losses, reach, unbuffered
from ytterby.exposure import assess_element, element_network, passed_through, upstream_walk

HOME = ("JP",)
PLACES = ("DE", "JP", "US", "FR", "KR")
SMALLEST = 1e-3
"""Shares below this are not kept by an exposure [1]."""


@pytest.fixture(scope="module", params=range(3))
def small(request):
    system = random_system(request.param, elements=("Nd", "Dy"), spread=1.4)
    return system, [assess_element(system, element, HOME) for element in ("Nd", "Dy")]


def test_at_stake_is_the_dependent_value_times_what_the_worst_input_stops(small):
    system, found = small
    stakes = value_at_stake(system, HOME, found)
    sector = system.sectors.loc["cars_battery@JP"]
    mine = system.demands[system.demands["region"] == "JP"]
    stops = pd.Series(reach(mine), index=mine.index)
    for supplier, rows in stakes.items():
        worst = 0.0
        for element in ("Nd", "Dy"):
            network = element_network(system, element)
            share = passed_through(upstream_walk(network), supplier)
            at = list(network.markets.index).index(f"magnet.{element}@JP")
            worst = max(worst, float(share[at]) * stops[f"magnet.{element}@JP|cars_battery"])
        row = next((row for row in rows if row.sector == "cars_battery"), None)
        wanted = sector["value_added"] * sector["dependent_share"] * worst  # inputs of one product: the scarcest rules, none adds
        assert (row.at_stake_usd if row else 0.0) == pytest.approx(wanted, abs=2 * SMALLEST * sector["value_added"])
        assert row is None or row.low <= row.at_stake_usd <= row.high
    assert main_elements(system, HOME)["cars_battery"] == {"Nd", "Dy"}


def test_a_sector_counts_once_in_a_sum(small):
    system, found = small
    stakes = value_at_stake(system, HOME, found)
    totals = by_supplier(stakes, gdp=1e12)
    for total in totals:
        rows = stakes[total.supplier]
        assert len({row.sector for row in rows}) == len(rows)
        assert total.at_stake_usd == pytest.approx(sum(row.at_stake_usd for row in rows))
        assert total.high == pytest.approx(sum(row.high for row in rows))
        assert total.high >= total.at_stake_usd >= total.low
        assert all(row.at_stake_usd <= row.value_added_usd for row in rows)
        assert total.gdp_share_high == pytest.approx(total.high / 1e12)
    assert all(first.at_stake_usd >= second.at_stake_usd for first, second in pairwise(totals))
    assert len({row.sector for row in largest_by_sector(stakes)}) == len(largest_by_sector(stakes))


@pytest.fixture(scope="module")
def packaged():
    from ytterby.system import build

    return build(2024)


def test_what_stops_unbuffered_is_what_the_module_of_losses_stops_without_ways_round(packaged):
    demands, sectors = packaged.demands, packaged.sectors
    missing = np.random.default_rng(1).uniform(size=len(demands))
    model = loss_model(demands, sectors)
    whole = model.criticality._replace(share=reach(demands), worked_around=np.zeros(len(demands)))
    plain = model._replace(criticality=whole, substitution=model.substitution._replace(share=np.zeros(len(demands))))
    road = losses(1.0 - missing[None, None, :], demands, sectors, plain)
    found = unbuffered(demands, sectors, missing)
    np.testing.assert_allclose(found.by_sector, road.lost[0, 0], atol=1e-9)
    np.testing.assert_allclose(found.by_input, road.by_input[0, 0], atol=1e-12)


def test_ends_enclose_the_centre_and_more_missing_stops_more(packaged):
    demands, sectors = packaged.demands, packaged.sectors
    missing = np.random.default_rng(2).uniform(size=len(demands))
    low, centre, high = (unbuffered(demands, sectors, missing, end).by_sector for end in (0.0, None, 1.0))
    assert np.all(low <= centre + 1e-12)
    assert np.all(centre <= high + 1e-12)
    assert np.all(unbuffered(demands, sectors, np.minimum(missing * 1.2, 1.0)).by_sector >= centre - 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_tables_of_one_exposure_name_one_input_and_one_share(place):
    found = exposure(place)
    points: dict[str, set[str]] = {}
    for row in found.single_points:
        if row.main:
            points.setdefault(row.end_use, set()).add(row.element)
    passed = {(row.element, row.end_use, row.supplier): row.share for row in found.passed}
    for row in found.value_added_at_stake:
        if row.share < 0.02 or row.sector not in points:
            continue  # where hardly anything stops, inputs that stop as little compete; own mines may bypass all foreign countries
        assert row.element in points[row.sector], row.sector
        least = min(passed[row.element, row.sector, row.supplier], passed[row.element, "all", row.supplier])
        assert row.passed >= least - 0.05, row.sector
    whole = found.stake()
    assert whole is not None
    assert whole.low <= whole.at_stake_usd <= whole.high
    assert sum(row.at_stake_usd for row in found.value_added_at_stake if row.supplier == whole.supplier) <= whole.at_stake_usd * (1 + 1e-9)
