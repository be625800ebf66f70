"""From material to a briefing: the first page, then the sections in their order.

A later part (plan, cooperation, bargain) adds a function of the same kind to :data:`SECTIONS`, or to
:data:`ytterby.report.sections.panels` for the first page; nothing else changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.report.document import Briefing, Source
from ytterby.report.pen import Notes, Pen
from ytterby.report.sections import explored, exposure, front, happened, losses, matters, outlook, panels, scenario
from ytterby.report.sections.common import title_of
from ytterby.report.text import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.report.document import Section
    from ytterby.report.material import Material

SECTIONS: tuple[Callable[[Material, Pen], Section | None], ...] = (
    happened.section,
    scenario.section,
    exposure.section,
    outlook.section,
    losses.section,
    matters.section,
    explored.section,
)
"""Parts of the briefing after the first page; a part without material returns nothing and is left out."""

LABELS = (
    "brand",
    "skip",
    "answer",
    "glance",
    "change",
    "dates",
    "unknown",
    "table",
    "sources",
    "sources_lead",
    "note",
    "close",
    "facts",
    "printed_warning",
)


def write(material: Material, lang: str = "en") -> Briefing:
    """Briefing in a language.

    Raises
    ------
    InputError
        If there is nothing to write about.
    UnknownNameError
        If there is no catalogue of the language.
    """
    pen = Pen(Words(lang), Notes())
    if not (material.runs or material.evidence or material.exposure):
        raise InputError("nothing to brief: give an article, a scenario or a run folder")
    answer, support, meta = front.answer(material, pen), front.support(material, pen), front.meta(material, pen)
    warnings, pictures = front.warnings(material, pen), panels.panels(material, pen)
    changes, dates, unknowns = front.changes(material, pen), front.dates(material, pen), front.unknowns(material, pen)
    sections = tuple(section for section in (make(material, pen) for make in SECTIONS) if section)
    words = pen.words
    sources = bibliography(material, pen)
    made = words.plain("page.made", version=material.version, date=words.time(material.today))
    labels = {key: words.plain(f"page.{key}") for key in LABELS} | {"made": made}
    labels |= {
        "facts_title": words.plain("page.facts_title", facts=words.number(len(material.facts), 0), sources=words.number(len(sources), 0))
    }
    labels |= {f"origin_{origin}": words.plain(f"origin.{origin}") for origin in ("simulated", "reported", "derived", "assumed", "article")}
    return Briefing(
        lang,
        title(material, pen),
        subtitle(material, pen),
        answer,
        support,
        meta,
        warnings,
        pictures,
        changes,
        dates,
        unknowns,
        sections,
        pen.notes.all(),
        sources,
        labels,
    )


def title(material: Material, pen: Pen) -> str:
    """Title: the scenario's, else what the briefing is about."""
    if material.run:
        return title_of(pen, material.run)
    key = "title.evidence" if material.evidence else "title.exposure"
    return pen.words.plain(key, within=pen.words.within(material.importer))


def subtitle(material: Material, pen: Pen) -> str:
    """The scenario's summary in the language, if it has one."""
    declared = material.run.declared if material.run else {}
    return str(declared.get(f"summary_{pen.words.lang}") or declared.get("summary_en") or "")


def bibliography(material: Material, pen: Pen) -> tuple[Source, ...]:
    """Publications behind the figures that were used, the most used first."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for name, fact in material.facts.items():
        groups.setdefault((fact.source, fact.url, fact.licence), []).append((name, fact.kind))
    found = [
        Source(
            pen.words.source(text) or pen.words.plain("meta.unknown"),
            url,
            pen.words.source(licence),
            _kinds(pen, [kind for _, kind in rows]),
            tuple(sorted(name for name, _ in rows)),
        )
        for (text, url, licence), rows in groups.items()
    ]
    return tuple(sorted(found, key=lambda source: (-len(source.facts), source.text)))


def _kinds(pen: Pen, kinds: list[str]) -> str:
    """Words such as ``12 reported, 3 assumed``."""
    counts = {kind: kinds.count(kind) for kind in ("reported", "derived", "assumed")}
    return ", ".join(f"{count} {pen.words.plain(f'origin.{kind}')}" for kind, count in counts.items() if count)
