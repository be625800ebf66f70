"""Duties on oxides, metals and magnets: imports of each region under a scenario's tariffs on goods (equations T2-T5).

The flows are those of the base system, valued at its prices; each market of a commodity in a region is a group, each region a supplier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.trade.demand import Elasticities, solve
from ytterby.economy.trade.parameters import row_of
from ytterby.facts import expand_regions, regions
from ytterby.measures import Tariff, resolve
from ytterby.tables import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.economy.trade.parameters import Horizon
    from ytterby.scenario import Scenario
    from ytterby.system import System

    Array = NDArray[np.float64]

STAGES = ("oxide", "metal", "magnet")
DOMINANT = "CN"
KG_PER_TONNE = 1000.0


class MineralTrade(NamedTuple):
    """Trade in oxides, metals and magnets of the base; arrays (market, supplier)."""

    markets: tuple[str, ...]
    """Commodity and importing region of each market, ``commodity@region``."""
    suppliers: tuple[str, ...]
    value: Array
    """Value before duty [USD/year]; the region itself is one of its suppliers."""
    duty: Array
    """Duty in the base over that value."""
    imported: NDArray[np.bool_]
    """Whether the supplier is another region."""


class MineralImports(NamedTuple):
    """Imports of one region in one stage, before and under the tariffs."""

    region: str
    stage: str
    before: float
    """[USD/year]"""
    after: float
    duty_before: float
    """Mean duty."""
    duty_after: float
    share_before: float
    """Share of the dominant supplier in what is used."""
    share_after: float
    home: float
    """Change of the sales of home producers [USD/year]."""


def mineral_trade(system: System) -> MineralTrade:
    """Trade of the base system in oxides, metals and magnets."""
    suppliers = tuple(regions())
    rows = _flows(system)
    markets = tuple(sorted(set(rows["market"])))
    at = (
        rows["market"].map({name: i for i, name in enumerate(markets)}),
        rows["origin"].map({code: i for i, code in enumerate(suppliers)}),
    )
    value, paid = np.zeros((2, len(markets), len(suppliers)))
    np.add.at(value, at, rows["value"].to_numpy(float))
    np.add.at(paid, at, (rows["value"] * rows["duty"]).to_numpy(float))
    home = np.array([suppliers.index(name.partition("@")[2]) for name in markets])
    imported = np.arange(len(suppliers)) != home[:, None]
    return MineralTrade(markets, suppliers, value, paid / np.where(value > 0, value, 1.0), imported)


def _flows(system: System) -> pd.DataFrame:
    """Flows between regions and what a region keeps of its own output: market, origin, value [USD/year], duty."""
    import pandas as pd

    links, markets = system.links, system.markets
    price = markets["price"]
    between = pd.DataFrame(
        {
            "market": links["destination"],
            "commodity": links["commodity"],
            "origin": links["origin"].str.partition("@")[2],
            "value": links["flow"] * links["origin"].map(price) * KG_PER_TONNE,
            "duty": links["duty"],
        }
    )
    kept = (markets["production"] - markets["exports"]).clip(lower=0.0)
    own = pd.DataFrame(
        {"market": markets.index, "commodity": markets["commodity"], "origin": markets["region"], "value": kept * price * KG_PER_TONNE}
    ).assign(duty=0.0)
    rows = pd.concat([between, own], ignore_index=True)
    rows = rows[rows["commodity"].str.partition(".")[0].isin(STAGES) & (rows["value"] > 0)]
    return rows.groupby(["market", "origin"], as_index=False).agg({"value": "sum", "duty": "max"})


def duties_on(trade: MineralTrade, scenario: Scenario, day: dt.date) -> Array:
    """Duty (market, supplier) on a day: that of the base and what the scenario's tariffs on goods changed since its eve."""
    duty = trade.duty.copy()
    eve = scenario.start.toordinal() - 1
    for tariff in scenario.measures:
        if not (isinstance(tariff, Tariff) and tariff.on):
            continue
        now, before = tariff.step_on(day), tariff.step_on(type(day).fromordinal(eve))
        change = (now.rate if now else 0.0) - (before.rate if before else 0.0)
        duty[_hit(trade, tariff)] += change
    return np.asarray(np.maximum(duty, 0.0))


def _hit(trade: MineralTrade, tariff: Tariff) -> NDArray[np.bool_]:
    """Flows that a tariff on goods is levied on."""
    chosen = set(resolve(tariff.on, sorted({name.partition("@")[0] for name in trade.markets})))
    market = np.array([name.partition("@")[0] in chosen and name.partition("@")[2] in _members(tariff.to) for name in trade.markets])
    supplier = np.isin(trade.suppliers, sorted(_members(tariff.from_)))
    return np.asarray(market[:, None] & supplier & trade.imported)


def _members(names: tuple[str, ...]) -> set[str]:
    return {code for name in names for code in (regions() if name == "all" else expand_regions(name))}


@dataclass(frozen=True)
class MineralDuty:
    """What is known of the duty of one region on one stage; ``*`` for all regions of which no fact speaks."""

    region: str
    stage: str
    value: float
    low: float
    high: float
    kind: str
    facts: tuple[str, ...]
    note: str


@cache
def known_duties() -> dict[tuple[str, str], MineralDuty]:
    """Duties by region and stage."""
    return {(row.region, row.stage): row for row in records("ytterby.economy.trade", "tables/mineral_duties", MineralDuty)}


def duty_known(region: str, stage: str) -> bool:
    """Whether a fact gives the duty of a region on a stage."""
    return (region, stage) in known_duties()


def highest(trade: MineralTrade, members: Sequence[str]) -> MineralTrade:
    """The base with the highest duty that is assumed where the duty of a member on another member is in no fact."""
    duty = trade.duty.copy()
    inside = np.isin(trade.suppliers, members)
    for market, name in enumerate(trade.markets):
        stage, region = name.partition(".")[0], name.partition("@")[2]
        if region in members and not duty_known(region, stage):
            duty[market, inside & trade.imported[market]] = known_duties()["*", stage].high
    return trade._replace(duty=duty)


def mineral_imports(trade: MineralTrade, duty: Array, horizon: Horizon) -> tuple[MineralImports, ...]:
    """Equations T2-T5 on minerals: imports by region and stage before and under other duties.

    Parameters
    ----------
    trade : MineralTrade
        Trade of the base.
    duty : array (market, supplier)
        Duty now.
    horizon : str
        Which elasticities count.
    """
    outlay = trade.value * (1.0 + trade.duty)
    behaviour = Elasticities(*(np.array(row_of(name, "*", horizon).value) for name in ("pass_through", "substitution", "demand")))
    behaviour = Elasticities(behaviour.pass_through, *(np.full(len(trade.markets), value) for value in behaviour[1:]))
    found = solve(outlay / outlay.sum(axis=1, keepdims=True), trade.duty, duty, behaviour)
    after = trade.value * found.exporter * found.volume
    places = [(name.partition("@")[2], name.partition(".")[0]) for name in trade.markets]
    return tuple(_summary(trade, duty, after, place, np.array([p == place for p in places])) for place in sorted(set(places)))


def _summary(trade: MineralTrade, duty: Array, after: Array, place: tuple[str, str], rows: NDArray[np.bool_]) -> MineralImports:
    outside = trade.imported[rows]
    old, new = trade.value[rows], after[rows]
    dominant = trade.suppliers.index(DOMINANT)
    imports = [float((value * outside).sum()) for value in (old, new)]
    paid = [float((value * rate[rows] * outside).sum()) for value, rate in ((old, trade.duty), (new, duty))]
    rates = [money / value if value else 0.0 for money, value in zip(paid, imports, strict=True)]
    shares = [float(value[:, dominant].sum() / value.sum()) for value in (old, new)]
    return MineralImports(
        region=place[0],
        stage=place[1],
        before=imports[0],
        after=imports[1],
        duty_before=rates[0],
        duty_after=rates[1],
        share_before=shares[0],
        share_after=shares[1],
        home=float(((new - old) * ~outside).sum()),
    )
