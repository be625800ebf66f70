"""A briefing as a tagged PDF (PDF/UA-1) through Typst.

The briefing goes to Typst as JSON, never as markup, so that no text of an article can become a command.
Latin letters are set in a font that Typst carries with it: such pages are the same on every machine. Typst refuses a
picture without alternative text, which is a test of the briefing for nothing.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.report.briefing.document import Chart, EventGroup
from ytterby.report.render.html import is_web
from ytterby.report.text import plain

if TYPE_CHECKING:
    from datetime import date

    from ytterby.report.briefing.document import Block, Briefing

FONT = "Libertinus Serif"
"""Comes with Typst; letters that it lacks are taken from fonts of the system."""
GENERIC = ("serif", "sans-serif")
NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
MAX_SOURCES = 12
"""Publications that the PDF names; the HTML page has all."""


def pdf(briefing: Briefing, made: date) -> bytes:
    """Bytes of the PDF; the same briefing and date give the same bytes on a machine.

    Raises
    ------
    InputError
        If no font of this machine has the letters of the language.
    """
    import datetime as dt

    import typst

    stamp = dt.datetime(made.year, made.month, made.day, tzinfo=dt.UTC)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in _files(briefing).items():
            (root / name).write_text(text, "utf-8")
        try:
            pages: bytes = typst.compile(
                root / "briefing.typ", root=root, format="pdf", pdf_standards="ua-1", timestamp=int(stamp.timestamp())
            )
        except typst.TypstError as error:
            raise _refusal(briefing, error) from error
    return pages


def _refusal(briefing: Briefing, error: Exception) -> Exception:
    """Error for a letter that no font of this machine has; other errors of the typesetter as they are."""
    missing = NO_FONT.search(str(error))
    if missing is None:
        return error
    wanted = [name for name in families(briefing.serif) + families(briefing.sans) if name not in GENERIC]
    hint = f", such as {', '.join(wanted[:4])}" if wanted else ""
    return InputError(
        f"PDF (--lang {briefing.lang}): no font of this machine has the letter '{missing.group(1)}'; "
        f"install a font for it{hint}, or write HTML and print it from a browser"
    )


def families(fonts: str) -> list[str]:
    """Names in a list of fonts as CSS writes it."""
    return [name.strip().strip("'\"") for name in fonts.split(",") if name.strip()]


def _files(briefing: Briefing) -> dict[str, str]:
    """Files that Typst reads: layout, text as data, pictures."""
    # Typst takes the first font of a picture that it finds for all its letters: the language's own come first
    fonts = f"{briefing.sans}, {FONT}" if briefing.sans else FONT
    found = {f"{chart.name}.svg": chart.svg.markup(chart.alt, fonts) for chart in briefing.charts()}
    layout = (files("ytterby.report") / "templates" / "briefing.typ").read_text("utf-8")
    return found | {"briefing.typ": layout, "briefing.json": json.dumps(_document(briefing), ensure_ascii=False)}


def _document(briefing: Briefing) -> dict[str, Any]:
    """Briefing as plain data; pictures by the names of their files."""
    sections = [{"title": section.title, "blocks": [_block(block) for block in section.blocks]} for section in briefing.sections]
    notes = [asdict(note) | {"web": is_web(note.url)} for note in briefing.notes]
    return {
        "lang": briefing.lang,
        "fonts": [FONT, *families(briefing.serif)],
        "title": briefing.title,
        "subtitle": briefing.subtitle,
        "answer_text": plain(briefing.answer),
        "panels": [_chart(chart) for chart in briefing.panels],
        "sections": sections,
        "notes": notes,
        "sources": [asdict(source) for source in briefing.sources[:MAX_SOURCES]],
        "labels": briefing.labels,
        "meta": [[name, [asdict(span) for span in spans]] for name, spans in briefing.meta],
        "dates": [[asdict(when), [asdict(span) for span in spans]] for when, spans in briefing.dates],
        **{name: [asdict(span) for span in getattr(briefing, name)] for name in ("answer", "support")},
        **{name: [[asdict(span) for span in spans] for spans in getattr(briefing, name)] for name in ("warnings", "changes", "unknowns")},
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Chart):
        return _chart(block)
    if isinstance(block, EventGroup):
        return {"kind": block.kind, "width": block.width, "blocks": [_block(part) for part in block.blocks]}
    return {"kind": block.kind, **asdict(block)}


def _chart(chart: Chart) -> dict[str, Any]:
    keys = ("title", "alt", "ref", "width")
    lists = {"legend": [asdict(item) for item in chart.legend], "remark": [asdict(span) for span in chart.remark]}
    return {"kind": "chart", "file": f"{chart.name}.svg", **{key: getattr(chart, key) for key in keys}, **lists}
