"""Sources: every figure with its range, its source and what stands beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.report import plain_place
from ytterby.report.briefing import Span
from ytterby.web.page import Page
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import FigureRow
    from ytterby.report import Words
    from ytterby.report.briefing import Spans
    from ytterby.web.asked import Asked

router = APIRouter()
PER_PAGE = 50
"""Figures on a page."""
KINDS = ("reported", "derived", "assumed")
LINE = re.compile(r"\d+_\w+")
DIGITS = 3
"""Significant digits of a value in the list; the page of a figure has all."""


@shows(router, "/sources", "sources.html")
def sources(asked: Asked, bench: Workbench) -> Page:
    """Figures that match a search."""
    text, kind, element = (asked.query.get(name, "").strip() for name in ("q", "kind", "element"))
    found = bench.facts(text, kind=kind if kind in KINDS else None, element=element or None)
    listed = sorted(found.facts, key=lambda row: KINDS.index(row.kind))  # published figures first
    pages = max(1, -(-found.count // PER_PAGE))
    at = min(max(_whole(asked.query.get("page", "1")), 1), pages)
    count = asked.words.number(found.count, 0)
    key = "sources_found" if text or kind or element else "sources_all"
    return Page(
        "sources",
        asked.text("sources_title"),
        answer=(Span("text", asked.text(key, count=count, text=text or element or kind, **_kinds(asked.words, found.kinds))),),
        more={
            "rows": [_row(asked, row) for row in listed[(at - 1) * PER_PAGE : at * PER_PAGE]],
            "kinds": KINDS,
            "elements": sorted({row.element for row in bench.facts().facts if row.element}),
            "at": at,
            "pages": pages,
        },
    )


@shows(router, "/sources/{name}", "figure.html")
def figure(asked: Asked, bench: Workbench, name: str) -> Page:
    """One figure."""
    found = bench.figure(name)
    others = [_row(asked, row) for row in found.alternatives]
    ours = [_row(asked, found.ours)] if found.ours else []
    return Page(
        "sources",
        name,
        what_text(found),
        answer=() if found.value is None else (Span("text", value_text(asked.words, found, None)),),
        more={"figure": found, "others": others, "ours": ours, "range": range_text(asked.words, found), "place_of": places},
    )


def _kinds(words: Words, kinds: dict[str, int]) -> dict[str, str]:
    return {kind: words.number(kinds.get(kind, 0), 0) for kind in KINDS}


def _row(asked: Asked, row: FigureRow) -> dict[str, str | Spans]:
    words = asked.words
    of = [row.element and words.element(row.element), row.region and places(words, row.region), row.period]
    return {
        "id": row.id,
        "what": what_text(row),
        "of": words.joined(part for part in of if part),
        "value": value_text(words, row),
        "range": range_text(words, row),
        "kind": row.kind,
        "source": words.source(row.source),
        "url": row.url or "",
    }


def what_text(row: FigureRow) -> str:
    """What a figure says in the words of its entry; a scope that only numbers the lines of a balance is none."""
    scope = (row.scope or "").strip()
    return row.quantity.replace("_", " ") if not scope or LINE.fullmatch(scope) else scope


def places(words: Words, codes: str) -> str:
    """Names of the countries of a figure; some are told of several together."""
    return " + ".join(words.country(code) for code in codes.split("+"))


def value_text(words: Words, row: FigureRow, digits: int | None = DIGITS) -> str:
    """Value with its unit, to some digits or as it stands; a dash for a fact in words."""
    if row.value is None:
        return words.plain("web-in_words")
    place = plain_place(row.value, digits or 12)
    shown = words.number(row.value, min(place, 0) if digits else _own_place(row.value))
    return f"{shown} {row.unit}".strip()


def range_text(words: Words, row: FigureRow) -> str:
    """Range of a figure; empty where it has none."""
    if row.low is None or row.high is None:
        return ""
    ends = (words.number(end, min(plain_place(end, DIGITS), 0)) for end in (row.low, row.high))
    return words.plain("range.dates", **dict(zip(("low", "high"), ends, strict=True)))


def _own_place(value: float) -> int:
    """Decimal place at which a value ends as written."""
    text = f"{value:.10g}"
    return -len(text.partition(".")[2]) if "e" not in text else plain_place(value, 10)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
