"""Compiles the kernels for this machine and keeps them on disk: ``python -m ytterby.app.runs.precompile``, a part of ``make setup``."""

from __future__ import annotations

import datetime as dt

import numpy as np

from ytterby.economy import UserFlows, lack_of_users, loss_model, losses, output_left, parts_model
from ytterby.facts import load
from ytterby.scenario import Scenario
from ytterby.simulation import WIDTH, Case, Experiment, LabelledNetwork, Views, batches, behaviour, no_interventions
from ytterby.system import build

SMALLEST = (2023, "antimony")
"""Base whose network is simulated for two weeks; compiled code does not depend on the network."""
WEEKS = 2
"""Series of a single week lie in memory otherwise than those of a run, and would be compiled for apart."""


def precompile() -> None:
    """Compile the weekly step in both number formats, and what follows from a shortage; code that is on disk already is only loaded."""
    year, chain = SMALLEST
    network = LabelledNetwork.of(build(year, load(), chain))
    case = Case(network.net.cover, no_interventions(network.net, 1, contract=network.contract), behaviour())
    for number_format in WIDTH:
        for _, batch in batches(network.net, [case], 1, number_format):
            batch.advance(batch.empty_series())
    draw = Experiment(network, Scenario(name="precompile", start=dt.date(year, 1, 2), weeks=WEEKS, base_year=year, chain=chain), 0, 1).draw(
        0
    )
    views = Views(network, np.empty(0, dtype=np.int64))
    views.reduce(draw.trace, draw.level, {name: values[0] for name, values in views.empty_series(1, WEEKS).items()})
    flows = UserFlows(draw.served, draw.arrival_ratio, draw.want)
    lack_of_users(flows, np.zeros(len(network.net.use)), *draw.intended, network.net.use, views.market_of_demand)
    demands, sectors = network.system.demands, network.system.sectors
    path = np.ones((WEEKS, len(demands)))
    output = output_left(path, path, path[0], parts_model(demands))
    losses(output, demands, sectors, loss_model(demands, sectors), scarcity=path)


if __name__ == "__main__":
    precompile()
