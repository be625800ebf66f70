"""The result of ``trade`` as files: the months as CSV, the steps of the duties as a picture."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.app.files.exposure import csv_text
from ytterby.app.projects.saved_results import save_json
from ytterby.report.briefing import ResultFrame, steps_chart
from ytterby.report.render import WorkbookSheet
from ytterby.store import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.economy.trade import TradeResult


def save_trade(found: TradeResult, path: Path) -> None:
    """Write the months as ``.csv``, one row a month and group, or the steps of the duties as ``.svg``."""
    text = picture(found) if path.suffix.lower() == ".svg" else csv_text(months_sheet(found))
    write_bytes(path, text.encode())


def months_sheet(found: TradeResult) -> WorkbookSheet:
    """One row a month: duty, exports, value added, revenue, buyers and balance, then duty and volume by group."""
    groups = list(found.months[0].group_duty)
    head = ["month", "duty", "exports", "value_added", "revenue", "revenue_named", "buyers", "balance"]
    head += [f"duty.{name}" for name in groups] + [f"volume.{name}" for name in groups]
    rows = [
        (
            row.month, row.duty, row.exports, row.value_added, row.revenue, row.revenue_named, row.buyers, row.balance,
            *(row.group_duty[name] for name in groups), *(row.volume[name] for name in groups),
        )
        for row in found.months
    ]  # fmt: skip
    return WorkbookSheet("months", tuple(head), tuple(rows))


def picture(found: TradeResult) -> str:
    """Duties as steps over time, and below what each cost whom."""
    chart = steps_chart(ResultFrame(dt.date.min).writer("en"), found)
    return chart.svg.markup(chart.alt)


def save_duties(found: TradeResult, folder: Path) -> None:
    """Write the result and its months into a folder, for ``ytterby brief``."""
    save_json(found, folder)
    write_bytes(folder / "months.csv", csv_text(months_sheet(found)).encode())
