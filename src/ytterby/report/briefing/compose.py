"""Compose a briefing from its input: the first page, then the sections in order.

A further section is a function in :data:`SECTIONS`, a further panel of the first page one in
:data:`ytterby.report.briefing.panels`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.report.briefing import discovery, drivers, events, exposure, first_page, losses, outlook, panels, record, remedies, scenario
from ytterby.report.briefing.cited_writer import CitedWriter, Notes
from ytterby.report.briefing.common import title_of
from ytterby.report.briefing.document import Briefing
from ytterby.report.briefing.labels_and_sources import labels, sources_of
from ytterby.report.text import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.document import Section

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
        raise InputError("nothing to brief: give an article, a scenario or a run")
    answer, support, meta = first_page.answer(inputs, writer), first_page.support(inputs, writer), first_page.meta(inputs, writer)
    told = (first_page.flowing(inputs, writer), support, first_page.compared(inputs, writer))
    support = words.chained(tuple(part for part in told if part), "list.sentences")
    beside = tuple(first_page.answer(other, writer) for other in inputs.beside)
    warnings, pictures = first_page.warnings(inputs, writer), panels.panels(inputs, writer)
    changes, dates, unknowns = first_page.changes(inputs, writer), first_page.dates(inputs, writer), first_page.unknowns(inputs, writer)
    sections = tuple(section for section in (make(inputs, writer) for make in SECTIONS) if section)
    sources = sources_of(inputs.facts, writer)
    return Briefing(
        title(inputs, writer),
        subtitle(inputs, writer),
        answer,
        support,
        meta,
        warnings,
        pictures,
        (),
        changes,
        unknowns,
        sections,
        beside,
        lang=lang,
        notes=writer.notes.all(),
        dates=dates,
        sources=sources,
        labels=labels(inputs, len(sources), words),
        serif=words.fonts("serif"),
        sans=words.fonts("sans"),
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
