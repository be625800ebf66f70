"""Picture of the direct and traced share of a supplier in imports over the years, as one SVG or HTML page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.facts import groups, regions
from ytterby.report.charts import ImportShares, import_history_chart, ink_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ytterby.exposure import ImportYear

PAGE_COLUMNS = ("importer", "year", "basis", "direct", "traced", "low", "high", "note")


def place_name(code: str) -> str:
    """English name of a region or group, the code itself for others."""
    term = regions().get(code) or groups().get(code)
    return term.name() if term else code


def by_importer(rows: Iterable[ImportYear]) -> dict[str, list[ImportYear]]:
    """Years of each importer in order of time."""
    found: dict[str, list[ImportYear]] = {}
    for row in sorted(rows, key=lambda row: row.year):
        found.setdefault(row.importer, []).append(row)
    return found


def history_svg(rows: Sequence[ImportYear]) -> str:
    """Picture of :func:`ytterby.app.exposures.exposure.history` as SVG text with an alternative text."""
    panels = [import_shares(years, place_name(importer)) for importer, years in by_importer(rows).items()]
    return import_history_chart(panels, place_name(rows[0].supplier)).markup(alternative(rows))


def import_shares(years: Sequence[ImportYear], importer: str) -> ImportShares:
    """Shares of one importer under a name, as a picture takes them, without the years in which none is known."""
    known = [row for row in years if row.traced is not None]
    valued = [row.year for row in known if row.basis == "value"]
    direct, traced, low, high = (tuple(getattr(row, name) for row in known) for name in ("direct", "traced", "low", "high"))
    return ImportShares(
        importer=importer,
        ink=ink_of(years[0].importer),
        period=(years[0].year, years[-1].year),
        years=tuple(row.year for row in known),
        direct=direct,
        traced=traced,
        low=low,
        high=high,
        by_value=(valued[0], valued[-1]) if valued else None,
    )


def alternative(rows: Iterable[ImportYear]) -> str:
    """Alternative text of the picture: one sentence for each importer."""
    said = [sentence(years) for years in by_importer(rows).values()]
    return " ".join(line for line in said if line)


def sentence(years: Sequence[ImportYear]) -> str:
    """How far both shares fell from the year with the highest direct share to the one with the lowest after it."""
    known = [(row.direct, row) for row in years if row.direct is not None and row.basis == "quantity"]
    if not known:
        return ""
    first = max(range(len(known)), key=lambda at: known[at][0])
    (top, high), (bottom, low) = known[first], min(known[first:], key=lambda item: item[0])
    return (
        f"{place_name(high.importer)}: from {high.year} to {low.year} the direct share of {place_name(high.supplier)} went from "
        f"{top:.0%} to {bottom:.0%}, the traced one from {_ranged(high)} to {_ranged(low)}."
    )


def _ranged(row: ImportYear) -> str:
    return f"{row.traced:.0%} ({row.low:.0%}-{row.high:.0%})"


def save_history(rows: Sequence[ImportYear], path: Path) -> None:
    """Write the picture as ``.svg``, or as ``.html``: one file with the picture and its table, without any request.

    Raises
    ------
    InputError
        For another ending.
    """
    from ytterby.store import write_bytes

    if path.suffix.lower() == ".svg":
        write_bytes(path, history_svg(rows).encode())
    elif path.suffix.lower() in {".html", ".htm"}:
        write_bytes(path, _page(rows).encode())
    else:
        raise InputError(f"-o {path}: found the ending '{path.suffix}', allowed are .svg and .html")


def _page(rows: Sequence[ImportYear]) -> str:
    cells = "".join("<tr>" + "".join(f"<td>{escape(_cell(getattr(row, name)))}</td>" for name in PAGE_COLUMNS) + "</tr>" for row in rows)
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in PAGE_COLUMNS)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Direct and traced shares</title>"
        "<meta name='viewport' content='width=device-width'></head><body>"
        f"{history_svg(rows)}<p>{escape(alternative(rows))}</p><table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table></body></html>"
    )


def _cell(value: float | str | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
