"""Picture of the direct and traced share of a supplier in imports over the years, as one SVG or HTML page."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.facts.vocabulary import groups, regions
from ytterby.report.charts import ImportShares, import_history_chart, ink_of

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def place_name(code: str) -> str:
    """English name of a region or group, the code itself for others."""
    term = regions().get(code) or groups().get(code)
    return term.name() if term else code


def history_svg(table: pd.DataFrame) -> str:
    """Picture of :func:`ytterby.app.exposure.history` as SVG text with an alternative text."""
    panels = [_shares(table[table["importer"] == name].sort_values("year")) for name in dict.fromkeys(table["importer"])]
    return import_history_chart(panels, place_name(str(table["supplier"].iloc[0]))).markup(alternative(table))


def _shares(rows: pd.DataFrame) -> ImportShares:
    """Shares of one importer, without the years in which none is known."""
    code, known = str(rows["importer"].iloc[0]), rows[rows["traced"].notna()]
    valued = known[known["basis"] == "value"]["year"]
    direct, traced, low, high = (tuple(float(share) for share in known[name]) for name in ("direct", "traced", "low", "high"))
    return ImportShares(
        importer=place_name(code),
        ink=ink_of(code),
        period=(int(rows["year"].min()), int(rows["year"].max())),
        years=tuple(int(year) for year in known["year"]),
        direct=direct,
        traced=traced,
        low=low,
        high=high,
        by_value=(int(valued.min()), int(valued.max())) if len(valued) else None,
    )


def alternative(table: pd.DataFrame) -> str:
    """Alternative text of the picture: one sentence for each importer."""
    said = [sentence(table[table["importer"] == name]) for name in dict.fromkeys(table["importer"])]
    return " ".join(line for line in said if line)


def sentence(rows: pd.DataFrame) -> str:
    """How far both shares fell from the year with the highest direct share to the one with the lowest after it."""
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
