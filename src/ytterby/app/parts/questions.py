"""What a list of parts leaves to do: licences by date, and what to ask each supplier."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.exposure import LicenceDate, SupplierQuestions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.exposure import Part, PartExposure

MATERIAL = 0.01
"""Share upstream from which a supplier is asked about it [1]."""
SOON = 90
"""Days before the end of a licence from which its supplier is asked about the next [day]."""


def licence_dates(rows: Iterable[PartExposure], on: dt.date) -> list[LicenceDate]:
    """Licences with an end, those of one supplier on one day together, by date."""
    groups: dict[tuple[dt.date, str, str], list[PartExposure]] = {}
    for row in rows:
        if row.licence_expiry is not None and row.licence_state in {"valid", "expired"}:
            groups.setdefault((row.licence_expiry, row.supplier, row.country), []).append(row)
    return [
        LicenceDate(
            date=day,
            days=(day - on).days,
            expired=day < on,
            supplier=supplier,
            country=country,
            parts=tuple(row.part for row in held),
            missing_from=min(on + dt.timedelta(days=int(row.days_without_renewal or 0.0)) for row in held),
        )
        for (day, supplier, country), held in sorted(groups.items())
    ]


def supplier_questions(rows: Iterable[PartExposure], parts: Iterable[Part], lost: str) -> list[SupplierQuestions]:
    """What to ask each supplier, those of the parts that are missing first at the top."""
    said = {part.line: part for part in parts}
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        asked = groups.setdefault((row.supplier or row.part, row.country), {"parts": [], "ask": []})
        asked["parts"].append(row.part)
        asked["ask"] += [code for code in _unsaid(row, said[row.line], lost) if code not in asked["ask"]]
    found = [
        SupplierQuestions(supplier=name, country=country, parts=tuple(asked["parts"]), ask=tuple(sorted(asked["ask"], key=ASKED.index)))
        for (name, country), asked in groups.items()
    ]
    return [row for row in found if row.ask]


ASKED = ("renewal", "until", "licence", "stock", "origin", "elsewhere")
"""Codes of the questions, the most urgent first."""


def _unsaid(row: PartExposure, part: Part, lost: str) -> Iterable[str]:
    """Codes of what the list does not say of a part and its supplier knows."""
    days = (row.days_without_renewal or 0.0) - 7.0 * part.cover
    if row.licence_state in {"expired", "pending"} or (row.licence_state == "valid" and days <= SOON):
        yield "renewal"
    if row.licence_state == "open-ended":
        yield "until"
    if row.licence_state == "unknown":
        yield "licence"
    if row.country == lost:
        yield "elsewhere"
        return
    depends = row.upstream_share is None or row.upstream_share >= MATERIAL
    if depends and part.supplier_cover is None:
        yield "stock"
    if depends and part.upstream_share is None:
        yield "origin"
