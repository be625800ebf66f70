"""The table of a picture as a workbook, at the address of its page with the name of the picture and the format."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ytterby.report.briefing import Chart
from ytterby.report.render import WorkbookSheet, workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.report import Words
    from ytterby.report.briefing import Span, Table
    from ytterby.web.page import Page

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARAMETERS = ("table", "format")
"""What an address says beside what the page is asked."""
NUMBER = re.compile(r"[-+\u2212]?\d[\d.,\u00a0\u202f]*")


def charts_of(value: Any) -> Iterator[Chart]:
    """Pictures of a page, wherever they stand in it."""
    if isinstance(value, Chart):
        yield value
    elif isinstance(value, Mapping):
        yield from charts_of(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from charts_of(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from charts_of(tuple(getattr(value, field.name) for field in dataclasses.fields(value)))


def figure_workbook(words: Words, page: Page, name: str) -> bytes | None:
    """XLSX with the table of a picture of this name, and its source; None where the page has no such picture."""
    chart = next((chart for chart in charts_of(page) if chart.name == name), None)
    if chart is None:
        return None
    note = next((note for note in page.notes if note.number == chart.ref), None)
    source = f"{words.plain('web-source_of')} {note.title}. {note.text}" if note else ""
    return workbook([table_sheet(words, chart.title, chart.table, tuple(line for line in (chart.title, source) if line))])


def file_name(name: str) -> str:
    """Name of the file with the table of a picture."""
    return f"ytterby-{re.sub('[^A-Za-z0-9-]+', '-', name)[:60]}.xlsx"


def table_sheet(words: Words, name: str, table: Table, lead: tuple[str, ...] = ()) -> WorkbookSheet:
    """Sheet of a table of a page: what is written as a number becomes one, a share its per cents with the sign in the head."""
    cells = [[_text(cell) for cell in row] for row in table.rows]
    percents = {at for at in range(len(table.head)) if _is_percent(words, [row[at] for row in cells])}
    head = tuple(f"{text} [%]" if at in percents else text for at, text in enumerate(table.head))
    rows = tuple(tuple(_value(words, text) if at >= table.words else text for at, text in enumerate(row)) for row in cells)
    return WorkbookSheet(name, head, rows, lead=lead)


def _text(cell: str | tuple[Span, ...]) -> str:
    return cell if isinstance(cell, str) else "".join(span.text for span in cell)


def _is_percent(words: Words, column: list[str]) -> bool:
    sign = words.plain("unit.percent", value="").strip("\u00a0 ")
    known = [text for text in column if text]
    return bool(known) and all(
        text.endswith(sign) and NUMBER.fullmatch(text.removesuffix(sign).strip("\u00a0 ").lstrip("<>")) for text in known
    )


def _value(words: Words, text: str) -> str | float:
    """Number that a text in the digits of the language says; any other text as it is."""
    symbols = words.locale.number_symbols["latn"]
    bare = text.removesuffix(words.plain("unit.percent", value="").strip("\u00a0 ")).strip("\u00a0 ")
    if not NUMBER.fullmatch(bare):
        return text
    plain = bare.replace(symbols["group"], "").replace(symbols["decimal"], ".").replace("\u2212", "-")
    try:
        return float(plain)
    except ValueError:
        return text
