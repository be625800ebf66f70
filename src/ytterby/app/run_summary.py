"""The summary of a run: first stops, shortfalls, losses, drivers; keys as other programs rely on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.economy.input_output import indirect_model
from ytterby.economy.input_output_tables import economies, indirect
from ytterby.economy.losses import Totals, table
from ytterby.ensembles.drivers import limit_of_chance
from ytterby.facts.load import load
from ytterby.facts.vocabulary import expand_regions, groups
from ytterby.simulation.uncertain_inputs import input_kind
from ytterby.system.compile import sum_at
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario.scenario import Scenario
    from ytterby.simulation.chunked_array import ChunkedArray
    from ytterby.simulation.provenance import ResultProvenance
    from ytterby.simulation.views import Views
    from ytterby.system.system import System

BAND = (0.05, 0.95)
MIN_SHARE = 1e-3
"""Shortfalls below a thousandth of base use are not listed."""
RECOVERED_SHARE = 0.01
"""A market has recovered when less than a hundredth of its use goes unserved."""
TOP_DRIVERS = 10
UNDECLARED = "undeclared"
"""Name of the group of smuggling links; its wedge is their rent."""
MIN_DRAWS_FOR_DRIVERS = 8
MIN_LOSS_USD = 1e5
"""Losses below it are rounding of the model."""


def _day(mondays: NDArray[np.datetime64], week: float) -> str | None:
    return None if not np.isfinite(week) else str(mondays[min(int(week), len(mondays) - 1)])


def first_stops(
    first: NDArray[np.float64],
    line: NDArray[np.float64],
    binding: NDArray[np.int64],
    sectors: pd.DataFrame,
    goods: list[str],
    mondays: NDArray[np.datetime64],
    provenance: ResultProvenance,
) -> list[dict[str, Any]]:
    """Sectors that stop, earliest first, with the share of draws in which they do.

    ``first`` and ``line`` are (draw, sector) weeks, NaN where a draw has no stop.
    """
    rows = []
    for column, row in enumerate(sectors.itertuples()):
        weeks = np.where(np.isnan(first[:, column]), np.inf, first[:, column])
        if not np.isfinite(weeks).any():
            continue
        line_weeks = np.where(np.isnan(line[:, column]), np.inf, line[:, column])
        low, middle, high = (float(np.quantile(weeks, q, method="inverted_cdf")) for q in (BAND[0], 0.5, BAND[1]))
        bound = binding[:, column][binding[:, column] >= 0]
        good = goods[int(np.bincount(bound).argmax())] if len(bound) else None
        rows.append(
            {
                "sector": row.sector,
                "country": row.region,
                "value_added_usd": float(str(row.value_added)),
                "date": _day(mondays, middle),
                "date_low": _day(mondays, low),
                "date_high": _day(mondays, high),
                "probability": round(float(np.isfinite(weeks).mean()), 4),
                "line_stop": _day(mondays, float(np.quantile(line_weeks, 0.5, method="inverted_cdf"))),
                "line_stop_probability": round(float(np.isfinite(line_weeks).mean()), 4),
                "input": good,
                "facts": list(provenance.stop(str(row.sector), str(row.region), good)),
            }
        )
    return sorted(rows, key=lambda row: (row["date"] or "9999", -row["value_added_usd"], row["sector"], row["country"]))


def shortfalls(
    unmet: ChunkedArray,
    total: NDArray[np.float64],
    peak: NDArray[np.float64],
    views: Views,
    mondays: NDArray[np.datetime64],
    provenance: ResultProvenance,
) -> list[dict[str, Any]]:
    """Unserved final use by commodity and region, largest first.

    ``unmet`` is (draw, week, view) [t/week]; ``total`` [t] and ``peak`` [t/week] are its sum and its largest week (draw, view).
    """
    net = views.network.net
    use = views.total(sum_at(net.demand_market, net.use, len(net.price)))
    share = peak / np.where(use > 0.0, use, np.inf)
    short = np.flatnonzero(np.quantile(share, BAND[1], axis=0) >= MIN_SHARE)
    middles = unmet.over_draws(lambda slab: np.median(slab[:, :, short].astype(np.float64), axis=0)) / use[short]
    rows = []
    for column, middle in zip(short, middles.T, strict=True):
        commodity, region = views.names[column]
        totals, worst = total[:, column], int(middle.argmax())
        rows.append(
            {
                "commodity": commodity,
                "region": region,
                "sum_of_regions": region in groups(),
                "total_t": float(np.median(totals)),
                "total_t_low": float(np.quantile(totals, BAND[0])),
                "total_t_high": float(np.quantile(totals, BAND[1])),
                "worst_share": float(np.median(share[:, column])),
                "worst_share_high": float(np.quantile(share[:, column], BAND[1])),
                "worst_date": str(mondays[worst]) if middle.max() > 0 else None,
                "recovered": _recovered(middle, mondays),
                "facts": list(provenance.shortfall(commodity, region)),
            }
        )
    return sorted(rows, key=lambda row: -row["total_t"])


def _recovered(share: NDArray[np.float64], mondays: NDArray[np.datetime64]) -> str | None:
    """Monday after the last week with a shortfall; None where it lasts to the horizon or never came."""
    short = np.flatnonzero(share > RECOVERED_SHARE)
    if len(short) == 0 or short[-1] == len(share) - 1:
        return None
    return str(mondays[short[-1] + 1])


def loss_rows(totals: Totals, stops: list[dict[str, Any]], provenance: ResultProvenance) -> list[dict[str, Any]]:
    """Losses by country and sector, largest first; they rest on what the sector's stop rests on, where there is one."""
    found, known = table(totals), {(row["sector"], row["country"]): row["facts"] for row in stops}
    rows = found[found["high"] > MIN_LOSS_USD].to_dict("records")
    told = [{str(key): value if isinstance(value, str) else float(value) for key, value in row.items()} for row in rows]
    places = [(str(row["sector"]), str(row["country"])) for row in told]
    facts = [known[place] if place in known else list(provenance.stop(*place, None)) for place in places]
    return [row | {"facts": names} for row, names in zip(told, facts, strict=True)]


def drivers(rows: pd.DataFrame, outcome: NDArray[np.float64], scenario: Scenario, calibrated: Collection[str] = ()) -> list[dict[str, Any]]:
    """Inputs that matter most for an outcome: rank correlation (Spearman), largest magnitude first.

    What an input rests on follows :func:`input_kind`. ``beyond_chance`` is False where one of so many
    inputs would seem to matter as much in so few draws though none did (once in twenty runs, Bonferroni).
    """
    from scipy.stats import rankdata

    if len(rows) < MIN_DRAWS_FOR_DRIVERS or np.ptp(outcome) <= 0.0:
        return []
    target, measures = rankdata(outcome), [measure.model_dump() for measure in scenario.measures]
    found: list[dict[str, Any]] = []
    for name in rows.columns:
        column = rows[name]
        values = rankdata(column if column.dtype.kind in "fiu" else column.astype("category").cat.codes)
        if np.ptp(values) > 0.0:
            kind = input_kind(str(name), measures, calibrated)
            found.append({"input": str(name), "rho": float(np.corrcoef(values, target)[0, 1]), "kind": kind})
    limit = limit_of_chance(len(found), len(rows))
    return [row | {"beyond_chance": abs(row["rho"]) > limit} for row in sorted(found, key=lambda row: -abs(row["rho"]))]


def evidence_grade(found: list[dict[str, Any]]) -> dict[str, float]:
    """Share of the explained variance of ranks by the kind of input: reported, derived, assumed."""
    weight = {kind: sum(row["rho"] ** 2 for row in found if row["kind"] == kind) for kind in ("reported", "derived", "assumed")}
    total = sum(weight.values())
    return {kind: (value / total if total else 0.0) for kind, value in weight.items()}


def indirect_rows(sectors: pd.DataFrame, lost_usd: ChunkedArray, project: Path) -> list[dict[str, Any]]:
    """Indirect losses of each country through its input-output table, at the mean direct loss over draws.

    ``lost_usd`` is (draw, week, sector) [USD/week]. Countries without a table are listed with route ``none`` and no figure.
    """
    per_week = np.maximum(sectors["value_added"].to_numpy(dtype=np.float64) / WEEKS_PER_YEAR, 1e-9)
    mean = lost_usd.over_draws(lambda slab: slab.astype(np.float64).mean(axis=0))
    share = np.clip(mean / per_week, 0.0, 1.0)
    if not share.any():
        return []
    found = indirect(share, sectors, economies(load(project), sectors), indirect_model())
    rows = [
        {
            "country": country,
            "route": result.route,
            **{key: _whole(getattr(result, name)) for key, name in (("value_added_usd", "value_added"), ("low", "low"), ("high", "high"))},
        }
        for country, result in found.items()
    ]
    return sorted(rows, key=lambda row: -(row["value_added_usd"] or 0.0))


def _whole(path: NDArray[np.float64]) -> float | None:
    """Sum over the weeks; None where there is no figure."""
    total = float(np.sum(path))
    return total if np.isfinite(total) else None


def focus_columns(sectors: pd.DataFrame, focus: tuple[str, ...]) -> NDArray[np.int64]:
    """Columns of the sectors in the regions and groups."""
    wanted = {region for name in focus for region in expand_regions(name)}
    return np.flatnonzero(sectors["region"].isin(wanted).to_numpy())


def headline(totals: Totals, focus: tuple[str, ...]) -> dict[str, Any]:
    """Value added lost and jobs at risk in all and by region or group of the focus, with the band over draws."""
    found = {}
    for name in ("all", *focus):
        columns = focus_columns(totals.sectors, (name,))
        usd, jobs = totals.usd("gross")[:, columns].sum(axis=1), totals.jobs()[:, columns].sum(axis=1)
        found[name] = {
            "value_added_usd": float(np.median(usd)),
            "low": float(np.quantile(usd, BAND[0])),
            "high": float(np.quantile(usd, BAND[1])),
            "net_usd": float(np.median(totals.usd("net")[:, columns].sum(axis=1))),
            "job_years": float(np.median(jobs)),
        }
    return found


def quota_names(scenario: Scenario) -> list[tuple[str, str]]:
    """Name and origin of each quota group, in the order of the simulator."""
    quotas = [m for m in scenario.measures if m.kind == "quota"]
    named: dict[str, str] = {}
    for i, measure in enumerate(quotas):
        named.setdefault(getattr(measure, "group", None) or f"quota-{i}", "+".join(measure.from_))
    return list(named.items())


def fact_ids(scenario: Scenario, system: System) -> list[str]:
    """Ids of all facts that the scenario and the base system rest on."""
    ids = set(scenario.facts)
    for measure in scenario.all_measures():
        ids.update(measure.facts)
    for frame in (system.processes, system.links, system.demands, system.stockpiles, system.sectors):
        for cell in frame["facts"].dropna():
            ids.update(str(cell).split())
    return sorted(ids)


def today() -> dt.date:
    """The day of the run, for the warning about expired states."""
    return dt.datetime.now(tz=dt.UTC).date()
