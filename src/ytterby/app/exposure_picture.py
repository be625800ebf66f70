"""The picture of thirty years: direct against traced share of a supplier, one panel an importer, as one SVG or page."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.facts.vocabulary import groups, regions
from ytterby.report.palette import ALARM, INK, MUTED, RULE, ink_of
from ytterby.report.svg import Svg

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

WIDTH, HEIGHT, COLUMNS = 380.0, 190.0, 2
LEFT, RIGHT, TOP, BOTTOM = 40.0, 64.0, 30.0, 24.0
HEAD = 62.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def place_name(code: str) -> str:
    """English name of a region or group, the code itself for others."""
    term = regions().get(code) or groups().get(code)
    return term.name() if term else code


def history_svg(table: pd.DataFrame) -> str:
    """Picture of :func:`ytterby.app.exposure.history` as SVG text with an alternative text."""
    names, supplier = list(dict.fromkeys(table["importer"])), str(table["supplier"].iloc[0])
    lines = -(-len(names) // COLUMNS)
    svg = Svg(WIDTH * min(len(names), COLUMNS), HEAD + HEIGHT * lines + 16)
    svg.rect(0, 0, svg.width, svg.height, "#ffffff")
    svg.text(8, 20, f"Share of {place_name(supplier)} in rare-earth imports", size=15, bold=True)
    svg.text(8, 38, "solid: traced through all exporters, with the band of who counts as a producer", size=11, ink=MUTED)
    svg.text(8, 53, "dashed: direct, the country that customs name; grey ground: counted by value, tonnes are missing", size=11, ink=MUTED)
    for number, name in enumerate(names):
        row, column = divmod(number, COLUMNS)
        _panel(svg, table[table["importer"] == name].sort_values("year"), column * WIDTH, HEAD + row * HEIGHT)
    svg.text(8, svg.height - 4, "Data: BACI (CEPII), HS 280530, 284610, 284690; USGS mine production", size=10, ink=MUTED)
    return svg.markup(alternative(table))


def alternative(table: pd.DataFrame) -> str:
    """What the picture says, in words."""
    said = [sentence(table[table["importer"] == name]) for name in dict.fromkeys(table["importer"])]
    return " ".join(line for line in said if line)


def sentence(rows: pd.DataFrame) -> str:
    """From the year with the highest to the lowest direct share after it: how far both shares fell."""
    known = rows[rows["direct"].notna() & (rows["basis"] == "quantity")].sort_values("year").reset_index(drop=True)
    if known.empty:
        return ""
    first = int(known["direct"].to_numpy().argmax())
    last = first + int(known["direct"].to_numpy()[first:].argmin())
    high, low = known.iloc[first], known.iloc[last]
    name, supplier = place_name(str(rows["importer"].iloc[0])), place_name(str(rows["supplier"].iloc[0]))
    return (
        f"{name}: from {high['year']} to {low['year']} the direct share of {supplier} went from {high['direct']:.0%} to "
        f"{low['direct']:.0%}, the traced one from {_ranged(high)} to {_ranged(low)}."
    )


def _ranged(row: pd.Series[Any]) -> str:
    return f"{row['traced']:.0%} ({row['low']:.0%}-{row['high']:.0%})"


def _panel(svg: Svg, rows: pd.DataFrame, left: float, top: float) -> None:
    x0, x1, y0, y1 = left + LEFT, left + WIDTH - RIGHT, top + TOP, top + HEIGHT - BOTTOM
    known = rows[rows["traced"].notna()]
    svg.text(x0, top + 18, place_name(str(rows["importer"].iloc[0])), size=13, bold=True)
    if known.empty:
        svg.text(x0, (y0 + y1) / 2, "no data", size=11, ink=MUTED)
        return
    first, last = int(rows["year"].min()), int(rows["year"].max())

    def x(year: float) -> float:
        return x0 + (x1 - x0) * (year - first) / max(last - first, 1)

    def y(share: float) -> float:
        return y1 - (y1 - y0) * share

    valued = known[known["basis"] == "value"]["year"]
    if len(valued):
        svg.rect(x(valued.min()), y0, x(valued.max() + 0.5) - x(valued.min()), y1 - y0, MUTED, opacity=0.12)
    for tick in TICKS:
        svg.line(x0, y(tick), x1, y(tick), RULE, 0.6)
        svg.text(x0 - 5, y(tick) + 4, f"{tick:.0%}", size=10, ink=MUTED, anchor="end")
    for year in range(first - first % 5 + 5 * (first % 5 > 0), last + 1, 5):
        svg.text(x(year), y1 + 15, str(year), size=10, ink=MUTED, anchor="middle")
    ink = ink_of(str(rows["importer"].iloc[0]))
    points = {
        name: [(x(float(year)), y(float(v))) for year, v in zip(known["year"], known[name], strict=True)]
        for name in ("direct", "traced", "low", "high")
    }
    svg.area(points["high"], points["low"], ink, 0.2)
    svg.polyline(points["traced"], ink, 2.0)
    svg.polyline(points["direct"], ALARM if ink != ALARM else INK, 1.6, dash="5 3")
    _labels(svg, x1 + 5, points["traced"][-1][1], points["direct"][-1][1], known.iloc[-1])


def _labels(svg: Svg, x: float, traced: float, direct: float, last: pd.Series[Any]) -> None:
    """Names and last values beside the lines, kept apart."""
    if abs(traced - direct) < 12:
        middle = (traced + direct) / 2
        traced, direct = (middle - 6, middle + 6) if traced <= direct else (middle + 6, middle - 6)
    svg.text(x, traced + 4, f"{last['traced']:.0%} traced", size=10)
    svg.text(x, direct + 4, f"{last['direct']:.0%} direct", size=10)


def save_history(table: pd.DataFrame, path: Path) -> None:
    """Write the picture as ``.svg``, or as ``.html``: one file with the picture and its table, without any request.

    Raises
    ------
    InputError
        For another ending.
    """
    if path.suffix.lower() == ".svg":
        path.write_text(history_svg(table), encoding="utf-8")
    elif path.suffix.lower() in {".html", ".htm"}:
        path.write_text(_page(table), encoding="utf-8")
    else:
        raise InputError(f"-o {path}: found the ending '{path.suffix}', allowed are .svg and .html")


def _page(table: pd.DataFrame) -> str:
    shown = table[["importer", "year", "basis", "direct", "traced", "low", "high", "note"]]
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row) + "</tr>" for row in shown.itertuples(index=False)
    )
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in shown.columns)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Direct and traced shares</title>"
        "<meta name='viewport' content='width=device-width'></head><body>"
        f"{history_svg(table)}<p>{escape(alternative(table))}</p><table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table></body></html>"
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.3f}"
    return str(value)
