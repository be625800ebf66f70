"""What pages on saved results have in common: what they are written with, their labels, sources and words for names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError
from ytterby.facts import candidate
from ytterby.report.briefing.document import Briefing, PageParts, Span
from ytterby.report.briefing.labels_and_sources import labels, sources_of
from ytterby.report.digits import plain_place
from ytterby.report.text import Words, capital

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.briefing.result_input import ResultFrame

MILLION = 1e6
FINEST = -1
"""Decimal place of the smallest amounts in tables of millions."""


def marked_once(spans: Spans) -> Spans:
    """Line in which numbers from the same note carry its mark once, at the last of them."""
    refs = [span.ref if span.kind == "num" else "" for span in spans]
    return tuple(
        replace(span, ref="") if ref and ref in refs[i + 1 :] else span for i, (span, ref) in enumerate(zip(spans, refs, strict=True))
    )


def page(parts: PageParts, frame: ResultFrame, writer: CitedWriter, brand: str, points: str) -> Briefing:
    """Page in the form of a briefing; ``brand`` and ``points`` are the keys of its brand and of the heading of its points."""
    words, sources = writer.words, sources_of(frame.facts, writer)
    told = labels(frame, len(sources), words) | {"brand": words.plain(brand), "points": words.plain(points)}
    return Briefing(
        parts.title,
        parts.subtitle,
        marked_once(parts.answer),
        marked_once(parts.support),
        tuple((name, marked_once(value)) for name, value in parts.meta),
        lines(parts.warnings),
        parts.panels,
        lines(parts.points),
        lines(parts.changes),
        lines(parts.unknowns),
        parts.sections,
        lines(parts.beside),
        tuple((when, marked_once(line)) for when, line in parts.dates),
        lang=words.lang,
        notes=writer.notes.all(),
        sources=sources,
        labels=told,
        serif=words.fonts("serif"),
        sans=words.fonts("sans"),
    )


def lines(given: tuple[Spans, ...]) -> tuple[Spans, ...]:
    """Lines of a list, each with one mark a note."""
    return tuple(marked_once(line) for line in given)


def named(words: Words, code: str) -> str:
    """Name of a party inside a sentence: with its article where the language has one for it."""
    return words.plain(f"named.{code}") if words.has(f"named.{code}") else words.region(code)


def together(words: Words, codes: Iterable[str]) -> str:
    """Names of parties as ``Japan and the United States``."""
    return words.listed(named(words, code) for code in codes)


def coalition(words: Words, name: str) -> str:
    """Names of the parties of a coalition such as ``JP+US``, for tables and lists."""
    return " + ".join(words.region(code) for code in name.split("+"))


def short(words: Words, codes: Sequence[str]) -> str:
    """Name of a party, or the codes of several, for charts."""
    return words.region(codes[0]) if len(codes) == 1 else "+".join(codes)


def slug(text: str) -> str:
    """Text as the part of a key of the catalogues."""
    return text.replace(": ", "_").replace(" ", "_").lower()


def measure(words: Words, id_: str, name: str) -> str:
    """Name of a measure in the language; as the result has it where the table no longer knows it."""
    try:
        return candidate(id_).name(words.lang)
    except UnknownNameError:
        return name


def measure_facts(ids: Iterable[str]) -> tuple[str, ...]:
    """Ids of the figures behind some measures, in their order, each once."""
    found: dict[str, None] = {}
    for id_ in ids:
        try:
            found |= dict.fromkeys(candidate(id_).facts)
        except UnknownNameError:
            continue
    return tuple(found)


def group_name(words: Words, group: str) -> str:
    """Name of a group of measures inside a sentence."""
    return words.plain(f"plan.group.{slug(group)}")


def input_name(words: Words, name: str) -> str:
    """Name of an input whose ends were tried, with a capital letter."""
    return capital(words.plain(f"plan.input.{slug(name)}"))


def millions(words: Words, usd: float) -> str:
    """Amount in millions of USD with two significant digits, at most to tenths."""
    value = usd / MILLION
    return words.number(value, max(plain_place(value), FINEST) if abs(value) >= 10.0**FINEST / 2 else 0)


def exact(words: Words, value: float) -> str:
    """Number with as few decimals as leave it as it is, at most three."""
    place = next((place for place in (0, -1, -2) if abs(round(value, -place) - value) < 1e-9), -3)
    return words.number(value, place)


def years(words: Words, ends: tuple[int, int]) -> Spans:
    """First and last year."""
    first, last = (Span("time", str(year), str(year)) for year in ends)
    return words.say("range.years", low=first, high=last)
