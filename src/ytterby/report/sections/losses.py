"""The section on losses: value added and jobs by sector, and the sum over all countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.document import Para, Section, Span, Table
from ytterby.report.sections.common import loss_span, own_losses, run_ref, total
from ytterby.report.sections.panels import loss_row, losses

if TYPE_CHECKING:
    from ytterby.report.document import Block
    from ytterby.report.material import Material
    from ytterby.report.pen import Pen

MOST_ROWS = 3


def section(material: Material, pen: Pen) -> Section | None:
    """Losses; nothing without a run that reports them."""
    run = material.run
    if run is None or not run.summary.get("losses"):
        return None
    words, rows, within = pen.words, own_losses(material, run), pen.words.within(material.importer)
    ref = run_ref(pen, run, "losses", words.plain("run.losses"))
    everywhere = [row for row in run.summary["losses"] if row["country"] != "EU"]
    told = words.say("losses.world", loss=loss_span(pen, run, "all", everywhere))
    if rows:
        loss, jobs = loss_span(pen, run, material.importer, rows), total(rows, "jobs")
        own = words.say("losses.lead", within=within, loss=loss, jobs=pen.plain(jobs, ref, "jobs")) if jobs else None
        told = (*(own or words.say("losses.lead_no_jobs", within=within, loss=loss)), Span("text", " "), *told)
    blocks: list[Block] = [Para(told, "lead")]
    chart = losses(material, pen, run) if len(material.runs) > 1 else None
    blocks += [chart] if chart else []
    others = sorted((row for row in everywhere if row not in rows), key=lambda row: -float(row["value_added_usd"]))[:MOST_ROWS]
    if others:
        head = ("country", "sector", "loss", "low", "high", "jobs")
        table = tuple((words.region(row["country"]), *loss_row(pen, row)) for row in others)
        blocks.append(Table(words.plain("losses.others"), tuple(words.plain(f"table.{key}") for key in head), table, ref, words=2))
    return Section("losses", words.plain("section.losses"), tuple(blocks))
