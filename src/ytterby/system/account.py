"""The closed balance, what was moved, and the shares that come out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ytterby.facts.vocabulary import split_market

if TYPE_CHECKING:
    from ytterby.system.assemble import Reconciled
    from ytterby.system.inputs import Inputs
    from ytterby.system.system import System

MAGNET_REE = ("Nd", "Pr", "Dy", "Tb")
HEAVY = ("Dy", "Tb")


def adjustments(solved: Reconciled) -> pd.DataFrame:
    """Every measured fact: reported, used and by how many sigmas it was moved; largest first."""
    rows = []
    for measure in solved.measures:
        used = sum(weight * solved.values[name] for name, weight in measure.weights.items())
        rows.append((measure.fact, measure.quantity, measure.region, measure.element, measure.value, used, (used - measure.value) / measure.sigma, measure.kind))
    table = pd.DataFrame(rows, columns=["fact", "quantity", "region", "element", "reported", "used", "sigmas", "kind"])
    return table.reindex(table["sigmas"].abs().sort_values(ascending=False, kind="stable").index).reset_index(drop=True)


def as_of(inputs: Inputs) -> str:
    """Period of the newest fact used."""
    return max((str(inputs.facts.row(id)["period"])[:10] for id in sorted(inputs.used)), default="")


def by_element(system: System) -> dict[str, dict[str, float]]:
    """Content by commodity and element."""
    found: dict[str, dict[str, float]] = {}
    for row in system.contents.itertuples():
        found.setdefault(row.commodity, {})[row.element] = row.content
    return found


def with_balance(system: System) -> System:
    """The system with its balance table: element, stage, region, line, t REO equivalent per year."""
    content = by_element(system)
    lines: dict[tuple[str, str, str, str], float] = {}
    for row in system.markets.itertuples():
        for line in ("production", "imports", "exports", "use", "residual"):
            for element, share in content[row.commodity].items():
                key = (element, row.stage, row.region, line)
                lines[key] = lines.get(key, 0.0) + share * getattr(row, line)
    activity = system.processes["activity"]
    for process, cells in system.recipes.groupby("process"):
        region, stage = system.processes.loc[process, ["region", "stage"]]
        if stage == "mine":
            continue
        net: dict[str, float] = {}
        for cell in cells.itertuples():
            for element, share in content[split_market(cell.market)[0]].items():
                net[element] = net.get(element, 0.0) + cell.coefficient * share
        for element, value in net.items():
            key = (element, stage, region, "loss")
            lines[key] = lines.get(key, 0.0) - value * activity[process]
    table = pd.DataFrame([(*key, value) for key, value in sorted(lines.items()) if value], columns=["element", "stage", "region", "line", "t"])
    return replace(system, balance=table)


def balance_error(system: System) -> float:
    """Largest relative gap of a market: production + imports - exports - use - residual over throughput."""
    m = system.markets
    gap = (m["production"] + m["imports"] - m["exports"] - m["use"] - m["residual"]).abs()
    return float((gap / (m["production"] + m["imports"]).clip(lower=1e-9)).max())


def output_shares(system: System, processes: str, commodities: str, elements: tuple[str, ...] = ()) -> dict[str, float]:
    """Share of each region in the output of processes, by content of the named elements (all: empty), largest first."""
    from ytterby.system.recipes import matches

    content = by_element(system)
    total: dict[str, float] = {}
    for row in system.recipes.itertuples():
        commodity, region = split_market(row.market)
        if row.coefficient > 0 and matches(row.process.partition("@")[0], processes) and matches(commodity, commodities):
            weight = sum(value for element, value in content[commodity].items() if not elements or element in elements)
            total[region] = total.get(region, 0.0) + row.coefficient * weight * system.processes.at[row.process, "activity"]
    whole = sum(total.values())
    return dict(sorted(((region, size / whole) for region, size in total.items() if size), key=lambda item: (-item[1], item[0])))


def shares(system: System) -> dict[str, dict[str, float]]:
    """Shares that come out: mining by REO, refining of magnet rare earths and of heavies, magnets by rough tonnes."""
    primary = " ".join(sorted({row.partition("@")[0] for row in system.processes.index if row.startswith("oxide.") and "recycle-" not in row and "reject-" not in row}))
    return {
        "mine": output_shares(system, "mine.*", "mine.*"),
        "refining_magnet_ree": output_shares(system, primary, "oxide.*", MAGNET_REE),
        "separation_heavy": output_shares(system, primary, "oxide.*", HEAVY),
        "magnet": rough_magnets(system),
    }


def rough_magnets(system: System) -> dict[str, float]:
    """Share of each region in rough NdFeB magnets: finished plus swarf."""
    total: dict[str, float] = {}
    for row in system.recipes.itertuples():
        if row.coefficient > 0 and row.process.startswith("magnet.") and not row.process.startswith("magnet.SmCo"):
            region = split_market(row.market)[1]
            total[region] = total.get(region, 0.0) + row.coefficient * system.processes.at[row.process, "activity"]
    whole = sum(total.values())
    return dict(sorted(((region, size / whole) for region, size in total.items()), key=lambda item: (-item[1], item[0])))


def world_mine(system: System) -> float:
    """World mine output [t REO/year], scandium apart."""
    mined = system.processes[(system.processes["stage"] == "mine") & ~system.processes.index.str.startswith("mine.scandium")]
    return float(mined["activity"].sum())


def data_share(system: System) -> float:
    """Share of all flow (REO equivalent of process outputs, links and demands) that rests on reported rows."""
    content = {commodity: sum(parts.values()) for commodity, parts in by_element(system).items()}
    total = known = 0.0
    for row in system.recipes.itertuples():
        if row.coefficient > 0:
            size = row.coefficient * content[split_market(row.market)[0]] * system.processes.at[row.process, "activity"]
            total += size
            known += size if system.processes.at[row.process, "kind"] == "reported" else 0.0
    for table, column in ((system.links, "flow"), (system.demands, "use")):
        sizes = table[column] * table["commodity"].map(content)
        total += float(sizes.sum())
        known += float(sizes[table["kind"] == "reported"].sum())
    return known / total


def residuals(system: System, least: float = 1.0) -> list[dict[str, object]]:
    """Residuals that stay visible, by element, stage and region [t REO], largest first."""
    rows = system.balance[(system.balance["line"] == "residual") & (system.balance["t"].abs() >= least)]
    found = [{"element": row.element, "stage": row.stage, "region": row.region, "t": row.t} for row in rows.itertuples()]
    return sorted(found, key=lambda row: (-abs(row["t"]), row["element"], row["stage"], row["region"]))  # type: ignore[arg-type,operator]
