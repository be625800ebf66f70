"""Reading of the gathered tables and what their rows have in common."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from factlib import names

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, object]

SECTORS = names.mapping("sectors")
"""End uses and industries as published to sector codes."""


def sector(name: str) -> str:
    """Sector code of an end use or industry, empty if none fits."""
    return SECTORS.get(name.strip().lower(), "")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of one gathered file."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def common(row: dict[str, str]) -> dict[str, str]:
    """Fields that most files name alike."""
    return {
        "id": row["row_id"],
        "low": row.get("value_low", ""),
        "high": row.get("value_high", ""),
        "unit": row.get("unit", ""),
        "flag": row["flag"],
        "source": row["source"],
        "quality": row.get("quality", ""),
        "note": row.get("note", ""),
        "period": names.period(row.get("year", "")),
        "value": row.get("value_base", ""),
    }


def vat(place: str) -> str:
    """Whether a price holds Chinese value-added tax."""
    return "price with Chinese VAT (17 % in the episode, 13 % now)" if re.match(r"inside China|ex-works China", place) else ""
