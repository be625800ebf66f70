"""The section on the scenario: its measures with dates, what the record says and what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.document import Entry, Para, Section, Span, Timeline
from ytterby.report.sections.common import day, measure_name, run_ref, title_of
from ytterby.report.sections.happened import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.document import Spans
    from ytterby.report.material import Material, RunResult
    from ytterby.report.pen import Pen

MOST_GOODS = 8
MOST_MEASURES = 8


def section(material: Material, pen: Pen) -> Section | None:
    """What the scenario supposes; nothing where the run does not tell its measures."""
    run = material.run
    if run is None or not run.measures:
        return None
    ref = run_ref(pen, run, "scenario", pen.words.plain("run.scenario"))
    lead = pen.words.say("supposed.lead", scenario=title_of(pen, run), mark=Span("mark", "", ref))
    entries = tuple(_entry(material, pen, measure) for measure in run.measures[:MOST_MEASURES])
    return Section("supposed", pen.words.plain("section.supposed"), (Para(lead), Timeline(entries)))


def drawn_range(run: RunResult, key: str) -> tuple[float, float] | None:
    """Range over which the scenario draws an input, where it declares one with ends."""
    declared = run.declared.get("draws", {}).get(key, {})
    low, high = declared.get("low"), declared.get("high")
    return (float(low), float(high)) if isinstance(low, int | float) and isinstance(high, int | float) else None


def _entry(material: Material, pen: Pen, measure: Mapping[str, Any]) -> Entry:
    words, start, end = pen.words, day(measure.get("start")), day(measure.get("end"))
    status = words.plain("supposed.until", end=words.day(end)) if end else ""
    return Entry(
        when=words.time(start) if start else Span("text", words.plain("happened.undated")),
        title=(Span("strong", measure_name(pen, measure)), *_goods(pen, measure)),
        status=status,
        sources=_grounds(material, pen, measure),
        passages=_passages(material, pen, measure),
    )


def _goods(pen: Pen, measure: Mapping[str, Any]) -> Spans:
    """Goods and sectors that the measure is on."""
    words, goods = pen.words, measure.get("on") or ()
    names = [
        words.commodity(code) if "." in code or words.has(f"commodity.{code}") else words.element(code)
        for code in ([goods] if isinstance(goods, str) else goods)
    ]
    names += [words.sector(code) for code in measure.get("sectors") or ()]
    more = "…" if len(names) > MOST_GOODS else ""
    return (Span("text", f": {', '.join(names[:MOST_GOODS])}{more}"),) if names else ()


def _grounds(material: Material, pen: Pen, measure: Mapping[str, Any]) -> Spans:
    """Facts that carry the measure, each with its mark, and what is assumed."""
    words, spans = pen.words, []
    for name in measure.get("facts") or ():
        spans += [Span("text", " "), Span("code", name), Span("mark", "", _fact_ref(material, pen, name))]
    known = words.say("supposed.facts", list=tuple(spans[1:])) if spans else ()
    keys = measure.get("assumed") or ()
    assumed = dict.fromkeys(words.plain(f"field.{key}") if words.has(f"field.{key}") else key.replace("_", " ") for key in keys)
    told = words.say("supposed.assumed", list=", ".join(assumed)) if assumed else ()
    return (*known, *((Span("text", " "),) if known and told else ()), *told)


def _fact_ref(material: Material, pen: Pen, name: str) -> str:
    """Note of a fact; none where the figures do not know it."""
    fact = material.facts.get(name)
    if fact is None:
        return ""
    text = ". ".join(part for part in (fact.what, pen.words.source(fact.source)) if part)
    return pen.notes.add(f"fact:{name}", fact.kind, name, text, fact.url)


def _passages(material: Material, pen: Pen, measure: Mapping[str, Any]) -> tuple[Any, ...]:
    """Quotations that the measure was drafted from, where the articles are at hand."""
    if not material.evidence:
        return ()
    reading = Reading(material, pen)
    return tuple(reading.passage(reading.claims[name]) for name in measure.get("evidence") or () if name in reading.claims)
