"""The result of ``trade`` as files: the months as CSV, the steps of the duties as a picture."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.app.exposure_files import csv_text
from ytterby.report import Words
from ytterby.report.charts import DutyStep, duty_steps_chart
from ytterby.report.render import Sheet
from ytterby.store import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.app.trade import TradeResult

BILLION = 1e9
SHOWN = ("cars", "car_parts")
"""Groups whose duty is drawn beside the mean of all goods."""


def save_trade(found: TradeResult, path: Path) -> None:
    """Write the months as ``.csv``, one row a month and group, or the steps of the duties as ``.svg``."""
    text = picture(found) if path.suffix.lower() == ".svg" else csv_text(months_sheet(found))
    write_bytes(path, text.encode())


def months_sheet(found: TradeResult) -> Sheet:
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
    return Sheet("months", tuple(head), tuple(rows))


def picture(found: TradeResult) -> str:
    """Duties as steps over time, and below what each cost whom."""
    last = dt.date.fromisoformat(f"{found.months[-1].month}-28")
    steps = [
        DutyStep(
            start=dt.date.fromisoformat(row.start),
            duty={"all goods": row.mean, **{name.replace("_", " "): row.duty[name] for name in SHOWN if name in row.duty}},
            cost={
                "value added of exporters": (row.value_added if row.value_added is not None else -row.price_loss) / BILLION,
                "duty paid": row.revenue / BILLION,
                "buyers": -row.buyers / BILLION,
            },
        )
        for row in found.steps
    ]
    return duty_steps_chart(steps, last, Words("en")).markup(alternative(found))


def alternative(found: TradeResult) -> str:
    """Text of the picture."""
    top = max(found.steps, key=lambda row: row.mean)
    return (
        f"{found.title}: mean duty on the goods of {', '.join(found.named)} at most {100 * top.mean:.1f} % from {top.start}, "
        f"duty paid then {top.revenue / BILLION:.1f} bn USD a year"
    )
