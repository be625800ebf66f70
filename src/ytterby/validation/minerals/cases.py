"""Restrictions of other minerals: what was seen, what the annual model says, what naive forecasts say."""

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

    from ytterby.facts.load import Facts

    Floats = NDArray[np.float64]

RECOVERED = 0.8
"""Exports are back when they reach this share of the base."""
TOP = 3
"""Largest buyers of the supplier and largest other sellers that are looked at."""
MIN_SUPPLIER_SHARE = 0.05
"""Other sellers are looked at if the supplier had this share of the world's trade."""
MIN_DEPENDENCE = 0.2
"""A buyer's total is looked at if it took this share from the supplier."""
SOURCES = ("no change", "lost stays lost", "proportional re-routing")
"""Naive forecasts."""


@dataclass(frozen=True)
class EpisodeQuestion:
    """One figure that is prepared of model, history and naive forecasts.

    ``kind`` is exports (of the supplier in ``year``), direct (of a buyer from it), total (of a buyer from all), others (of another
    seller) or recovery [years]; all but the last are ratios to the base, those without a year means of the first three years.
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
        """Flows (1, years, exporters, importers) that were seen, shaped as those of the model."""
        return self.trade.between(self.episode.years[0], self.episode.last)[None]


@cache
def case(facts: Facts, episode: RestrictedEpisode) -> MineralEpisode:
    """Prepare an episode."""
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
    """Answers (draws, questions) that flows (draws, years, exporters, importers) give."""
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
    """Years (draws,) from the first year below 80 % of the base to the first year back; to the end where it is not back; nil if never."""
    low = path < RECOVERED
    fell = np.where(low.any(axis=1), low.argmax(axis=1), path.shape[1])
    after = ~low & (np.arange(path.shape[1]) > fell[:, None])
    back = np.where(after.any(axis=1), after.argmax(axis=1), path.shape[1])
    return np.asarray(back - fell, dtype=np.float64)


def model(prepared: MineralEpisode, values: Mapping[str, Floats], rng: np.random.Generator) -> Floats:
    """Answers (draws, questions) of the annual model; what a ban or licence lets through differs between episodes (partial pooling)."""
    unlike = np.exp(values["unlike"] * rng.standard_normal(len(values["unlike"])))
    own = dict(values) | {name: np.minimum(values[name] * unlike, 1.0) for name in ("leak", "licence")}
    return answers(prepared, simulate(prepared.market, prepared.policy, own))


def naive(prepared: MineralEpisode, source: str) -> Floats:
    """Answers (questions,) of a naive forecast.

    ``no change``: the base for ever. ``lost stays lost``: the supplier sells what the rule lets through on paper (ban nothing,
    quota its tonnes, duty less by its rate), nobody fills. ``proportional re-routing``: others fill it by their base shares.
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
    """Share (years,) of the base that the rule lets through by its letter."""
    p, base = prepared.policy, prepared.market.flows[prepared.market.seller].sum()
    return np.asarray(np.minimum((1.0 - np.minimum(p.ban, 1.0)) * (1.0 - p.duty), p.quota / base))
