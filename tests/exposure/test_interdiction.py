"""Single points of failure against brute force over all sets of countries."""

from itertools import combinations

import pytest

from tests.exposure.systems import REGIONS, random_system
from ytterby.exposure.element_network import element_network
from ytterby.exposure.interdiction import STOPPED, left_without, single_point
from ytterby.exposure.tracing import upstream_walk, use_weights

CHINA_ONLY = {"mine": ("CN", "US", "AU"), "oxide": ("CN", "VN"), "metal": ("CN",), "magnet": ("CN", "JP")}


def smallest_by_force(walk, weight, home, threshold):
    others = [region for region in REGIONS if region not in home]
    for size in range(len(others) + 1):
        found = [tuple(sorted(chosen)) for chosen in combinations(others, size) if left_without(walk, weight, chosen) <= threshold + 1e-9]
        if found:
            return size, found
    return None, []


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sector", ["cars_battery", "glass"])
@pytest.mark.parametrize("home", ["JP", "US"])
def test_the_set_is_as_small_as_brute_force_finds(seed, sector, home):
    network = element_network(random_system(seed, spread=1.3), "Nd")
    walk, weight = upstream_walk(network), use_weights(network, network.demands_of((home,), sector))
    found = single_point(walk, weight, (home,))
    size, sets = smallest_by_force(walk, weight, (home,), STOPPED)
    if size is None:
        assert not found.stopped
    else:
        assert found.stopped
        assert len(found.countries) == size
        assert found.countries in sets
        assert found.left == pytest.approx(min(left_without(walk, weight, chosen) for chosen in sets), abs=1e-4)


@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.6])
def test_other_thresholds(threshold):
    network = element_network(random_system(5, spread=1.2), "Nd")
    walk, weight = upstream_walk(network), use_weights(network, network.demands_of(("JP",)))
    found = single_point(walk, weight, ("JP",), threshold)
    size, sets = smallest_by_force(walk, weight, ("JP",), threshold)
    assert (len(found.countries) if found.stopped else None) == size
    assert not sets or found.countries in sets


def test_a_stage_in_one_country_is_a_single_point():
    network = element_network(random_system(0, homes=CHINA_ONLY), "Nd")
    found = single_point(upstream_walk(network), use_weights(network, network.demands_of(("JP",), "cars_battery")), ("JP",))
    assert found.countries == ("CN",)
    assert found.left == pytest.approx(0.0, abs=1e-6)


def test_nobody_abroad_can_stop_a_self_sufficient_importer():
    alone = {stage: tuple({"JP": 0} | dict.fromkeys(homes)) for stage, homes in CHINA_ONLY.items()}
    network = element_network(random_system(0, homes=alone, spare=1e6), "Nd")
    found = single_point(upstream_walk(network), use_weights(network, network.demands_of(("JP",), "cars_battery")), ("JP",))
    assert not found.stopped
    assert found.countries == ()
    assert found.left == pytest.approx(1.0)
