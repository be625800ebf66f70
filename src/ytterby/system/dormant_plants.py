"""Plants that did not run in the base year but may open: coefficients, markets of their goods, routes to buyers.

They have no flow, so they change neither the balance of the base year nor its steady state; a ``project`` opens them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.errors import DataGapError
from ytterby.system import prices
from ytterby.system.assumptions import commodity_of, region_in
from ytterby.system.composition import Composition
from ytterby.system.draft import DraftProcess, guess
from ytterby.system.stages import concentrate, separation_outputs

if TYPE_CHECKING:
    from ytterby.system.composition import ElementContents
    from ytterby.system.inputs import FigureExpressions


def processes(inputs: FigureExpressions, composition: ElementContents, running: dict[str, DraftProcess]) -> list[DraftProcess]:
    """Dormant plants of the assumptions: mines, separation of a feed, or copies of a plant that runs elsewhere."""
    return [
        DraftProcess(
            f"{row.process}@{row.region}", row.process.partition(".")[0], _cells(inputs, composition, running, row), guess(0.0),
            lag=int(row.lag), driver=row.driver, kind=row.kind, utilisation=row.utilisation, cost=inputs.cost(row),
            sources=tuple(row.facts.split()),
        )
        for row in inputs.rows("dormant")
    ]  # fmt: skip


def _cells(inputs: FigureExpressions, composition: ElementContents, running: dict[str, DraftProcess], row: Any) -> dict[str, float]:
    """Coefficients by market [t per t of activity]."""
    stage, _, name = row.process.partition(".")
    if row.like:
        if row.like not in running:
            raise DataGapError(f"table dormant of {inputs.year}: {row.process}@{row.region} is like {row.like}, which does not run")
        return {f"{commodity_of(market)}@{row.region}": size for market, size in running[row.like].coefficients.items()}
    if stage == "mine":
        return {concentrate(name, row.region): 1.0}
    if not isinstance(composition, Composition):
        raise DataGapError(f"table dormant: {row.process}@{row.region} needs a basket, which only the chain of rare earths has")
    outputs = separation_outputs(inputs, composition, name, row.recovery_class)
    return {concentrate(name, row.region): -1.0} | {f"oxide.{element}@{row.region}": rate for element, rate in outputs.items()}


def pairs_to_buyers(inputs: FigureExpressions, found: list[DraftProcess]) -> list[tuple[str, str]]:
    """Pairs of the markets of each dormant plant and of its buyers."""
    pairs = []
    for row, process in zip(inputs.rows("dormant"), found, strict=True):
        for market in sorted(m for m, size in process.coefficients.items() if size > 0):
            pairs += [(market, f"{commodity_of(market)}@{buyer}") for buyer in inputs.assumptions.group(row.buyers) if buyer != row.region]
    return pairs


def prices_with_plants(
    found: list[DraftProcess], routes: list[tuple[str, str]], known: prices.Prices, transport: prices.TransportCosts
) -> prices.Prices:
    """Prices with those of new markets: the lowest price of the good elsewhere, for feeds the net-back value [USD/kg]."""
    price = dict(known)
    for market in sorted({m for process in found for m in process.coefficients}):
        same = [value for other, value in known.items() if commodity_of(other) == commodity_of(market)]
        if same:
            price.setdefault(market, min(same))
    feeds = prices.feed_prices(found, price, [pair for pair in routes if pair[0].startswith("mine.")], transport)
    return price | {market: value for market, value in feeds.items() if market not in known}


def plant_rows(found: list[DraftProcess], price: prices.Prices) -> list[dict[str, Any]]:
    """Rows of the table ``plants``, one per plant and market."""
    return [
        {"process": process.id, "stage": process.stage, "region": process.region, "market": market, "coefficient": size,
         "utilisation": process.utilisation, "unit_cost": prices.unit_cost(process, price), "lag": process.lag, "driver": process.driver,
         "kind": process.kind, "facts": " ".join(process.facts)}
        for process in sorted(found, key=lambda process: process.id)
        for market, size in sorted(process.coefficients.items())
    ]  # fmt: skip


def missing_markets(found: list[DraftProcess], known: set[str]) -> list[str]:
    """Markets of dormant plants that the base does not have."""
    return sorted({market for process in found for market in process.coefficients} - known)


def new_routes(found: list[tuple[str, str]], linked: set[tuple[str, str]], markets: set[str]) -> list[tuple[str, str]]:
    """Pairs between regions that have no link in the base and whose destination is one of ``markets``."""
    return sorted({pair for pair in found if pair not in linked and pair[1] in markets and region_in(pair[0]) != region_in(pair[1])})
