"""Section on losses: value added and jobs by sector, and the total over all countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.ensembles import MAX_SCALED
from ytterby.report.briefing import branches
from ytterby.report.briefing.common import SMALLEST_USD, loss_ref, loss_span, main_supplier, own_losses, scenario_ref
from ytterby.report.briefing.document import Para, Section, Span, Table
from ytterby.report.briefing.panels import exposure_ref, loss_row, losses
from ytterby.report.text import capital

if TYPE_CHECKING:
    from ytterby.ensembles import PlaceLoss
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Spans

MAX_ROWS = 3


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on losses; None without a run that reports them."""
    run = inputs.run
    if run is None or not run.summary.losses:
        return None
    words, rows = writer.words, own_losses(inputs, run)
    everywhere = [row for row in run.summary.losses if row.country != "EU"]
    world = run.summary.headline.get("all")
    ref = loss_ref(writer, run, everywhere, "all")
    if world is not None and world.scaled_share > MAX_SCALED:
        lead = words.say("losses.no_world", share=writer.plain_share(world.scaled_share, ref))
    else:
        lead = words.say("losses.world", loss=loss_span(writer, run, "all", everywhere))
    if own := _own(inputs, writer, run, ref):
        lead = words.chained((*own, lead), "list.sentences")
    blocks: list[Block] = [Para(lead, "lead")]
    if rows and (scale := _scale(inputs, writer, run)):
        blocks.append(Para(scale, "small"))
    decided = branches.table(inputs, writer, run)
    flowing = branches.supply_table(inputs, writer, run)
    blocks += [table for table in (decided, flowing) if table]
    blocks += [Para(words.chained(told, "list.sentences")) for other in inputs.beside if (told := _own(other, writer, run, ref))]
    chart = losses(inputs, writer, run) if len(inputs.runs) > 1 else None
    blocks += [chart] if chart else []
    others = sorted((row for row in everywhere if row not in rows), key=lambda row: -row.value_added_usd)[:MAX_ROWS]
    if others:
        head = ("country", "sector", "loss", "low", "high", "jobs")
        lines = tuple((words.region(row.country), *loss_row(writer, row)) for row in others)
        blocks.append(Table(words.plain("losses.others"), tuple(words.plain(f"table.{key}") for key in head), lines, ref, words=2))
    return Section("losses", words.plain("section.losses"), tuple(blocks))


def _own(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, ref: str) -> list[Spans]:
    """Sentences on the importer's loss: gross with jobs, what is made up, what is scaled from totals; empty without losses."""
    words, rows, within = writer.words, own_losses(inputs, run), writer.words.within(inputs.importer)
    if not rows:
        return []
    loss, jobs = loss_span(writer, run, inputs.importer, rows), sum(row.jobs for row in rows)
    jobs_ref = loss_ref(writer, run, rows, inputs.importer)
    own = words.say("losses.lead", within=within, loss=loss, jobs=writer.plain(jobs, jobs_ref, "jobs")) if jobs >= 0.5 else None
    own = own or words.say("losses.lead_no_jobs", within=within, loss=loss)
    mine = run.summary.headline.get(inputs.importer)
    scaled = [words.say("losses.scaled", share=writer.plain_share(mine.scaled_share, ref))] if mine and mine.scaled_share >= 0.01 else []
    return [own, *_made_up(writer, mine, jobs_ref), *scaled]


def _scale(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """Why what is at stake without a supplier and the loss are of another size; empty where they are not, or nothing is at stake."""
    whole = inputs.exposure.stake(main_supplier(inputs.exposure)) if inputs.exposure else None
    lost = run.summary.headline.get(inputs.importer)
    if lost is None or whole is None or not lost.high < whole.at_stake_usd:
        return ()
    words = writer.words
    ref = exposure_ref(inputs, writer, (), capital(words.plain("losses.stake_title", supplier=words.region(whole.supplier))))
    return words.say(
        "losses.scale",
        supplier=words.region(whole.supplier),
        within=words.within(inputs.importer),
        stake=writer.money(whole.at_stake_usd, whole.low, whole.high, ref),
        weeks=Span("num", words.number(run.summary.weeks, 0), scenario_ref(writer, run)),
    )


def _made_up(writer: CitedWriter, loss: PlaceLoss | None, ref: str) -> list[Spans]:
    """What of the gross loss is made up later, and the net loss that remains."""
    if loss is None or loss.value_added_usd < SMALLEST_USD:
        return []
    made = loss.value_added_usd - loss.net_usd
    if made < SMALLEST_USD:
        return [writer.words.say("losses.none_made_up")]
    share = writer.plain_share(made / loss.value_added_usd, ref)
    return [writer.words.say("losses.net", made=share, net=writer.money(loss.net_usd, None, None, ref))]
