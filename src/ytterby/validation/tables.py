"""Tables shipped with the validation package, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ytterby.tables import rows

ROOM = "ytterby.validation"
FOLDER = files(ROOM) / "data"


def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``data/<name>.csv``."""
    return rows(ROOM, f"data/{name}")


@cache
def yuan_per_dollar() -> dict[int, float]:
    """Exchange rate by year [CNY/USD]."""
    return {int(row["year"]): float(row["cny_per_usd"]) for row in table("exchange")}
