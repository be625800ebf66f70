"""Material flow account of a base: the closed balance, adjustments of the figures, and resulting country shares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from ytterby.facts import OBSERVATIONS
from ytterby.system.assumptions import commodity_of, matches, region_in
from ytterby.system.bases import RARE_EARTHS
from ytterby.system.inputs import PERCENT

if TYPE_CHECKING:
    from ytterby.system.assemble import ReconciledNetwork
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.system import System

MAGNET_REE = ("Nd", "Pr", "Dy", "Tb")
HEAVY = ("Dy", "Tb")
PRIMARY = "oxide.* !oxide.recycle-* !oxide.reject-*"
"""Separation plants, without recycling of scrap and without rejection of unsold oxides."""

LINES = ("production", "imports", "exports", "use", "residual")

Contents = dict[str, dict[str, float]]
Shares = dict[str, float]
"""Share by region, largest first."""


def adjustments(solved: ReconciledNetwork) -> pd.DataFrame:
    """Every observed figure as reported and as reconciled, with the difference in standard deviations; largest first."""
    rows = []
    for each in solved.observed.observations:
        used = math.fsum(weight * solved.values[name] for name, weight in each.weights.items())
        rows.append((each.fact, each.quantity, each.region, each.element, each.value, used, (used - each.value) / each.sigma, each.kind))
    table = pd.DataFrame(rows, columns=["fact", "quantity", "region", "element", "reported", "used", "sigmas", "kind"])
    table = table.astype(dict.fromkeys(("reported", "used", "sigmas"), float))
    order = table.assign(size=-table["sigmas"].abs()).sort_values(["size", "fact", "quantity", "region", "element"]).index
    return table.loc[order].reset_index(drop=True)


def as_of(inputs: FigureExpressions) -> str:
    """Period of the newest price, flow or output used; rates, plans and assumptions do not count."""
    rows = inputs.facts.table.loc[sorted(inputs.used)]
    seen = rows[rows["quantity"].isin(OBSERVATIONS) & (rows["kind"] != "assumed")]
    return max(seen["period"], default="")


def contents(table: pd.DataFrame) -> Contents:
    """Content by commodity and element [t REO equivalent per t], from the System's table ``contents``."""
    found: Contents = {}
    for commodity, element, content in zip(table["commodity"], table["element"], table["content"], strict=True):
        found.setdefault(commodity, {})[element] = float(content)
    return found


def balance_table(markets: pd.DataFrame, processes: pd.DataFrame, recipes: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Closed balance by element, stage, region and line [t REO equivalent per year].

    Lines: production, imports, exports, use and residual by stage of the market; ``loss`` is what enters the processes of a
    stage and is in none of their outputs.
    """
    content = contents(table)
    parts: dict[tuple[str, str, str, str], list[float]] = {}
    for line in LINES:
        for commodity, stage, region, size in zip(markets["commodity"], markets["stage"], markets["region"], markets[line], strict=True):
            for element, share in content[commodity].items():
                parts.setdefault((element, stage, region, line), []).append(share * size)
    stage_of = processes["stage"].to_dict()
    activity = processes["activity"].to_dict()
    for process, market, coefficient in zip(recipes["process"], recipes["market"], recipes["coefficient"], strict=True):
        if stage_of[process] != "mine":
            for element, share in content[commodity_of(market)].items():
                parts.setdefault((element, stage_of[process], region_in(process), "loss"), []).append(
                    -coefficient * share * activity[process]
                )
    rows = [(*key, math.fsum(sizes)) for key, sizes in sorted(parts.items())]
    return pd.DataFrame([row for row in rows if row[-1]], columns=["element", "stage", "region", "line", "t"])


def balance_error(system: System) -> float:
    """Largest relative gap of any market: production + imports - exports - use - residual, over production + imports."""
    m = system.markets
    gap = (m["production"] + m["imports"] - m["exports"] - m["use"] - m["residual"]).abs()
    return float((gap / (m["production"] + m["imports"]).clip(lower=1e-9)).max())


def outputs(system: System, processes: str, commodities: str) -> list[tuple[str, str, float]]:
    """Region, commodity and output [t/year] of the processes and commodities that match the patterns."""
    activity = system.processes["activity"].to_dict()
    r = system.recipes
    return [
        (region_in(market), commodity_of(market), coefficient * activity[process])
        for process, market, coefficient in zip(r["process"], r["market"], r["coefficient"], strict=True)
        if coefficient > 0 and matches(commodity_of(process), processes) and matches(commodity_of(market), commodities)
    ]


def output_shares(system: System, processes: str, commodities: str, elements: tuple[str, ...] = ()) -> Shares:
    """Share of each region in the output of processes, by content of the elements or else by the goods' own mass."""
    content = contents(system.contents)
    total: dict[str, list[float]] = {}
    for region, commodity, size in outputs(system, processes, commodities):
        weight = math.fsum(content[commodity].get(element, 0.0) for element in elements) if elements else 1.0
        total.setdefault(region, []).append(weight * size)
    sums = {region: math.fsum(sizes) for region, sizes in total.items()}
    whole = math.fsum(sums.values())
    return dict(sorted(((region, size / whole) for region, size in sums.items() if size > 0), key=lambda item: (-item[1], item[0])))


def shares(system: System) -> dict[str, Shares]:
    """Shares of the regions in world output, by stage.

    Rare earths: mining by REO, refining of the magnet rare earths and of the heavy ones, NdPr metal, rough NdFeB magnets by
    mass. Other chains: the output of each commodity.
    """
    if system.chain != RARE_EARTHS:
        return {name: output_shares(system, name, name) for name in dict.fromkeys(system.markets["commodity"])}
    found = {
        "mine": output_shares(system, "mine.* !mine.scandium", "mine.*"),
        "refining_magnet_ree": output_shares(system, PRIMARY, "oxide.*", MAGNET_REE),
        "separation_heavy": output_shares(system, PRIMARY, "oxide.*", HEAVY),
        "metal": output_shares(system, "metal.Nd*", "metal.*"),
        "magnet": output_shares(system, "magnet.* !magnet.SmCo", "magnet.* scrap.*"),
    }
    return {name: share for name, share in found.items() if share}


def compared(system: System, inputs: FigureExpressions) -> list[dict[str, Any]]:
    """Published shares that were held out, each with the share of the base; rows whose figure is absent are left out."""
    found, known = shares(system), set(inputs.facts.table.index)
    rows = []
    for row in inputs.rows("compared"):
        if row.fact in known and row.name in found:
            here = found[row.name].get(row.region, 0.0)
            published = PERCENT * inputs.facts.value(row.fact)
            rows.append(
                {"share": row.name, "region": row.region, "fact": row.fact, "published": published, "low": row.low, "high": row.high,
                 "here": here, "hit": bool(row.low <= here <= row.high), "reason": row.reason}
            )  # fmt: skip
    return rows


def by_element(system: System) -> list[dict[str, Any]]:
    """Closed world balance by element [t REO/year]: mined = lost + used + residual."""
    content = contents(system.contents)
    parts: dict[str, dict[str, list[float]]] = {}

    def put(element: str, column: str, size: float) -> None:
        parts.setdefault(element, {name: [] for name in ("mined", "lost", "used", "residual", "recycled")})[column].append(size)

    names = {"production": "mined", "loss": "lost", "residual": "residual"}
    b = system.balance
    for element, stage, line, size in zip(b["element"], b["stage"], b["line"], b["t"], strict=True):
        if line in names and (line != "production" or stage == "mine"):
            put(element, names[line], size)
    for commodity, size in zip(system.demands["commodity"], system.demands["use"], strict=True):
        for element, share in content[commodity].items():
            put(element, "used", share * size)
    for _, commodity, size in outputs(system, "oxide.recycle-*", "oxide.*"):
        for element, share in content[commodity].items():
            put(element, "recycled", share * size)
    rows = []
    for element, columns in parts.items():
        sums = {name: math.fsum(sizes) for name, sizes in columns.items()}
        rows.append({"element": element, **sums, "gap": sums["mined"] - sums["lost"] - sums["used"] - sums["residual"]})
    return sorted(rows, key=lambda row: (-row["mined"], row["element"]))


def world_mine(system: System) -> float:
    """World mine output without scandium [t REO/year]."""
    return math.fsum(size for _, _, size in outputs(system, "mine.* !mine.scandium", "mine.*"))


def data_share(system: System) -> float:
    """Share of all flow (REO equivalent of process outputs, links and final uses) that is of kind ``reported``."""
    content = {commodity: math.fsum(parts.values()) for commodity, parts in contents(system.contents).items()}
    kind, activity = system.processes["kind"].to_dict(), system.processes["activity"].to_dict()
    r = system.recipes
    sizes = [
        (kind[process], coefficient * content[commodity_of(market)] * activity[process])
        for process, market, coefficient in zip(r["process"], r["market"], r["coefficient"], strict=True)
        if coefficient > 0
    ]
    for table, column in ((system.links, "flow"), (system.demands, "use")):
        sizes += [(each, size * content[name]) for each, size, name in zip(table["kind"], table[column], table["commodity"], strict=True)]
    return math.fsum(size for each, size in sizes if each == "reported") / math.fsum(size for _, size in sizes)


def residuals(system: System, minimum: float = 1.0) -> list[dict[str, Any]]:
    """Residuals of at least ``minimum`` [t REO/year] by element, stage and region, largest first."""
    rows = system.balance[(system.balance["line"] == "residual") & (system.balance["t"].abs() >= minimum)]
    found: list[dict[str, Any]] = [
        {"element": element, "stage": stage, "region": region, "t": float(t)}
        for element, stage, region, t in zip(rows["element"], rows["stage"], rows["region"], rows["t"], strict=True)
    ]
    return sorted(found, key=lambda row: (-abs(row["t"]), row["element"], row["stage"], row["region"]))
