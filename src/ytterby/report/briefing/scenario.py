"""Section on the scenario: its measures with dates, their evidence and their assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.briefing.common import day, measure_name, scenario_ref, title_of
from ytterby.report.briefing.document import Para, Section, Span, Timeline, TimelineEntry
from ytterby.report.briefing.events_reading import EventsReading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans

MAX_GOODS = 8
MAX_MEASURES = 8


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on the scenario, the branches of its forks too; None if the run's record has neither measures nor forks."""
    run = inputs.run
    forks = run.declared.get("forks") or () if run else ()
    if run is None or not (run.measures or forks):
        return None
    ref = scenario_ref(writer, run)
    lead = writer.words.say("supposed.lead", scenario=title_of(writer, run), mark=Span("mark", "", ref))
    entries = tuple(_entry(inputs, writer, measure) for measure in run.measures[:MAX_MEASURES])
    entries += tuple(_branch(inputs, writer, fork, branch) for fork in forks for branch in fork["branches"])
    return Section("supposed", writer.words.plain("section.supposed"), (Para(lead), Timeline(entries)))


def drawn_range(run: BriefedRun, key: str) -> tuple[float, float] | None:
    """Range of the scenario's distribution of an input; None if it has no bounds."""
    declared = run.declared.get("draws", {}).get(key, {})
    low, high = declared.get("low"), declared.get("high")
    return (float(low), float(high)) if isinstance(low, int | float) and isinstance(high, int | float) else None


def _entry(inputs: BriefingInput, writer: CitedWriter, measure: Mapping[str, Any]) -> TimelineEntry:
    words, start, end = writer.words, day(measure.get("start")), day(measure.get("end"))
    status = words.plain("supposed.until", end=words.day(end)) if end else ""
    return TimelineEntry(
        when=words.time(start) if start else Span("text", words.plain("happened.undated")),
        title=_titled(writer, measure),
        status=status,
        sources=_grounds(inputs, writer, measure),
        passages=_passages(inputs, writer, measure),
    )


def _branch(inputs: BriefingInput, writer: CitedWriter, fork: Mapping[str, Any], branch: Mapping[str, Any]) -> TimelineEntry:
    """A way in which a decision can go: its probability, and what applies from then on."""
    words, measures, date = writer.words, branch.get("measures") or (), day(fork["date"])
    label = (Span("strong", words.translated(str(branch.get("label") or ""))),)
    applies = words.chained([_titled(writer, measure) for measure in measures], "list.clauses")
    told = words.say(
        "supposed.branch" if measures else "supposed.branch_none",
        decision=words.translated(str(fork.get("label") or "")),
        label=label,
        p=words.percent(float(branch["p"]), 0),
        **({"list": applies} if measures else {}),
    )
    grounds = {key: list(dict.fromkeys(name for measure in measures for name in measure.get(key) or ())) for key in ("facts", "assumed")}
    return TimelineEntry(
        when=words.time(date) if date else Span("text", words.plain("happened.undated")),
        title=told,
        status="",
        sources=_grounds(inputs, writer, grounds),
        passages=(),
    )


def _titled(writer: CitedWriter, measure: Mapping[str, Any]) -> Spans:
    """Name of a measure with the goods and sectors to which it applies."""
    words, goods = writer.words, measure.get("on") or ()
    name = (Span("strong", measure_name(writer, measure)),)
    names = [
        words.commodity(code) if "." in code or words.has(f"commodity.{code}") else words.element(code)
        for code in ([goods] if isinstance(goods, str) else goods)
    ]
    names += [words.sector(code) for code in measure.get("sectors") or ()]
    more = "…" if len(names) > MAX_GOODS else ""
    return words.say("list.named", name=name, list=words.joined(names[:MAX_GOODS]) + more) if names else name


def _grounds(inputs: BriefingInput, writer: CitedWriter, measure: Mapping[str, Any]) -> Spans:
    """Facts on which a measure is based, each with its reference, and the assumed fields."""
    words, spans = writer.words, []
    for name in measure.get("facts") or ():
        spans += [Span("text", " "), Span("code", name), Span("mark", "", fact_ref(inputs, writer, name))]
    known = words.say("supposed.facts", list=tuple(spans[1:])) if spans else ()
    keys = measure.get("assumed") or ()
    assumed = dict.fromkeys(words.code("field", key) for key in keys)
    assumptions = words.say("supposed.assumed", list=words.joined(assumed)) if assumed else ()
    return words.chained((known, assumptions), "list.sentences")


def fact_ref(inputs: BriefingInput, writer: CitedWriter, name: str) -> str:
    """Number of the note on a fact; empty if there is no such figure."""
    fact = inputs.facts.get(name)
    if fact is None:
        return ""
    return writer.notes.add_fact(name, fact.kind, fact.what, fact.source, fact.url)


def _passages(inputs: BriefingInput, writer: CitedWriter, measure: Mapping[str, Any]) -> tuple[Any, ...]:
    """Quotations from which the measure was drafted, if the articles are available."""
    if not inputs.evidence:
        return ()
    reading = EventsReading(inputs, writer)
    return tuple(reading.passage(reading.claims[name]) for name in measure.get("evidence") or () if name in reading.claims)
