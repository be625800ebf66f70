"""Fixed words of a page and its list of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import cited
from ytterby.report.briefing.cited_writer import ORIGINS, CitedWriter
from ytterby.report.briefing.document import CitedSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.facts import Citation
    from ytterby.report.briefing.briefing_input import BriefingInput, CitedFact
    from ytterby.report.briefing.result_input import ResultFrame
    from ytterby.report.text import Words


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
