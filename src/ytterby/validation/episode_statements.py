"""Statements on the episodes after 2022: exports, prices, onset and output as multiples of the base, from ensembles.

The behaviour is drawn from history's posterior, unchanged; everything else from the ranges of the episode's own file. A
placebo is the same base without any measure. The distribution of a statement combines the draws with the model error: that
of quotes for prices, that of a monthly customs figure for tonnes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError
from ytterby.facts import expand_regions
from ytterby.measures import share_in_force
from ytterby.result_model import ResultModel
from ytterby.validation.cross_validation import predictive
from ytterby.validation.forecasts import DEPENDABLE, LEVELS, PLACES
from ytterby.validation.monthly_trade import TradeRoute, arrivals
from ytterby.validation.nowcast import DEFAULT_SPREAD
from ytterby.validation.posterior import record
from ytterby.validation.scores import weighted_quantile
from ytterby.validation.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.scenario import Scenario
    from ytterby.simulation import Draw, Experiment, LabelledNetwork

PRICES = ("price", "quote")
"""Kinds whose model error is that of quotes."""
ONSET_SHARE = 0.5
"""Share of the base below which a month's exports count as the onset of a control."""
NEVER = 99.0
"""Month of an onset that does not occur within the period."""
MIN_MULTIPLE = 0.01
"""Lower limit of a multiple of the base, so that its logarithm is finite."""

RULES = {
    "side": "hit if the median lies on the side of the threshold on which the record lies",
    "month": "hit if the median month of the onset is at most one month from that of the record",
    "points": "hit if the median is at most a quarter of the base from the record",
    "factor": "hit if the median is within a factor of 1.5 of the record; where that only says 'more than', if it is not below",
    "scope": "hit if median and record lie on the same side of the threshold; without a record, if the median is near the base (0.9-1.1)",
    "calm": "hit if the median stays between half and one and a half times the base: no alarm without a control",
}
"""When a statement counts as hit; defined before any record was read."""


def episodes() -> tuple[str, ...]:
    """Episodes with statements, in the order of the table."""
    return tuple(dict.fromkeys(row["episode"] for row in table("episode_statements")))


def rows_of(episode: str, *, control: bool) -> list[dict[str, str]]:
    """Rows of the statements of an episode, with its control or of its placebo."""
    wanted = "yes" if control else "no"
    return [row for row in table("episode_statements") if row["episode"] == episode and row["control"] == wanted]


def placebo(scenario: Scenario) -> Scenario:
    """The same weeks on the same base without any measure."""
    return scenario.update(measures=(), draws={}, source="")


@dataclass(frozen=True, eq=False)
class StatementReading:
    """Evaluation of one statement on a network: the links, markets and weeks that it refers to."""

    row: Mapping[str, str]
    network: LabelledNetwork
    mondays: NDArray[np.datetime64]

    @cached_property
    def goods(self) -> list[str]:
        """Commodities of the statement."""
        return [name for name in self.network.commodities if _fits(name, self.row["goods"])]

    @cached_property
    def links(self) -> NDArray[np.int64]:
        """Links of the route."""
        return TradeRoute(self.row["goods"], self.row["origin"], self.row["destination"] or "all").links(self.network)

    def mean(self, ratio: NDArray[np.float64], first: str, last: str) -> float:
        """Mean of a weekly multiple of the base over days; days outside the run take the base value."""
        begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        share = share_in_force(begin, end, self.mondays)
        days = (end - begin).days + 1
        return float((7.0 * share @ ratio + (days - 7.0 * share.sum())) / days)

    def value(self, draw: Draw) -> float:
        """Value of the statement in a draw."""
        found: float = getattr(self, f"_{self.row['kind']}")(draw)
        return found

    def _period(self, ratio: NDArray[np.float64]) -> float:
        """Mean over the period, relative to the earlier period if one is given."""
        now = self.mean(ratio, self.row["first"], self.row["last"])
        return now / max(self.mean(ratio, *self.row["against"].split()), MIN_MULTIPLE) if self.row["against"] else now

    def _shipped(self, draw: Draw) -> NDArray[np.float64]:
        return np.asarray(draw.trace.shipped[:, self.links].sum(axis=1) / draw.net.flow[self.links].sum())

    def _exports(self, draw: Draw) -> float:
        return self._period(self._shipped(draw))

    def _arrivals(self, draw: Draw) -> float:
        return self._period(arrivals(draw, self.links) / draw.net.flow[self.links].sum())

    def _onset(self, draw: Draw) -> float:
        ratio = self._shipped(draw)
        months = _months(self.row["first"], self.row["last"])
        below = [k for k, (first, last) in enumerate(months) if self.mean(ratio, first, last) < ONSET_SHARE]
        return float(below[0]) if below else NEVER

    def _price(self, draw: Draw) -> float:
        return self._period(self._level(draw, expand_regions(self.row["destination"])))

    def _level(self, draw: Draw, regions: Sequence[str]) -> NDArray[np.float64]:
        """Price over that of the base, weighted by the outflow of the regions' markets (W,) [1]."""
        at = self.network.markets_where(self.goods, regions)
        weight = draw.net.outflow[at] / draw.net.outflow[at].sum()
        return np.asarray(draw.trace.price[:, at] / draw.net.price[at] @ weight)

    def _quote(self, draw: Draw) -> float:
        """Quote free on board: mean of the domestic price and the price of the buyers."""
        at, flow = draw.net.destination[self.links], draw.net.flow[self.links]
        abroad = draw.trace.price[:, at] / draw.net.price[at] @ (flow / flow.sum())
        return self._period(0.5 * self._level(draw, [self.row["origin"]]) + 0.5 * abroad)

    def _production(self, draw: Draw) -> float:
        at = self.network.markets_where(self.goods, expand_regions(self.row["origin"]))
        made = draw.trace.production[:, at].sum(axis=1)
        base = draw.net.inflow[at].sum() - np.maximum(-draw.net.residual[at], 0.0).sum()
        return self._period(np.asarray(made / base))


def _fits(name: str, patterns: str) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, pattern) for pattern in patterns.split())


def _months(first: str, last: str) -> list[tuple[str, str]]:
    """First and last days of the months from ``first`` to ``last``."""
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    return [(str(m.astype("datetime64[D]")), str((m + 1).astype("datetime64[D]") - 1)) for m in months]


def values(experiment: Experiment, rows: Sequence[Mapping[str, str]]) -> NDArray[np.float64]:
    """Value of each statement in each draw (N, rows).

    Raises
    ------
    InputError
        If a statement is about goods that are not in the base.
    """
    readings = [StatementReading(row, experiment.network, experiment.scenario.mondays) for row in rows]
    for reading in readings:
        if not reading.goods:
            raise InputError(f"statement {reading.row['id']}: no goods '{reading.row['goods']}' in the base")
    count = max(1, experiment.draws)
    found = np.empty((count, len(rows)))
    for i, draw in experiment.simulate(range(count)):
        found[i] = [reading.value(draw) for reading in readings]
    return found


class EpisodeStatement(ResultModel):
    """A probability statement on a past episode or its placebo, computed without having seen it."""

    id: str
    episode: str
    control: str
    """``yes`` with the restriction, ``no`` for the placebo."""
    kind: str
    """What is measured, such as exports or a price."""
    goods: str
    origin: str
    destination: str
    first: str
    """First day of the period."""
    last: str
    """Last day of the period."""
    against: str
    """First and last day of the period that it is compared with; empty for the base year."""
    statement: str
    """In words."""
    sense: str
    """``below`` or ``above``."""
    threshold: float
    """Ratio to the period compared with [1], or days."""
    p: float
    """Probability of the statement [1]."""
    median: float
    """Median over draws, without the model's own error."""
    quantiles: dict[str, float]
    """Quantiles by level."""
    rule: str
    """How the truth is told from facts."""
    note: str

    @property
    def condition(self) -> str:
        """What must hold for the statement to count."""
        return self.episode


def statements(experiment: Experiment, rows: Sequence[Mapping[str, str]]) -> list[EpisodeStatement]:
    """Statements of some rows, computed from the draws of an experiment."""
    found = values(experiment, rows)
    return [_statement(row, found[:, k]) for k, row in enumerate(rows)]


def _statement(row: Mapping[str, str], drawn: NDArray[np.float64]) -> EpisodeStatement:
    x, w = _spread(row["kind"], drawn)
    threshold = float(row["threshold"])
    true = x < threshold if row["sense"] == "below" else x > threshold
    p = float(w[true].sum() / w.sum())
    quantiles = weighted_quantile(x, w, LEVELS)
    return EpisodeStatement.model_validate(
        {
            **{key: row[key] for key in ("id", "episode", "control", "kind", "goods", "origin", "destination", "first", "last", "against")},
            "statement": _words(row),
            "sense": row["sense"],
            "threshold": threshold,
            "p": round(min(max(p, DEPENDABLE[0]), DEPENDABLE[1]), PLACES),
            "median": round(float(np.median(drawn)), PLACES),
            "quantiles": {f"{level:g}": round(float(value), PLACES) for level, value in zip(LEVELS, quantiles, strict=True)},
            "rule": row["rule"],
            "note": row["note"],
        }
    )


def _spread(kind: str, drawn: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draws with the model error, and their weights; an onset is a count of months without model error."""
    if kind == "onset":
        return drawn, np.ones(len(drawn))
    sigma = record().fit.own_error if kind in PRICES else DEFAULT_SPREAD
    logs, w = predictive(np.maximum(drawn, MIN_MULTIPLE), np.ones(len(drawn)), sigma)
    return np.exp(logs), w


WHAT = {
    "exports": "exports of {goods} from {origin} to {destination}",
    "arrivals": "imports of {goods} from {origin} by {destination}",
    "price": "price of {goods} in {destination}",
    "quote": "quote of {goods} free on board {origin}",
    "production": "output of {goods} in {origin}",
}


def _words(row: Mapping[str, str]) -> str:
    """The statement in words."""
    if row["kind"] == "onset":
        within = f"within {int(float(row['threshold']))} month of {row['first'][:7]}"
        return f"exports of {row['goods']} from {row['origin']} fall below half {within}"
    than = "the base" if not row["against"] else "those of {} to {}".format(*row["against"].split())
    what = WHAT[row["kind"]].format(**row)
    return f"{what}, {row['first']} to {row['last']}: {row['sense']} {float(row['threshold']):g} x {than}" + (
        "" if row["control"] == "yes" else " (no control)"
    )
