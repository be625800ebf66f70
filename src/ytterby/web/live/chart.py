"""Charts as data for the browser: the records that a drawing was made from, with every number in words as the server prints it.

The browser draws them again so that they can be pointed at; without scripts the drawing stays. Nothing is worked out here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ytterby.web.live import flows, lines, rows
from ytterby.web.live.plain import plain_data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ytterby.report import Words
    from ytterby.report.briefing import Chart
    from ytterby.web.live.plain import Parts

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


KINDS: Mapping[str, Callable[[Words, Parts], dict[str, Any]]] = {
    "fan": lines.fan,
    "stops": rows.stops,
    "bars": rows.bars,
    "sankey": flows.sankey,
    "budget": lines.budget,
    "bargain": lines.bargain,
    "waterfall": rows.labelled,
    "near": rows.near,
    "spending": lines.spending,
    "dots": rows.dots,
    "signed": rows.labelled,
    "statements": rows.statements,
    "history": lines.history,
    "drivers": rows.labelled,
    "limits": rows.labelled,
    "timeline": rows.timeline,
    "variance": rows.labelled,
    "promises": rows.promises,
    "give": rows.give,
    "duties": lines.duties,
}
