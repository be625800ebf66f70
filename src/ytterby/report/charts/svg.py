"""A small canvas that writes plain SVG: escaped text, no styles, no scripts, no references.

Only presentation attributes are used, so that the charts also display under a strict Content-Security-Policy
(no inline styles). Lengths are user units; a half-width chart is 400 wide.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from ytterby.report.charts.palette import INK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LATIN = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans'"
"""Fonts with the widths of Helvetica, so that the layout is the same on all systems."""
SANS = f"{LATIN}, sans-serif"
STAND_IN = 1.15
"""Width of a usual stand-in (DejaVu Sans, Verdana) over that of Helvetica."""

_WIDTHS = {
    **dict.fromkeys("ijl'|", 222), **dict.fromkeys(" ft.,:;!/\\[]I\u00a0\u2009", 278), **dict.fromkeys("r()-\u2013", 333),
    **dict.fromkeys("csvxyzkJ", 500), **dict.fromkeys("FTZ", 611), **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778), **dict.fromkeys("mM", 833), **dict.fromkeys("%", 889), "W": 944,
}  # fmt: skip
_FULL = 1000
"""Width of a full-width letter, such as a Chinese or Japanese one (Unicode Standard Annex 11)."""
_UMLAUTS = str.maketrans("äöüÄÖÜéèáàâêîôûç", "aouAOUeeaaaeiouc")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in Helvetica's metrics, full-width letters as squares [user units]; bold Latin is taken as 10 % wider."""
    full = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    latin = sum(_WIDTHS.get(letter, 556) for letter in text.translate(_UMLAUTS) if unicodedata.east_asian_width(letter) not in "WF")
    return (latin * (1.1 if bold else 1.0) + _FULL * full) / 1000.0 * size


def column_width(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Room for a column of texts [user units]: also where none of the fonts is there and a wider one stands in."""
    return STAND_IN * max(text_width(text, size, bold) for text in texts)


def shortened(text: str, size: float, room: float, bold: bool = False) -> str:
    """Text, shortened with an ellipsis if it is wider than ``room`` [user units]."""
    if text_width(text, size, bold) <= room:
        return text
    while text and text_width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


@dataclass(frozen=True)
class Shown:
    """What a drawing shows, for who draws it again in a browser: the kind of chart, and its records by name."""

    kind: str
    parts: Mapping[str, Any]


@dataclass
class Svg:
    """An SVG drawing to which the methods add elements; the origin is the upper left corner."""

    width: float
    height: float
    root: ET.Element = field(init=False)
    shown: Shown | None = field(default=None, init=False)
    """What it shows, where its chart tells."""

    def __post_init__(self) -> None:
        self.root = ET.Element("svg", {"viewBox": f"0 0 {num(self.width)} {num(self.height)}"})

    def tell(self, kind: str, **parts: object) -> Svg:
        """The drawing, which from now on says what it shows."""
        self.shown = Shown(kind, parts)
        return self

    def put(self, tag: str, text: str | None = None, **attributes: object) -> ET.Element:
        """Add an element; underscores in names become hyphens, floats are rounded to hundredths."""
        item = ET.SubElement(
            self.root, tag, {key.rstrip("_").replace("_", "-"): num(value) for key, value in attributes.items() if value is not None}
        )
        item.text = text
        return item

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        ink: str = INK,
        anchor: str = "start",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """Add a line of text on the baseline ``y``; a halo keeps it readable on lines."""
        if halo:
            self.put(
                "text",
                text,
                x=x,
                y=y,
                font_size=size,
                fill="#ffffff",
                stroke="#ffffff",
                stroke_width=3,
                stroke_linejoin="round",
                text_anchor=anchor,
                font_weight="600" if bold else None,
            )
        self.put(
            "text",
            text,
            x=x,
            y=y,
            font_size=size,
            fill=ink,
            text_anchor=None if anchor == "start" else anchor,
            font_weight="600" if bold else None,
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, ink: str, width: float = 1.0, dash: str | None = None) -> None:
        """Add a straight line."""
        self.put("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ink, stroke_width=width, stroke_dasharray=dash)

    def rect(
        self, x: float, y: float, width: float, height: float, ink: str, opacity: float | None = None, rx: float | None = None
    ) -> None:
        """Add a filled rectangle."""
        self.put("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), fill=ink, fill_opacity=opacity, rx=rx)

    def polyline(self, points: list[tuple[float, float]], ink: str, width: float, dash: str | None = None) -> None:
        """Add a line through points."""
        self.put(
            "polyline", points=_points(points), fill="none", stroke=ink, stroke_width=width, stroke_linejoin="round", stroke_dasharray=dash
        )

    def area(self, upper: list[tuple[float, float]], lower: list[tuple[float, float]], ink: str, opacity: float) -> None:
        """Add the area between two lines."""
        self.put("polygon", points=_points(upper + lower[::-1]), fill=ink, fill_opacity=opacity)

    def markup(self, label: str, font: str = SANS) -> str:
        """SVG source with its alternative text for screen readers."""
        return self._written({"role": "img", "aria-label": label, "font-family": font})

    def raw(self) -> str:
        """SVG source of a decorative drawing, hidden from screen readers."""
        return self._written({"aria-hidden": "true"})

    def _written(self, attributes: dict[str, str]) -> str:
        root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **self.root.attrib, **attributes})
        root.extend(list(self.root))
        return ET.tostring(root, encoding="unicode")


def num(value: object) -> str:
    """Value of an attribute as text: floats with at most two decimals, no trailing zeros.

    Raises
    ------
    ValueError
        If a length is not finite.
    """
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        raise ValueError(f"a length in a drawing is {value}, which is not finite")
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{num(float(x))},{num(float(y))}" for x, y in points)
