"""The first page: the answer, its basis, warnings, inputs that would change it, dates, and unknowns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.briefing.branches import FIRST_FORK, still_flows, worse_way
from ytterby.report.briefing.common import (
    day,
    driver_name,
    measure_name,
    scenario_ref,
    state_name,
    state_ref,
)
from ytterby.report.briefing.controls import decisions_ahead
from ytterby.report.briefing.document import Span
from ytterby.report.briefing.drivers import driver_set, driver_set_ref, grade, letter, nothing, place_words
from ytterby.report.briefing.events import answer as evidence_answer
from ytterby.report.briefing.events import support as evidence_support
from ytterby.report.briefing.events import unknowns as evidence_unknowns
from ytterby.report.briefing.exposure import headline
from ytterby.report.briefing.headline import run_answer
from ytterby.report.briefing.panels import uses_ref
from ytterby.report.briefing.scenario import drawn_range, fact_ref
from ytterby.report.briefing.told_branches import news_of_fork
from ytterby.report.digits import plain_place
from ytterby.system import coverage

if TYPE_CHECKING:
    from datetime import date

    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.briefing.drivers import DriverSet, LossDriver

MAX_CHANGES = 3
MAX_DATES = 5
WELL_COVERED = 0.5
"""Share of a stage's output with figures of production from which their lack is not told [1]."""
MAX_UNCOVERED = 3
"""Stages and regions that are named as without figures."""
PRECEDENTS = {"licence": ("DIS048", "DIS049", "DIS050"), "ban": ("DIS018", "DIS019"), "outage": ("DIS060", "DIS061")}
"""Facts on a recorded event of like kind, by the kind of measure."""


def answer(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """The answer in one sentence."""
    if inputs.run:
        parts = (run_answer(inputs, writer, inputs.run), news_of_fork(inputs, writer), evidence_support(inputs, writer))
        return writer.words.chained(tuple(part for part in parts if part), "list.sentences")
    if inputs.evidence:
        return evidence_answer(inputs, writer)
    fields = headline(inputs, writer)
    return writer.words.say("answer.exposure" if "direct" in fields else "answer.exposure_plain", **fields)


def support(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """Basis of the answer, in one sentence."""
    words, run = writer.words, inputs.run
    if run:
        ref = scenario_ref(writer, run)
        counts = {"draws": str(run.draws), "seed": str(run.seed), "weeks": str(run.summary.weeks)}
        fields = {key: Span("num", text, ref) for key, text in counts.items()}
        return words.say("support.run" if run.draws > 1 else "support.single", **fields, start=words.time(run.dates()[0]))
    if inputs.evidence:
        return words.say("support.evidence")
    return words.say("support.exposure", year=inputs.base_year)


def flowing(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """What still flows in the costly branch of a decision; nothing without one."""
    return still_flows(inputs, writer, inputs.run) if inputs.run else ()


def compared(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """A recorded event of like kind, for the reader to compare the answer with; nothing if there is none."""
    kinds = [str(measure.get("kind")) for measure in inputs.run.measures] if inputs.run else []
    kind = next((kind for kind in kinds if kind in PRECEDENTS), None)
    if kind is None:
        return ()
    marks = tuple(Span("mark", "", fact_ref(inputs, writer, name)) for name in PRECEDENTS[kind])
    return (*writer.words.say(f"compared.{kind}"), *marks)


def meta(inputs: BriefingInput, writer: CitedWriter) -> tuple[tuple[str, Spans], ...]:
    """Labels and values below the title: importer, newest fact, evidence grade, hit rate, date of writing."""
    words = writer.words
    newest = day(inputs.as_of) if len(inputs.as_of) >= 10 else None
    as_of = words.time(newest) if newest else Span("text", inputs.as_of or words.plain("meta.unknown"))
    rows: list[tuple[str, Any]] = [
        ("for", words.listed(words.region(each.importer) for each in (inputs, *inputs.beside))),
        ("as_of", as_of),
        ("grade", _grade(inputs, writer)),
        ("hits", _hits(inputs, writer)),
    ]
    return tuple(
        (words.plain(f"meta.{key}"), (Span("text", value),) if isinstance(value, str) else (value,) if isinstance(value, Span) else value)
        for key, value in rows
    )


def _grade(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    words, shares = writer.words, grade(inputs.run) if inputs.run else {}
    base = assumed_share(inputs)
    if inputs.run is None and base is not None:
        share = writer.plain_share(1.0 - base, uses_ref(inputs, writer))
        return words.say("meta.grade_base", letter=Span("strong", letter(1.0 - base)), share=share)
    if not shares:
        return words.say("meta.grade_none")
    ref = writer.notes.add("grade", "derived", words.plain("meta.grade"), words.plain("run.grade"))
    spans = {kind: writer.plain_share(value, ref) for kind, value in shares.items()}
    return words.say("meta.grade_value", letter=Span("strong", letter(1.0 - shares["assumed"])), **spans)


def assumed_share(inputs: BriefingInput) -> float | None:
    """Share of the importer's uses, by mass, based on assumed figures; ``None`` if the exposure has no such share."""
    uses = inputs.exposure.uses if inputs.exposure else ()
    mass = sum(row.use_t for row in uses)
    return sum(row.use_t * row.assumed for row in uses) / mass if mass else None


def _hits(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    words, result = writer.words, inputs.backtest
    if not result and inputs.record and inputs.record.statements:
        counts = {"hits": str(inputs.record.hits), "of": str(len(inputs.record.statements))}
        return words.say("meta.hits_own", **counts)
    if not result:
        return words.say("meta.hits_none")
    ref = writer.notes.add("backtest", "derived", words.plain("meta.hits"), words.plain("run.backtest", episode=result.episode))
    return words.say(
        "meta.hits_value",
        hits=Span("num", str(result.hits), ref),
        of=Span("num", str(result.of), ref),
        episode=result.episode,
    )


def warnings(inputs: BriefingInput, writer: CitedWriter) -> tuple[Spans, ...]:
    """Important warnings: assumed bands, expired states."""
    words = writer.words
    found = [words.say("warn.range")] if inputs.run and not inputs.calibrated else []
    if inputs.user_figures:
        found.append(words.say("warn.user_facts", count=words.number(inputs.user_figures, 0)))
    found += [words.say("warn.draft", why=remark) for remark in inputs.remarks]
    if inputs.states:
        found.append(_expired(inputs, writer))
    return tuple(found)


def _expired(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """Sentence on the states that have expired, each with a reference to its fact."""
    words, items = writer.words, []
    for state in inputs.states:
        expired = words.say("warn.expired_state", what=state_name(writer, state), end=words.time(state.end))
        items.append((*expired, Span("mark", "", state_ref(writer, state))))
    return words.say("warn.expired", list=words.chained(items, "list.clauses"))


def changes(inputs: BriefingInput, writer: CitedWriter) -> tuple[Spans, ...]:
    """Main drivers of the answer, with their threshold values."""
    run = inputs.run
    if run is None:
        return ()
    found = driver_set(inputs, run)
    if found is None:
        return (writer.words.say("change.none"),)
    if not found.movers:
        return (nothing(writer, run, found),)
    return tuple(_change(inputs, writer, run, found, mover) for mover in found.movers[:MAX_CHANGES])


def _change(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, found: DriverSet, mover: LossDriver) -> Spans:
    words, ref = writer.words, driver_set_ref(writer, run, found)
    fields: dict[str, Any] = {"input": driver_name(writer, run, mover.key), "place": place_words(writer, found)}
    if mover.key.removeprefix("forks.").isdigit():
        return (worse_way(inputs, writer, run) if mover.key == FIRST_FORK else ()) or words.say("change.fork", **fields)
    ends, threshold = drawn_range(run, mover.key), mover.threshold
    if threshold:
        shares = {"below": writer.plain_share(threshold.below, ref), "above": writer.plain_share(threshold.above, ref)}
        bound = writer.plain(threshold.value, ref)
        if ends:
            low, high = (words.number(end, plain_place(end)) for end in ends)
            drawn = Span("num", words.plain("range.dates", low=low, high=high), ref)
            return words.say("change.range", threshold=bound, ends=drawn, **fields, **shares)
        return words.say("change.split", threshold=bound, **fields, **shares)
    rho = Span("num", words.number(mover.rho, -2), ref)
    return words.say("change.up" if mover.rho > 0 else "change.down", rho=rho, **fields)


def dates(inputs: BriefingInput, writer: CitedWriter) -> tuple[tuple[Span, Spans], ...]:
    """Coming dates: ends of measures and forks of the scenario, decisions and commitments of the calendar."""
    words, run = writer.words, inputs.run
    found = [*(_scenario_dates(writer, run) if run else []), *decisions_ahead(inputs, writer)]
    ahead = sorted((item for item in found if item[0] >= inputs.today), key=lambda item: item[0])
    rows = tuple((words.time(when), spans) for when, spans in list(dict.fromkeys(ahead))[:MAX_DATES])
    return rows or ((Span("text", ""), words.say("dates.none")),)


def _scenario_dates(writer: CitedWriter, run: BriefedRun) -> list[tuple[date, Spans]]:
    """Starts and ends of measures, and forks, declared in the scenario."""
    words, found = writer.words, []
    mark = Span("mark", "", scenario_ref(writer, run))
    for measure in run.measures:
        for key in ("start", "end"):
            when = day(measure.get(key))
            found += [(when, (*words.say(f"dates.{key}", what=measure_name(writer, measure)), mark))] if when else []
    for fork in run.declared.get("forks", []):
        when = day(fork["date"])
        label = words.translated(str(fork.get("label") or ", ".join(str(branch.get("label", "")) for branch in fork.get("branches", []))))
        found += [(when, (*words.say("dates.fork", what=label), mark))] if when else []
    return found


def unknowns(inputs: BriefingInput, writer: CitedWriter) -> tuple[Spans, ...]:
    """Limits of what the briefing can say."""
    words = writer.words
    found = [words.say("unknown.expired")] if inputs.states else []
    if inputs.run:
        found += [] if inputs.calibrated else [words.say("unknown.calibration")]
    share = assumed_share(inputs)
    if share is not None:
        found.append(words.say("unknown.demand", share=writer.plain_share(share, uses_ref(inputs, writer))))
    found += [told] if (told := _uncovered(inputs, writer)) else []
    return tuple(found + evidence_unknowns(inputs, writer))


def _uncovered(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """The stage of the base with the fewest figures of production, and whose output has none; nothing where all are well known."""
    words, rows = writer.words, coverage(inputs.system) if inputs.system else ()
    lacking = [row for row in rows if row.figured < WELL_COVERED and words.has(f"driver.stage.{row.stage}")]
    if not lacking:
        return ()
    told = [
        words.plain(
            "unknown.coverage_stage",
            stage=words.plain(f"driver.stage.{row.stage}"),
            share=words.percent(1.0 - row.figured, 0),
            list=words.listed(words.region(code) for code in row.without[:MAX_UNCOVERED]),
        )
        for row in lacking[:MAX_UNCOVERED]
    ]
    return words.say("unknown.coverage", year=str(inputs.system.year) if inputs.system else "", list=words.joined(told, "list.clauses"))
