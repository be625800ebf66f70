"""N-1 cover against an independent solver, and against what must hold."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.exposure.systems import random_system
from ytterby.exposure import tracing
from ytterby.exposure.element_network import element_network
from ytterby.exposure.supplier_loss import n_minus_cover


def lost_at(network, stage, region):
    return (network.process_stage == stage) & (network.process_region == region)


def even_share(network, lost, supplier, floors):
    """Most that all regions without a floor can keep together while those with one keep it: a dense scipy programme."""
    n_p, n_l, n_d = len(network.processes), len(network.links), len(network.demands)
    columns = n_p + n_l + n_d + 1
    balance = np.zeros((len(network.markets), columns))
    np.add.at(balance, (network.entry_market, network.entry_process), -network.entry_mass)
    np.add.at(balance, (network.origin, n_p + np.arange(n_l)), 1.0)
    np.add.at(balance, (network.destination, n_p + np.arange(n_l)), -1.0)
    np.add.at(balance, (network.demand_market, n_p + n_l + np.arange(n_d)), 1.0)
    rows, right = [balance], [np.zeros(len(balance))]
    for region in sorted(set(network.demands["region"]) - {supplier}):
        mine = network.demands_of((region,))
        row = np.zeros(columns)
        row[n_p + n_l + mine] = -1.0
        base = network.use[mine].sum()
        if region in floors:
            right.append(np.array([-(floors[region] - 1e-6) * base]))
        else:
            row[-1] = base
            right.append(np.zeros(1))
        rows.append(row[None])
    high = [*np.where(lost, 0.0, network.headroom), *[None] * n_l, *np.where(network.demands["region"] == supplier, 0.0, network.use), 1.0]
    answer = linprog(np.eye(columns)[-1] * -1, np.vstack(rows), np.concatenate(right), bounds=[(0.0, h) for h in high])
    return -answer.fun


def covers(network, lost, supplier):
    others = sorted(set(network.demands["region"]) - {supplier})
    return {region: n_minus_cover(network, lost, (supplier,), (region,)) for region in others}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("stage", ["mine", "magnet"])
def test_first_level_equals_an_independent_solver_and_no_region_can_be_raised_alone(seed, stage):
    network = element_network(random_system(seed), "Nd")
    lost = lost_at(network, stage, "CN")
    found = covers(network, lost, "CN")
    assert min(found.values()) == pytest.approx(even_share(network, lost, "CN", {}), abs=1e-5)
    for region, cover in found.items():
        others = {other: kept for other, kept in found.items() if other != region}
        if all(kept <= cover + 1e-5 for kept in others.values()):
            assert even_share(network, lost, "CN", others) == pytest.approx(cover, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_losing_nothing_leaves_all_and_losing_all_mines_leaves_nothing(seed):
    network = element_network(random_system(seed), "Nd")
    whole = covers(network, np.zeros(len(network.processes), bool), "CN")
    assert list(whole.values()) == pytest.approx([1.0] * len(whole), abs=1e-6)
    none = covers(network, network.process_stage == "mine", "CN")
    assert list(none.values()) == pytest.approx([0.0] * len(none), abs=1e-6)


def test_spare_capacity_never_lowers_the_cover():
    before = -1.0
    for spare in (1.0, 1.1, 1.4, 3.0):
        network = element_network(random_system(1, spare=spare), "Nd")
        cover = n_minus_cover(network, lost_at(network, "mine", "CN"), ("CN",), ("JP",))
        assert cover >= before - 1e-6
        before = cover
    assert before > 0.5


def test_a_group_shares_as_one_user_and_an_importer_without_use_has_no_cover():
    network = element_network(random_system(2), "Nd")
    lost = lost_at(network, "magnet", "CN")
    alone = covers(network, lost, "CN")
    both = n_minus_cover(network, lost, ("CN",), ("JP", "US"))
    assert min(alone.values()) - 1e-6 <= both <= max(alone["JP"], alone["US"]) + 1e-6
    assert n_minus_cover(network, lost, ("CN",), ("DE",)) is None


@pytest.mark.parametrize("seed", range(4))
def test_rerouting_keeps_at_least_the_worst_of_what_stays_in_place(seed):
    network = element_network(random_system(seed), "Nd")
    walk = tracing.upstream_walk(network)
    found = covers(network, lost_at(network, "mine", "CN"), "CN")
    weights = {region: tracing.use_weights(network, network.demands_of((region,))) for region in found}
    kept = [1.0 - tracing.traced_shares(walk, "mine", weight).get("CN", 0.0) for weight in weights.values()]
    assert min(found.values()) >= min(kept) - 1e-6
