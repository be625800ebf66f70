"""A firm's parts as sheets of a workbook: answer, parts, ladder, licences, questions with room for the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.parts.paper import answer, support, title, unknowns, warnings
from ytterby.report.parts.tables import LICENCE_HEADS, licence, outlook, supplier
from ytterby.report.render.workbook import WorkbookSheet
from ytterby.report.text import plain

if TYPE_CHECKING:
    from ytterby.exposure import PartExposure, PartsResult
    from ytterby.report.render.workbook import CellValue
    from ytterby.report.text import Words

HEADS = (
    "row", "part", "grade", "grams", "supplier", "from", "cover", "outlook", "missing", "day", "low", "high", "share", "until",
    "licence", "ends", "renewal", "upstream", "supplier_cover",
)  # fmt: skip
LADDER_HEADS = ("first", "on_day", "week", "cost", "second")
QUESTION_HEADS = ("supplier", "parts", "question", "answer")


def parts_sheets(found: PartsResult, words: Words) -> tuple[WorkbookSheet, ...]:
    """Sheets of the workbook; the second holds every number of the parts, unrounded."""
    return (
        _answer(found, words),
        WorkbookSheet(words.plain("parts.sheet.parts"), _heads(words, HEADS), tuple(_row(words, row) for row in found.parts)),
        _ladder(found, words),
        _licences(found, words),
        _questions(found, words),
    )


def _heads(words: Words, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(words.plain(f"parts.head.{key}") for key in keys)


def _answer(found: PartsResult, words: Words) -> WorkbookSheet:
    """The first page in lines."""
    spans = (answer(found, words), support(found, words), *warnings(found, words))
    lines = [(line,) for line in map(plain, spans) if line]
    lines += [(words.plain(f"parts.legend.{'scenario' if found.scenario else 'country'}"),)]
    lines += [(f"{words.plain('page.unknown')}: {plain(line)}",) for line in unknowns(found, words)]
    lines += [(plain(words.say("list.named", name=found.file, list=words.plain("parts.stays_here"))),)]
    return WorkbookSheet(words.plain("parts.sheet.answer"), (title(found, words),), tuple(lines))


def _row(words: Words, row: PartExposure) -> tuple[CellValue, ...]:
    return (
        row.line, row.part, row.grade, row.grams, row.supplier, words.country(row.country), row.weeks_of_cover, outlook(words, row),
        row.missing_from, row.days_to_stop, row.days_to_stop_low, row.days_to_stop_high, row.missing_share, row.missing_until,
        licence(words, row), row.licence_expiry, row.days_without_renewal, row.upstream_share, row.supplier_cover,
    )  # fmt: skip


def _ladder(found: PartsResult, words: Words) -> WorkbookSheet:
    rows = [
        (", ".join(s.parts), s.first_stop_days, s.one_week_gains, s.one_week_cost_usd, s.qualification_gains or words.plain("parts.all"))
        for s in found.ladder
    ]
    return WorkbookSheet(words.plain("parts.sheet.ladder"), _heads(words, LADDER_HEADS), tuple(rows))


def _licences(found: PartsResult, words: Words) -> WorkbookSheet:
    rows = [
        (
            row.date,
            words.plain("parts.expired") if row.expired else words.plain("parts.in_days", days=words.number(row.days, 0)),
            supplier(words, row.supplier, row.country),
            ", ".join(row.parts),
            row.missing_from,
        )
        for row in found.licences
    ]
    return WorkbookSheet(words.plain("parts.sheet.licences"), _heads(words, LICENCE_HEADS), tuple(rows))


def _questions(found: PartsResult, words: Words) -> WorkbookSheet:
    country = words.country(found.country) if found.country else words.plain("parts.ask.any_country")
    rows = [
        (supplier(words, row.supplier, row.country), ", ".join(row.parts), words.plain(f"parts.ask.{code}", country=country), None)
        for row in found.questions
        for code in row.ask
    ]
    return WorkbookSheet(words.plain("parts.sheet.ask"), _heads(words, QUESTION_HEADS), tuple(rows))
