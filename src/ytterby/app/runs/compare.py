"""The difference of two runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError
from ytterby.result_model import ResultModel
from ytterby.store import ProjectStore, is_run, read_run

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.store import Run


def find_run(name: str | Path, project: Path) -> Run:
    """Run of a folder, or of a name in the project's index.

    Raises
    ------
    UnknownNameError
        If it is neither; the nearest name of the project is given.
    """
    store = ProjectStore(project)
    folder = store.run_folder(str(name))
    if not is_run(folder):
        raise UnknownNameError("run", str(name), [str(row["run"]) for row in store.runs()] or ["none: 'ytterby run' makes them"])
    return read_run(folder)


class SectorDifference(ResultModel):
    """Loss of a sector in two runs."""

    country: str
    sector: str
    first: float
    """Value added lost in the first run [USD]."""
    second: float
    """Value added lost in the second run [USD]."""
    difference: float
    """Second less first [USD]."""


class ShortfallDifference(ResultModel):
    """Shortfall of a commodity in two runs."""

    commodity: str
    region: str
    first: float
    """Shortfall in the first run [t]."""
    second: float
    """Shortfall in the second run [t]."""
    difference: float
    """Second less first [t]."""


class StopDifference(ResultModel):
    """First stop of a sector in two runs."""

    sector: str
    country: str
    first: str | None
    """Date in the first run; None where it does not stop."""
    second: str | None
    """Date in the second run; None where it does not stop."""
    days_later: int | None
    """Days later in the second run, counted from each scenario's start [day]."""


class CompareResult(ResultModel):
    """What a second run has more (+) or less (-) than a first."""

    runs: tuple[str, str]
    """Folders of the runs."""
    scenarios: tuple[str, str]
    """Names of the scenarios."""
    same_base: bool
    """Whether both start from the same base system."""
    headline: dict[str, float]
    """Difference of the value added lost, in all and by place [USD]."""
    losses: tuple[SectorDifference, ...]
    """Largest difference first."""
    shortfall: tuple[ShortfallDifference, ...]
    """Largest difference first."""
    first_stops: tuple[StopDifference, ...]
    """Earliest first."""


def compare(first: str | Path, second: str | Path, project: Path) -> CompareResult:
    """What the second run has more (+) or less (-) than the first.

    Raises
    ------
    UnknownNameError
        If one is neither a run folder nor a name in the project.
    """
    a, b = find_run(first, project), find_run(second, project)
    return CompareResult(
        runs=(str(a.folder), str(b.folder)),
        scenarios=(a.summary.scenario, b.summary.scenario),
        same_base=a.record["base_digest"] == b.record["base_digest"],
        headline={key: b.summary.headline[key].value_added_usd - value.value_added_usd for key, value in a.summary.headline.items()},
        losses=SectorDifference.from_records(_differences(a, b, "losses", ("country", "sector"), "value_added_usd")),
        shortfall=ShortfallDifference.from_records(_differences(a, b, "shortfall", ("commodity", "region"), "total_t")),
        first_stops=_stops(a, b),
    )


def _differences(a: Run, b: Run, table: str, keys: tuple[str, ...], value: str) -> list[dict[str, str | float]]:
    """Rows of both runs by key, largest difference first; a row that one run lacks counts as nil there."""
    left = {tuple(getattr(row, key) for key in keys): getattr(row, value) for row in getattr(a.summary, table)}
    right = {tuple(getattr(row, key) for key in keys): getattr(row, value) for row in getattr(b.summary, table)}
    found = [(key, left.get(key, 0.0), right.get(key, 0.0)) for key in sorted({*left, *right})]
    found.sort(key=lambda item: -abs(item[2] - item[1]))
    return [
        dict(zip(keys, key, strict=True)) | {"first": before, "second": after, "difference": after - before} for key, before, after in found
    ]


def _stops(a: Run, b: Run) -> tuple[StopDifference, ...]:
    left, right = ({(row.sector, row.country): row.date for row in run.summary.first_stops} for run in (a, b))
    rows = []
    for sector, country in sorted({*left, *right}):
        before, after = left.get((sector, country)), right.get((sector, country))
        later = _days(a, before, b, after)
        rows.append(StopDifference(sector=sector, country=country, first=before, second=after, days_later=later))
    return tuple(sorted(rows, key=lambda row: (row.first or row.second or "9999", row.sector, row.country)))


def _days(a: Run, before: str | None, b: Run, after: str | None) -> int | None:
    """Days, counted from each scenario's start, by which the second date is later; None where a run has no stop."""
    if before is None or after is None:
        return None
    first = dt.date.fromisoformat(before) - dt.date.fromisoformat(a.summary.start)
    return (dt.date.fromisoformat(after) - dt.date.fromisoformat(b.summary.start) - first).days
