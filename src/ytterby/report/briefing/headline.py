"""The answer of a simulated scenario: who is hit hardest, from when and how surely, and by which input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.briefing.branches import by_branch
from ytterby.report.briefing.common import (
    SMALLEST_USD,
    day,
    hardest,
    loss_amount,
    loss_of,
    loss_ref,
    main_stop,
    own_losses,
    stop_ref,
    title_of,
)
from ytterby.report.briefing.document import Span
from ytterby.report.briefing.panels import stop_name
from ytterby.report.briefing.remedies import best
from ytterby.report.digits import date_precision
from ytterby.report.text import band_dates, capital

if TYPE_CHECKING:
    from datetime import date

    from ytterby.ensembles import FirstStop, SectorLoss
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans


def run_answer(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """What the run answers, in one paragraph."""
    return writer.words.chained(run_sentences(inputs, writer, run), "list.sentences")


def run_sentences(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> tuple[Spans, ...]:
    """What the run answers, by sentence: the loss, the sectors hit hardest, when they stand still, the bottleneck.

    Where it hangs on a decision, two sentences: the losses by branch, and the rest. What helps is left to its section then.
    """
    rows, decided = hardest(inputs, run), by_branch(inputs, writer, run)
    amount = loss_of(run, inputs.importer, own_losses(inputs, run))
    calm = amount[2] < SMALLEST_USD or not rows
    if decided:
        return (decided,) if calm else (decided, _in_short(inputs, writer, run, rows))
    parts = [_calm(inputs, writer, run, amount) if calm else _hit(inputs, writer, run, rows, amount)]
    if not calm:
        stop = main_stop(inputs, run)
        parts += [_standing(inputs, writer, run, stop), _bottleneck(writer, run, stop)]
    return tuple(part for part in (*parts, best(inputs, writer)) if part)


def _calm(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, amount: tuple[float, float, float]) -> Spans:
    words = writer.words
    ref = stop_ref(writer, run, (), capital(words.region(inputs.importer)))
    share = 1.0 - run.summary.stops.get(inputs.importer, 0.0)
    fields: dict[str, Any] = {"scenario": title_of(writer, run), "within": words.within(inputs.importer), "end": words.time(run.end())}
    loss = _loss(inputs, writer, run, amount)
    if run.draws == 1:
        return words.say("answer.calm_no_odds", **fields, loss=loss)
    return words.say("answer.calm", **fields, loss=loss, odds=writer.of_draws(share, run.draws, ref))


def _hit(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, rows: list[SectorLoss], amount: tuple[float, float, float]) -> Spans:
    """Loss of the importer and the sectors hit hardest, each with its loss."""
    words, ref = writer.words, loss_ref(writer, run, own_losses(inputs, run), inputs.importer)
    names: list[Any] = [Span("strong", _sector(inputs, writer, row)) for row in rows]
    items, join = [*names], "list.then"
    if amount[0] >= SMALLEST_USD:
        losses = [loss_amount(writer, (row.value_added_usd, row.low, row.high), ref) for row in rows]
        items, join = [words.say("answer.sector", sector=name, loss=loss) for name, loss in zip(names, losses, strict=True)], "list.both"
    fields: dict[str, Any] = {"scenario": title_of(writer, run), "within": words.within(inputs.importer)}
    return words.say("answer.hit", loss=_loss(inputs, writer, run, amount), sectors=words.chained(items, join), **fields)


def _in_short(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, rows: list[SectorLoss]) -> Spans:
    """Sectors hit hardest, the stop with its date and odds, and the bottleneck, over all branches, in one sentence."""
    words, stop = writer.words, main_stop(inputs, run)
    names: list[Any] = [Span("strong", _sector(inputs, writer, row)) for row in rows]
    clauses = [words.say("answer.short_hardest", sectors=words.chained(names, "list.then")), _stop_in_short(inputs, writer, run, rows)]
    if stop and stop.input:
        clauses.append(words.say("answer.short_bottleneck", input=words.commodity(stop.input)))
    return words.say("answer.short", list=words.chained(clauses, "list.clauses"))


def _stop_in_short(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, rows: list[SectorLoss]) -> Spans:
    """When one plant in twenty of a sector stands still, and in how many draws."""
    words, row = writer.words, main_stop(inputs, run)
    if row is None:
        share = 1.0 - run.summary.stops.get(inputs.importer, 0.0)
        ref = stop_ref(writer, run, (), capital(words.region(inputs.importer)))
        return words.say("answer.short_runs", odds=writer.of_draws(share, run.draws, ref))
    ref = stop_ref(writer, run, (row,), stop_name(writer, row))
    low, middle, high = day(row.date_low), day(row.date), day(row.date_high)
    first = (row.sector, row.country) == (rows[0].sector, rows[0].country)
    place = ("answer.short_there" if len(rows) == 1 else "answer.short_first") if first else "answer.short_in"
    where = words.plain(place, sector=_sector(inputs, writer, row))
    fields: dict[str, Any] = {"where": where, "odds": writer.of_draws(row.probability, run.draws, ref)}
    if middle is None:
        return words.say("answer.short_seldom", **fields, low=words.time(low or run.end()))
    when = _around(writer, middle, (low, high or run.end()) if low else None)
    return words.say("answer.short_stands", **fields, when=when)


def _standing(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, row: FirstStop | None) -> Spans:
    """When a twentieth and when half of a sector's output stand, with the draws in which they do."""
    words = writer.words
    if row is None:
        return _running(inputs, writer, run)
    ref = stop_ref(writer, run, (row,), stop_name(writer, row))
    sector = _sector(inputs, writer, row)
    half = day(row.line_stop)
    fields: dict[str, Any] = {"sector": sector, "first": _in_draws(writer, run, _when(writer, run, row, ref), row.probability, ref)}
    if run.draws > 1 and row.date is None:
        low = words.time(day(row.date_low) or run.end())
        return words.say("answer.stands_seldom", sector=sector, low=low, odds=writer.of_draws(row.probability, run.draws, ref))
    if not row.line_stop_probability:
        return words.say("answer.stands_part", **fields)
    if half is None:
        return words.say("answer.stands_rarely", **fields, odds=writer.of_draws(row.line_stop_probability, run.draws, ref))
    return words.say("answer.stands", **fields, half=_in_draws(writer, run, _around(writer, half, None), row.line_stop_probability, ref))


def _running(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """In how many draws no sector comes to a stop."""
    words, share = writer.words, run.summary.stops.get(inputs.importer, 0.0)
    if run.draws == 1 or not share:
        return words.say("answer.runs", within=words.within(inputs.importer))
    odds = writer.of_draws(1.0 - share, run.draws, stop_ref(writer, run, (), capital(words.region(inputs.importer))))
    return words.say("answer.runs_mostly", within=words.within(inputs.importer), odds=odds)


def _sector(inputs: BriefingInput, writer: CitedWriter, row: SectorLoss | FirstStop) -> str:
    """Name of a sector, with its country where the importer is a group."""
    words, name = writer.words, writer.words.sector(row.sector)
    return name if row.country == inputs.importer else words.plain("panel.line", sector=name, place=words.region(row.country))


def _when(writer: CitedWriter, run: BriefedRun, row: FirstStop, ref: str) -> Spans:
    """Week, month or year of the first stop, with its band over the draws."""
    low, middle, high = day(row.date_low), day(row.date) or run.end(), day(row.date_high)
    if run.draws == 1 or low is None:
        return (*_around(writer, middle, None), Span("mark", "", ref))
    last = high or run.end()
    return writer.words.say(
        "answer.within_band",
        date=_around(writer, middle, (low, last)),
        range=(*band_dates(writer.words, low, last), Span("mark", "", ref)),
    )


def _in_draws(writer: CitedWriter, run: BriefedRun, when: Spans, share: float, ref: str) -> Spans:
    """A date with the draws in which it comes to that; the date alone in a single run."""
    return writer.words.say("answer.in_draws", when=when, odds=writer.of_draws(share, run.draws, ref)) if run.draws > 1 else when


def _bottleneck(writer: CitedWriter, run: BriefedRun, row: FirstStop | None) -> Spans:
    """The input that the sector lacks first in most draws."""
    if row is None or not row.input:
        return ()
    ref = stop_ref(writer, run, (row,), stop_name(writer, row))
    return (*writer.words.say("answer.bottleneck", input=writer.words.commodity(row.input)), Span("mark", "", ref))


def _loss(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, amount: tuple[float, float, float]) -> Span:
    """A loss of the importer with its band; in words where its ends are too small to print."""
    return loss_amount(writer, amount, loss_ref(writer, run, own_losses(inputs, run), inputs.importer), band=True)


def _around(writer: CitedWriter, middle: date, band: tuple[date, date] | None) -> Spans:
    """Date with the precision of its band; a week if it has no band or a very narrow one."""
    precision = date_precision(*band) if band else "day"
    key = {"day": "answer.around", "month": "answer.around_month", "year": "answer.around_year"}[precision]
    return writer.words.say(key, date=Span("time", writer.words.day(middle, precision), middle.isoformat()))
