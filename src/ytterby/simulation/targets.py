"""Resolve the targets of measures in a network: indices of links, plants, markets and demands, with a weight for each."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import numpy as np

from ytterby.errors import ScenarioError
from ytterby.facts import expand_regions
from ytterby.measures import effects as e
from ytterby.measures import resolve
from ytterby.simulation.footprints import certified_share
from ytterby.system import sum_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ytterby.measures import NumberOrDraws
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Named = e.Links | e.Plants | e.Markets | e.Demands

Found = TypeVar("Found")


class Producer(NamedTuple):
    """A process, the commodity of its main output, and its output per activity."""

    process: int
    commodity: str
    output: float


def places(names: Iterable[str]) -> tuple[str, ...]:
    """Regions denoted by names of regions and of groups of regions."""
    return tuple(dict.fromkeys(region for name in names for region in expand_regions(name)))


def goods(network: LabelledNetwork, target: Named) -> tuple[str, ...]:
    """Commodities named by a target.

    Raises
    ------
    UnknownNameError
        If a selector means nothing in this network.
    """
    return _cached(
        network,
        ("goods", target.goods, target.kind),
        lambda: resolve(target.goods, network.commodities, network.contents, f"{target.kind}.on"),
    )


def _cached(network: LabelledNetwork, key: tuple[object, ...], make: Callable[[], Found]) -> Found:
    if key not in network.cache:
        network.cache[key] = make()
    return cast("Found", network.cache[key])


@singledispatch
def indices(target: object, network: LabelledNetwork) -> tuple[Ints, NumberOrDraws]:
    """Indices of the links, plants, markets or demands of a target, and their weights (one number for all, or an array).

    Raises
    ------
    UnknownNameError
        If a selector means nothing in this network.
    ScenarioError
        If a target that must exist is not in the network.
    """
    raise TypeError(f"no rule finds {type(target).__name__} in a network")


@indices.register(e.Links)
def _links(target: e.Links, network: LabelledNetwork) -> tuple[Ints, NumberOrDraws]:
    return _cached(network, ("links", target), lambda: _find_links(target, network)), 1.0


def _find_links(target: e.Links, network: LabelledNetwork) -> Ints:
    names = _lookalikes(network, goods(network, target)) if target.lookalikes else goods(network, target)
    links = network.links_where(names, places(target.origins), places(target.destinations))
    links = links[~np.isin(network.region[network.net.destination[links]], places(target.excluded))]
    if target.undeclared:
        links = np.concatenate([links, np.flatnonzero(np.isin(network.legal_link_of, links))])
    return links


def _lookalikes(network: LabelledNetwork, inside: tuple[str, ...]) -> list[str]:
    """Goods that customs cannot distinguish from those in scope: other magnets, alloys, and magnets in components."""
    stages = {name.partition(".")[0] for name in inside} & {"magnet", "alloy"}
    return [name for name in network.commodities if name.partition(".")[0] in stages and name not in inside]


@indices.register(e.ResaleLinks)
def _resale_links(target: e.ResaleLinks, network: LabelledNetwork) -> tuple[Ints, NumberOrDraws]:
    """Export links of the supplied markets, with the share of their flow that only goods from that supply could cover."""
    net, m = network.net, len(network.net.price)
    supply, _ = indices(target.supply, network)
    held, sold = sum_at(net.destination[supply], net.flow[supply], m), sum_at(net.origin, net.flow, m)
    elsewhere = net.inflow + net.imports - held
    shut = np.where((held > 0.0) & (sold > 0.0), np.clip(1.0 - elsewhere / np.maximum(sold, 1e-300), 0.0, 1.0), 0.0)
    out = np.flatnonzero((shut[net.origin] > 0.0) & (network.legal_link_of < 0))
    return out, shut[net.origin[out]]


@indices.register(e.Plants)
def _plants(target: e.Plants, network: LabelledNetwork) -> tuple[Ints, NumberOrDraws]:
    found = producers(network, target)
    if not found:
        words = f"nothing in {', '.join(target.regions)} makes {', '.join(target.goods)} in the base year"
        raise ScenarioError(f"{target.kind}: {words}")
    return np.array([producer.process for producer in found], dtype=np.int64), 1.0


def producers(network: LabelledNetwork, target: e.Plants) -> list[Producer]:
    """Processes of a target."""
    found = [Producer(*maker) for maker in network.plants_making(goods(network, target), places(target.regions))]
    if target.recipe:
        found = [producer for producer in found if network.labels.processes[producer.process].partition("@")[0] == target.recipe]
    return [producer for producer in found if _takes(network, target, producer.process)]


def _takes(network: LabelledNetwork, target: e.Plants, p: int) -> bool:
    """Whether a process uses the inputs that the target names (true if it names none)."""
    if not target.feed:
        return True
    net = network.net
    named = resolve(target.feed, network.commodities, network.contents, f"{target.kind}.feed")
    entries = np.arange(net.recipe_start[p], net.recipe_start[p + 1])
    inputs = net.recipe_market[entries[net.recipe_coefficient[entries] < 0]]
    return bool(np.isin(network.commodity[inputs], named).any())


@indices.register(e.Markets)
def _markets(target: e.Markets, network: LabelledNetwork) -> tuple[Ints, NumberOrDraws]:
    return network.markets_where(goods(network, target), places(target.regions)), 1.0


@indices.register(e.Demands)
def _demands(target: e.Demands, network: LabelledNetwork) -> tuple[Ints, NumberOrDraws]:
    market = network.net.demand_market
    chosen = np.isin(network.region[market], places(target.regions))
    if target.goods:
        chosen &= np.isin(network.commodity[market], goods(network, target))
    if target.sectors:
        chosen &= np.isin(network.sector, target.sectors)
    if target.required and not chosen.any():
        words = f"nobody in {', '.join(target.regions)} finally uses {', '.join(target.goods)} in the base year"
        raise ScenarioError(f"{target.kind}: {words}")
    return np.flatnonzero(chosen), 1.0


def link_weight(network: LabelledNetwork, links: Ints, weight: e.EndUseShare | e.CertifiedShare | None) -> NumberOrDraws:
    """Weight of links by the end uses at their destinations, or by how their origins produce."""
    if weight is None:
        return 1.0
    if isinstance(weight, e.CertifiedShare):
        certified = certified_share(network, weight)[network.net.origin[links]]
        return 1.0 - certified if weight.others else certified
    share = network.share_for(network.net.destination[links], weight.sectors)
    return 1.0 - share if weight.others else share
