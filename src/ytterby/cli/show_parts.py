"""Terminal output of a firm's own parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ytterby.cli.tables import TextTable, plain_console, prose
from ytterby.report import Words, plain
from ytterby.report.parts import parts_lines, parts_tables

if TYPE_CHECKING:
    from rich.console import Console

    from ytterby.exposure import PartsResult
    from ytterby.report.briefing import Table


def show_parts(found: PartsResult, lang: str = "en") -> None:
    """Print what becomes of a firm's parts: the answer, the parts, licences by date, the ladder, and how many questions are open."""
    words, console = Words(lang), plain_console()
    said = parts_lines(found, words)
    prose(console, plain(said.answer), "bold")
    if said.support:
        prose(console, plain(said.support))
    for line in said.warnings:
        prose(console, plain(line), "yellow")
    parts, ladder, licences = parts_tables(found, words)
    _print(console, parts)
    for line in said.remarks:
        prose(console, plain(line))
    for table in (licences, ladder):
        if table:
            _print(console, table)
    console.print()
    for line in said.last:
        prose(console, plain(line), "dim")


def _print(console: Console, table: Table) -> None:
    shown = TextTable.of(table.caption, table.head, table.words)
    for row in table.rows:
        shown.add_row(*(cell or "-" for cell in row))
    console.print(Text())
    console.print(shown)
