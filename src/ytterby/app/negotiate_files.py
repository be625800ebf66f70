"""The result of ``negotiate`` as files: all packages as CSV, the map of utilities or who gives what as a picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ytterby.app.exposure_files import csv_text
from ytterby.app.negotiate_words import step_text
from ytterby.app.negotiation import Negotiation
from ytterby.bargain import MONEY, bundled_talks, bundled_text, chosen, load_talks
from ytterby.report import Words
from ytterby.report.charts import BargainPanel, GiveTake, bargain_map_chart, give_take_chart
from ytterby.report.render import Sheet
from ytterby.scenario import read_text
from ytterby.store import write_bytes

if TYPE_CHECKING:
    from ytterby.bargain import NegotiationResult

Picture = Literal["map", "parts"]
BILLION = 1e9
CLOUD = 500
"""Packages that are drawn as dots."""
SMALL = 5e6
"""Term that is left out of the bars [USD/year]."""
TITLES = {"nash": "Nash", "kalai_smorodinsky": "Kalai-Smorodinsky"}


def save_negotiation(work: Negotiation, found: NegotiationResult, path: Path, picture: Picture = "map") -> None:
    """Write all packages (.csv), or a picture (.svg): the map of utilities, or who gives and gets what."""
    if path.suffix.lower() == ".csv":
        text = csv_text(packages_sheet(work))
    else:
        text = map_picture(work) if picture == "map" else parts_picture(work, found)
    write_bytes(path, text.encode())


def talks_text(name_or_path: str) -> str:
    """Text of a talks file; it is checked before."""
    load_talks(name_or_path)
    return bundled_text(name_or_path) if name_or_path in bundled_talks() else read_text(Path(name_or_path), "talks file")


def packages_sheet(work: Negotiation) -> Sheet:
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
    return Sheet("packages", (*head, "feasible", "pareto"), tuple(rows))


def map_picture(work: Negotiation) -> str:
    """Map of utilities of the first two parties on the days that the talks compare, or on the day asked for."""
    first, second = work.talks.parties[:2]
    panels = [panel(each) for each in on_days(work)]
    axes = tuple(f"{work_name}, gain over no deal [bn USD a year]" for work_name in (first, second))
    return bargain_map_chart(panels, (axes[0], axes[1]), Words("en")).markup(alternative(panels, (first, second)))


def on_days(work: Negotiation) -> list[Negotiation]:
    """The same talks on the days that their file compares; programmes on minerals are those of the day asked for."""
    found = []
    for day in work.talks.story or (work.day,):
        other = Negotiation(replace(work.request, as_of=day, draws=0))
        other.share_minerals(work)
        found.append(other)
    return found


def panel(work: Negotiation) -> BargainPanel:
    """The bargain of the first two parties on a day."""
    gains = work.room.gains[:, :2] / BILLION
    some = np.random.default_rng(0).permutation(len(gains))[:CLOUD]
    points = {title: found for rule, title in TITLES.items() if (found := chosen(work.room, rule)) is not None}
    places = {title: _pair((point.utilities - work.room.no_deal)[:2] / BILLION) for title, point in points.items()}
    if work.actual is not None:
        places["agreed"] = _pair(gains[work.actual])
    front = [_pair(row) for row in gains[work.room.front]]
    return BargainPanel(f"as known on {work.day}", [_pair(row) for row in gains[some]], front, places)


def _pair(values: np.ndarray) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def alternative(panels: list[BargainPanel], parties: tuple[str, str]) -> str:
    """Text of the map."""
    parts = [
        f"{each.title}: " + ", ".join(f"{name} {parties[0]} {x:+.1f} and {parties[1]} {y:+.1f}" for name, (x, y) in each.points.items())
        for each in panels
    ]
    return f"Gains over no deal in bn USD a year. {'; '.join(parts)}"


def parts_picture(work: Negotiation, found: NegotiationResult) -> str:
    """Who gives and gets what in what was agreed, or at the Nash point."""
    name = "actual" if "actual" in found.terms_by_part else "nash"
    parts = found.terms_by_part.get(name, {})
    shown = [term for term in MONEY if any(abs(row[term]) > SMALL for row in parts.values())]
    bars = [GiveTake(party, {term.replace("_", " "): row[term] / BILLION for term in shown}) for party, row in parts.items()]
    label = "; ".join(f"{each.party}: " + ", ".join(f"{term} {value:+.1f}" for term, value in each.terms.items()) for each in bars)
    return give_take_chart(bars, Words("en")).markup(f"{found.title}, change against no deal in bn USD a year. {label}")
