"""What a briefing consists of: spans, blocks, sections and notes, as frozen plain objects.

Templates (HTML, Typst) only lay these out; they decide and compute nothing. All text in here is plain:
the templates escape it. A number is a span that carries the number of its note.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ytterby.report.charts import Svg


@dataclass(frozen=True)
class Span:
    """A run of text.

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
    """A warning or a remark that must not be overlooked."""

    spans: Spans
    kind: ClassVar[str] = "callout"


@dataclass(frozen=True)
class Table:
    """A table; the first column heads the rows. ``ref`` is the note of all its numbers.

    Attributes
    ----------
    words : int
        How many leading columns hold words and stand at the left; the others hold numbers.
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
    """A key of a chart: ``shape`` is ``area``, ``line``, ``dash`` or ``ring``."""

    shape: str
    ink: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A picture with its alternative text, its table and the note that tells where its numbers come from."""

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
    """A marked quotation in its surroundings: ``before`` and ``after`` are plain, ``quote`` is marked."""

    before: str
    quote: str
    after: str
    lang: str
    source: str
    ref: str


@dataclass(frozen=True)
class TimelineEntry:
    """A line of the timeline: when, what, how sure, who says so."""

    when: Span
    title: Spans
    status: str
    sources: Spans
    passages: tuple[Passage, ...] = ()
    doubts: tuple[Spans, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """What happened, oldest first."""

    entries: tuple[TimelineEntry, ...]
    kind: ClassVar[str] = "timeline"


@dataclass(frozen=True)
class EventGroup:
    """Blocks that stand together in half the page's width."""

    blocks: tuple[Para | Bullets | Callout | Table, ...]
    width: ClassVar[str] = "half"
    kind: ClassVar[str] = "group"


Block = Para | Bullets | Callout | Table | Chart | Timeline | EventGroup


@dataclass(frozen=True)
class Section:
    """A part of the briefing with a heading of its own."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Note:
    """Where a number comes from: a source that was read, or a calculation.

    Attributes
    ----------
    origin : str
        ``reported``, ``derived``, ``assumed``, ``simulated`` or ``article``.
    facts : tuple of (str, str)
        Ids of the figures that its numbers rest on, the most important first, each with its kind.
    more : str
        Words on those that are left out; empty where all are named.
    common : str
        What all notes of one run say alike; printed once.
    """

    number: str
    origin: str
    title: str
    text: str
    url: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    more: str = ""
    common: str = ""


@dataclass(frozen=True)
class CitedSource:
    """A publication with the figures taken from it."""

    text: str
    url: str
    licence: str
    kinds: str
    """How many of its figures are reported, derived and assumed, in words."""
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Briefing:
    """A whole briefing; the first page is made of everything before ``sections``."""

    lang: str
    title: str
    subtitle: str
    answer: Spans
    support: Spans
    meta: tuple[tuple[str, Spans], ...]
    warnings: tuple[Spans, ...]
    panels: tuple[Chart, ...]
    changes: tuple[Spans, ...]
    dates: tuple[tuple[Span, Spans], ...]
    unknowns: tuple[Spans, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    sources: tuple[CitedSource, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    """Words of the page itself, by key."""
    serif: str = ""
    """Fonts (CSS) that the language needs beside those of Latin letters, for text."""
    sans: str = ""
    """The same for charts and labels."""

    def charts(self) -> tuple[Chart, ...]:
        """All pictures in the order of the page."""
        return self.panels + tuple(block for section in self.sections for block in section.blocks if isinstance(block, Chart))
