"""Measures against swings of prices: each alone and all together, on the same draws as the scenario without them.

The measures of each kind are sized from the base and the scenario: they act on the goods whose trade the scenario restricts, outside the
restricting regions. One party pays for all floors and stocks: who is hit and asks, not who happens to make the good. Their sizes
(:data:`STOCK_DAYS`, :data:`STRIKE`, ...) are assumptions that make kinds comparable, no optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.ensembles.standard_outcome import StandardOutcome, charge_revenue, standard_outcome
from ytterby.errors import InputError, ScenarioError, UnknownNameError
from ytterby.facts import names
from ytterby.measures import Standard, Stockpile, measure
from ytterby.result_model import ResultModel
from ytterby.simulation import interventions_of, price_statistics, restricted_links
from ytterby.units import DAYS_PER_YEAR, KG_PER_T, WEEKS_PER_YEAR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.measures import AnyMeasure
    from ytterby.simulation import Draw, Experiment, LabelledNetwork

    Floats = NDArray[np.float64]

STOCK_DAYS, RELEASE_WEEKS, OPENS_AT = 60, 26, 1.5
"""Days of base use in the stock; weeks in which it can give all of it; multiple of the base price above which it does."""
STRIKE = 1.25
"""Guaranteed price over the base price of the reference [1]."""
BOUND_SHARE = 0.2
"""Share of the output outside that buyers bind themselves to take [1]."""
THRIFT = 0.1
"""Share of final use that is saved [1]."""
CHARGE, COMPLIANCE = 0.1, 0.01
"""Charge of a standard, and cost of compliance with it, over the base price of the good [1]."""
BAND = (0.05, 0.95)
POINT = 100.0
"""Points in a volatility of 1."""


class PriceSwings(ResultModel):
    """Prices of the restricted goods in some regions: means over markets by value of base use, then over draws; the band is over draws."""

    volatility: float
    """Standard deviation of weekly log prices, yearly scale [1/year]."""
    volatility_low: float
    """[1/year]"""
    volatility_high: float
    """[1/year]"""
    peak_multiple: float
    """Highest price over the base price [1]."""
    peak_multiple_low: float
    """[1]"""
    peak_multiple_high: float
    """[1]"""
    weeks_above_1_5x: float
    """Weeks with a price above 1.5 times the base price."""
    weeks_above_1_5x_low: float
    weeks_above_1_5x_high: float


class ComparedMeasures(ResultModel):
    """What measures of one kind or of several do to prices, and what they cost."""

    kinds: tuple[str, ...]
    """Kinds of the measures; empty for the scenario as it is."""
    outside: PriceSwings
    """Outside the restricting regions."""
    inside: PriceSwings
    """Inside them."""
    public_usd: float
    """Public money over the horizon, not discounted, mean over draws [USD]: what stocks cost to fill, what floors pay, less charges."""
    public_usd_low: float
    """[USD]"""
    public_usd_high: float
    """[USD]"""
    points_removed: float
    """Volatility outside without the measures less with them, in hundredths [points]."""
    usd_per_point: float | None
    """Public money per point of volatility removed outside [USD]; None where none is removed."""


class MeasureComparison(ResultModel):
    """Kinds of measures compared on a scenario."""

    scenario: str
    draws: int
    """1 for the central run."""
    seed: int
    goods: tuple[str, ...]
    """Commodities whose trade the scenario restricts."""
    inside: tuple[str, ...]
    """Restricting regions."""
    payer: str
    """Who pays for floors and stocks."""
    measures: tuple[dict[str, Any], ...]
    """The measures that were tried, with the keys of scenario files."""
    rows: tuple[ComparedMeasures, ...]
    """The scenario as it is, each kind alone, all together."""
    standards: tuple[StandardOutcome, ...]
    """What the standards among them do beside the prices; central run."""


def compare_measures(
    experiment: Experiment, kinds: tuple[str, ...], payer: str, progress: Callable[[int, int], None] | None = None
) -> MeasureComparison:
    """Compare kinds of measures on a scenario, each alone and all together.

    Parameters
    ----------
    experiment : Experiment
        The scenario with the design of its draws.
    kinds : tuple of str
        Of :data:`COMPARED`.
    payer : str
        Region or group that pays for floors and stocks.
    progress : callable, optional
        Told the number of sets that are done, and of all.

    Raises
    ------
    UnknownNameError
        For a kind that has no measure of a usual size.
    InputError
        If the scenario restricts no trade, the payer restricts it itself, or a kind has nothing to act on.
    """
    unknown = [kind for kind in kinds if kind not in COMPARED]
    if unknown:
        raise UnknownNameError("kind to compare", unknown[0], list(COMPARED))
    trade = _RestrictedTrade(experiment, names.region(payer).code)
    if trade.payer in trade.inside:
        raise InputError(f"--party: {trade.payer} restricts the trade in '{experiment.scenario.name}'; it pays for nothing against that")
    found = {kind: trade.measures(kind) for kind in dict.fromkeys(kinds)}
    sets = [(), *((kind,) for kind in found), *([tuple(found)] if len(found) > 1 else [])]
    rows: list[_Swings] = []
    for done, chosen in enumerate(sets):
        rows.append(trade.swings([one for name in chosen for one in found[name]]))
        if progress:
            progress(done + 1, len(sets))
    listed = tuple(
        one.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"kind": one.kind} for each in found.values() for one in each
    )
    return MeasureComparison(
        scenario=experiment.scenario.name, draws=max(experiment.draws, 1), seed=experiment.seed, goods=trade.goods, inside=trade.inside,
        payer=trade.payer, measures=listed, rows=tuple(_row(chosen, row, rows[0]) for chosen, row in zip(sets, rows, strict=True)),
        standards=tuple(standard_outcome(experiment, one) for each in found.values() for one in each if isinstance(one, Standard)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Swings:
    """Price statistics by place and name, and public money, each (draw,)."""

    outside: dict[str, Floats]
    inside: dict[str, Floats]
    public: Floats


def _row(kinds: tuple[str, ...], found: _Swings, bare: _Swings) -> ComparedMeasures:
    removed = float(POINT * (bare.outside["price_volatility"] - found.outside["price_volatility"]).mean())
    public = _with_band("public_usd", found.public - bare.public)
    return ComparedMeasures(
        kinds=kinds, outside=_figures(found.outside), inside=_figures(found.inside), **public, points_removed=removed,
        usd_per_point=public["public_usd"] / removed if kinds and removed > 0.0 else None,
    )  # fmt: skip


def _figures(found: dict[str, Floats]) -> PriceSwings:
    numbers: dict[str, float] = {}
    for name, values in found.items():
        numbers |= _with_band(name.removeprefix("price_"), values)
    return PriceSwings(**numbers)


def _with_band(name: str, values: Floats) -> dict[str, float]:
    """Mean of values (draw,) and their band, by name."""
    low, high = (float(np.quantile(values, level)) for level in BAND)
    return {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}


@dataclass(frozen=True)
class _RestrictedTrade:
    """A scenario on its network: what it restricts, and where."""

    experiment: Experiment
    payer: str
    """Who pays for floors and stocks."""

    @property
    def network(self) -> LabelledNetwork:
        """The network."""
        return self.experiment.network

    @cached_property
    def links(self) -> NDArray[np.int64]:
        """Links that the scenario restricts in some branch."""
        paths = self.experiment.scenario.paths()
        found = [restricted_links(self.network, interventions_of(self.network, path)) for _, path in paths]
        links = np.unique(np.concatenate(found))
        if not len(links):
            raise InputError(f"'{self.experiment.scenario.name}' restricts no trade: there are no prices to steady")
        return links

    @cached_property
    def goods(self) -> tuple[str, ...]:
        """Commodities on these links."""
        return tuple(sorted(set(self.network.commodity[self.network.net.origin[self.links]].tolist())))

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """Regions where these links begin."""
        return tuple(sorted(set(self.network.region[self.network.net.origin[self.links]].tolist())))

    @cached_property
    def start(self) -> dt.date:
        """First day of a measure within the scenario."""
        scenario = self.experiment.scenario
        return min((one.start for one in scenario.all_measures() if one.start >= scenario.start), default=scenario.start)

    def markets(self, good: str, *, inside: bool) -> NDArray[np.int64]:
        """Markets of a good inside or outside the restricting regions that somebody used in the base year."""
        at = self.network.markets_where([good], sorted(set(self.network.region.tolist())))
        there = np.isin(self.network.region[at], self.inside) == inside
        return np.asarray(at[there & (self.network.net.outflow[at] > 0.0)], dtype=np.int64)

    def regions(self, good: str, values: Floats) -> list[str]:
        """Regions outside in which values (M,) of a good are above nil, the largest first."""
        at = self.markets(good, inside=False)
        found = at[values[at] > 0.0]
        return [str(name) for name in self.network.region[found[np.argsort(-values[found], kind="stable")]]]

    def price(self, good: str) -> float:
        """Base price of a good inside, or the lowest where it is not traded there [USD/kg]."""
        at = self.markets(good, inside=True)
        at = at if len(at) else self.markets(good, inside=False)
        return float(self.network.net.price[at].min())

    def measures(self, kind: str) -> list[AnyMeasure]:
        """Measures of a kind, one for each good that it can act on.

        Raises
        ------
        InputError
            If there is none.
        """
        found = [one for good in self.goods for one in COMPARED[kind](self, good) if self._acts(one)]
        if not found:
            raise InputError(f"{kind} finds nothing to act on among {', '.join(self.goods)} outside {', '.join(self.inside)}")
        return found

    def _acts(self, one: AnyMeasure) -> bool:
        """Whether the network has what a measure acts on."""
        scenario = self.experiment.scenario
        try:
            interventions_of(self.network, scenario.update(measures=(one,), forks=(), draws={}))
        except ScenarioError:
            return False
        return True

    def swings(self, measures: list[AnyMeasure]) -> _Swings:
        """Prices and public money with further measures, over the draws."""
        scenario = self.experiment.scenario
        run = replace(self.experiment, scenario=scenario.model_copy(update={"measures": (*scenario.measures, *measures)}))
        rows = [(self._statistics(draw), _public(self, measures, draw)) for _, draw in run.simulate(range(max(run.draws, 1)), passing=True)]
        outside, inside = (_stacked([row[place] for row, _ in rows]) for place in (0, 1))
        return _Swings(outside, inside, np.array([public for _, public in rows]))

    def _statistics(self, draw: Draw) -> tuple[dict[str, float], dict[str, float]]:
        """Mean statistics of the goods' prices outside and inside."""
        found = price_statistics(draw.trace.price[None], self.network.net.price)
        means = []
        for inside in (False, True):
            at = np.concatenate([self.markets(good, inside=inside) for good in self.goods])
            worth = self.network.net.price[at] * self.network.net.outflow[at]
            means.append({name: float(np.average(values[0, at], weights=worth)) for name, values in found.items()})
        return means[0], means[1]


def _stacked(rows: list[dict[str, float]]) -> dict[str, Floats]:
    """Numbers of all draws (draw,) by name."""
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _public(trade: _RestrictedTrade, measures: list[AnyMeasure], draw: Draw) -> float:
    """Public money that measures, and price floors of the scenario itself, take in a draw [USD]."""
    filled = sum(one.tonnes * KG_PER_T * trade.price(one.on[0]) for one in measures if isinstance(one, Stockpile))
    paid = float(draw.trace.paid.sum()) * KG_PER_T
    charged = sum(charge_revenue(trade.experiment, one, draw) for one in measures if isinstance(one, Standard))
    return filled + paid - charged


def _stock(trade: _RestrictedTrade, good: str) -> list[AnyMeasure]:
    net = trade.network.net
    users = trade.regions(good, net.outflow)
    tonnes = float(net.outflow[trade.markets(good, inside=False)].sum()) * WEEKS_PER_YEAR * STOCK_DAYS / DAYS_PER_YEAR
    keys: dict[str, Any] = {"kind": "stockpile", "action": "release", "on": [good], "to": users, "start": trade.start}
    trigger = {"price_above_multiple": OPENS_AT}
    return [measure(**keys, owner=trade.payer, tonnes=tonnes, rate=tonnes / RELEASE_WEEKS, trigger=trigger)] if users else []


def _floor(trade: _RestrictedTrade, good: str) -> list[AnyMeasure]:
    makers = trade.regions(good, trade.network.base_production)
    keys: dict[str, Any] = {"kind": "price_floor", "on": [good], "from": makers, "start": trade.start, "reference": trade.inside[0]}
    return [measure(**keys, payer=trade.payer, strike=STRIKE * trade.price(good))] if makers else []


def _offtake(trade: _RestrictedTrade, good: str) -> list[AnyMeasure]:
    makers, buyers = trade.regions(good, trade.network.base_production), trade.regions(good, trade.network.net.imports)
    keys: dict[str, Any] = {"kind": "offtake", "on": [good], "from": makers, "to": buyers, "start": trade.start, "share": BOUND_SHARE}
    return [measure(**keys)] if makers and buyers else []


def _thrift(trade: _RestrictedTrade, good: str) -> list[AnyMeasure]:
    users = trade.regions(good, trade.network.net.outflow)
    return [measure(kind="substitution", on=[good], to=users, start=trade.start, saving=THRIFT)] if users else []


def _standard(trade: _RestrictedTrade, good: str) -> list[AnyMeasure]:
    buyers = trade.regions(good, trade.network.net.imports)
    keys: dict[str, Any] = {"kind": "standard", "on": [good], "to": buyers, "start": trade.start}
    rates = {"charge_usd_per_t": CHARGE, "compliance_usd_per_t": COMPLIANCE}
    return [measure(**keys, **{key: rate * trade.price(good) * KG_PER_T for key, rate in rates.items()})] if buyers else []


COMPARED: dict[str, Callable[[_RestrictedTrade, str], list[AnyMeasure]]] = {
    "offtake": _offtake,
    "price_floor": _floor,
    "standard": _standard,
    "stockpile": _stock,
    "substitution": _thrift,
}
"""Measures of each kind that can be compared, for one good."""
