"""A briefing as a tagged PDF (PDF/UA-1) through Typst.

The briefing is passed to Typst as JSON, never as markup, so that no text of an article can become a command.
Latin letters are set in a font embedded in Typst, so that such pages are the same on every machine. Typst rejects
charts without alternative text.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
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
"""Embedded in Typst; letters that it lacks are taken from system fonts."""
GENERIC = ("serif", "sans-serif")
NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
PICTURES = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Co", "Cn"})
"""Kinds of signs that are described in words, or left out, where no font has them; letters are not."""
MAX_SIGNS = 30
"""Largest number of different signs that are described."""
MAX_SOURCES = 12
"""Maximum number of publications listed in the PDF; the HTML page lists all."""


def pdf(briefing: Briefing, created: date) -> bytes:
    """Bytes of the PDF; the same briefing and date give the same bytes on a machine.

    Raises
    ------
    InputError
        If no installed font has the letters of the language.
    """
    import datetime as dt

    import typst

    stamp = dt.datetime(created.year, created.month, created.day, tzinfo=dt.UTC)
    texts = _files(briefing)
    for _ in range(MAX_SIGNS):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in texts.items():
                (root / name).write_text(text, "utf-8")
            try:
                pages: bytes = typst.compile(
                    root / "briefing.typ", root=root, format="pdf", pdf_standards="ua-1", timestamp=int(stamp.timestamp())
                )
            except typst.TypstError as error:
                sign = _missing_sign(str(error))
                if not sign:
                    raise _refusal(briefing, error) from error
                texts = {name: _described(text, sign) for name, text in texts.items()}
                continue
        return pages
    raise InputError(f"PDF: more than {MAX_SIGNS} signs that no font of this machine has; write HTML and print it from a browser")


def _missing_sign(error: str) -> str:
    """First sign in an error of Typst that is no letter, such as a picture; empty if letters or nothing are missing."""
    found = NO_FONT.search(error)
    return next((char for char in found[1] if unicodedata.category(char) in PICTURES), "") if found else ""


def _described(text: str, sign: str) -> str:
    """Text with a sign in words, or without it if it only changes the sign before it."""
    name = unicodedata.name(sign, "").lower() if unicodedata.category(sign) in {"So", "Sk"} else ""
    return text.replace(sign, f"[{name}]" if name else "")


def _refusal(briefing: Briefing, error: Exception) -> Exception:
    """InputError if a letter is missing in all installed fonts; other errors of Typst unchanged."""
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
    """Font names in a CSS list of fonts."""
    return [name.strip().strip("'\"") for name in fonts.split(",") if name.strip()]


def _files(briefing: Briefing) -> dict[str, str]:
    """Files for Typst: layout, text as data, charts."""
    # Typst uses the first available font for all letters of a chart, so those of the language come first
    fonts = f"{briefing.sans}, {FONT}" if briefing.sans else FONT
    found = {f"{chart.name}.svg": chart.svg.markup(chart.alt, fonts) for chart in briefing.charts()}
    layout = (files("ytterby.report") / "templates" / "briefing.typ").read_text("utf-8")
    return found | {"briefing.typ": layout, "briefing.json": json.dumps(_document(briefing), ensure_ascii=False)}


def _document(briefing: Briefing) -> dict[str, Any]:
    """Briefing as plain data; charts are referred to by file name."""
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
        **{
            name: [[asdict(span) for span in spans] for spans in getattr(briefing, name)]
            for name in ("warnings", "changes", "unknowns", "beside", "points")
        },
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
