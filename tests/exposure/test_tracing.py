"""Traced shares: the matrix against explicit paths, against a simulated tracer, and against laws they must obey."""

from dataclasses import replace

import numpy as np
import pytest

from tests.exposure.systems import REGIONS, random_system
from ytterby.errors import BalanceError, UnknownNameError
from ytterby.exposure import tracing
from ytterby.exposure.element_network import element_network, stages_of

SEEDS = range(6)


def by_paths(walk, stage, start, least=1e-13):
    """Follow every path upstream until it meets the stage, a source or becomes negligible."""
    network, ends = walk.network, {}
    open_paths = {start: 1.0}
    while open_paths:
        following = {}
        for market, weight in open_paths.items():
            for process in np.flatnonzero(walk.from_process[market]):
                part = weight * walk.from_process[market, process]
                if network.process_stage[process] == stage:
                    ends[network.process_region[process]] = ends.get(network.process_region[process], 0.0) + part
                elif network.process_input[process] <= 0:
                    ends[tracing.SECONDARY] = ends.get(tracing.SECONDARY, 0.0) + part
                else:
                    for source in np.flatnonzero(walk.from_market[process]):
                        following[source] = following.get(source, 0.0) + part * walk.from_market[process, source]
            for source in np.flatnonzero(walk.from_link[market]):
                following[source] = following.get(source, 0.0) + weight * walk.from_link[market, source]
        open_paths = {market: weight for market, weight in following.items() if weight > least}
    return ends


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stage", ["mine", "oxide", "metal", "magnet"])
def test_matrix_equals_path_enumeration(seed, stage):
    network = element_network(random_system(seed), "Nd")
    walk = tracing.upstream_walk(network)
    for demand in network.demands_of(("JP",)):
        by_matrix = tracing.traced_shares(walk, stage, tracing.use_weights(network, np.array([demand])))
        paths = by_paths(walk, stage, network.demand_market[demand])
        for supplier in set(by_matrix) | set(paths):
            assert by_matrix.get(supplier, 0.0) == pytest.approx(paths.get(supplier, 0.0), abs=1e-9)


@pytest.mark.parametrize("seed", [0, 1])
def test_matrix_equals_a_tracer_that_wanders_upstream(seed):
    network = element_network(random_system(seed), "Nd")
    walk, rng = tracing.upstream_walk(network), np.random.default_rng(seed)
    demand = network.demands_of(("JP",), "cars_battery")
    hits, draws = 0, 4_000
    for _ in range(draws):
        market = network.demand_market[demand[0]]
        while True:
            options = np.concatenate([walk.from_process[market], walk.from_link[market]])
            pick = rng.choice(len(options), p=options / options.sum())
            if pick >= len(network.processes):
                market = pick - len(network.processes)
                continue
            if network.process_stage[pick] == "oxide":
                hits += network.process_region[pick] == "CN"
                break
            market = rng.choice(len(network.markets), p=walk.from_market[pick])
    expected = tracing.traced_shares(walk, "oxide", tracing.use_weights(network, demand)).get("CN", 0.0)
    assert hits / draws == pytest.approx(expected, abs=4 * np.sqrt(0.25 / draws))


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_sum_to_one(seed):
    network = element_network(random_system(seed), "Nd")
    walk = tracing.upstream_walk(network)
    for region in REGIONS:
        demands = tracing.use_weights(network, network.demands_of((region,)))
        for stage in stages_of(network):
            assert sum(tracing.traced_shares(walk, stage, demands).values()) == pytest.approx(1.0)
        assert sum(tracing.entry_shares(walk, (region,), demands[None])[0].values()) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_scrap_loop_needs_the_inverse(seed):
    """Without following swarf back the mine shares would not add up."""
    network = element_network(random_system(seed), "Nd")
    walk = tracing.upstream_walk(network)
    found = tracing.traced_shares(walk, "mine", tracing.use_weights(network, network.demands_of(("JP",))))
    assert tracing.SECONDARY not in found
    assert set(found) <= {"CN", "US", "AU"}
    scrap = [at for at, stage in enumerate(network.stage) if stage == "scrap" and network.inflow[at] > 0]
    assert tracing.mass_per_use(walk, tracing.use_weights(network, network.demands_of(("JP",))))[scrap].sum() > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_what_passed_a_country_is_at_least_any_single_stage_and_at_most_their_sum(seed):
    network = element_network(random_system(seed), "Nd")
    walk = tracing.upstream_walk(network)
    demands = tracing.use_weights(network, network.demands_of(("JP",), "cars_battery"))
    anywhere = float(demands @ tracing.passed_through(walk, "CN"))
    single = [tracing.traced_shares(walk, stage, demands).get("CN", 0.0) for stage in stages_of(network)]
    assert max(single) - 1e-9 <= anywhere <= min(1.0, sum(single)) + 1e-9


def test_doubling_all_quantities_changes_no_share():
    system = random_system(3)
    double = replace(
        system,
        processes=system.processes.assign(activity=2 * system.processes["activity"], capacity=2 * system.processes["capacity"]),
        links=system.links.assign(flow=2 * system.links["flow"], low=2 * system.links["low"], high=2 * system.links["high"]),
        demands=system.demands.assign(use=2 * system.demands["use"]),
    )
    first, second = (element_network(s, "Nd") for s in (system, double))
    for stage in stages_of(first):
        one, two = (
            tracing.traced_shares(tracing.upstream_walk(n), stage, tracing.use_weights(n, n.demands_of(("JP",)))) for n in (first, second)
        )
        assert one == pytest.approx(two)


def test_permuting_the_tables_permutes_nothing_else():
    system = random_system(4)
    mixed = replace(
        system,
        **{
            name: getattr(system, name).sample(frac=1.0, random_state=1) for name in ("markets", "processes", "recipes", "links", "demands")
        },
    )
    first, second = (element_network(s, "Nd") for s in (system, mixed))
    for stage in stages_of(first):
        one, two = (
            tracing.traced_shares(tracing.upstream_walk(n), stage, tracing.use_weights(n, n.demands_of(("US",)))) for n in (first, second)
        )
        assert one == pytest.approx(two)


def test_direct_shares_count_own_production_and_border_crossings():
    network = element_network(random_system(2), "Nd")
    walk = tracing.upstream_walk(network)
    needed = tracing.mass_per_use(walk, tracing.use_weights(network, network.demands_of(("US",), "cars_battery")))
    found = tracing.direct_shares(walk, "magnet", ("US",), needed)
    market = list(network.markets.index).index("magnet.Nd@US")
    bought = {network.region[o]: f for o, d, f in zip(network.origin, network.destination, network.flow, strict=True) if d == market}
    assert found == pytest.approx({name: flow / sum(bought.values()) for name, flow in bought.items()})
    assert tracing.direct_shares(walk, "metal", ("AU",), needed) == {}


def test_an_importer_that_buys_only_magnets_has_its_entries_there():
    network = element_network(random_system(2), "Nd")
    walk = tracing.upstream_walk(network)
    weight = tracing.use_weights(network, network.demands_of(("US",), "cars_battery"))
    entries = tracing.entry_shares(walk, ("US",), weight[None])[0]
    assert {stage for stage, _ in entries if stage} == {"magnet"}


def test_unknown_element_and_unbalanced_system_are_refused():
    system = random_system(0)
    with pytest.raises(UnknownNameError, match="Dy"):
        element_network(system, "Dy")
    broken = replace(system, demands=system.demands.assign(use=1.5 * system.demands["use"]))
    with pytest.raises(BalanceError, match="magnet.Nd|oxide.Nd"):
        element_network(broken, "Nd")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stage", ["mine", "oxide", "metal", "magnet"])
def test_what_links_and_processes_carry_adds_up(seed, stage):
    """A supplier's own processes carry its share; over all suppliers a link carries all that passes it after the stage."""
    network = element_network(random_system(seed), "Nd")
    walk = tracing.upstream_walk(network)
    weight = tracing.use_weights(network, network.demands_of(("JP",)))
    reached, met = tracing.since(walk, stage, tracing.mass_per_use(walk, weight)), tracing.last_worked_shares(walk, stage)
    links, processes = (found[0] for found in tracing.carried(walk, stage, list(met), np.array(list(met.values())), reached[None]))
    passing = [reached[j] * network.flow[i] / max(network.inflow[j], 1e-300) for i, j in enumerate(network.destination)]
    assert links.sum(axis=0) == pytest.approx(np.array(passing), abs=1e-9)
    assert min(links.min(), processes.min()) >= -1e-12
    shares = tracing.traced_shares(walk, stage, weight)
    for supplier, row in zip(met, processes, strict=True):
        if supplier in REGIONS:
            assert row[network.process_stage == stage].sum() == pytest.approx(shares.get(supplier, 0.0), abs=1e-8)
