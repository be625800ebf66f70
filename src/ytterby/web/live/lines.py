"""Charts of lines, areas and clouds for the browser: each point with its amounts in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ytterby.report import band_place
from ytterby.report.briefing import millions
from ytterby.web.live.plain import BILLION, MILLION, numerals

if TYPE_CHECKING:
    from ytterby.report import Words
    from ytterby.report.charts import ImportShares
    from ytterby.web.live.plain import Parts

FINEST = -6
"""Finest decimal place of a series; bands of next to nothing have no width to round by."""


def fan(words: Words, parts: Parts) -> dict[str, Any]:
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


def budget(words: Words, parts: Parts) -> dict[str, Any]:
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


def spending(words: Words, parts: Parts) -> dict[str, Any]:
    """Spending by year and group, with the sum of each year."""
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


def bargain(words: Words, parts: Parts) -> dict[str, Any]:
    """Packages as points over the gains of two parties, the front, and the named points."""
    from ytterby.report.briefing import billions  # it loads the measures, which no other chart needs

    panel, write = parts["panels"][0], partial(billions, words)
    points = [{"name": name, "at": at, "told": [write(BILLION * value) for value in at]} for name, at in panel.points.items()]
    front = [{"at": at, "told": [write(BILLION * value) for value in at]} for at in panel.front]
    ends = [(row[0], row[-1]) for row in parts["ticks"]]
    return {"cloud": list(panel.cloud), "front": front, "points": points, "axes": parts["axes"], "ends": ends, "title": panel.title}


def history(words: Words, parts: Parts) -> dict[str, Any]:
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


def duties(words: Words, parts: Parts) -> dict[str, Any]:
    """Two frames of stepped lines: duties in per cent, and what they cost."""
    steps, frames = parts["steps"], []
    for title, field, factor in zip(parts["titles"], ("duty", "cost"), (100.0, 1.0), strict=True):
        names = list(getattr(steps[0], field))
        values = {name: [factor * getattr(step, field)[name] for step in steps] for name in names}
        lines = [{"name": name, "values": row, "told": [words.number(value, -1) for value in row]} for name, row in values.items()]
        frames.append({"title": title, "lines": lines})
    starts = [step.start for step in steps]
    return {"frames": frames, "starts": starts, "days": [words.short_day(day) for day in starts], "last": parts["last"]}
