"""Section on the main drivers: drawn inputs with a significant rank correlation with the loss, and their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.ensembles import ThresholdSplit, correlations, split
from ytterby.report.briefing.branches import FIRST_FORK, worse_way
from ytterby.report.briefing.common import MAX_DRIVERS, driver_name, loss_facts, losses_at, run_ref
from ytterby.report.briefing.document import Chart, Para, Section, Span, Table
from ytterby.report.charts import DriverBar, driver_chart
from ytterby.simulation import input_kind

if TYPE_CHECKING:
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block

DIGITS = -2
"""Rank correlations are printed to hundredths."""
LOSS = "outcome.value_added_lost."
POSITIONS = ("cover", "price", "economy")
"""Inputs that are drawn as positions in their ranges, whose values are not shown to the reader."""


@dataclass(frozen=True)
class LossDriver:
    """An input that drives the loss: its rank correlation, the kind of its evidence, and its threshold if it has one."""

    key: str
    rho: float
    origin: str
    threshold: ThresholdSplit | None = None


@dataclass(frozen=True)
class DriverSet:
    """Drivers of the loss of a region: ``movers``, largest first; empty if no input is significant."""

    place: str
    movers: tuple[LossDriver, ...]
    tested: bool
    """Whether significance was tested, which needs the table of draws."""


def driver_set(inputs: BriefingInput, run: BriefedRun) -> DriverSet | None:
    """Drivers of the importer's loss, or of the world's loss if the run does not have the importer's; ``None`` without draws."""
    if run.table is None:
        movers = tuple(LossDriver(row.input, row.rho, row.kind) for row in run.summary.drivers if row.rho)
        return DriverSet("focus", tuple(sorted(movers, key=lambda mover: -abs(mover.rho))), tested=False) if movers else None
    place = inputs.importer if f"{LOSS}{inputs.importer}" in run.table.columns else "all"
    found = correlations(run.table, LOSS + place)
    return DriverSet(place, tuple(_mover(run, name, rho, LOSS + place) for name, rho in found.items()), tested=True)


def _mover(run: BriefedRun, name: str, rho: float, outcome: str) -> LossDriver:
    assert run.table is not None
    plain = name.partition(".")[0] in POSITIONS
    return LossDriver(
        name, rho, input_kind(name, run.measures, run.record.get("calibrated", ())), None if plain else split(run.table, name, outcome)
    )


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on the main drivers; None without draws."""
    run = inputs.run
    found = driver_set(inputs, run) if run else None
    if run is None or found is None:
        return None
    title = writer.words.plain("section.matters")
    if not found.movers:
        return Section("matters", title, (Para(nothing(writer, run, found)),))
    movers, ref = found.movers[: MAX_DRIVERS + 1], driver_set_ref(writer, run, found)
    lead = _lead(inputs, writer, run, found, ref)
    blocks: tuple[Block, ...] = (Para(lead, "lead"), _chart(writer, run, found, movers, ref), _grounds(writer, run, movers, ref))
    return Section("matters", title, blocks)


def _lead(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, found: DriverSet, ref: str) -> tuple[Span, ...]:
    """The input that the loss hangs on most; of a decision which way costs more, as its branches have no order to be correlated with."""
    first = found.movers[0]
    words, place, name = writer.words, place_words(writer, found), driver_name(writer, run, first.key)
    if not first.key.removeprefix("forks.").isdigit():
        return words.say("matters.lead", place=place, first=name, rho=writer.plain(first.rho, ref))
    told = worse_way(inputs, writer, run) if first.key == FIRST_FORK else ()
    return words.say("matters.lead_decision", place=place, told=told) if told else words.say("matters.lead_fork", place=place, first=name)


def nothing(writer: CitedWriter, run: BriefedRun, found: DriverSet) -> tuple[Span, ...]:
    """Sentence for a run in which no input is significant."""
    draws = Span("num", str(run.draws), driver_set_ref(writer, run, found))
    return writer.words.say("matters.nothing", place=place_words(writer, found), draws=draws)


def driver_set_ref(writer: CitedWriter, run: BriefedRun, found: DriverSet) -> str:
    """Note on how the drivers were determined."""
    key = "run.drivers" if found.tested else "run.drivers_plain"
    place = "all" if found.place == "focus" else found.place
    return run_ref(writer, run, "drivers", writer.words.plain(key, place=place_words(writer, found)), loss_facts(losses_at(run, (place,))))


def place_words(writer: CitedWriter, found: DriverSet) -> str:
    """Name of the region whose loss is driven."""
    return writer.words.plain(f"matters.{found.place}") if found.place in ("all", "focus") else writer.words.within(found.place)


def grade(run: BriefedRun) -> dict[str, float]:
    """Shares [1] of the explained variance by kind of input; empty if the run has no spread."""
    shares = {kind: float(share) for kind, share in run.summary.evidence_grade}
    return shares if sum(shares.values()) > 0.0 else {}


def letter(solid: float) -> str:
    """Evidence grade from the share [1] that is not assumed: A from 0.75, B from 0.5, C from 0.25, otherwise D."""
    return "ABCD"[sum(solid < edge for edge in (0.75, 0.5, 0.25))]


def _grounds(writer: CitedWriter, run: BriefedRun, movers: tuple[LossDriver, ...], ref: str) -> Table:
    """Table of the drivers with the kind of their evidence."""
    words = writer.words
    lines = tuple(
        (driver_name(writer, run, mover.key), words.number(mover.rho, DIGITS), words.plain(f"origin.{mover.origin}")) for mover in movers
    )
    return Table(words.plain("matters.grounds"), tuple(words.plain(f"table.{key}") for key in ("input", "rho", "kind")), lines, ref, "half")


def _chart(writer: CitedWriter, run: BriefedRun, found: DriverSet, movers: tuple[LossDriver, ...], ref: str) -> Chart:
    words = writer.words
    drivers = [DriverBar(driver_name(writer, run, mover.key), mover.rho, words.number(mover.rho, DIGITS)) for mover in movers]
    svg = driver_chart(drivers, words.plain("panel.drivers_left"), words.plain("panel.drivers_right"))
    title = words.plain("matters.title", place=place_words(writer, found))
    lines = tuple((driver.name, driver.label) for driver in drivers)
    table = Table(title, tuple(words.plain(f"table.{key}") for key in ("input", "rho")), lines, ref)
    items = words.joined((words.plain("alt.share_item", name=driver.name, value=driver.label) for driver in drivers), "list.clauses")
    return Chart("drivers", title, svg, words.plain("alt.drivers", list=items), table, ref, remark=words.say("matters.remark"))
