"""Reconciled values as the System's tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ytterby.facts.vocabulary import split_market
from ytterby.system import account, prices, sectors
from ytterby.system.merge import merge_small
from ytterby.system.recipes import lookup, matches, recipe
from ytterby.system.system import System

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.assemble import Reconciled
    from ytterby.system.composition import Composition
    from ytterby.system.inputs import Inputs

WEEKS = 365.25 / 7.0
NAMED = 1e-12
"""Residuals below this share of a market's throughput are rounding, not stock."""


def lay_out(year: int, inputs: Inputs, composition: Composition, solved: Reconciled) -> System:
    """All tables of a reconciled draft."""
    values = solved.values
    live = [process for process in solved.draft.processes if values[process.id] > 0]
    links = _merged(solved, live)
    markets = _markets(solved, live, links)
    price = _prices(inputs, solved, live, links, markets)
    markets["price"] = [price[market] for market in markets.index]
    markets = _covers(inputs, markets)
    demands = _demands(inputs, solved)
    contents = _contents(composition, markets)
    processes, recipes = _processes(solved, live, price)
    link_table = _links(inputs, solved, links)
    system = System(
        year, markets, processes, recipes, link_table, demands, contents, _stockpiles(inputs, markets), sectors.sector_table(inputs, demands),
        account.adjustments(solved), pd.DataFrame(), account.as_of(inputs),
    )  # fmt: skip
    return account.with_balance(system)


def _merged(solved: Reconciled, live: list) -> dict[tuple[str, str, str], float]:
    """Links after merging the small ones into the rest of the world."""
    flows = {(flow.commodity, flow.origin, flow.destination): solved.values[_flow_id(flow)] for flow in solved.flows}
    flows = {key: size for key, size in flows.items() if size > 0}
    through: dict[str, float] = {}
    for (commodity, origin, destination), size in flows.items():
        for region in (origin, destination):
            through[f"{commodity}@{region}"] = through.get(f"{commodity}@{region}", 0.0) + size
    for process in live:
        for market, coefficient in process.coefficients.items():
            through[market] = through.get(market, 0.0) + abs(coefficient) * solved.values[process.id]
    return merge_small(flows, through)


def _flow_id(flow: object) -> str:
    return f"{flow.commodity}@{flow.origin}>{flow.commodity}@{flow.destination}"  # type: ignore[attr-defined]


def _markets(solved: Reconciled, live: list, links: dict[tuple[str, str, str], float]) -> pd.DataFrame:
    """Sums by market; the residual is what closes the balance."""
    sums: dict[str, dict[str, list[float]]] = {}

    def put(market: str, column: str, size: float) -> None:
        sums.setdefault(market, {name: [] for name in ("production", "imports", "exports", "use")})[column].append(size)

    for process in live:
        for market, coefficient in process.coefficients.items():
            put(market, "production" if coefficient > 0 else "use", abs(coefficient) * solved.values[process.id])
    for demand in solved.draft.demands:
        if solved.values[demand.id] > 0:
            put(demand.market, "use", solved.values[demand.id])
    for (commodity, origin, destination), size in links.items():
        put(f"{commodity}@{origin}", "exports", size)
        put(f"{commodity}@{destination}", "imports", size)
    table = pd.DataFrame.from_dict({market: {name: math.fsum(parts) for name, parts in sums[market].items()} for market in sorted(sums)}, orient="index")
    gap = table["production"] + table["imports"] - table["exports"] - table["use"]
    size = (table["production"] + table["imports"]).clip(lower=1e-12)
    table["residual"] = gap.where(gap.abs() > NAMED * size, 0.0)
    table.index.name = "market"
    table.insert(0, "commodity", [split_market(market)[0] for market in table.index])
    table.insert(1, "stage", [commodity.partition(".")[0] for commodity in table["commodity"]])
    table.insert(2, "region", [split_market(market)[1] for market in table.index])
    table["kind"] = ["maker" if made >= bought else "taker" for made, bought in zip(table["production"], table["imports"], strict=True)]
    return table


def _prices(inputs: Inputs, solved: Reconciled, live: list, links: dict[tuple[str, str, str], float], markets: pd.DataFrame) -> dict[str, float]:
    exported = {
        grade: sum(size for (commodity, origin, _), size in links.items() if commodity == grade and origin == "CN")
        for grade in ("magnet.NdFeB", "magnet.NdFeB-Dy")
    }
    world = prices.world_prices(inputs, solved.draft, exported)
    supply: dict[str, dict[str, float]] = {market: {} for market in markets.index}
    for (commodity, origin, destination), size in links.items():
        supply[f"{commodity}@{destination}"][origin] = size
    importers = set(markets.index[markets["imports"] > markets["exports"]])
    price = prices.market_prices(world, supply, importers)
    routes = [(f"{commodity}@{origin}", f"{commodity}@{destination}") for commodity, origin, destination in links]
    price |= prices.feed_prices(solved.draft, price, routes)
    for market in markets.index:
        if market not in price:
            same = [price[other] for other in price if split_market(other)[0] == split_market(market)[0]]
            price[market] = sum(same) / len(same)
    return price


def _covers(inputs: Inputs, markets: pd.DataFrame) -> pd.DataFrame:
    """Working covers in weeks, from the facts where there are any."""
    table = recipe("covers")
    figures = []
    for commodity, region in zip(markets["commodity"], markets["region"], strict=True):
        row = lookup(table, commodity, region)
        if row.fact:
            figure = inputs.one(row.fact).scaled(row.factor)
            figures.append((figure.value, figure.low, figure.high))
        else:
            figures.append((row.value, row.low, row.high))
    for i, name in enumerate(("cover", "cover_low", "cover_high")):
        markets[name] = [figure[i] for figure in figures]
    order = ["commodity", "stage", "region", "price", "cover", "cover_low", "cover_high", "kind", "production", "imports", "exports", "use", "residual"]
    return markets[order]


def _processes(solved: Reconciled, live: list, price: dict[str, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, cells = [], []
    for process in live:
        activity = solved.values[process.id]
        rows.append(
            {"process": process.id, "stage": process.stage, "region": process.region, "activity": activity, "capacity": activity / process.utilisation,
             "unit_cost": prices.unit_cost(process, price), "lag": process.lag, "driver": process.driver, "kind": process.kind,
             "facts": " ".join(process.prior.ids)}
        )  # fmt: skip
        cells += [(process.id, market, coefficient) for market, coefficient in sorted(process.coefficients.items())]
    return pd.DataFrame(rows).set_index("process"), pd.DataFrame(cells, columns=["process", "market", "coefficient"])


def _demands(inputs: Inputs, solved: Reconciled) -> pd.DataFrame:
    chokes, slopes = recipe("choke"), recipe("elasticities")
    rows = []
    for demand in solved.draft.demands:
        use = solved.values[demand.id]
        if use <= 0:
            continue
        commodity, region = split_market(demand.market)
        choke, slope = _special(chokes, demand.sector, commodity), _special(slopes, demand.sector, commodity)
        inputs.used.update(slope.facts.split())
        rows.append(
            {"demand": demand.id, "market": demand.market, "commodity": commodity, "region": region, "sector": demand.sector, "use": use,
             "low": use * max(1 - demand.relative, 0.0), "high": use * (1 + demand.relative), "elasticity_short": slope.short,
             "elasticity_long": slope.long, "choke": choke.product_value * choke.share, "kind": demand.kind, "facts": " ".join(demand.facts)}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("demand").sort_index()


def _special(table: pd.DataFrame, sector: str, commodity: str) -> object:
    """Last row whose sector and commodity fit."""
    found = [row for row in table.itertuples(index=False) if matches(sector, row.sector) and matches(commodity, row.commodity)]
    return found[-1]


def _contents(composition: Composition, markets: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (commodity, element, content)
        for commodity in sorted(set(markets["commodity"]))
        for element, content in sorted(composition.of(commodity).items())
    ]
    return pd.DataFrame(rows, columns=["commodity", "element", "content"])


def _links(inputs: Inputs, solved: Reconciled, links: dict[tuple[str, str, str], float]) -> pd.DataFrame:
    ways, duties = prices.transport(), recipe("duties")
    sources = _link_sources(solved)
    rows = []
    for (commodity, origin, destination), size in sorted(links.items()):
        cost, weeks = ways[origin, destination]
        kind, ids, half = sources.get((commodity, origin, destination), ("assumed", "", 0.6))
        rows.append(
            {"link": f"{commodity}@{origin}>{commodity}@{destination}", "origin": f"{commodity}@{origin}", "destination": f"{commodity}@{destination}",
             "commodity": commodity, "flow": size, "low": size * (1 - half), "high": size * (1 + half), "transit": max(weeks, 1), "cost": cost,
             "duty": _duty(inputs, duties, destination, commodity), "vat_unrefunded": _vat(inputs, commodity, origin), "kind": kind, "facts": ids}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("link").sort_index()


def _link_sources(solved: Reconciled) -> dict[tuple[str, str, str], tuple[str, str, float]]:
    """Kind, ids and relative half-range of the flows that one measure alone fixes."""
    found: dict[tuple[str, str, str], tuple[str, str, float]] = {}
    flows = {_flow_id(flow): (flow.commodity, flow.origin, flow.destination) for flow in solved.flows}
    for measure in solved.measures:
        names = [name for name in measure.weights if name in flows]
        if len(names) == 1 and len(measure.weights) == 1:
            found[flows[names[0]]] = (measure.kind, " ".join(measure.ids), min(1.96 * measure.sigma / max(measure.value, 1e-9), 0.9))
    return found


def _duty(inputs: Inputs, duties: pd.DataFrame, region: str, commodity: str) -> float:
    found = [row for row in duties.itertuples() if matches(region, row.importer) and matches(commodity, row.commodity)]
    row = next((row for row in found if row.fact), found[-1])
    return 0.01 * inputs.one(row.fact).value if row.fact else float(row.value)


def _vat(inputs: Inputs, commodity: str, origin: str) -> float:
    """China refunds no VAT on oxides and metals, all of it on magnets and components."""
    stage = commodity.partition(".")[0]
    return 0.01 * inputs.one("PRI0207").value if origin == "CN" and stage in {"mine", "oxide", "metal"} else 0.0


def _stockpiles(inputs: Inputs, markets: pd.DataFrame) -> pd.DataFrame:
    """Government stocks, apart from working covers."""
    rows = []
    for row in recipe("stocks").itertuples():
        market = f"{row.commodity}@{row.region}"
        if market not in markets.index:
            continue
        factor = 1.0 if math.isnan(row.factor) else row.factor
        scale = factor * (markets.loc[market, "use"] / 365.25 if row.basis == "days" else 1.0)
        figure = inputs.one(row.facts).scaled(scale)
        rows.append(
            {"stockpile": f"{row.owner}|{market}", "owner": row.owner, "market": market, "tonnes": figure.value, "low": figure.low, "high": figure.high,
             "kind": row.kind, "facts": row.facts}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("stockpile").sort_index()
