"""Drafted measures against marked claims: a measure is right if a mark of its article tells that act by those actors on those goods.

A duty that is only announced is told if the measure begins after the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app import read
from ytterby.evidence.gate import FIRM
from ytterby.evidence.goods import regions
from ytterby.evidence.tables import read_table
from ytterby.scenario import load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ytterby.measures import AnyMeasure

    Mark = dict[str, Any]

SELECTORS = {row["material"]: row["selector"] for row in read_table("selectors.csv")}
CONTROL = ("licence", "export_control_imposed", "export_control_tightened", "export_control_suspended")
TYPES = {
    "ban": ("ban", "export_control_imposed", "export_control_suspended"),
    "licence": CONTROL,
    "quota": ("quota",),
    "tariff": ("tariff_imposed",),
    "outage": ("outage",),
    "stockpile": ("stockpile",),
    "project": ("investment",),
}


def drafted(paths: Iterable[Path], marks: Sequence[Mark]) -> tuple[int, list[str]]:
    """Number of measures drafted from articles, each read by itself, and the wrong ones as text."""
    count, wrong = 0, []
    for path in paths:
        own = [mark for mark in marks if mark["doc"] == path.name]
        reading = read([path])
        told_on = reading.documents[0].published or ""
        for draft in reading.drafts:
            for measure in load_text(draft.yaml, path.name).measures:
                count += 1
                wrong += [] if any(_tells(mark, measure, told_on) for mark in own) else [f"{path.name}: {measure.name}"]
    return count, wrong


def _tells(mark: Mark, measure: AnyMeasure, told_on: str) -> bool:
    if mark["event_type"] not in TYPES[measure.kind] or mark["polarity"] != "pos" or mark["modality"] not in FIRM:
        return False
    actors, targets = set(regions(mark["actors"])), set(regions(mark.get("targets") or []))
    if measure.kind == "tariff":
        is_due = mark["modality"] != "planned" or (bool(told_on) and measure.start.isoformat() > told_on)
        return set(measure.to) <= actors and set(measure.from_) <= targets and is_due
    if measure.kind == "stockpile":
        return measure.owner in actors
    if measure.kind in {"outage", "project"}:
        rated = measure.kind == "outage" or (mark.get("quantity") or {}).get("unit") == "t/year"
        return rated and set(measure.from_) <= actors | targets
    aimed = set(measure.to) == {"all"} or not targets or set(measure.to) <= targets
    return set(measure.from_) == actors and aimed and bool(set(measure.on) & {SELECTORS.get(name) for name in mark["materials"]})
