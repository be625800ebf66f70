"""The dated tables: the quota crisis, the events since 2020, the published results, the disruptions before 2023."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factlib import names
from factlib.reading import Row, read, vat
from factlib.rows import join, make
from ytterby.facts import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

WORDED = names.mapping("worded")
"""Patterns of quantities in words, the first that is found counts."""


def worded(text: str, unit: str) -> str:
    """Machine quantity for a quantity in words."""
    if unit == "round":
        return "negotiation"
    if names.unit(unit).code in {"event", "count"}:
        return "event"
    return next((name for pattern, name in WORDED.items() if re.search(pattern, text, re.IGNORECASE)), "study_result")


def split_note(note: str) -> tuple[str, str]:
    """Quality mark and the rest of a note that begins with ``Q=A``."""
    found = re.match(r"Q=([ABC])(?: secondary)?;? ?(.*)", note)
    return (found[1], found[2]) if found else ("", note)


def dated(folder: Path, name: str) -> list[Row]:
    """Rows of the episode, of the dated events and of the published results."""
    rows, source = [], ""
    for row in read(folder, name):
        source = source if row["source"] == "same" else row["source"]
        start, end = row.get("date_start", ""), row.get("date_end", "")
        period = names.period(row["date_or_period"]) or (start if start == end or not end else f"{start}/{end}")
        if row["date_or_period"] == "2024 (Jan-Nov)":
            period = "2024-01/2024-11"
        quality, note = split_note(row["note"])
        region, partner = names.places(row["scope"])
        what = row["quantity"]
        quantity = "study_result" if name == "published_results" else worded(what, row["unit"])
        commodity = f"oxide.{names.element_in(what)}" if quantity == "price" and names.OXIDE.search(what) else ""
        rows.append(
            make(
                id=row["id"],
                quantity=quantity,
                value=row["value"],
                low=row["value_low"],
                high=row["value_high"],
                unit=row["unit"],
                flag=row["flag"],
                source=source,
                url=row["url_or_path"],
                element=names.element_in(what),
                commodity=commodity,
                region=region,
                partner=partner,
                period=period,
                scope=join(row["scope"], what),
                quality=quality,
                note=join(note, vat(row["scope"]) if quantity == "price" else ""),
                what=what,
                place=row["scope"],
                date_or_period=row["date_or_period"],
                **({"date_start": start, "date_end": end} if name.startswith("events") else {}),
                **({"target": row["target"], "fit_until_2011_03": row["fit_until_2011_03"]} if name.startswith("episode") else {}),
            )
        )
    return rows


def code(name: str) -> str:
    """Sector or industry code of the users, empty where the record names several or one without a code."""
    return name if name in {*vocabulary.sectors(), *vocabulary.listed("industries")} else ""


def disruptions(folder: Path) -> list[Row]:
    """Rows of the recorded disruptions of supply 1995-2022: what was missing, and what became of the users."""
    return [
        make(
            id=row["id"],
            quantity="disruption",
            value=row["value"],
            low=row["low"],
            high=row["high"],
            unit=row["unit"],
            flag=row["quality"],
            source=row["source"],
            region=names.region(row["region"]),
            sector=code(row["sector"]),
            period=names.period(row["date"]),
            scope=join(row["event"], f"missing: {row['what_missing']}", f"users: {row['sector']}", row["observed_quantity"]),
            quality="C" if row["quality"] == "RECALLED" else "B",
            note=row["note"],
            licence="cited-figure",
            event=row["event"],
            what_missing=row["what_missing"],
            users=row["sector"],
            what=row["observed_quantity"],
        )
        for row in read(folder, "disruptions")
    ]
