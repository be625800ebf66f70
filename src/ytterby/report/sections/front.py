"""The first page: the answer, what supports it, warnings, what would change it, dates, what is not known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ytterby.report.digits import date_precision, plain_place
from ytterby.report.document import Span
from ytterby.report.sections.common import (
    day,
    driver_name,
    loss_of,
    loss_span,
    measure_name,
    own_losses,
    run_ref,
    state_name,
    state_ref,
    title_of,
)
from ytterby.report.sections.exposure import headline
from ytterby.report.sections.happened import answer as evidence_answer
from ytterby.report.sections.happened import due_dates
from ytterby.report.sections.happened import unknowns as evidence_unknowns
from ytterby.report.sections.matters import grade, letter, nothing, place_words, sway, sway_ref
from ytterby.report.sections.panels import exposure_ref
from ytterby.report.sections.scenario import drawn_range
from ytterby.report.text import band_dates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.document import Spans
    from ytterby.report.material import Material, RunResult
    from ytterby.report.pen import Pen
    from ytterby.report.sections.matters import Mover, Sway

MOST_CHANGES = 3
MOST_DATES = 5
RECENT = timedelta(days=60)
"""A date that passed so lately is still listed, marked as passed."""


def answer(material: Material, pen: Pen) -> Spans:
    """The answer in one sentence."""
    if material.run:
        return _run_answer(material, pen, material.run)
    if material.evidence:
        return evidence_answer(material, pen)
    fields = headline(material, pen)
    return pen.words.say("answer.exposure" if "direct" in fields else "answer.exposure_plain", **fields)


def first_stop(material: Material, run: RunResult) -> Mapping[str, Any] | None:
    """First stop of the importer, if any line stops in at least one draw of twenty."""
    rows = [
        row for row in run.summary.get("first_stops", []) if row["country"] in material.regions and (row.get("date_low") or row.get("date"))
    ]
    return min(
        rows,
        key=lambda row: (str(row.get("date") or "9999"), str(row.get("date_low")), -float(row.get("probability") or 0.0)),
        default=None,
    )


def _run_answer(material: Material, pen: Pen, run: RunResult) -> Spans:
    words, row = pen.words, first_stop(material, run)
    losses = own_losses(material, run)
    loss: Span | str = (
        loss_span(pen, run, material.importer, losses) if loss_of(run, material.importer, losses)[2] > 0 else words.plain("answer.nothing")
    )
    fields: dict[str, Any] = {
        "scenario": title_of(pen, run),
        "within": words.within(material.importer),
        "end": words.time(run.end()),
        "loss": loss,
    }
    ref = run_ref(pen, run, "stops", words.plain("run.stops"))
    if row is None:
        odds = {"odds": pen.odds(1.0, run.draws, ref)} if run.draws > 1 else {}
        return words.say("answer.calm" if odds else "answer.calm_no_odds", **fields, **odds)
    fields |= {"sector": Span("strong", words.sector(row["sector"]))}
    low, middle, high = (day(row.get(key)) for key in ("date_low", "date", "date_high"))
    fields |= {"odds": pen.odds(float(row["probability"]), run.draws, ref)}
    if run.draws == 1:
        return words.say("answer.stop_single", **fields, date=(*_around(pen, low or middle or run.end(), None), Span("mark", "", ref)))
    if middle is None or low is None:
        return words.say("answer.stop_open", **fields, low=words.time(low or middle or run.end()))
    band = (*band_dates(words, low, high or run.end()), Span("mark", "", ref))
    around = _around(pen, middle, (low, high or run.end()))
    return words.say("answer.stop", **fields, date=around, range=band)


def _around(pen: Pen, middle: date, band: tuple[date, date] | None) -> Spans:
    """Date as exact as its band allows; a week where it is exact or has none."""
    precision = date_precision(*band) if band else "day"
    key = {"day": "answer.around", "month": "answer.around_month", "year": "answer.around_year"}[precision]
    return pen.words.say(key, date=Span("time", pen.words.day(middle, precision), middle.isoformat()))


def support(material: Material, pen: Pen) -> Spans:
    """Where the answer comes from, in a sentence."""
    words, run = pen.words, material.run
    if run:
        ref = run_ref(pen, run, "stops", words.plain("run.stops"))
        counts = {"draws": str(run.draws), "seed": str(run.seed), "weeks": str(run.summary["weeks"])}
        fields = {key: Span("num", text, ref) for key, text in counts.items()}
        return words.say("support.run" if run.draws > 1 else "support.single", **fields, start=words.time(run.dates()[0]))
    if material.evidence:
        return words.say("support.evidence")
    return words.say("support.exposure", year=str(material.exposure["year"]) if material.exposure else "")


def meta(material: Material, pen: Pen) -> tuple[tuple[str, Spans], ...]:
    """Labels and values under the title: for whom, newest fact, evidence grade, hit rate, date of writing."""
    words = pen.words
    newest = day(material.as_of) if len(material.as_of) >= 10 else None
    as_of = words.time(newest) if newest else Span("text", material.as_of or words.plain("meta.unknown"))
    rows: list[tuple[str, Any]] = [
        ("for", words.region(material.importer)),
        ("as_of", as_of),
        ("grade", _grade(material, pen)),
        ("hits", _hits(material, pen)),
    ]
    return tuple(
        (words.plain(f"meta.{key}"), (Span("text", value),) if isinstance(value, str) else (value,) if isinstance(value, Span) else value)
        for key, value in rows
    )


def _grade(material: Material, pen: Pen) -> Spans:
    words, shares = pen.words, grade(material.run) if material.run else {}
    base = assumed_share(material)
    if material.run is None and base is not None:
        share = pen.plain_share(1.0 - base, exposure_ref(material, pen))
        return words.say("meta.grade_base", letter=Span("strong", letter(1.0 - base)), share=share)
    if not shares:
        return words.say("meta.grade_none")
    ref = pen.notes.add("grade", "derived", words.plain("meta.grade"), words.plain("run.grade"))
    spans = {kind: pen.plain_share(value, ref) for kind, value in shares.items()}
    return words.say("meta.grade_value", letter=Span("strong", letter(1.0 - shares["assumed"])), **spans)


def assumed_share(material: Material) -> float | None:
    """Share of the importer's uses, by mass, that rests on assumed figures; ``None`` where the exposure does not say."""
    uses = (material.exposure or {}).get("uses") or []
    mass = sum(float(row["use_t"]) for row in uses)
    return sum(float(row["use_t"]) * float(row["assumed"]) for row in uses) / mass if mass else None


def _hits(material: Material, pen: Pen) -> Spans:
    words, result = pen.words, material.backtest
    if not result:
        return words.say("meta.hits_none")
    ref = pen.notes.add("backtest", "derived", words.plain("meta.hits"), words.plain("run.backtest", episode=str(result["episode"])))
    return words.say(
        "meta.hits_value",
        hits=Span("num", str(result["hits"]), ref),
        of=Span("num", str(result["of"]), ref),
        episode=str(result["episode"]),
    )


def warnings(material: Material, pen: Pen) -> tuple[Spans, ...]:
    """What a reader must not overlook: assumed bands, expired states."""
    words = pen.words
    found = [words.say("warn.range")] if material.run and not material.calibrated else []
    if material.user_figures:
        found.append(words.say("warn.user_facts", count=words.number(material.user_figures, 0)))
    found += [words.say("warn.draft", why=remark) for remark in material.remarks]
    if material.states:
        found.append(_expired(material, pen))
    return tuple(found)


def _expired(material: Material, pen: Pen) -> Spans:
    """Sentence on the states that have expired, each with the mark of its fact."""
    words, items = pen.words, []
    for state in material.states:
        told = words.say("warn.expired_state", what=state_name(pen, state), end=words.time(state.end))
        items.append((*told, Span("mark", "", state_ref(pen, state))))
    joined = tuple(span for index, item in enumerate(items) for span in ((Span("text", "; "),) if index else ()) + item)
    return words.say("warn.expired", list=joined)


def changes(material: Material, pen: Pen) -> tuple[Spans, ...]:
    """Inputs that move the answer most, with the value from which on they do."""
    run = material.run
    if run is None:
        return ()
    found = sway(material, run)
    if found is None:
        return (pen.words.say("change.none"),)
    if not found.movers:
        return (nothing(pen, run, found),)
    return tuple(_change(pen, run, found, mover) for mover in found.movers[:MOST_CHANGES])


def _change(pen: Pen, run: RunResult, found: Sway, mover: Mover) -> Spans:
    words, ref = pen.words, sway_ref(pen, run, found)
    fields: dict[str, Any] = {"input": driver_name(pen, run, mover.key), "place": place_words(pen, found)}
    ends, threshold = drawn_range(run, mover.key), mover.threshold
    if threshold:
        shares = {"below": pen.plain_share(threshold.below, ref), "above": pen.plain_share(threshold.above, ref)}
        bound = pen.plain(threshold.value, ref)
        if ends:
            low, high = (words.number(end, plain_place(end)) for end in ends)
            drawn = Span("num", words.plain("range.dates", low=low, high=high), ref)
            return words.say("change.range", threshold=bound, ends=drawn, **fields, **shares)
        return words.say("change.split", threshold=bound, **fields, **shares)
    rho = Span("num", words.number(mover.rho, -2), ref)
    return words.say("change.up" if mover.rho > 0 else "change.down", rho=rho, **fields)


def dates(material: Material, pen: Pen) -> tuple[tuple[Span, Spans], ...]:
    """Dated decisions ahead, or just passed: ends and forks of the scenario, states of the facts, commitments."""
    words, run = pen.words, material.run
    found: list[tuple[date, Spans]] = []
    for state in material.states:
        found.append((state.end, (*words.say("dates.end", what=state_name(pen, state)), Span("mark", "", state_ref(pen, state)))))
    found += _scenario_dates(pen, run) if run else []
    found += due_dates(material, pen)
    near = sorted((item for item in found if item[0] >= material.today - RECENT), key=lambda item: item[0])[:MOST_DATES]
    passed = Span("text", f" ({words.plain('page.passed')})")
    rows = tuple((words.time(when), (*spans, passed) if when < material.today else spans) for when, spans in dict.fromkeys(near))
    return rows or ((Span("text", ""), words.say("dates.none")),)


def _scenario_dates(pen: Pen, run: RunResult) -> list[tuple[date, Spans]]:
    """Starts, ends and forks that the scenario declares."""
    words, found = pen.words, []
    mark = Span("mark", "", run_ref(pen, run, "scenario", words.plain("run.scenario")))
    for measure in run.measures:
        for key in ("start", "end"):
            when = day(measure.get(key))
            found += [(when, (*words.say(f"dates.{key}", what=measure_name(pen, measure)), mark))] if when else []
    for fork in run.declared.get("forks", []):
        when = day(fork["date"])
        label = fork.get("label") or ", ".join(str(branch.get("label", "")) for branch in fork.get("branches", []))
        found += [(when, (*words.say("dates.fork", what=label), mark))] if when else []
    return found


def unknowns(material: Material, pen: Pen) -> tuple[Spans, ...]:
    """What the briefing cannot know."""
    words = pen.words
    found = [words.say("unknown.expired")] if material.states else []
    if material.run:
        found += [] if material.calibrated else [words.say("unknown.calibration")]
    share = assumed_share(material)
    if share is not None:
        found.append(words.say("unknown.demand", share=pen.plain_share(share, exposure_ref(material, pen))))
    return tuple(found + evidence_unknowns(material, pen))
