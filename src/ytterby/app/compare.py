"""The difference of two runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ytterby.errors import UnknownNameError
from ytterby.store.project import ProjectStore
from ytterby.store.runs import is_run, read_run

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.store.runs import Run


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


def compare(first: str | Path, second: str | Path, project: Path) -> dict[str, Any]:
    """What the second run has more (+) or less (-) than the first.

    Returns
    -------
    dict
        Keys ``runs``, ``same_base``, ``headline``, ``losses``, ``shortfall``, ``first_stops`` (days later after each scenario's start).
    """
    a, b = find_run(first, project), find_run(second, project)
    return {
        "runs": [str(a.folder), str(b.folder)],
        "scenarios": [a.summary["scenario"], b.summary["scenario"]],
        "same_base": a.record["base_digest"] == b.record["base_digest"],
        "headline": {
            key: b.summary["headline"][key]["value_added_usd"] - value["value_added_usd"] for key, value in a.summary["headline"].items()
        },
        "losses": _differences(a, b, "losses", ("country", "sector"), "value_added_usd"),
        "shortfall": _differences(a, b, "shortfall", ("commodity", "region"), "total_t"),
        "first_stops": _stops(a, b),
    }


def _differences(a: Run, b: Run, table: str, keys: tuple[str, ...], value: str) -> list[dict[str, Any]]:
    """Rows of both runs by key, largest difference first; a row that one run lacks counts as nil there."""
    left = {tuple(row[key] for key in keys): row[value] for row in a.summary[table]}
    right = {tuple(row[key] for key in keys): row[value] for row in b.summary[table]}
    rows = []
    for key in sorted({*left, *right}):
        before, after = left.get(key, 0.0), right.get(key, 0.0)
        rows.append(dict(zip(keys, key, strict=True)) | {"first": before, "second": after, "difference": after - before})
    return sorted(rows, key=lambda row: -abs(row["difference"]))


def _stops(a: Run, b: Run) -> list[dict[str, Any]]:
    left, right = ({(row["sector"], row["country"]): row["date"] for row in run.summary["first_stops"]} for run in (a, b))
    rows = []
    for sector, country in sorted({*left, *right}):
        before, after = left.get((sector, country)), right.get((sector, country))
        later = _days(a, before, b, after)
        rows.append({"sector": sector, "country": country, "first": before, "second": after, "days_later": later})
    return sorted(rows, key=lambda row: (row["first"] or row["second"] or "9999", row["sector"], row["country"]))


def _days(a: Run, before: str | None, b: Run, after: str | None) -> int | None:
    """Days, counted from each scenario's start, by which the second date is later; None where a run has no stop."""
    if before is None or after is None:
        return None
    first = dt.date.fromisoformat(before) - dt.date.fromisoformat(a.summary["start"])
    return (dt.date.fromisoformat(after) - dt.date.fromisoformat(b.summary["start"]) - first).days
