"""What the model has for the materials, products and places that articles name: chains, selectors, plants, exporters."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.claims import GENERIC_MATERIALS
from ytterby.evidence.tables import read_table
from ytterby.facts import expand_regions, groups, region_of
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.evidence.events import Event

STAGE_GOODS = {"mining": "mine.*", "processing": "oxide.*", "refining": "metal.*", "magnets": "magnet.*"}
"""What the plants of a stage make; only these stages have plants that can stop."""


class Traders(NamedTuple):
    """Regions that make goods, and those that send out more of them than they take in."""

    makers: frozenset[str]
    exporters: frozenset[str]


def chain_of(events: Sequence[Event]) -> str:
    """Chain of most events' materials: the base on which they can be simulated; the rare earths where no event decides.

    Events that name general materials only, such as critical minerals, count where no others do.
    """
    known = {row["material"]: row["chain"] for row in read_table("selectors.csv")}
    for chosen in ([event for event in events if not GENERIC_MATERIALS.issuperset(event.materials)], events):
        counts = Counter(chain for event in chosen for chain in {known[name] for name in specific(event.materials) if name in known})
        if counts:
            return max(counts, key=lambda chain: (counts[chain], chain == RARE_EARTHS, chain))
    return RARE_EARTHS


def specific(materials: Sequence[str]) -> Sequence[str]:
    """Specific materials where any are named, else the general ones."""
    return [name for name in materials if name not in GENERIC_MATERIALS] or materials


@cache
def goods_of_material(chain: str) -> dict[str, tuple[str, str]]:
    """Selector of a material's goods, and the goods that a new plant for it makes, for the materials that the base of a chain knows."""
    return {row["material"]: (row["selector"], row["project"]) for row in read_table("selectors.csv") if row["chain"] == chain}


@cache
def chains() -> tuple[str, ...]:
    """Chains that have a base on which articles can be simulated."""
    return tuple(dict.fromkeys(row["chain"] for row in read_table("selectors.csv")))


@cache
def tariff_goods() -> dict[str, list[str]]:
    """Goods of the model that are, or are in, the products which a tariff names; the empty name stands for goods in general."""
    return {row["target"]: row["goods"].split() for row in read_table("tariff_goods.csv")}


@cache
def regions_with_plant(chain: str = RARE_EARTHS) -> dict[str, frozenset[str]]:
    """Regions of a chain's newest base with a plant that makes the goods, by goods; only such a plant can be scaled."""
    return {row["goods"]: frozenset(row["regions"].split()) for row in read_table("makers.csv") if row["chain"] == chain}


@cache
def _traders() -> dict[tuple[str, str], Traders]:
    rows = read_table("plants.csv")
    return {(row["chain"], row["goods"]): Traders(frozenset(row["makers"].split()), frozenset(row["exporters"].split())) for row in rows}


def traders(chain: str, goods: Iterable[str]) -> Traders:
    """Who makes and who exports at least one of the goods in the newest base of a chain."""
    found = [_traders()[chain, name] for name in goods if (chain, name) in _traders()]
    return Traders(frozenset().union(*(t.makers for t in found)), frozenset().union(*(t.exporters for t in found)))


def regions(names: Iterable[str]) -> list[str]:
    """Regions and groups of the base system for names such as ``country:CN`` or ``group:EU``."""
    found = []
    for name in names:
        kind, _, code = name.partition(":")
        if kind == "country":
            found.append(region_of(code))
        elif kind == "group" and code in groups():
            found.append(code)
    return list(dict.fromkeys(found))


def any_within(names: Iterable[str], places: frozenset[str]) -> bool:
    """Whether each region, or a member of each group, is one of the places."""
    return all(not places.isdisjoint(expand_regions(name)) for name in names)
