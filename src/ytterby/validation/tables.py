"""Small tables of this room, read once."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

FOLDER = files("ytterby.validation") / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``data/<name>.csv``."""
    return tuple(csv.DictReader((FOLDER / f"{name}.csv").read_text("utf-8").splitlines()))


@cache
def yuan_per_dollar() -> dict[int, float]:
    """Exchange rate by year [CNY/USD]."""
    return {int(row["year"]): float(row["cny_per_usd"]) for row in table("exchange")}
