"""Tables of the summary of a run: first stops, shortfalls, losses, drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy import LossTotals, economies, indirect, indirect_model, table
from ytterby.ensembles.draw_assessment import EVERYWHERE, focus_columns
from ytterby.ensembles.drivers import MIN_DRAWS_FOR_DRIVERS, limit_of_chance, ranks
from ytterby.ensembles.run_summary import BranchResult, Driver, EvidenceGrade, FirstStop, IndirectLoss, PlaceLoss, SectorLoss, Shortfall
from ytterby.facts import groups, load
from ytterby.simulation import input_kind
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario import Scenario
    from ytterby.simulation import ChunkedArray, ResultProvenance, Views

BAND = (0.05, 0.95)
MIN_SHARE = 1e-3
"""Shortfalls below a thousandth of base use are not listed."""
RECOVERED_SHARE = 0.01
"""A market has recovered when less than a hundredth of its use goes unserved."""
TOP_DRIVERS = 10
MAX_SCALED = 1.0 / 3.0
"""A sum over all countries is not printed while more than this share of it rests on value added scaled from totals."""
MIN_LOSS_USD = 1e5
"""Losses below it are rounding of the model."""


def _day(mondays: NDArray[np.datetime64], week: float) -> str | None:
    return None if not np.isfinite(week) else str(mondays[min(int(week), len(mondays) - 1)])


def first_stops(
    first: NDArray[np.float64],
    line: NDArray[np.float64],
    binding: NDArray[np.int64],
    firms: NDArray[np.float64],
    sectors: pd.DataFrame,
    goods: list[str],
    mondays: NDArray[np.datetime64],
    provenance: ResultProvenance,
) -> tuple[FirstStop, ...]:
    """Sectors that stop, earliest first, with the share of draws in which they do.

    ``first`` and ``line`` are (draw, sector) weeks, NaN where a draw has no stop; ``firms`` is the share of firms without the input then.
    """
    rows = []
    for column, row in enumerate(sectors.itertuples()):
        weeks = _or_never(first[:, column])
        if not np.isfinite(weeks).any():
            continue
        line_weeks = _or_never(line[:, column])
        low, middle, high = (float(np.quantile(weeks, q, method="inverted_cdf")) for q in (BAND[0], 0.5, BAND[1]))
        bound = binding[:, column][binding[:, column] >= 0]
        good = goods[int(np.bincount(bound).argmax())] if len(bound) else None
        rows.append(
            FirstStop(
                sector=str(row.sector),
                country=str(row.region),
                value_added_usd=float(str(row.value_added)),
                date=_day(mondays, middle),
                date_low=_day(mondays, low),
                date_high=_day(mondays, high),
                probability=round(float(np.isfinite(weeks).mean()), 4),
                line_stop=_day(mondays, float(np.quantile(line_weeks, 0.5, method="inverted_cdf"))),
                line_stop_probability=round(float(np.isfinite(line_weeks).mean()), 4),
                firms=round(float(np.nanmedian(firms[:, column])), 4) if np.isfinite(firms[:, column]).any() else None,
                input=good,
                facts=provenance.stop(str(row.sector), str(row.region), good),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.date or "9999", -row.value_added_usd, row.sector, row.country)))


def shortfalls(
    unmet: ChunkedArray,
    found: Mapping[str, NDArray[np.float64]],
    stopped: Mapping[tuple[str, str], float],
    views: Views,
    mondays: NDArray[np.datetime64],
    provenance: ResultProvenance,
) -> tuple[Shortfall, ...]:
    """What final users lack by commodity and region: the inputs that stop sectors first, then by unserved use.

    Parameters
    ----------
    unmet : ChunkedArray (draw, week, view)
        Unserved use [t/week].
    found : dict of array (draw, view)
        Of :data:`ytterby.ensembles.TOTALS` the sum and the largest week of unserved use [t, t/week] and what else users lack.
    stopped : dict
        Losses of sectors that stop, by the commodity and region that stops them [USD]; see :func:`stopping_inputs`.
    """
    use, total = views.final_use, found["shortfall_total"]
    share = found["shortfall_peak"] / np.where(use > 0.0, use, np.inf)
    needed = np.array([name in stopped for name in views.names])
    worst_lack = np.median(found["lack_peak"], axis=0)
    short = np.flatnonzero((np.quantile(share, BAND[1], axis=0) >= MIN_SHARE) | (needed & (worst_lack >= MIN_SHARE)))
    middles = unmet.reduce_draws(lambda slab: np.median(slab[:, :, short].astype(np.float64), axis=0)) / use[short]
    since = np.quantile(_or_never(found["lack_start"]), 0.5, axis=0, method="inverted_cdf")
    rows = []
    for column, middle in zip(short, middles.T, strict=True):
        commodity, region = views.names[column]
        totals, worst = total[:, column], int(middle.argmax())
        rows.append(
            Shortfall(
                commodity=commodity,
                region=region,
                sum_of_regions=region in groups(),
                total_t=float(np.median(totals)),
                total_t_low=float(np.quantile(totals, BAND[0])),
                total_t_high=float(np.quantile(totals, BAND[1])),
                priced_out_t=float(np.median(found["priced_out_total"][:, column])),
                from_stock_t=float(np.median(found["from_stock_total"][:, column])),
                lack_share=float(worst_lack[column]),
                lack_since=_day(mondays, float(since[column])),
                worst_share=float(np.median(share[:, column])),
                worst_share_high=float(np.quantile(share[:, column], BAND[1])),
                worst_date=str(mondays[worst]) if middle.max() > 0 else None,
                recovered=_recovered(middle, mondays),
                facts=provenance.shortfall(commodity, region),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-stopped.get((row.commodity, row.region), 0.0), -row.total_t)))


def stopping_inputs(stops: Sequence[FirstStop], losses: Sequence[SectorLoss]) -> dict[tuple[str, str], float]:
    """Losses of the sectors that stop in half of the draws or more, by the commodity and region that stops them [USD]."""
    lost = {(row.sector, row.country): row.value_added_usd for row in losses}
    found: dict[tuple[str, str], float] = {}
    for row in stops:
        if row.input is not None and row.date is not None:
            place = row.input, row.country
            found[place] = found.get(place, 0.0) + lost.get((row.sector, row.country), 0.0)
    return found


def _or_never(weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weeks with infinity for NaN, so that a quantile counts the draws in which it never comes to it as the latest."""
    return np.where(np.isnan(weeks), np.inf, weeks)


def _recovered(share: NDArray[np.float64], mondays: NDArray[np.datetime64]) -> str | None:
    """Monday after the last week with unserved use; None where it lasts to the horizon or never came."""
    short = np.flatnonzero(share > RECOVERED_SHARE)
    if len(short) == 0 or short[-1] == len(share) - 1:
        return None
    return str(mondays[short[-1] + 1])


def loss_rows(totals: LossTotals, stops: Sequence[FirstStop], provenance: ResultProvenance) -> tuple[SectorLoss, ...]:
    """Losses by country and sector, largest first; they rest on what the sector's stop rests on, where there is one."""
    found, known = table(totals), {(row.sector, row.country): row.facts for row in stops}
    rows = SectorLoss.from_records(found[found["high"] > MIN_LOSS_USD].to_dict("records"))
    places = [(row.sector, row.country) for row in rows]
    facts = [known[place] if place in known else provenance.stop(*place, None) for place in places]
    return tuple(row.model_copy(update={"facts": names}) for row, names in zip(rows, facts, strict=True))


def ranked_drivers(
    rows: pd.DataFrame, outcome: NDArray[np.float64], scenario: Scenario, calibrated: Collection[str] = ()
) -> tuple[Driver, ...]:
    """Inputs that matter most for an outcome: rank correlation (Spearman), largest magnitude first.

    What an input rests on follows :func:`input_kind`. ``beyond_chance`` is False where one of so many
    inputs would seem to matter as much in so few draws though none did (once in twenty runs, Bonferroni).
    """
    if len(rows) < MIN_DRAWS_FOR_DRIVERS or np.ptp(outcome) <= 0.0:
        return ()
    target, measures = ranks(outcome), [measure.model_dump() for measure in scenario.measures]
    found: list[tuple[str, float]] = []
    for name in rows.columns:
        column = rows[name]
        values = ranks((column if column.dtype.kind in "fiu" else column.astype("category").cat.codes).to_numpy())
        if np.ptp(values) > 0.0:
            found.append((str(name), float(np.corrcoef(values, target)[0, 1])))
    limit = limit_of_chance(len(found), len(rows))
    kinds = {name: input_kind(name, measures, calibrated) for name, _ in found}
    found.sort(key=lambda row: -abs(row[1]))
    return tuple(Driver(input=name, rho=rho, kind=kinds[name], beyond_chance=abs(rho) > limit) for name, rho in found)


def evidence_grade(found: Sequence[Driver]) -> EvidenceGrade:
    """Share of the explained variance of ranks by the kind of input: reported, derived, assumed."""
    weight = {kind: sum(row.rho**2 for row in found if row.kind == kind) for kind in ("reported", "derived", "assumed")}
    total = sum(weight.values())
    return EvidenceGrade(**{kind: (value / total if total else 0.0) for kind, value in weight.items()})


def indirect_rows(sectors: pd.DataFrame, lost_usd: ChunkedArray, project: Path) -> tuple[IndirectLoss, ...]:
    """Indirect losses of each country through its input-output table, at the mean direct loss over draws.

    ``lost_usd`` is (draw, week, sector) [USD/week]. Countries without a table are listed with route ``none`` and no figure.
    """
    per_week = np.maximum(sectors["value_added"].to_numpy(dtype=np.float64) / WEEKS_PER_YEAR, 1e-9)
    mean = lost_usd.reduce_draws(lambda slab: slab.astype(np.float64).mean(axis=0))
    share = np.clip(mean / per_week, 0.0, 1.0)
    if not share.any():
        return ()
    found = indirect(share, sectors, economies(load(project), sectors), indirect_model())
    rows = [
        IndirectLoss(
            country=country,
            route=result.route,
            value_added_usd=_whole(result.value_added),
            low=_whole(result.low),
            high=_whole(result.high),
        )
        for country, result in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: -(row.value_added_usd or 0.0)))


def _whole(path: NDArray[np.float64]) -> float | None:
    """Sum over the weeks; None where there is no figure."""
    total = float(np.sum(path))
    return total if np.isfinite(total) else None


def branches(
    scenario: Scenario, rows: pd.DataFrame, totals: LossTotals, first: NDArray[np.float64], places: tuple[str, ...]
) -> tuple[BranchResult, ...]:
    """What the draws of each branch of each fork come to; ``first`` is (draw, sector) weeks of the first stop."""
    if not scenario.forks or len(rows) < 2:
        return ()
    found = []
    for fork, taken in enumerate(scenario.choices({key: rows[key].to_numpy() for key in scenario.fork_keys})):
        for number, branch in enumerate(scenario.forks[fork].branches):
            at = np.flatnonzero(taken == number)
            some = LossTotals(totals.sectors, totals.gross[at], totals.net[at], totals.sales[at], totals.worst[at])
            stops, losses = (stopping(some, first[at], places), headline(some, places)) if len(at) else ({}, {})
            found.append(BranchResult(fork=fork, label=branch.label, p=branch.p, draws=len(at), headline=losses, stops=stops))
    return tuple(found)


def stopping(totals: LossTotals, first: NDArray[np.float64], places: tuple[str, ...]) -> dict[str, float]:
    """Share of draws in which a sector stops, in all and by place; ``first`` is (draw, sector) weeks of the first stop."""
    stops = ~np.isnan(first)
    return {name: float(stops[:, focus_columns(totals.sectors, (name,))].any(axis=1).mean()) for name in (EVERYWHERE, *places)}


def headline(totals: LossTotals, places: tuple[str, ...]) -> dict[str, PlaceLoss]:
    """Value added lost and jobs at risk in all and by place, with the band over draws."""
    found, scaled = {}, (totals.sectors["facts"] == "").to_numpy()
    for name in (EVERYWHERE, *places):
        columns = focus_columns(totals.sectors, (name,))
        by_sector = totals.usd("gross")[:, columns].mean(axis=0)
        usd, jobs = totals.usd("gross")[:, columns].sum(axis=1), totals.jobs()[:, columns].sum(axis=1)
        found[name] = PlaceLoss(
            value_added_usd=float(np.median(usd)),
            low=float(np.quantile(usd, BAND[0])),
            high=float(np.quantile(usd, BAND[1])),
            net_usd=float(np.median(totals.usd("net")[:, columns].sum(axis=1))),
            job_years=float(np.median(jobs)),
            scaled_share=float(by_sector[scaled[columns]].sum() / max(by_sector.sum(), 1e-9)),
        )
    return found
