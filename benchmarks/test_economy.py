"""The economy of a draw of an ensemble, and its parts: what reaches users and what they lack, stops of firms, losses.

Run by hand: ``make bench``. CPU time of this thread; on a shared machine the ratios inside one run count.
"""

import time

import pytest

from benchmarks.registry import experiment, machine, sizes
from ytterby.economy import UserFlows, for_base_output, lack_of_users, losses, output_left, sector_stops
from ytterby.ensembles import DrawAssessment
from ytterby.execution import map_chunks

timed = pytest.mark.benchmark(timer=time.thread_time, warmup=True, min_rounds=5, group="economy of eight draws")
DRAWS = 8


class Economy:
    """Eight draws, simulated, with the parameters of their economy."""

    def __init__(self):
        self.job = DrawAssessment(experiment(200))
        self.system, models = self.job.experiment.network.system, self.job._models(range(DRAWS))
        self.draws = [(draw, models.of(i)) for i, draw in self.job.experiment.simulate(range(DRAWS))]

    def shares(self, draw, _):
        draw.__dict__.pop("shares", None)
        return draw.shares

    def lack(self, draw, model):
        market = self.job.experiment.views.market_of_demand
        return lack_of_users(self._flows(draw), model.parts.thrift, *draw.intended, draw.net.use, market)

    def stops(self, draw, model):
        parts = model.parts._replace(lumpy=model.parts.lumpy * draw.restricted_share)
        flows = for_base_output(self._flows(draw), parts.thrift, *draw.intended)
        return output_left(flows.served, flows.arrival, draw.user_cover, parts, want=flows.want)

    def losses(self, draw, model):
        if not hasattr(self, "outputs"):
            self.outputs = {id(one): self.stops(one, own) for one, own in self.draws}
        found = losses(self.outputs[id(draw)], self.system.demands, self.system.sectors, model.losses, scarcity=draw.scarcity)
        return sector_stops(found, self.job.groups), found.totals()

    def whole(self, draw, model):
        draw.__dict__.pop("shares", None)
        unserved = self.job.experiment.views.empty_series(1, len(draw.trace.price))["shortfall"][0]
        unserved[:] = 0.0
        return self.job._lack(draw, model.parts, unserved), self.job._economy(draw, model)

    @staticmethod
    def _flows(draw):
        return UserFlows(draw.served, draw.arrival_ratio, draw.want)


@pytest.fixture(scope="module")
def economy():
    return Economy()


@timed
@pytest.mark.parametrize("part", ["shares", "lack", "stops", "losses", "whole"])
def test_economy(benchmark, economy, part):
    work = getattr(economy, part)
    benchmark(lambda: list(map_chunks(lambda draw: work(*draw), economy.draws)))
    benchmark.extra_info |= sizes() | machine() | {"ms_per_draw": 1e3 * benchmark.stats["min"] / DRAWS}
