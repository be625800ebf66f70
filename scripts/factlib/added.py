"""Figures added for the planning of measures (``additions.csv``): assumptions, costs of projects, later events.

Its column ``file`` says where each row belongs; the columns are those of the dated files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factlib import names
from factlib.dated import split_note, worded
from factlib.reading import Row, read
from factlib.rows import join, make

if TYPE_CHECKING:
    from pathlib import Path

ASSUMPTIONS = re.compile(r"ASM0(09|1\d|2\d)")
"""Ids of the assumptions of the planning of measures."""
COSTS = re.compile(r"PRJ\d+")
"""Ids of the costs and jobs of projects."""
EVENTS = re.compile(r"C0(68|69|7[0-57])[ab]?")
"""Ids of the agreements that say who is entitled to what; C076 is what became of a control, later than the frozen forecasts."""


def _rows(folder: Path, ids: re.Pattern[str]) -> list[dict[str, str]]:
    return [row for row in read(folder, "additions") if ids.fullmatch(row["id"])]


def _common(row: dict[str, str]) -> dict[str, str]:
    """Fields that all rows of the file name alike."""
    quality, note = split_note(row["note"])
    return {
        "id": row["id"],
        "value": row["value"],
        "low": row["value_low"],
        "high": row["value_high"],
        "unit": row["unit"],
        "flag": row["flag"],
        "source": "general knowledge, unconfirmed" if row["source"] == "assumed" else row["source"],
        "url": row["url_or_path"],
        "quality": quality,
        "note": note,
        "period": names.period(row["date_or_period"]),
    }


def assumptions(folder: Path) -> list[Row]:
    """Rates, shares, times and probabilities that the planning of measures assumes."""
    return [
        make(**_common(row), quantity="plan_assumption", scope=join(row["scope"], row["quantity"])) for row in _rows(folder, ASSUMPTIONS)
    ]


COST_QUANTITIES = {"operating": "opex", "conversion": "opex", "capital": "capex", "jobs": "employment"}
"""Quantity by the first word of what a row states."""


def costs(folder: Path) -> list[Row]:
    """Running and capital costs and jobs of projects, by stage."""
    return [
        make(
            **_common(row),
            quantity=COST_QUANTITIES[row["quantity"].split()[0]],
            region="WORLD",
            scope=join(f"stage: {row['scope']}", row["quantity"]),
        )
        for row in _rows(folder, COSTS)
    ]


def events(folder: Path) -> list[Row]:
    """Dated agreements of 2023-2026, in the columns of the table of events."""
    rows = []
    for row in _rows(folder, EVENTS):
        period, what = names.period(row["date_or_period"]), row["quantity"]
        start, _, end = (period or row["date_or_period"].replace(" to ", "/")).partition("/")
        rows.append(
            make(
                **_common(row) | {"period": f"{start}/{end}" if end else start},
                quantity=worded(what, row["unit"]),
                region=names.region(row["scope"]),
                element=names.element_in(what),
                scope=join(row["scope"], what),
                what=what,
                place=row["scope"],
                date_or_period=row["date_or_period"],
                date_start=start,
                date_end=end or start,
            )
        )
    return rows
