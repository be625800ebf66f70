"""Exposure and parts as files: a page, a workbook or CSV, and the template of a list of parts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.report import Words
from ytterby.report.parts import parts_paper, parts_sheets, template_sheets
from ytterby.report.render import WorkbookSheet, harmless, html, workbook
from ytterby.store import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.exposure import ExposureResult, ImportYear, PartsResult
    from ytterby.report.render import CellValue

TABLES = ("suppliers", "passed", "entries", "indicators", "single_points", "value_added_at_stake", "uses")
"""Tables of an exposure that become sheets, the first of which is written as CSV."""


def save_parts(found: PartsResult, path: Path, lang: str = "en") -> None:
    """Write what becomes of a firm's parts as ``.html``, ``.xlsx`` or ``.csv`` (the parts only, with the keys of the JSON)."""
    words = Words(lang)
    if path.suffix.lower() == ".html":
        _write(path, html(parts_paper(found, words, version("ytterby"), dt.datetime.now(dt.UTC).date())).encode())
    elif path.suffix.lower() == ".xlsx":
        _write(path, workbook(parts_sheets(found, words)))
    else:
        _write(path, csv_text(_sheet("parts", found.parts)).encode())


def save_template(path: Path, lang: str = "en") -> None:
    """Write the template of a list of parts as ``.xlsx`` with a sheet that explains it, or ``.csv`` with remarks above.

    Raises
    ------
    InputError
        If the file is there already: it may hold someone's parts.
    """
    if path.exists():
        raise InputError(f"{path}: is there already and is not written over; give another name")
    form, about = template_sheets(Words(lang), path.name)
    if path.suffix.lower() == ".xlsx":
        _write(path, workbook([form, about]))
        return
    said = [*about.lead, *(f"{row[0]} ({about.head[1]}: {row[1]}): {row[2]}" for row in about.rows)]
    # with byte order mark, by which spreadsheets know UTF-8
    _write(path, csv_text(WorkbookSheet(form.name, form.head, form.rows, lead=tuple(said))).encode("utf-8-sig"))


def save_exposure_tables(found: ExposureResult, path: Path) -> None:
    """Write the tables of an exposure as ``.xlsx``, a sheet each, or the suppliers as ``.csv``."""
    sheets = [_sheet(name, getattr(found, name)) for name in TABLES]
    _write(path, workbook([sheet for sheet in sheets if sheet.rows]) if path.suffix.lower() == ".xlsx" else csv_text(sheets[0]).encode())


def save_history_table(rows: Iterable[ImportYear], path: Path) -> None:
    """Write shares of imports over the years as ``.xlsx`` or ``.csv``."""
    sheet = _sheet("history", rows)
    _write(path, workbook([sheet]) if path.suffix.lower() == ".xlsx" else csv_text(sheet).encode())


def save_exposure_page(found: ExposureResult, path: Path, lang: str, project: Path) -> None:
    """Write an exposure as a page like a briefing, ``.html``."""
    from ytterby.app.briefings.brief import exposure_page

    exposure_page(found, lang, project).save(path)


def _sheet(name: str, rows: Iterable[Any]) -> WorkbookSheet:
    """Rows of a result with their keys as heads; lists are written as text."""
    items = [row.to_dict() for row in rows]
    head = tuple(dict.fromkeys(key for item in items for key in item))
    return WorkbookSheet(name, head, tuple(tuple(_plain(item.get(key)) for key in head) for item in items))


def csv_text(sheet: WorkbookSheet) -> str:
    """CSV of a table with its head, after its lead as remarks; what a spreadsheet would take for a formula is written as text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([f"# {line}"] for line in sheet.lead)
    writer.writerows([harmless(value) for value in row] for row in (sheet.head, *sheet.rows))
    return stream.getvalue()


def _plain(value: Any) -> CellValue:
    if isinstance(value, list):
        return ", ".join(_named(item) if isinstance(item, dict) else str(item) for item in value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _named(item: dict[str, Any]) -> str:
    """Name of a part of a row; of one without a name its keys with their values."""
    return str(item["name"]) if "name" in item else "; ".join(f"{key}: {value}" for key, value in item.items())


def _write(path: Path, data: bytes) -> None:
    try:
        write_bytes(path, data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None
