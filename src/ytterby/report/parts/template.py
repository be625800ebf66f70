"""Template of a list of parts: a form with example rows, and what each column holds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.exposure import REQUIRED
from ytterby.report.render.workbook import WorkbookSheet

if TYPE_CHECKING:
    from ytterby.report.render.workbook import CellValue
    from ytterby.report.text import Words

COLUMNS = (
    "part", "grade", "grams", "supplier", "country", "weeks_of_cover", "units_per_week", "licence", "licence_expiry", "alternatives",
    "supplier_cover", "upstream_share",
)  # fmt: skip
TITLES = {"supplier_cover": "supplier_cover_weeks", "upstream_share": "upstream_share_percent"}
"""Titles that differ from the names in the program, so that they say the unit."""
EXAMPLES: tuple[tuple[CellValue, ...], ...] = (
    (
        "Example rotor",
        "N42UH",
        1450,
        "Example Magnetics",
        "CN",
        9,
        1200,
        "general",
        dt.date(2026, 12, 31),
        "Example Magnets@JP:26",
        None,
        None,
    ),
    ("Example speaker", "N35", 30, "Example Trading", "CN", 7, 4800, None, None, None, None, None),
    ("Example pump", "N38H", 40, "Example Works", "JP", 4, 1200, "none", None, "Example Source@DE:8", 6, 80),
)
"""Rows that show how to fill in the list; their parts are named in a result that still holds them."""


def template_sheets(words: Words, file: str) -> tuple[WorkbookSheet, WorkbookSheet]:
    """The list with its examples, and the sheet that explains it.

    Parameters
    ----------
    words : Words
    file : str
        Name of the file, for the command that reads it.
    """
    needed = tuple(COLUMNS.index(column) for column in REQUIRED)
    form = WorkbookSheet(words.plain("parts.sheet.parts"), tuple(TITLES.get(column, column) for column in COLUMNS), EXAMPLES, needed)
    lead = (words.plain("parts.template.title"), words.plain("parts.template.lead", file=file), words.plain("parts.template.stays"))
    heads = tuple(words.plain(f"parts.head.{key}") for key in ("column", "needed", "holds", "example"))
    rows = tuple(
        (title, words.plain("parts.yes" if column in REQUIRED else "parts.no"), words.plain(f"parts.column.{column}"), EXAMPLES[-1][place])
        for place, (column, title) in enumerate(zip(COLUMNS, form.head, strict=True))
    )
    return form, WorkbookSheet(words.plain("parts.sheet.about"), heads, rows, (), lead)
