"""Weekly series of a run: one measure over time, by place, as fans or paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app.runs.runs import run_of
from ytterby.errors import InputError, UnknownNameError
from ytterby.result_model import ResultModel
from ytterby.simulation import measures_of, tidy_frame

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LABELS = ("commodity", "origin", "destination", "sector")
MOST_POINTS = 250_000
"""Most rows of one answer."""


class SeriesPoint(ResultModel):
    """A value of a week."""

    date: str
    """Monday of the week, YYYY-MM-DD."""
    commodity: str
    origin: str
    """Where a flow comes from; empty for what stands at a place."""
    destination: str
    """Where it goes, or where it stands."""
    sector: str
    quantile: str
    """0.05, 0.25, 0.5, 0.75, 0.95 or mean of an ensemble; empty for a single run."""
    value: float | None
    """In `unit`; None where nothing moved."""


class RunSeries(ResultModel):
    """One measure of a run, week by week."""

    run: str
    measure: str
    unit: str
    """Weekly values are flows in that week or stocks at its end."""
    measures: tuple[str, ...]
    """All measures that the run has."""
    labels: dict[str, tuple[str, ...]]
    """Commodities, origins, destinations and sectors that this measure has."""
    points: tuple[SeriesPoint, ...]
    """By commodity and place, then date and quantile."""


def run_series(id_: str, project: Path, measure: str, **wanted: str) -> RunSeries:
    """One measure of a run of the project, of the labels that are asked for.

    Parameters
    ----------
    id_ : str
        Id of the run.
    project : Path
        Project folder.
    measure : str
        Such as ``shortfall``, ``price`` or ``stock``.
    **wanted : str
        Labels by `commodity`, `origin`, `destination` or `sector`; empty ones are not looked at.

    Raises
    ------
    UnknownNameError
        If there is no such run, measure or label.
    InputError
        If that is more than :data:`MOST_POINTS` values.
    """
    found = run_of(id_, project)
    known = measures_of(found.dataset)
    if measure not in known:
        raise UnknownNameError("measure", measure, known)
    table = tidy_frame(found.dataset, measure)
    labels = {name: tuple(sorted({str(value) for value in table[name].dropna().unique() if value})) for name in LABELS}
    chosen = _chosen(table, labels, wanted)
    if len(chosen) > MOST_POINTS:
        raise InputError(f"{measure}: {len(chosen):,} values; ask for one commodity or place, or write a file by format=parquet")
    unit = str(table["unit"].iloc[0]) if len(table) else ""
    return RunSeries(run=id_, measure=measure, unit=unit, measures=tuple(known), labels=labels, points=_points(chosen))


def _chosen(table: pd.DataFrame, labels: dict[str, tuple[str, ...]], wanted: dict[str, str]) -> pd.DataFrame:
    for name, value in wanted.items():
        if not value:
            continue
        if value not in labels[name]:
            raise UnknownNameError(name, value, labels[name] or ["none: this measure has no such label"])
        table = table[table[name] == value]
    return table


def _points(table: pd.DataFrame) -> tuple[SeriesPoint, ...]:
    plain = {name: ["" if value is None or value != value else str(value) for value in table[name]] for name in (*LABELS, "quantile")}
    dates = [f"{day:%Y-%m-%d}" for day in table["date"]]
    values = [None if value != value else float(value) for value in table["value"]]
    rows = zip(dates, *(plain[name] for name in (*LABELS, "quantile")), values, strict=True)
    names = ("date", *LABELS, "quantile", "value")
    return tuple(SeriesPoint.model_construct(set(names), **dict(zip(names, row, strict=True))) for row in rows)
