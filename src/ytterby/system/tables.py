"""Writes the reconciled values into the tables of a System."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ytterby.system import account, dormant_plants, prices, trade
from ytterby.system.assumptions import commodity_of, matches, missing, region_in
from ytterby.system.demands import sector_table
from ytterby.system.inputs import NORMAL_95
from ytterby.system.system import TABLES, System

if TYPE_CHECKING:
    from ytterby.system.assemble import ReconciledNetwork
    from ytterby.system.composition import ElementContents
    from ytterby.system.customs import CommodityFlows
    from ytterby.system.draft import DraftProcess
    from ytterby.system.inputs import FigureExpressions

DAYS = 365.25
ROUNDING = 1e-12
"""Residuals below this share of a market's throughput are rounding errors and set to zero."""

LINK_RELATIVE = 0.6
"""Relative half-range of a flow that no single observation determines."""

MAX_RELATIVE = 0.9
"""Largest relative half-range of a flow."""


@dataclass(frozen=True)
class ReconciledTables:
    """Processes, links and sums by market of a reconciled network."""

    inputs: FigureExpressions
    composition: ElementContents
    solved: ReconciledNetwork

    @cached_property
    def processes(self) -> list[DraftProcess]:
        """Processes with positive activity."""
        return [process for process in self.solved.observed.draft.processes if self.solved.values[process.id] > 0]

    @cached_property
    def direct(self) -> CommodityFlows:
        """Reconciled flows, before small ones are merged."""
        values = self.solved.values
        return {(f.commodity, f.origin, f.destination): values[f.id] for f in self.solved.observed.flows if values[f.id] > 0}

    @cached_property
    def links(self) -> CommodityFlows:
        """Flows after small ones are merged into trade through the rest of the world."""
        through: dict[str, list[float]] = {}
        for (commodity, origin, destination), size in self.direct.items():
            for region in (origin, destination):
                through.setdefault(f"{commodity}@{region}", []).append(size)
        for process in self.processes:
            for market, coefficient in process.coefficients.items():
                through.setdefault(market, []).append(abs(coefficient) * self.solved.values[process.id])
        return trade.merge_small(self.direct, {market: math.fsum(sizes) for market, sizes in through.items()})

    @cached_property
    def sums(self) -> pd.DataFrame:
        """Production, imports, exports, use and residual by market [t/year]; the residual closes the balance."""
        parts: dict[str, dict[str, list[float]]] = {}

        def put(market: str, column: str, size: float) -> None:
            parts.setdefault(market, {name: [] for name in ("production", "imports", "exports", "use")})[column].append(size)

        for process in self.processes:
            for market, coefficient in process.coefficients.items():
                put(market, "production" if coefficient > 0 else "use", abs(coefficient) * self.solved.values[process.id])
        for demand in self.solved.observed.draft.demands:
            put(demand.market, "use", self.solved.values[demand.id])
        for (commodity, origin, destination), size in self.links.items():
            put(f"{commodity}@{origin}", "exports", size)
            put(f"{commodity}@{destination}", "imports", size)
        rows = {market: {name: math.fsum(sizes) for name, sizes in columns.items()} for market, columns in sorted(parts.items())}
        table = pd.DataFrame.from_dict(rows, orient="index")
        table = table[(table != 0.0).any(axis=1)]
        gap = table["production"] + table["imports"] - table["exports"] - table["use"]
        table["residual"] = gap.where(gap.abs() > ROUNDING * (table["production"] + table["imports"]), 0.0)
        table.index.name = "market"
        return table

    @cached_property
    def transport(self) -> prices.TransportCosts:
        """Transport cost and time between all regions."""
        return prices.transport_costs(self.inputs)

    @cached_property
    def price(self) -> prices.Prices:
        """Base price by market [USD/kg]."""
        exported = {grade: self._exports(grade) for grade in prices.EXPORTED[:2]}
        world = prices.world_prices(self.inputs, self.solved.observed.draft, exported if any(exported.values()) else None)
        supply: dict[str, dict[str, float]] = {market: {} for market in self.sums.index}
        for (commodity, origin, destination), size in self.links.items():
            supply[f"{commodity}@{destination}"][origin] = size
        importers = set(self.sums.index[self.sums["imports"] > self.sums["exports"]])
        price = prices.market_prices(world, supply, importers, self.transport)
        routes = [(f"{commodity}@{origin}", f"{commodity}@{destination}") for commodity, origin, destination in self.links]
        price |= prices.feed_prices(self.processes, price, routes, self.transport)
        return prices.cover_inputs(self.processes, price | self._unpriced(price))

    def _exports(self, commodity: str) -> float:
        return math.fsum(size for (name, origin, _), size in self.links.items() if name == commodity and origin == prices.HOME)

    def _unpriced(self, price: prices.Prices) -> prices.Prices:
        """Mean price of the good elsewhere, for markets without a price (scrap that no plant of the region treats)."""
        found = {}
        for market in self.sums.index:
            if market not in price:
                same = [value for other, value in price.items() if commodity_of(other) == commodity_of(market)]
                found[market] = math.fsum(same) / len(same)
        return found


def system_tables(inputs: FigureExpressions, composition: ElementContents, solved: ReconciledNetwork) -> System:
    """System with all tables of a reconciled network."""
    solution = ReconciledTables(inputs, composition, solved)
    markets, demands = _markets(solution), _demands(solution)
    processes, recipes = _processes(solution)
    dormant = DormantPlants(solution)
    contents = _contents(composition, {*markets["commodity"], *dormant.sites["commodity"]})
    tables: dict[str, Any] = {
        "markets": markets, "processes": processes, "recipes": recipes, "links": _links(solution), "demands": demands, "contents": contents,
        "stockpiles": _stockpiles(inputs, markets), "sectors": sector_table(inputs, demands),
    }  # fmt: skip
    for name, table in tables.items():
        tables[name] = table[[column for column in TABLES[name] if column in table.columns]]
    balance = account.balance_table(markets, processes, recipes, contents)
    return System(
        inputs.year, **tables, adjustments=account.adjustments(solved), balance=balance, as_of=account.as_of(inputs), chain=inputs.chain,
        plants=dormant.plants, sites=dormant.sites, routes=dormant.routes,
    )  # fmt: skip


@dataclass(frozen=True)
class DormantPlants:
    """Tables of the plants that did not run in the base year but may open."""

    solution: ReconciledTables

    @cached_property
    def processes(self) -> list[DraftProcess]:
        """Dormant plants of the assumptions."""
        running = {process.id: process for process in self.solution.processes}
        return dormant_plants.processes(self.solution.inputs, self.solution.composition, running)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Markets of plants and buyers between which there is no link in the base year."""
        linked = {(f"{commodity}@{origin}", f"{commodity}@{end}") for commodity, origin, end in self.solution.links}
        known = set(self.solution.sums.index)
        found = dormant_plants.pairs_to_buyers(self.solution.inputs, self.processes)
        return dormant_plants.new_routes(found, linked, known | set(dormant_plants.missing_markets(self.processes, known)))

    @cached_property
    def price(self) -> prices.Prices:
        """Prices including those of markets that only dormant plants use [USD/kg]."""
        return dormant_plants.prices_with_plants(self.processes, self.pairs, self.solution.price, self.solution.transport)

    @cached_property
    def plants(self) -> pd.DataFrame:
        """A row per plant and market."""
        return pd.DataFrame(dormant_plants.plant_rows(self.processes, self.price), columns=list(TABLES["plants"]))

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Markets that only dormant plants use."""
        outputs = {market for process in self.processes for market, size in process.coefficients.items() if size > 0}
        rows = []
        for market in dormant_plants.missing_markets(self.processes, set(self.solution.sums.index)):
            name, cover = commodity_of(market), target_cover(self.solution.inputs, market)
            kind = "net_producer" if market in outputs else "net_importer"
            rows.append((market, name, name.partition(".")[0], region_in(market), self.price[market], *cover, kind))
        return pd.DataFrame(rows, columns=list(TABLES["sites"])).set_index("market")

    @cached_property
    def routes(self) -> pd.DataFrame:
        """Routes to buyers, with cost, duty and tax as on any link."""
        inputs, rows = self.solution.inputs, []
        for origin, destination in self.pairs:
            name, start, end = commodity_of(origin), region_in(origin), region_in(destination)
            cost, weeks = self.solution.transport[start, end]
            rates = (rate_of(inputs, "duties", end, name), rate_of(inputs, "export_vat", start, name))
            rows.append((f"{origin}>{destination}", origin, destination, name, max(weeks, 1), cost, *rates))
        return pd.DataFrame(rows, columns=list(TABLES["routes"])).set_index("link")


def _markets(solution: ReconciledTables) -> pd.DataFrame:
    table = solution.sums.copy()
    table["commodity"] = [commodity_of(market) for market in table.index]
    table["stage"] = [commodity.partition(".")[0] for commodity in table["commodity"]]
    table["region"] = [region_in(market) for market in table.index]
    table["price"] = [solution.price[market] for market in table.index]
    table["kind"] = [
        "net_producer" if produced >= imported else "net_importer"
        for produced, imported in zip(table["production"], table["imports"], strict=True)
    ]
    covers = [target_cover(solution.inputs, market) for market in table.index]
    for i, name in enumerate(("cover", "cover_low", "cover_high")):
        table[name] = [cover[i] for cover in covers]
    return table


def target_cover(inputs: FigureExpressions, market: str) -> tuple[float, float, float]:
    """Target cover [weeks] with its range, from the facts where there are any."""
    row = inputs.assumptions.special("covers", commodity=commodity_of(market), region=region_in(market))
    if not row.fact:
        return row.value, row.low, row.high
    figure = inputs.one(row.fact).scaled(row.factor)
    return figure.value, figure.low, figure.high


def _processes(solution: ReconciledTables) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, cells = [], []
    for process in solution.processes:
        activity = solution.solved.values[process.id]
        rows.append(
            {"process": process.id, "stage": process.stage, "region": process.region, "activity": activity,
             "capacity": activity / process.utilisation if math.isnan(process.capacity) else max(process.capacity, activity),
             "unit_cost": prices.unit_cost(process, solution.price), "lag": process.lag, "driver": process.driver, "kind": process.grade,
             "facts": " ".join(process.facts)}
        )  # fmt: skip
        cells += [(process.id, market, coefficient) for market, coefficient in sorted(process.coefficients.items())]
    return pd.DataFrame(rows).set_index("process"), pd.DataFrame(cells, columns=list(TABLES["recipes"]))


def _demands(solution: ReconciledTables) -> pd.DataFrame:
    assumptions, values = solution.inputs.assumptions, solution.solved.values
    rows = []
    for demand in solution.solved.observed.draft.demands:
        use = values[demand.id]
        if use <= 0:
            continue
        commodity, region = commodity_of(demand.market), region_in(demand.market)
        choke = assumptions.special("choke", sector=demand.sector, commodity=commodity)
        slope = assumptions.special("elasticities", sector=demand.sector, commodity=commodity)
        rows.append(
            {"demand": demand.id, "market": demand.market, "commodity": commodity, "region": region, "sector": demand.sector, "use": use,
             "low": use * max(1 - demand.relative, 0.0), "high": use * (1 + demand.relative), "elasticity_short": slope.short,
             "elasticity_long": slope.long, "choke": choke.product_value * choke.share, "kind": demand.kind,
             "facts": " ".join(demand.facts)}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("demand").sort_index()


def _contents(composition: ElementContents, goods: set[str]) -> pd.DataFrame:
    rows = [(commodity, element, content) for commodity in sorted(goods) for element, content in sorted(composition.of(commodity).items())]
    return pd.DataFrame(rows, columns=list(TABLES["contents"]))


def _links(solution: ReconciledTables) -> pd.DataFrame:
    sources = _link_sources(solution)
    rows = []
    for (commodity, origin, destination), size in solution.links.items():
        start, end = f"{commodity}@{origin}", f"{commodity}@{destination}"
        cost, weeks = solution.transport[origin, destination]
        kind, ids, half = sources.get((commodity, origin, destination), ("assumed", "", LINK_RELATIVE))
        rows.append(
            {"link": f"{start}>{end}", "origin": start, "destination": end, "commodity": commodity, "flow": size, "low": size * (1 - half),
             "high": size * (1 + half), "transit": max(weeks, 1), "cost": cost,
             "duty": rate_of(solution.inputs, "duties", destination, commodity),
             "vat_unrefunded": rate_of(solution.inputs, "export_vat", origin, commodity), "kind": kind, "facts": ids}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("link").sort_index()


def _link_sources(solution: ReconciledTables) -> dict[tuple[str, str, str], tuple[str, str, float]]:
    """Kind, ids and relative half-range of the flows that have an observation of their own."""
    observed = solution.solved.observed
    flows = {flow.id: (flow.commodity, flow.origin, flow.destination) for flow in observed.flows}
    found = {}
    for each in observed.observations:
        (name, *others) = each.weights
        if name in flows and not others:
            found[flows[name]] = (each.kind, " ".join(each.ids), min(NORMAL_95 * each.sigma / max(each.value, 1e-9), MAX_RELATIVE))
    return found


def rate_of(inputs: FigureExpressions, table: str, region: str, commodity: str) -> float:
    """Rate by region and commodity [1]: the first row that matches; the last row of a table is the general one."""
    for row in inputs.rows(table):
        if matches(region, row.region) and matches(commodity, row.commodity):
            return inputs.rate(row.fact) if row.fact else float(row.value)
    return 0.0


def _stockpiles(inputs: FigureExpressions, markets: pd.DataFrame) -> pd.DataFrame:
    """Government stocks, which are separate from working covers."""
    rows, use = [], markets["use"].to_dict()
    for row in inputs.rows("stocks"):
        market = f"{row.commodity}@{row.region}"
        if market in use:
            figure = inputs.one(row.facts).scaled((1.0 if missing(row.factor) else row.factor) * _per_unit(inputs, row, use[market]))
            rows.append(
                {"stockpile": f"{row.owner}|{market}", "owner": row.owner, "market": market, "tonnes": figure.value, "low": figure.low,
                 "high": figure.high, "kind": row.kind, "facts": row.facts}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(TABLES["stockpiles"])).set_index("stockpile").sort_index()


def _per_unit(inputs: FigureExpressions, row: Any, use: float) -> float:
    """Tonnes per unit of a stock's figure; stocks in days are converted by the country's use, else that of the market."""
    if row.basis != "days":
        return 1.0
    return (inputs.one(row.use_fact).value if row.use_fact else use) / DAYS
