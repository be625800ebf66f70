"""The bundled crises beside what was known up to 2022 or estimated beforehand; ``python -m tests.docs.crises`` prints the tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ytterby.app import rivals
from ytterby.ensembles import FOCUS, DrawAssessment, focus_columns
from ytterby.facts import expand_regions
from ytterby.scenario import Scenario, load_scenario, load_text
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

CRISES = (
    "japan-embargo-2010",
    "quota-crisis-2010",
    "gallium-germanium-2023",
    "antimony-2024",
    "china-licences-2025",
    "china-october-2025",
    "japan-ban-2026",
    "myanmar-stop",
    "total-stop",
)
FULL_BAN = """
name: full-ban
start: 2023-07-03
weeks: 52
base_year: {year}
chain: {chain}
measures:
  - {{kind: ban, on: [{good}], from: CN, to: all, start: 2023-07-03}}
"""


@dataclass(frozen=True)
class Outcome:
    """Central run of a crisis."""

    gross: dict[str, float]
    """Loss by place [USD bn]."""
    by_sector: dict[str, float]
    """Loss of the United States by sector [USD bn]."""
    bill: dict[str, float]
    """What final users pay more than at base prices for what they still get, by place; no part of the loss [USD bn]."""
    stops: int
    """Sectors that stop."""
    sectors: int
    first: str
    peak: str
    """Commodity with the highest price over base price outside China, and the multiple."""


@cache
def base(year: int, chain: str) -> LabelledNetwork:
    return LabelledNetwork.of(build(year, chain=chain))


def outcome(scenario: Scenario) -> Outcome:
    """Loss, stops and peak price of the central run."""
    network = base(scenario.base_year, scenario.chain)
    job = DrawAssessment(Experiment(network, scenario, 0, 1))
    found, sectors = job.assess(0), network.system.sectors
    loss = found["gross"] * sectors["value_added"].to_numpy() / 1e9
    gross = {place: float(loss[focus_columns(sectors, (place,))].sum()) for place in FOCUS}
    ours = sectors["region"].to_numpy() == "US"
    by_sector = dict(zip(sectors["sector"][ours], loss[ours].tolist(), strict=True))
    week = np.where(np.isnan(found["first_stop"]), np.inf, found["first_stop"])
    first = f"{sectors.index[week.argmin()]}, week {week.min():.0f}" if np.isfinite(week).any() else "none"
    names = job.experiment.views.names
    multiple = np.where([region in FOCUS for _, region in names], found["peak_multiple"], 0.0)
    peak = f"{names[int(multiple.argmax())][0]} x{multiple.max():.1f}"
    return Outcome(gross, by_sector, bill(job), int(np.isfinite(week).sum()), len(sectors), first, peak)


def bill(job: DrawAssessment) -> dict[str, float]:
    """What final users pay more than at base prices for what they still get, by place, in the central run [USD bn]."""
    [(_, draw)] = job.experiment.simulate([0])
    at, net, region = draw.net.demand_market, draw.net, job.experiment.network.system.demands["region"]
    paid = np.where(np.isfinite(draw.trace.deal), draw.trace.deal, draw.trace.price)[:, at]
    more = (draw.trace.served * (paid - net.price[at])).sum(axis=0) / 1e6  # t times USD/kg are thousands of USD
    return {place: float(more[region.isin(expand_regions(place))].sum()) for place in FOCUS}


def crises() -> list[str]:
    """Rows of the table of crises."""
    heads = ("crisis", *FOCUS, "sectors that stop", "first", "highest price", "dearer purchases JP, US, EU")
    rows = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for name in CRISES:
        found = outcome(load_scenario(name))
        dearer = ", ".join(f"{found.bill[place]:.2g}" for place in FOCUS)
        money = " | ".join(f"{found.gross[place]:.2g}" for place in FOCUS)
        rows.append(f"| {name} | {money} | {found.stops} of {found.sectors} | {found.first} | {found.peak} | {dearer} |")
    return rows


def full_ban(good: str) -> Outcome:
    """Central run when China exports no gallium, or germanium, or neither, for a year."""
    source = load_scenario("gallium-germanium-2023")
    return outcome(load_text(FULL_BAN.format(year=source.base_year, chain=source.chain, good=good)))


def share_of_chips() -> float:
    """Share of semiconductors in the loss of the United States without gallium and germanium."""
    lost = full_ban("Ga, Ge").by_sector
    return lost["semiconductors"] / sum(lost.values())


def comparisons() -> list[tuple[str, float, float, str]]:
    """What, ours, the published or recorded figure, and its fact."""
    found = rivals("JP")
    published = [item.study for item in found.studies]
    rows = [(f"total stop, Japan, % of GDP: {study.name}", found.loss, study.published, study.fact) for study in published]
    rows += [("no export of gallium, United States, USD bn: USGS", full_ban("Ga").gross["US"], 3.1, "D020")]
    rows += [("no export of germanium, United States, USD bn: USGS", full_ban("Ge").gross["US"], 0.4, "D021")]
    rows += [("of both together, share of semiconductors (USGS: more than)", share_of_chips(), 0.4, "D020")]
    stops = outcome(load_scenario("japan-embargo-2010")).stops
    return [*rows, ("stop of autumn 2010, lines that stop in Japan", float(stops), 0.0, "DIS019")]


def within(ours: float, known: float, factor: float = 3.0) -> bool:
    """Whether two figures are within a factor of each other; nothing agrees with nothing only."""
    if known == 0.0 or ours == 0.0:
        return known == ours
    return bool(1.0 / factor <= ours / known <= factor)


def compared() -> list[str]:
    """Rows of the table of comparisons."""
    rows = ["| what | ours | known | fact | within a factor of 3 |", "| --- | --- | --- | --- | --- |"]
    for what, ours, known, fact in comparisons():
        rows.append(f"| {what} | {ours:.2g} | {known:g} | {fact} | {'yes' if within(ours, known) else '**no**'} |")
    return rows


if __name__ == "__main__":
    print("\n".join([*crises(), "", *compared()]))
