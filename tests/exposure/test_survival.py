"""Time to survive against closed answers."""

import numpy as np
import pytest

from tests.exposure.systems import random_system
from ytterby.exposure.element_network import element_network
from ytterby.exposure.supplier_loss import HORIZON, stocks, time_to_survive

ONE_COUNTRY = {"mine": ("CN",), "oxide": ("CN",), "metal": ("CN",), "magnet": ("CN",)}


def test_a_single_line_lasts_its_covers_and_its_transit():
    """All from China: magnets in Japan end when the covers of magnet@CN and magnet@JP and the ship are used up."""
    network = element_network(random_system(0, homes=ONE_COUNTRY), "Nd")
    lost = (network.process_stage == "magnet") & (network.process_region == "CN")
    covers = np.tile([[3.0, 8.0]], (len(network.markets), 1))
    link = network.links.index[(network.links["origin"] == "magnet.Nd@CN") & (network.links["destination"] == "magnet.Nd@JP")][0]
    transit = int(network.links.loc[link, "transit"])
    found = time_to_survive(network, lost, network.demands_of(("JP",), "cars_battery"), stocks(network, covers))
    assert found == [7 * (3 + 3 + transit), 7 * (8 + 8 + transit)]


def test_losing_nothing_lasts_for_ever():
    network = element_network(random_system(1), "Nd")
    covers = np.full((len(network.markets), 1), 4.0)
    assert time_to_survive(network, np.zeros(len(network.processes), bool), network.demands_of(("JP",)), stocks(network, covers)) == [None]


@pytest.mark.parametrize("seed", range(5))
def test_more_cover_never_shortens_it(seed):
    network = element_network(random_system(seed), "Nd")
    lost = (network.process_stage == "oxide") & (network.process_region == "CN")
    covers = np.outer(np.ones(len(network.markets)), [0.0, 2.0, 4.0, 8.0, 16.0])
    days = time_to_survive(network, lost, network.demands_of(("JP",), "cars_battery"), stocks(network, covers))
    as_numbers = [7 * HORIZON if day is None else day for day in days]
    assert as_numbers == sorted(as_numbers)
    assert as_numbers[-1] > as_numbers[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_loss_further_upstream_is_felt_later(seed):
    network = element_network(random_system(seed, homes=ONE_COUNTRY), "Nd")
    covers = np.full((len(network.markets), 1), 6.0)
    demands = network.demands_of(("JP",), "cars_battery")
    days = [
        time_to_survive(network, network.process_stage == stage, demands, stocks(network, covers))[0]
        for stage in ("magnet", "metal", "oxide", "mine")
    ]
    assert days == sorted(days)
    assert len(set(days)) == 4
