"""What a page shows: a title, an answer, pictures, sections and the notes on their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby.report.briefing import CitedWriter, Notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.briefing import Chart, Note, Section, Spans
    from ytterby.web.asked import Asked


@dataclass(frozen=True)
class Page:
    """A page as its template shows it.

    Attributes
    ----------
    name : str
        Name of the page in the menu, whose help it has.
    title : str
        Heading: the question that the page answers.
    answer : Spans
        The answer in a sentence or two.
    brief : str
        Address of the briefing on what is shown; empty where there is none.
    more : mapping
        What only the page's own template knows.
    """

    name: str
    title: str
    subtitle: str = ""
    answer: Spans = ()
    support: Spans = ()
    warnings: tuple[Spans, ...] = ()
    panels: tuple[Chart, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[Note, ...] = ()
    example: bool = False
    brief: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def writer_of(asked: Asked, kinds: Mapping[str, str] | None = None) -> CitedWriter:
    """Writer of numbers with notes in the language of a request; ``kinds`` are the kinds of figures by id that notes may name."""
    return CitedWriter(asked.words, Notes(asked.words, kinds or {}))
