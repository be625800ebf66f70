"""Elements of a briefing: spans, blocks, sections and notes, as frozen dataclasses.

The templates (HTML, Typst) only do the layout and compute nothing. All text is plain text, which the templates
escape. A number is a span that carries the number of its note.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ytterby.report.charts import Svg


@dataclass(frozen=True)
class Span:
    """A piece of text with one kind of markup.

    Attributes
    ----------
    kind : str
        ``text``, ``num`` (``ref`` = note), ``strong``, ``quote`` (``ref`` = language), ``time``
        (``ref`` = ISO date), ``code``, ``link`` (``ref`` = address), ``mark`` (``ref`` = note, no text).
    """

    kind: str
    text: str
    ref: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Para:
    """A paragraph; ``style`` is empty, ``lead`` or ``small``."""

    spans: Spans
    style: str = ""
    kind: ClassVar[str] = "para"


@dataclass(frozen=True)
class Bullets:
    """A list of short statements."""

    items: tuple[Spans, ...]
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Callout:
    """A highlighted warning or remark."""

    spans: Spans
    kind: ClassVar[str] = "callout"


@dataclass(frozen=True)
class Table:
    """A table whose first column is the row header; ``ref`` is the note for all its numbers.

    Attributes
    ----------
    words : int
        Number of leading text columns, which are left-aligned; the others contain numbers.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ref: str = ""
    width: str = "full"
    """``half`` or ``full`` of the page."""
    words: int = 1
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class LegendItem:
    """An entry of a chart's legend; ``shape`` is ``area``, ``band`` (as pale as bands), ``line``, ``dash``, ``ring`` or ``dot``."""

    shape: str
    ink: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart with its alternative text, its data table and the note on the source of its numbers."""

    name: str
    title: str
    svg: Svg
    alt: str
    table: Table
    ref: str
    legend: tuple[LegendItem, ...] = ()
    remark: Spans = ()
    width: str = "half"
    """``half`` or ``full`` of the page."""
    kind: ClassVar[str] = "chart"


@dataclass(frozen=True)
class Passage:
    """A quotation in context: ``before`` and ``after`` are the surrounding text, ``quote`` is highlighted."""

    before: str
    quote: str
    after: str
    lang: str
    source: str
    ref: str


@dataclass(frozen=True)
class TimelineEntry:
    """An entry of the timeline: date, event, status and sources."""

    when: Span
    title: Spans
    status: str
    sources: Spans
    passages: tuple[Passage, ...] = ()
    doubts: tuple[Spans, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """Events in chronological order."""

    entries: tuple[TimelineEntry, ...]
    kind: ClassVar[str] = "timeline"


@dataclass(frozen=True)
class EventGroup:
    """Blocks that are kept together in half the page width."""

    blocks: tuple[Para | Bullets | Callout | Table, ...]
    width: ClassVar[str] = "half"
    kind: ClassVar[str] = "group"


Block = Para | Bullets | Callout | Table | Chart | Timeline | EventGroup


@dataclass(frozen=True)
class Section:
    """A section of the briefing with a heading."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Note:
    """The origin of a number: a source, or a calculation.

    Attributes
    ----------
    origin : str
        ``reported``, ``derived``, ``assumed``, ``simulated`` or ``article``.
    facts : tuple of (str, str)
        Ids of the figures that its numbers rest on, the most important first, each with its kind.
    more : str
        Words on those that are left out; empty where all are named.
    read_at : str
        Where a publication was read, if that is another place.
    common : str
        Text that all notes of one run have in common; printed once.
    """

    number: str
    origin: str
    title: str
    text: str
    url: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    more: str = ""
    common: str = ""
    read_at: str = ""


@dataclass(frozen=True)
class CitedSource:
    """A publication with the figures taken from it."""

    text: str
    url: str
    licence: str
    kinds: str
    """Numbers of its reported, derived and assumed figures, as text."""
    facts: tuple[str, ...]
    read_at: str = ""
    """Where it was read, if that is another place."""


@dataclass(frozen=True)
class PageParts:
    """What a page says, in its order; the fields before ``sections`` form the first page."""

    title: str
    subtitle: str
    answer: Spans
    support: Spans
    meta: tuple[tuple[str, Spans], ...]
    warnings: tuple[Spans, ...]
    panels: tuple[Chart, ...]
    points: tuple[Spans, ...]
    """A short list of the page's own, under the label ``points``."""
    changes: tuple[Spans, ...]
    unknowns: tuple[Spans, ...]
    sections: tuple[Section, ...]
    beside: tuple[Spans, ...] = ()
    """The answer for each further importer."""
    dates: tuple[tuple[Span, Spans], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Briefing(PageParts):
    """A complete briefing: what its page says, with its language, notes, sources and labels."""

    lang: str
    notes: tuple[Note, ...]
    sources: tuple[CitedSource, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    """Headings and labels of the page, by key."""
    serif: str = ""
    """Fonts (CSS) for the non-Latin letters of the language, for text."""
    sans: str = ""
    """Fonts (CSS) for the non-Latin letters of the language, for charts and labels."""

    def charts(self) -> tuple[Chart, ...]:
        """All charts in page order."""
        return self.panels + tuple(block for section in self.sections for block in section.blocks if isinstance(block, Chart))
