"""Charts of rows for the browser: each row with its marks and with what is told where it is pointed at."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

from ytterby.report import band_place
from ytterby.report.briefing import millions
from ytterby.web.live.plain import MILLION, range_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ytterby.report import Words
    from ytterby.report.charts import ScoredTarget
    from ytterby.web.live.plain import Parts, Tip

DECADES = ((0.01, -2), (0.1, -1), (1.0, 0), (10.0, 0), (100.0, 0))
"""Ticks of the axis of multiples, each with the decimal place of its label."""


def stops(words: Words, parts: Parts) -> dict[str, Any]:
    """Who stops when: early, median and late day, and the probability."""

    def tip(row: Any) -> Tip:
        ends = (("early", row.low, ""), ("middle", row.middle, "never"), ("late", row.high, "open"))
        told = [(words.plain(f"table.{key}"), words.short_day(day) if day else words.plain(f"table.{none}")) for key, day, none in ends]
        return told + ([(words.plain("table.odds"), row.odds)] if row.odds else [])

    return {"first": parts["first"], "last": parts["last"], "rows": _rows(parts["rows"], tip), "markers": parts["markers"]}


def timeline(words: Words, parts: Parts) -> dict[str, Any]:
    """Dated decisions with their branches."""
    rows = [
        {"name": row.name, "when": row.when, "label": words.short_day(row.when), "passed": row.passed, "tip": list(row.branches)}
        for row in parts["rows"]
    ]
    return {"first": parts["first"], "last": parts["last"], "rows": rows, "markers": parts["markers"]}


def _rows(rows: Iterable[Any], tip: Callable[[Any], Tip]) -> list[dict[str, Any]]:
    """Records of a chart of rows, each with what is told where it is pointed at."""
    return [{**{field.name: getattr(row, field.name) for field in dataclasses.fields(row)}, "tip": tip(row)} for row in rows]


def _label(row: Any) -> Tip:
    return [("", row.label)]


def bars(words: Words, parts: Parts) -> dict[str, Any]:
    """Bars with their label and, where they have a band, its range."""
    percent = parts["percent"]
    return {"rows": _rows(parts["rows"], partial(_banded, words, percent=percent)), "limit": parts["limit"]}


def _banded(words: Words, row: Any, *, percent: bool) -> Tip:
    """The label of a bar and, where it has a band, its range."""
    told = _label(row)
    if row.low is not None and row.high is not None and row.high > row.low:
        factor = 100.0 if percent else 1.0
        place = band_place(row.value * factor, row.low * factor, row.high * factor)
        ends = [words.percent(end, max(place, 0)) if percent else words.number(end, place) for end in (row.low, row.high)]
        told.append((words.plain("web-range"), range_words(words, *ends)))
    return told


def labelled(_words: Words, parts: Parts) -> dict[str, Any]:
    """Rows that say no more than their label."""
    rest = {key: value for key, value in parts.items() if key != "rows"}
    return {"rows": _rows(parts["rows"], _label), **rest}


def _amounts(words: Words, row: Any, terms: Mapping[str, str]) -> Tip:
    """Fields of a row in millions of USD, under the heads of their table."""
    found = ((words.plain(f"table.{term}"), getattr(row, field)) for field, term in terms.items())
    return [(term, millions(words, MILLION * value)) for term, value in found if value is not None]


def near(words: Words, parts: Parts) -> dict[str, Any]:
    """Groups of measures: what this plan spends, the least and the most of all near-optimal ones."""
    terms = {"chosen": "this_plan", "low": "least", "high": "most"}
    return {"rows": _rows(parts["rows"], partial(_amounts, words, terms=terms))}


def promises(words: Words, parts: Parts) -> dict[str, Any]:
    """What was promised and what another road found, with its band."""
    terms = {"promised": "promised", "found": "found", "low": "low", "high": "high"}
    return {"rows": _rows(parts["rows"], partial(_amounts, words, terms=terms))}


def dots(words: Words, parts: Parts) -> dict[str, Any]:
    """Shares by rule and party with their ranges."""

    def tip(row: Any) -> Tip:
        ends = [millions(words, MILLION * end) for end in (row.low, row.high) if end is not None]
        return [(row.rule, row.label), *([(words.plain("web-range"), range_words(words, *ends))] if len(ends) == 2 else [])]  # noqa: PLR2004

    return {"rows": _rows(parts["rows"], tip)}


def statements(words: Words, parts: Parts) -> dict[str, Any]:
    """Statements with their record, the model's median and its band, as multiples of the base."""
    rows = [{"name": name, **dataclasses.asdict(target), **_judged(words, target)} for name, target in parts["rows"]]
    return {"rows": rows, "title": parts["title"], "ticks": [(tick, words.number(tick, place)) for tick, place in DECADES]}


def _judged(words: Words, target: ScoredTarget) -> dict[str, Any]:
    """Whether a statement was hit, and its numbers."""
    low, high = (words.number(end, -2) for end in (target.low, target.high))
    tip = [
        (words.plain("table.record"), words.number(target.recorded, -2)),
        (words.plain("table.model"), words.number(target.median, -2)),
        (words.plain("web-hover_band", share=words.percent(0.8, 0)), range_words(words, low, high)),
    ]
    return {"label": words.plain("record.hit" if target.hit else "record.miss"), "tip": tip}


def give(words: Words, parts: Parts) -> dict[str, Any]:
    """Terms of a deal by party, the sum last."""
    together = parts["together"]
    rows = [
        {"group": each.party, "name": name, "amount": value, "label": (label := words.number(value, -1)), "whole": name == together,
         "tip": [("", label)]}
        for each in parts["parties"] for name, value in {**each.terms, together: sum(each.terms.values())}.items()
    ]  # fmt: skip
    return {"rows": rows}
