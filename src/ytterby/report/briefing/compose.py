"""From material to a briefing: the first page, then the sections in their order.

A later part (plan, cooperation, bargain) adds a function of the same kind to :data:`SECTIONS`, or to
:data:`ytterby.report.briefing.panels` for the first page; nothing else changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.report.briefing import discovery, drivers, events, exposure, first_page, losses, outlook, panels, scenario
from ytterby.report.briefing.cited_writer import ORIGINS, CitedWriter, Notes
from ytterby.report.briefing.common import title_of
from ytterby.report.briefing.document import Briefing, CitedSource
from ytterby.report.text import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.document import Section

SECTIONS: tuple[Callable[[BriefingInput, CitedWriter], Section | None], ...] = (
    events.section,
    scenario.section,
    exposure.section,
    outlook.section,
    losses.section,
    drivers.section,
    discovery.section,
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


def write(inputs: BriefingInput, lang: str = "en") -> Briefing:
    """Briefing in a language.

    Raises
    ------
    InputError
        If there is nothing to write about.
    UnknownNameError
        If there is no catalogue of the language.
    """
    words = Words(lang)
    writer = CitedWriter(words, Notes(words, {name: fact.kind for name, fact in inputs.facts.items()}))
    if not (inputs.runs or inputs.evidence or inputs.exposure):
        raise InputError("nothing to brief: give an article, a scenario or a run folder")
    answer, support, meta = first_page.answer(inputs, writer), first_page.support(inputs, writer), first_page.meta(inputs, writer)
    warnings, pictures = first_page.warnings(inputs, writer), panels.panels(inputs, writer)
    changes, dates, unknowns = first_page.changes(inputs, writer), first_page.dates(inputs, writer), first_page.unknowns(inputs, writer)
    sections = tuple(section for section in (make(inputs, writer) for make in SECTIONS) if section)
    sources = bibliography(inputs, writer)
    made = words.plain("page.made", version=inputs.version, date=words.time(inputs.today))
    labels = {key: words.plain(f"page.{key}") for key in LABELS} | {"made": made}
    labels |= {
        "facts_title": words.plain("page.facts_title", facts=words.number(len(inputs.facts), 0), sources=words.number(len(sources), 0))
    }
    labels |= {f"origin_{origin}": words.plain(f"origin.{origin}") for origin in ORIGINS}
    return Briefing(
        lang,
        title(inputs, writer),
        subtitle(inputs, writer),
        answer,
        support,
        meta,
        warnings,
        pictures,
        changes,
        dates,
        unknowns,
        sections,
        writer.notes.all(),
        sources,
        labels,
        words.fonts("serif"),
        words.fonts("sans"),
    )


def title(inputs: BriefingInput, writer: CitedWriter) -> str:
    """Title: the scenario's, else what the briefing is about."""
    if inputs.run:
        return title_of(writer, inputs.run)
    key = "title.evidence" if inputs.evidence else "title.exposure"
    return writer.words.plain(key, within=writer.words.within(inputs.importer))


def subtitle(inputs: BriefingInput, writer: CitedWriter) -> str:
    """The scenario's summary in the language, if it has one."""
    return writer.words.declared(inputs.run.declared, "summary") if inputs.run else ""


def bibliography(inputs: BriefingInput, writer: CitedWriter) -> tuple[CitedSource, ...]:
    """Publications behind the figures that were used, the most used first."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for name, fact in inputs.facts.items():
        groups.setdefault((fact.source, fact.url, fact.licence), []).append((name, fact.kind))
    found = [
        CitedSource(
            writer.words.source(text) or writer.words.plain("meta.unknown"),
            url,
            writer.words.source(licence),
            _kinds(writer, [kind for _, kind in rows]),
            tuple(sorted(name for name, _ in rows)),
        )
        for (text, url, licence), rows in groups.items()
    ]
    return tuple(sorted(found, key=lambda source: (-len(source.facts), source.text)))


def _kinds(writer: CitedWriter, kinds: list[str]) -> str:
    """Words such as ``12 reported, 3 assumed``."""
    counts = {kind: kinds.count(kind) for kind in ("reported", "derived", "assumed")}
    words = writer.words
    return words.joined(
        words.plain("page.counted", count=str(count), kind=words.plain(f"origin.{kind}")) for kind, count in counts.items() if count
    )
