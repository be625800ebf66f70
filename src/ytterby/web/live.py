"""Charts as data for the browser: the records that a drawing was made from, with every number in words as the server prints it.

The browser draws them again so that they can be pointed at; without scripts the drawing stays. Nothing is worked out here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ytterby.report import band_place, plain_place, rounded
from ytterby.report.briefing import billions, millions
from ytterby.report.charts import ink_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ytterby.report import Words
    from ytterby.report.briefing import Chart
    from ytterby.report.charts import ImportShares, ScoredTarget

    Parts = Mapping[str, Any]
    Tip = list[tuple[str, str]]

DECADES = ((0.01, -2), (0.1, -1), (1.0, 0), (10.0, 0), (100.0, 0))
"""Ticks of the axis of multiples, each with the decimal place of its label."""
DIGITS = 6
"""Significant digits with which a length is sent; its words have those of the page."""
FINEST = -6
"""Finest decimal place of a series; bands of next to nothing have no width to round by."""
MILLION, BILLION = 1e6, 1e9
ESCAPES = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def live(words: Words, chart: Chart) -> Markup:
    """JSON of a chart for the browser, safe inside of an element ``script``; empty for one that is only drawn."""
    shown = chart.svg.shown
    if shown is None or shown.kind not in KINDS:
        return Markup()
    found = {"kind": shown.kind, "alt": chart.alt, "unit": _unit(words, chart), **KINDS[shown.kind](words, shown.parts)}
    text = json.dumps(plain_data(found), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(ESCAPES))  # noqa: S704 (escaped above)


def _unit(words: Words, chart: Chart) -> str:
    """Unit of the amounts of a chart, where its title or its kind says it."""
    titles = (chart.title, *(chart.svg.shown.parts.get("titles", ()) if chart.svg.shown else ()))
    known = (words.plain(f"axis.{name}") for name in ("usd_billion_year", "usd_million"))
    return next((unit for unit in known if any(unit in title for title in titles)), "")


def plain_data(value: Any) -> Any:
    """Records as what JSON knows: dates in ISO form, floats to some digits, empty fields left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain_data({field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
    if isinstance(value, dict):
        return {key: plain_data(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain_data(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


class Numerals:
    """Numbers in the digits of a language as :meth:`Words.number` writes them, for thousands of them at once."""

    def __init__(self, words: Words) -> None:
        symbols = words.locale.number_symbols["latn"]
        self._marks = str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": "\u2212"})

    def write(self, value: float, place: int) -> str:
        """Number rounded at a decimal place."""
        return f"{rounded(value, place):,.{max(-place, 0)}f}".translate(self._marks)


@cache
def numerals(words: Words) -> Numerals:
    """Digits of a language."""
    return Numerals(words)


def _range(words: Words, low: str, high: str) -> str:
    return words.plain("range.dates", low=low, high=high)


def _fan(words: Words, parts: Parts) -> dict[str, Any]:
    """Median and bands by week: 5, 25, 50, 75 and 95 %."""
    write = numerals(words).write
    fans = []
    for fan in parts["fans"]:
        rows = list(zip(fan.low90, fan.low50, fan.median, fan.high50, fan.high90, strict=True))
        told = [[write(row[at], max(band_place(row[2], row[0], row[4]), FINEST)) for at in (2, 0, 4)] for row in rows]
        fans.append({"name": fan.name, "ink": fan.ink, "dash": bool(fan.dash), "rows": rows, "told": told})
    dates = parts["fans"][0].dates
    return {
        "unit": parts["unit"],
        "dates": dates,
        "days": [words.short_day(day) for day in dates],
        "fans": fans,
        "markers": parts["markers"],
        "terms": [words.plain("table.middle"), words.plain("web-hover_band", share=words.percent(0.9, 0))],
    }


def _stops(words: Words, parts: Parts) -> dict[str, Any]:
    def tip(row: Any) -> Tip:
        ends = (("early", row.low, ""), ("middle", row.middle, "never"), ("late", row.high, "open"))
        told = [(words.plain(f"table.{key}"), words.short_day(day) if day else words.plain(f"table.{none}")) for key, day, none in ends]
        return told + ([(words.plain("table.odds"), row.odds)] if row.odds else [])

    return {"first": parts["first"], "last": parts["last"], "rows": _rows(parts["rows"], tip), "markers": parts["markers"]}


def _timeline(words: Words, parts: Parts) -> dict[str, Any]:
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


def _bars(words: Words, parts: Parts) -> dict[str, Any]:
    percent = parts["percent"]
    return {"rows": _rows(parts["rows"], partial(_banded, words, percent=percent)), "limit": parts["limit"]}


def _banded(words: Words, row: Any, *, percent: bool) -> Tip:
    """The label of a bar and, where it has a band, its range."""
    told = _label(row)
    if row.low is not None and row.high is not None and row.high > row.low:
        factor = 100.0 if percent else 1.0
        place = band_place(row.value * factor, row.low * factor, row.high * factor)
        ends = [words.percent(end, max(place, 0)) if percent else words.number(end, place) for end in (row.low, row.high)]
        told.append((words.plain("web-range"), _range(words, *ends)))
    return told


def _labelled(_words: Words, parts: Parts) -> dict[str, Any]:
    """Rows that say no more than their label."""
    rest = {key: value for key, value in parts.items() if key != "rows"}
    return {"rows": _rows(parts["rows"], _label), **rest}


def _amounts(words: Words, row: Any, terms: Mapping[str, str]) -> Tip:
    """Fields of a row in millions of USD, under the heads of their table."""
    found = ((words.plain(f"table.{term}"), getattr(row, field)) for field, term in terms.items())
    return [(term, millions(words, MILLION * value)) for term, value in found if value is not None]


def _near(words: Words, parts: Parts) -> dict[str, Any]:
    terms = {"chosen": "this_plan", "low": "least", "high": "most"}
    return {"rows": _rows(parts["rows"], partial(_amounts, words, terms=terms))}


def _promises(words: Words, parts: Parts) -> dict[str, Any]:
    terms = {"promised": "promised", "found": "found", "low": "low", "high": "high"}
    return {"rows": _rows(parts["rows"], partial(_amounts, words, terms=terms))}


def _dots(words: Words, parts: Parts) -> dict[str, Any]:
    def tip(row: Any) -> Tip:
        ends = [millions(words, MILLION * end) for end in (row.low, row.high) if end is not None]
        return [(row.rule, row.label), *([(words.plain("web-range"), _range(words, *ends))] if len(ends) == 2 else [])]  # noqa: PLR2004

    return {"rows": _rows(parts["rows"], tip)}


def _statements(words: Words, parts: Parts) -> dict[str, Any]:
    """Statements with their record, the model's median and its band, as multiples of the base."""
    rows = [{"name": name, **dataclasses.asdict(target), **_judged(words, target)} for name, target in parts["rows"]]
    return {"rows": rows, "title": parts["title"], "ticks": [(tick, words.number(tick, place)) for tick, place in DECADES]}


def _judged(words: Words, target: ScoredTarget) -> dict[str, Any]:
    """Whether a statement was hit, and its numbers."""
    low, high = (words.number(end, -2) for end in (target.low, target.high))
    tip = [
        (words.plain("table.record"), words.number(target.recorded, -2)),
        (words.plain("table.model"), words.number(target.median, -2)),
        (words.plain("web-hover_band", share=words.percent(0.8, 0)), _range(words, low, high)),
    ]
    return {"label": words.plain("record.hit" if target.hit else "record.miss"), "tip": tip}


def _sankey(words: Words, parts: Parts) -> dict[str, Any]:
    """Nodes by column, and the ribbons between them."""
    nodes = [
        {
            "id": f"{column}:{group}",
            "column": column,
            "name": parts["name"](group),
            "share": parts["label"](column, group, mass),
            "told": _tonnes(words, mass),
            "ink": ink_of(group),
        }
        for column, groups in enumerate(parts["masses"])
        for group, mass in groups.items()
    ]
    ribbons = [
        {
            "from": f"{row.column}:{row.source}",
            "to": f"{row.column + 1}:{row.target}",
            "value": row.value,
            "told": _tonnes(words, row.value),
        }
        for row in parts["ribbons"]
    ]
    return {"heads": list(parts["heads"]), "nodes": nodes, "ribbons": ribbons}


def _tonnes(words: Words, mass: float) -> str:
    return f"{words.number(mass, min(plain_place(mass, 3), 0))}\u00a0t"


def _budget(words: Words, parts: Parts) -> dict[str, Any]:
    """Curves over budgets, each amount in words."""
    terms = [words.plain(f"table.{key}") for key in ("budget", "gain", "loss_left", "worst_tenth")]
    curves = [
        {
            "name": curve.name,
            "ink": curve.ink,
            "points": [tuple(point) for point in curve.line()],
            "told": [[millions(words, MILLION * amount) for amount in point] for point in curve.line()],
            "enough": curve.enough and tuple(curve.enough),
            "enough_label": curve.enough_label,
        }
        for curve in parts["curves"]
    ]
    return {"curves": curves, "titles": parts["titles"], "terms": terms, "chosen": parts["chosen"]}


def _spending(words: Words, parts: Parts) -> dict[str, Any]:
    groups = [
        {"name": group.name, "ink": group.ink, "amounts": group.amounts, "told": [millions(words, MILLION * x) for x in group.amounts]}
        for group in parts["groups"]
    ]
    sums = [sum(group.amounts[at] for group in parts["groups"]) for at in range(len(parts["years"]))]
    return {
        "groups": groups,
        "years": list(parts["years"]),
        "unit": parts["unit"],
        "sums": [millions(words, MILLION * value) for value in sums],
        "together": words.plain("bargain.parts.together"),
    }


def _bargain(words: Words, parts: Parts) -> dict[str, Any]:
    panel, write = parts["panels"][0], partial(billions, words)
    points = [{"name": name, "at": at, "told": [write(BILLION * value) for value in at]} for name, at in panel.points.items()]
    front = [{"at": at, "told": [write(BILLION * value) for value in at]} for at in panel.front]
    ends = [(row[0], row[-1]) for row in parts["ticks"]]
    return {"cloud": list(panel.cloud), "front": front, "points": points, "axes": parts["axes"], "ends": ends, "title": panel.title}


def _history(words: Words, parts: Parts) -> dict[str, Any]:
    """Direct and traced share by year and importer, with the bounds of the traced one."""
    return {
        "panels": [_shares_by_year(words, panel) for panel in parts["panels"]],
        "ends": parts["ends"],
        "range": words.plain("web-range"),
        "ticks": [(tick, words.percent(tick, 0)) for tick in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "years_by_value": words.plain("web-history_by_value"),
    }


def _shares_by_year(words: Words, panel: ImportShares) -> dict[str, Any]:
    rows = list(zip(panel.years, panel.direct, panel.traced, panel.low, panel.high, strict=True))
    told = [[words.percent(value, 0) for value in row[1:]] for row in rows]
    kept = {name: getattr(panel, name) for name in ("importer", "ink", "by_value", "period")}
    return {**kept, "rows": rows, "told": told}


def _give(words: Words, parts: Parts) -> dict[str, Any]:
    """Terms of a deal by party, the sum last."""
    together = parts["together"]
    rows = [
        {"group": each.party, "name": name, "amount": value, "label": (label := words.number(value, -1)), "whole": name == together,
         "tip": [("", label)]}
        for each in parts["parties"] for name, value in {**each.terms, together: sum(each.terms.values())}.items()
    ]  # fmt: skip
    return {"rows": rows}


def _duties(words: Words, parts: Parts) -> dict[str, Any]:
    """Two frames of stepped lines: duties in per cent, and what they cost."""
    steps, frames = parts["steps"], []
    for title, field, factor in zip(parts["titles"], ("duty", "cost"), (100.0, 1.0), strict=True):
        names = list(getattr(steps[0], field))
        values = {name: [factor * getattr(step, field)[name] for step in steps] for name in names}
        lines = [{"name": name, "values": row, "told": [words.number(value, -1) for value in row]} for name, row in values.items()]
        frames.append({"title": title, "lines": lines})
    starts = [step.start for step in steps]
    return {"frames": frames, "starts": starts, "days": [words.short_day(day) for day in starts], "last": parts["last"]}


KINDS: Mapping[str, Callable[[Words, Parts], dict[str, Any]]] = {
    "fan": _fan,
    "stops": _stops,
    "bars": _bars,
    "sankey": _sankey,
    "budget": _budget,
    "bargain": _bargain,
    "waterfall": _labelled,
    "near": _near,
    "spending": _spending,
    "dots": _dots,
    "signed": _labelled,
    "statements": _statements,
    "history": _history,
    "drivers": _labelled,
    "limits": _labelled,
    "timeline": _timeline,
    "variance": _labelled,
    "promises": _promises,
    "give": _give,
    "duties": _duties,
}
