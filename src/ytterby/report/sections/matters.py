"""The section on what matters most: which drawn inputs move the loss, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.document import Chart, Para, Section, Table
from ytterby.report.figures import Driver, driver_chart
from ytterby.report.sections.common import MOST_DRIVERS, driver_name, run_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.document import Block
    from ytterby.report.material import Material, RunResult
    from ytterby.report.pen import Pen

DIGITS = -2
"""Rank correlations are printed to hundredths."""


def section(material: Material, pen: Pen) -> Section | None:
    """What matters most; nothing without a run that names its drivers."""
    run = material.run
    if run is None or not (rows := drivers(run)):
        return None
    words, first = pen.words, rows[0]
    ref = run_ref(pen, run, "drivers", words.plain("run.drivers"))
    rho = pen.plain(float(first["rho"]), ref)
    blocks: list[Block] = [Para(words.say("matters.lead", first=driver_name(pen, run, first["input"]), rho=rho), "lead")]
    blocks += [_chart(pen, run, rows[: MOST_DRIVERS + 1], ref), _grounds(pen, run, rows[: MOST_DRIVERS + 1], ref)]
    return Section("matters", words.plain("section.matters"), tuple(blocks))


def drivers(run: RunResult) -> list[Mapping[str, Any]]:
    """Inputs by the size of their rank correlation with the loss; those without one are left out."""
    rows = [row for row in run.summary.get("drivers", []) if row.get("rho") is not None and float(row["rho"]) != 0.0]
    return sorted(rows, key=lambda row: -abs(float(row["rho"])))


def grade(run: RunResult) -> dict[str, float]:
    """Shares [1] of the spread of the answer by kind of input; empty where the run has no spread."""
    shares = {kind: float(run.summary.get("evidence_grade", {}).get(kind, 0.0)) for kind in ("reported", "derived", "assumed")}
    return shares if sum(shares.values()) > 0.0 else {}


def letter(solid: float) -> str:
    """Grade of evidence by the share [1] that is not assumed: A from three quarters, B a half, C a quarter, else D."""
    return "ABCD"[sum(solid < edge for edge in (0.75, 0.5, 0.25))]


def _grounds(pen: Pen, run: RunResult, rows: list[Mapping[str, Any]], ref: str) -> Table:
    """Table of the inputs with what they rest on."""
    words = pen.words
    lines = tuple(
        (driver_name(pen, run, row["input"]), words.number(float(row["rho"]), DIGITS), words.plain(f"origin.{row.get('kind', 'assumed')}"))
        for row in rows
    )
    return Table(words.plain("matters.grounds"), tuple(words.plain(f"table.{key}") for key in ("input", "rho", "kind")), lines, ref, "half")


def _chart(pen: Pen, run: RunResult, rows: list[Mapping[str, Any]], ref: str) -> Chart:
    words = pen.words
    found = [Driver(driver_name(pen, run, row["input"]), float(row["rho"]), words.number(float(row["rho"]), DIGITS)) for row in rows]
    svg = driver_chart(found, words.plain("panel.drivers_left"), words.plain("panel.drivers_right"))
    title = words.plain("matters.title")
    table = Table(
        title, tuple(words.plain(f"table.{key}") for key in ("input", "rho")), tuple((driver.name, driver.label) for driver in found), ref
    )
    items = "; ".join(words.plain("alt.share_item", name=driver.name, value=driver.label) for driver in found)
    return Chart("drivers", title, svg, words.plain("alt.drivers", list=items), table, ref, remark=words.say("matters.remark"))
