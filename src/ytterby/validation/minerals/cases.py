"""Restrictions of other minerals: the record, the annual model and naive forecasts as answers to the same questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.minerals.model import AnnualMarket, simulate
from ytterby.validation.minerals.restriction_inputs import BASE_YEARS, AnnualRestrictions, RestrictedEpisode, policy
from ytterby.validation.minerals.trade import AnnualTrade, growth, trade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Floats = NDArray[np.float64]

RECOVERED = 0.8
"""Exports count as recovered when they reach this share of the base."""
TOP = 3
"""Number of largest buyers and of largest other sellers assessed."""
MIN_SUPPLIER_SHARE = 0.05
"""Other sellers are assessed if the supplier had at least this share of world trade."""
MIN_DEPENDENCE = 0.2
"""A buyer's total imports are assessed if at least this share came from the supplier."""
SOURCES = ("no change", "lost stays lost", "proportional re-routing")
"""Naive forecasts."""


@dataclass(frozen=True)
class EpisodeQuestion:
    """One quantity evaluated for the model, the record and the naive forecasts.

    ``kind`` is exports (of the supplier in ``year``), direct (of a buyer from it), total (of a buyer from all), others (of another
    seller) or recovery [years]; all but the last are ratios to the base; those without a year are means of the first three years.
    """

    kind: str
    year: int
    place: str

    @property
    def id(self) -> str:
        """Short name within the episode."""
        return "-".join(part for part in (self.kind, self.place, str(self.year) if self.year else "") if part)


@dataclass(frozen=True, eq=False)
class MineralEpisode:
    """An episode with its trade, policy and questions."""

    episode: RestrictedEpisode
    trade: AnnualTrade
    policy: AnnualRestrictions
    market: AnnualMarket
    questions: tuple[EpisodeQuestion, ...]

    @property
    def observed(self) -> Floats:
        """Observed flows (1, years, exporters, importers) [t], in the shape of the model's."""
        return self.trade.between(self.episode.years[0], self.episode.last)[None]


@cache
def case(facts: Facts, episode: RestrictedEpisode) -> MineralEpisode:
    """Trade, restrictions and questions of an episode."""
    found = trade(facts, episode.headings, episode.supplier, episode.base, episode.last)
    flows = found.between(*episode.base).mean(axis=0)
    seller = found.exporters.index(episode.supplier)
    ahead = episode.start.year - (episode.base[1] - (BASE_YEARS - 1) / 2.0)
    market = AnnualMarket(flows, seller, growth(found, episode.base), ahead)
    return MineralEpisode(episode, found, policy(facts, episode), market, _questions(episode, found, flows, seller))


def _questions(episode: RestrictedEpisode, found: AnnualTrade, flows: Floats, c: int) -> tuple[EpisodeQuestion, ...]:
    prepared = [EpisodeQuestion("exports", year, "") for year in range(episode.first, episode.last + 1)]
    prepared.append(EpisodeQuestion("recovery", 0, ""))
    for i in _largest(flows[c], found.importers):
        prepared.append(EpisodeQuestion("direct", 0, found.importers[i]))
        if flows[c, i] >= MIN_DEPENDENCE * flows[:, i].sum():
            prepared.append(EpisodeQuestion("total", 0, found.importers[i]))
    if flows[c].sum() >= MIN_SUPPLIER_SHARE * flows.sum():
        others = flows.sum(axis=1)
        others[c] = 0.0
        prepared += [EpisodeQuestion("others", 0, found.exporters[e]) for e in _largest(others, found.exporters)]
    return tuple(prepared)


def _largest(amounts: Floats, names: tuple[str, ...]) -> list[int]:
    order = [int(i) for i in np.argsort(-amounts, kind="stable") if names[i] != "REST" and amounts[i] > 0.0]
    return order[:TOP]


def answers(prepared: MineralEpisode, flows: Floats) -> Floats:
    """Answers (draws, questions) from flows (draws, years, exporters, importers) [t]."""
    base, c, episode = prepared.market.flows, prepared.market.seller, prepared.episode
    from_first = flows[:, episode.first - episode.years[0] :]
    window = from_first[:, :BASE_YEARS].mean(axis=1)
    path = from_first[:, :, c].sum(axis=2) / base[c].sum()
    columns = []
    for q in prepared.questions:
        if q.kind == "exports":
            columns.append(path[:, q.year - episode.first])
        elif q.kind == "recovery":
            columns.append(recovery(path))
        elif q.kind == "others":
            e = prepared.trade.exporters.index(q.place)
            columns.append(window[:, e].sum(axis=1) / base[e].sum())
        else:
            i = prepared.trade.importers.index(q.place)
            columns.append(window[:, c, i] / base[c, i] if q.kind == "direct" else window[:, :, i].sum(axis=1) / base[:, i].sum())
    return np.stack(columns, axis=1)


def recovery(path: Floats) -> Floats:
    """Years (draws,) from the first year below 80 % of the base to recovery, or to the end without one; zero if never below."""
    low = path < RECOVERED
    fell = np.where(low.any(axis=1), low.argmax(axis=1), path.shape[1])
    after = ~low & (np.arange(path.shape[1]) > fell[:, None])
    back = np.where(after.any(axis=1), after.argmax(axis=1), path.shape[1])
    return np.asarray(back - fell, dtype=np.float64)


def model(prepared: MineralEpisode, values: Mapping[str, Floats], rng: np.random.Generator) -> Floats:
    """Answers (draws, questions) of the annual model; leakage through a ban or licence varies by episode (partial pooling)."""
    unlike = np.exp(values["unlike"] * rng.standard_normal(len(values["unlike"])))
    own = dict(values) | {name: np.minimum(values[name] * unlike, 1.0) for name in ("leak", "licence")}
    return answers(prepared, simulate(prepared.market, prepared.policy, own))


def naive(prepared: MineralEpisode, source: str) -> Floats:
    """Answers (questions,) of a naive forecast.

    ``no change``: the base in all years. ``lost stays lost``: the supplier exports what the rule formally allows (nothing
    under a ban, the tonnes of a quota, less by the rate of a duty) and nobody replaces it. ``proportional re-routing``:
    others replace it in proportion to their base exports.
    """
    base, c = prepared.market.flows, prepared.market.seller
    flows = np.repeat(base[None], len(prepared.policy.ban), axis=0)
    if source != SOURCES[0]:
        lost = (1.0 - on_paper(prepared))[:, None] * base[c]
        flows[:, c] -= lost
        if source == SOURCES[2]:
            others = base.sum(axis=1)
            others[c] = 0.0
            flows += others[:, None] / others.sum() * lost[:, None]
    return np.asarray(answers(prepared, flows[None])[0])


def on_paper(prepared: MineralEpisode) -> Floats:
    """Share (years,) of base exports that the rule formally allows [1]."""
    p, base = prepared.policy, prepared.market.flows[prepared.market.seller].sum()
    return np.asarray(np.minimum((1.0 - np.minimum(p.ban, 1.0)) * (1.0 - p.duty), p.quota / base))
