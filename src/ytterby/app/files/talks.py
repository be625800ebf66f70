"""The result of ``negotiate`` as files: all packages as CSV, the map of utilities or who gives what as a picture."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ytterby.app.files.exposure import csv_text
from ytterby.app.projects.saved_results import save_json
from ytterby.app.talks.days import day_row
from ytterby.app.talks.words import step_text
from ytterby.bargain import bundled_talks, bundled_text, load_talks
from ytterby.errors import InputError
from ytterby.report.briefing import ResultFrame, talks_pictures
from ytterby.report.render import WorkbookSheet
from ytterby.scenario import read_text
from ytterby.store import write_bytes

if TYPE_CHECKING:
    from ytterby.app.talks.negotiation import Negotiation
    from ytterby.bargain import NegotiationResult

Picture = Literal["map", "parts"]
TABLES = ("concessions", "rates", "delay", "sensitivity", "break_even", "control_shift", "no_deal_path")
"""Tables that are written into a folder."""


def save_negotiation(work: Negotiation, found: NegotiationResult, path: Path, picture: Picture = "map") -> None:
    """Write all packages (.csv), or a picture (.svg): the map of utilities, or who gives and gets what."""
    text = csv_text(packages_sheet(work)) if path.suffix.lower() == ".csv" else picture_of(work, found, picture)
    write_bytes(path, text.encode())


def talks_text(name_or_path: str) -> str:
    """Text of a talks file; it is checked before."""
    load_talks(name_or_path)
    return bundled_text(name_or_path) if name_or_path in bundled_talks() else read_text(Path(name_or_path), "talks file")


def packages_sheet(work: Negotiation) -> WorkbookSheet:
    """Every package: step of each issue, utility and gain of each party, whether it is in the room and on the front."""
    room, steps = work.room, work.bargain.packages.steps
    labels = [[step_text(issue.label(step), issue.kind) for step in range(len(issue.values))] for issue in work.talks.issues]
    head = [issue.id for issue in work.talks.issues]
    head += [f"{party}.{what}_usd" for what in ("utility", "gain") for party in work.talks.parties]
    rows = [
        (
            *(names[step] for names, step in zip(labels, own, strict=True)), *map(float, room.utilities[number]),
            *map(float, room.gains[number]), bool(room.feasible[number]), bool(room.efficient[number]),
        )
        for number, own in enumerate(steps)
    ]  # fmt: skip
    return WorkbookSheet("packages", (*head, "feasible", "pareto"), tuple(rows))


def picture_of(work: Negotiation, found: NegotiationResult, picture: Picture) -> str:
    """Map of utilities on the days that the talks compare, or who gives and gets what, as SVG.

    Raises
    ------
    InputError
        If there is nothing to draw.
    """
    shown = found if found.days or picture != "map" else found.model_copy(update={"days": tuple(map(day_row, work.on_days))})
    chart = talks_pictures(shown)[picture](ResultFrame(dt.date.min).writer("en"))
    if chart is None:
        raise InputError(f"--picture: {picture} has nothing to show, as no package is better than no deal for all")
    return chart.svg.markup(chart.alt)


def save_talks(work: Negotiation, found: NegotiationResult, folder: Path) -> None:
    """Write the result, all packages and the tables behind the answers into a folder, for ``ytterby brief``."""
    save_json(found, folder)
    write_bytes(folder / "packages.csv", csv_text(packages_sheet(work)).encode())
    for name in TABLES:
        write_bytes(folder / f"{name}.csv", found.table(name).to_csv(index=False).encode())
