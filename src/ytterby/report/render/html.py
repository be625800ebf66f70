"""A briefing as one HTML file: no network, no inline style, scripts and styles allowed by their hash only."""

from __future__ import annotations

import base64
import hashlib
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from ytterby.report.charts import Svg
from ytterby.report.charts.palette import BAND
from ytterby.report.charts.svg import LATIN, SANS

if TYPE_CHECKING:
    from jinja2 import Environment

    from ytterby.report.briefing.document import Briefing, Chart, LegendItem

NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:"


def html(briefing: Briefing) -> str:
    """Self-contained HTML of a briefing; all text is escaped by the template."""
    style, script = _part("briefing.css") + _fonts(briefing), _part("briefing.js")
    policy = f"{NOTHING_ELSE}; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    page = _environment().get_template("briefing.html")
    # style, script and font names are files of this package and contain no user text
    fonts = {"style": Markup(style), "script": Markup(script), "svg": partial(chart_markup, briefing.sans)}  # noqa: S704
    return page.render(briefing=briefing, labels=briefing.labels, policy=policy, **fonts)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ytterby.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["is_web"] = is_web
    environment.filters["swatch"] = swatch
    return environment


@cache
def _part(name: str) -> str:
    return (files("ytterby.report") / "templates" / name).read_text("utf-8").strip()


def _hash(text: str) -> str:
    """Source expression of an inline element for a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _fonts(briefing: Briefing) -> str:
    """CSS rule that adds the fonts for the non-Latin letters of the language after the Latin ones."""
    return f"\n:root{{--own-serif:{briefing.serif};--own-sans:{briefing.sans}}}" if briefing.serif else ""


def chart_markup(fonts: str, chart: Chart) -> Markup:
    """SVG source of a chart with its alternative text; ``fonts`` (CSS) are those of the language's non-Latin letters."""
    return Markup(chart.svg.markup(chart.alt, f"{LATIN}, {fonts}" if fonts else SANS))  # noqa: S704 (written by ElementTree, which escapes)


def is_web(address: str) -> bool:
    """Whether an address may be a link: only http and https."""
    return address.startswith(("https://", "http://")) and not any(letter.isspace() for letter in address)


def swatch(item: LegendItem) -> Markup:
    """Symbol of a legend entry as a small drawing, hidden from screen readers."""
    inks = item.ink.split()
    svg = Svg(14.0 * len(inks) if item.shape == "ramp" else 20.0, 12.0)
    if item.shape in ("area", "ramp"):
        for index, ink in enumerate(inks):
            svg.rect(14.0 * index, 1, 14, 10, ink)
    elif item.shape == "band":
        svg.rect(0, 1, 14, 10, item.ink, BAND)
    elif item.shape == "ring":
        svg.put("circle", cx=10, cy=6, r=4.6, fill="none", stroke=item.ink, stroke_width=1.6)
    elif item.shape == "dot":
        svg.put("circle", cx=10, cy=6, r=4.6, fill=item.ink)
    elif item.shape == "outline":
        svg.put("rect", x=2, y=1.5, width=16, height=9, fill="none", stroke=item.ink, stroke_width=2)
    else:
        svg.line(0, 6, 20, 6, item.ink, 3.0, "5 3" if item.shape == "dash" else None)
    return Markup(svg.raw())  # noqa: S704 (written by ElementTree)
