"""Rows gathered for this package itself, with the page that was read or `recalled`.

Restrictions of exports of other minerals, costs, and uses per piece.
"""

from __future__ import annotations

from pathlib import Path

from factlib.reading import Row, read
from factlib.rows import make

FOLDER = Path(__file__).parent / "record"
QUANTITIES = {"%": "tariff_rate", "t": "export_quota", "event": "event"}
"""Quantity of a restriction by the unit of its depth; a ban or licence is a dated event without a figure."""


def restrictions() -> list[Row]:
    """Restrictions of exports by other suppliers and on other minerals; periods run to the day of a later rule."""
    return [
        make(
            id=row["id"],
            quantity="tax_rate" if row["instrument"] == "tax" else QUANTITIES[row["unit"]],
            value=row["value"],
            low=row["low"],
            high=row["high"],
            unit=row["unit"],
            flag=row["flag"],
            source=row["source"],
            url=row["url"],
            region=row["region"],
            partner=row["partner"],
            period=row["period"],
            quality=row["quality"],
            scope=f"{row['families'].replace(' ', ', ')}: {row['scope']}",
            note=row["note"],
            families=row["families"],
            instrument=row["instrument"],
            announced=row["announced"],
        )
        for row in read(FOLDER, "restrictions")
    ]


def events() -> list[Row]:
    """Dated rules that no gathered row states, in the columns of the table of events."""
    return [
        make(
            id=row["id"],
            quantity="event",
            value="",
            unit=row["unit"],
            flag=row["flag"],
            source=row["source"],
            url=row["url"],
            region=row["region"],
            period=row["period"],
            quality=row["quality"],
            scope=f"{row['place']}; {row['scope']}",
            note=row["note"],
            what=row["scope"],
            place=row["place"],
            date_or_period=row["period"],
            date_start=row["period"],
            date_end=row["period"],
        )
        for row in read(FOLDER, "events")
    ]


def technical() -> list[Row]:
    """Costs that no gathered row states."""
    return [make(**row, quantity="opex", region="WORLD") for row in read(FOLDER, "technical")]


def intensities() -> list[Row]:
    """Uses per piece that a page states or that follow from what it states."""
    return [make(**row, quantity="intensity", region="WORLD") for row in read(FOLDER, "intensities")]
