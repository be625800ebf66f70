"""Compose a briefing from its input: the first page, then the sections in order.

A further section is a function in :data:`SECTIONS`, a further panel of the first page one in
:data:`ytterby.report.briefing.panels`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.facts import cited
from ytterby.report.briefing import discovery, drivers, events, exposure, first_page, losses, outlook, panels, record, remedies, scenario
from ytterby.report.briefing.cited_writer import ORIGINS, CitedWriter, Notes
from ytterby.report.briefing.common import title_of
from ytterby.report.briefing.document import Briefing, CitedSource
from ytterby.report.text import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ytterby.facts import Citation
    from ytterby.report.briefing.briefing_input import BriefingInput, CitedFact
    from ytterby.report.briefing.document import Section
    from ytterby.report.briefing.result_frame import ResultFrame

SECTIONS: tuple[Callable[[BriefingInput, CitedWriter], Section | None], ...] = (
    events.section,
    scenario.section,
    record.section,
    exposure.section,
    outlook.section,
    losses.section,
    remedies.section,
    drivers.section,
    discovery.section,
)
"""Sections after the first page; a function returns None if there is no input for its section."""

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
    "read_at",
)


def write(inputs: BriefingInput, lang: str = "en") -> Briefing:
    """Write a briefing in a language.

    Raises
    ------
    InputError
        If there is neither a run nor an exposure nor evidence.
    UnknownNameError
        If there is no message catalogue of the language.
    """
    words = Words(lang)
    writer = CitedWriter(words, Notes(words, {name: fact.kind for name, fact in inputs.facts.items()}))
    if not (inputs.runs or inputs.evidence or inputs.exposure):
        raise InputError("nothing to brief: give an article, a scenario or a run folder")
    answer, support, meta = first_page.answer(inputs, writer), first_page.support(inputs, writer), first_page.meta(inputs, writer)
    if precedent := first_page.compared(inputs, writer):
        support = words.chained((support, precedent), "list.sentences")
    beside = tuple(first_page.answer(other, writer) for other in inputs.beside)
    warnings, pictures = first_page.warnings(inputs, writer), panels.panels(inputs, writer)
    changes, dates, unknowns = first_page.changes(inputs, writer), first_page.dates(inputs, writer), first_page.unknowns(inputs, writer)
    sections = tuple(section for section in (make(inputs, writer) for make in SECTIONS) if section)
    sources = sources_of(inputs.facts, writer)
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
        labels(inputs, len(sources), words),
        words.fonts("serif"),
        words.fonts("sans"),
        beside,
    )


def title(inputs: BriefingInput, writer: CitedWriter) -> str:
    """Title of the scenario, or a general one if there is no run."""
    if inputs.run:
        return title_of(writer, inputs.run)
    key = "title.evidence" if inputs.evidence else "title.exposure"
    return writer.words.plain(key, within=writer.words.within(inputs.importer))


def subtitle(inputs: BriefingInput, writer: CitedWriter) -> str:
    """The scenario's summary in the language, if it has one."""
    return writer.words.declared(inputs.run.declared, "summary") if inputs.run else ""


def labels(inputs: BriefingInput | ResultFrame, sources: int, words: Words) -> dict[str, str]:
    """Headings and labels of the page, by key; ``sources`` is the number of publications."""
    made = words.plain("page.made", version=inputs.version, date=words.time(inputs.today))
    counted = words.plain("page.facts_title", facts=words.number(len(inputs.facts), 0), sources=words.number(sources, 0))
    told = {key: words.plain(f"page.{key}") for key in LABELS} | {"made": made, "facts_title": counted, "points": ""}
    return told | {f"origin_{origin}": words.plain(f"origin.{origin}") for origin in ORIGINS}


def sources_of(facts: Mapping[str, CitedFact], writer: CitedWriter) -> tuple[CitedSource, ...]:
    """Publications from which figures are taken, the most used first."""
    groups: dict[tuple[Citation, str], list[tuple[str, str]]] = {}
    for name, fact in facts.items():
        groups.setdefault((cited(fact.source, fact.url), fact.licence), []).append((name, fact.kind))
    found = [
        CitedSource(
            writer.words.source(citation.text) or writer.words.plain("meta.unknown"),
            citation.url,
            writer.words.source(licence),
            _kinds(writer, [kind for _, kind in rows]),
            tuple(sorted(name for name, _ in rows)),
            citation.read_at,
        )
        for (citation, licence), rows in groups.items()
    ]
    return tuple(sorted(found, key=lambda source: (-len(source.facts), source.text)))


def _kinds(writer: CitedWriter, kinds: list[str]) -> str:
    """Text such as ``12 reported, 3 assumed``."""
    counts = {kind: kinds.count(kind) for kind in ("reported", "derived", "assumed")}
    words = writer.words
    return words.joined(
        words.plain("page.counted", count=str(count), kind=words.plain(f"origin.{kind}")) for kind, count in counts.items() if count
    )
