"""The section on what matters most: which drawn inputs move the loss beyond chance, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.document import Chart, Para, Section, Span, Table
from ytterby.report.figures import Driver, driver_chart
from ytterby.report.sections.common import MOST_DRIVERS, driver_name, run_ref
from ytterby.report.sensitivity import Split, correlations, split

if TYPE_CHECKING:
    from ytterby.report.document import Block
    from ytterby.report.material import Material, RunResult
    from ytterby.report.pen import Pen

DIGITS = -2
"""Rank correlations are printed to hundredths."""
LOSS = "outcome.value_added_lost."
POSITIONS = ("cover", "price", "economy")
"""Inputs that are drawn as positions in their ranges: a value of theirs means nothing to a reader."""


@dataclass(frozen=True)
class Mover:
    """An input that moves the loss: its rank correlation, what it rests on, and its threshold if it has one."""

    key: str
    rho: float
    origin: str
    threshold: Split | None = None


@dataclass(frozen=True)
class Sway:
    """What moves the loss of a place: ``movers``, largest first, none where no input stands out beyond chance."""

    place: str
    movers: tuple[Mover, ...]
    tested: bool
    """Whether chance was ruled out, which takes the table of draws."""


def sway(material: Material, run: RunResult) -> Sway | None:
    """Inputs that move the importer's loss, or all countries' where the run does not keep the importer's; ``None`` without draws."""
    if run.table is None:
        rows = [row for row in run.summary.get("drivers", []) if row.get("rho")]
        movers = tuple(Mover(str(row["input"]), float(row["rho"]), str(row.get("kind", "assumed"))) for row in rows)
        return Sway("focus", tuple(sorted(movers, key=lambda mover: -abs(mover.rho))), tested=False) if movers else None
    place = material.importer if f"{LOSS}{material.importer}" in run.table.columns else "all"
    found = correlations(run.table, LOSS + place)
    return Sway(place, tuple(_mover(run, name, rho, LOSS + place) for name, rho in found.items()), tested=True)


def _mover(run: RunResult, name: str, rho: float, outcome: str) -> Mover:
    assert run.table is not None
    plain = name.partition(".")[0] in POSITIONS
    return Mover(name, rho, _origin(run, name), None if plain else split(run.table, name, outcome))


def _origin(run: RunResult, key: str) -> str:
    """What an input rests on: a field of a measure that the scenario does not mark as assumed is derived, all else is assumed."""
    _, place, field = (*key.split(".", 2), "", "")[:3]
    named = {str(index): measure for index, measure in enumerate(run.measures)} | {str(m.get("name")): m for m in run.measures}
    declared = key.startswith("measures.") and place in named and field.partition(".")[0] not in named[place].get("assumed", ())
    return "derived" if declared else "assumed"


def section(material: Material, pen: Pen) -> Section | None:
    """What matters most; nothing without draws."""
    run = material.run
    found = sway(material, run) if run else None
    if run is None or found is None:
        return None
    title = pen.words.plain("section.matters")
    if not found.movers:
        return Section("matters", title, (Para(nothing(pen, run, found)),))
    movers, ref = found.movers[: MOST_DRIVERS + 1], sway_ref(pen, run, found)
    rho = pen.plain(movers[0].rho, ref)
    lead = pen.words.say("matters.lead", place=place_words(pen, found), first=driver_name(pen, run, movers[0].key), rho=rho)
    blocks: tuple[Block, ...] = (Para(lead, "lead"), _chart(pen, run, found, movers, ref), _grounds(pen, run, movers, ref))
    return Section("matters", title, blocks)


def nothing(pen: Pen, run: RunResult, found: Sway) -> tuple[Span, ...]:
    """Sentence for a run of which no input stands out."""
    draws = Span("num", str(run.draws), sway_ref(pen, run, found))
    return pen.words.say("matters.nothing", place=place_words(pen, found), draws=draws)


def sway_ref(pen: Pen, run: RunResult, found: Sway) -> str:
    """Note on how the inputs were found."""
    key = "run.drivers" if found.tested else "run.drivers_plain"
    return run_ref(pen, run, "drivers", pen.words.plain(key, place=place_words(pen, found)))


def place_words(pen: Pen, found: Sway) -> str:
    """Words for whose loss is meant."""
    return pen.words.plain(f"matters.{found.place}") if found.place in ("all", "focus") else pen.words.within(found.place)


def grade(run: RunResult) -> dict[str, float]:
    """Shares [1] of the spread of the answer by kind of input; empty where the run has no spread."""
    shares = {kind: float(run.summary.get("evidence_grade", {}).get(kind, 0.0)) for kind in ("reported", "derived", "assumed")}
    return shares if sum(shares.values()) > 0.0 else {}


def letter(solid: float) -> str:
    """Grade of evidence by the share [1] that is not assumed: A from three quarters, B a half, C a quarter, else D."""
    return "ABCD"[sum(solid < edge for edge in (0.75, 0.5, 0.25))]


def _grounds(pen: Pen, run: RunResult, movers: tuple[Mover, ...], ref: str) -> Table:
    """Table of the inputs with what they rest on."""
    words = pen.words
    lines = tuple(
        (driver_name(pen, run, mover.key), words.number(mover.rho, DIGITS), words.plain(f"origin.{mover.origin}")) for mover in movers
    )
    return Table(words.plain("matters.grounds"), tuple(words.plain(f"table.{key}") for key in ("input", "rho", "kind")), lines, ref, "half")


def _chart(pen: Pen, run: RunResult, found: Sway, movers: tuple[Mover, ...], ref: str) -> Chart:
    words = pen.words
    drivers = [Driver(driver_name(pen, run, mover.key), mover.rho, words.number(mover.rho, DIGITS)) for mover in movers]
    svg = driver_chart(drivers, words.plain("panel.drivers_left"), words.plain("panel.drivers_right"))
    title = words.plain("matters.title", place=place_words(pen, found))
    lines = tuple((driver.name, driver.label) for driver in drivers)
    table = Table(title, tuple(words.plain(f"table.{key}") for key in ("input", "rho")), lines, ref)
    items = "; ".join(words.plain("alt.share_item", name=driver.name, value=driver.label) for driver in drivers)
    return Chart("drivers", title, svg, words.plain("alt.drivers", list=items), table, ref, remark=words.say("matters.remark"))
