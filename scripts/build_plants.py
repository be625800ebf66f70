"""Write ``evidence/lexicons/plants.csv``: who makes and who exports the goods that articles speak of, from the newest base systems.

The gate of the evidence desk asks this table whether an act is plausible: only an exporter can control exports, only a plant can stop.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import numpy as np

from ytterby.errors import UnknownNameError
from ytterby.evidence import read_table
from ytterby.facts import elements
from ytterby.measures import resolve
from ytterby.simulation import LabelledNetwork
from ytterby.system import RARE_EARTHS, build, chains, newest_base_year

TABLE = Path(__file__).parents[1] / "src" / "ytterby" / "evidence" / "lexicons" / "plants.csv"
STAGES = ("mine.*", "oxide.*", "metal.*", "magnet.*")
SMALLEST_SHARE = 0.005
"""Share of all exports of a commodity from which a net exporter counts as one."""


def goods_of(chain: str) -> list[str]:
    """Selectors of goods that claims can be about, in order of name."""
    rows = [row for row in read_table("selectors.csv") if row["chain"] == chain]
    named = {row[key] for row in rows for key in ("selector", "project")} | {*STAGES}
    if chain == RARE_EARTHS:
        named |= {goods for row in read_table("tariff_goods.csv") for goods in row["goods"].split()}
    return sorted(named - {""})


def exporters(network: LabelledNetwork, names: tuple[str, ...]) -> set[str]:
    """Regions that send out more than they take in of at least one of the commodities."""
    net, found = network.net, set()
    origin, destination = network.region[net.origin], network.region[net.destination]
    crosses = (origin != destination) & (network.legal_link_of < 0)
    for name in names:
        of_name = crosses & (network.commodity[net.origin] == name)
        flow = net.flow[of_name]
        for region in np.unique(origin[of_name]):
            sent, taken = flow[origin[of_name] == region].sum(), flow[destination[of_name] == region].sum()
            if sent > taken and sent >= SMALLEST_SHARE * flow.sum():
                found.add(str(region))
    return found


def refiners(network: LabelledNetwork, goods: str, everywhere: tuple[str, ...]) -> set[str]:
    """Who refines an element and exports its group, if the base knows no trade in the separated element, which is too small to count."""
    element, refined = elements().get(goods), tuple(name for name in network.commodities if name in {f"oxide.{goods}", f"metal.{goods}"})
    if element is None or element.group == "other" or not refined or exporters(network, refined):
        return set()
    makers = {str(network.region[net_of(network, maker[0])]) for maker in network.plants_making(refined, everywhere)}
    return makers & exporters(network, tuple(resolve((element.group,), network.commodities, network.contents, "on")))


def table() -> str:
    """The table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["chain", "goods", "makers", "exporters"])
    for chain in chains():
        network = LabelledNetwork.of(build(newest_base_year(chain), chain=chain))
        everywhere = tuple(sorted(set(map(str, network.region))))
        for goods in goods_of(chain):
            try:
                names = tuple(resolve((goods,), network.commodities, network.contents, "on"))
            except UnknownNameError:
                continue
            made = {str(network.region[net_of(network, maker[0])]) for maker in network.plants_making(names, everywhere)}
            writer.writerow(
                [chain, goods, " ".join(sorted(made)), " ".join(sorted(exporters(network, names) | refiners(network, goods, everywhere)))]
            )
    return out.getvalue()


def net_of(network: LabelledNetwork, process: int) -> int:
    """A market of a process, which stands in the process's region."""
    return int(network.net.recipe_market[network.net.recipe_start[process]])


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
    sys.stdout.write(f"{TABLE}\n")
