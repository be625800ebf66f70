"""Names in words of what tables on the terminal show; codes stand in JSON and files."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from ytterby.report import Words

EVERYWHERE = "all"


@cache
def english() -> Words:
    """Words of the terminal."""
    from ytterby.report import Words

    return Words("en")


def sector(code: str) -> str:
    """Name of an end use."""
    return english().sector(code)


def good(code: str | None) -> str:
    """Name of a commodity; nothing where there is none."""
    return english().commodity(code) if code else ""


def country(code: str) -> str:
    """Name of a country, a region or a group; ``all`` is every one of them."""
    return "all countries" if code == EVERYWHERE else english().country(code)


LOST = "value_added_lost."


def outcome(key: str) -> str:
    """Name of an outcome of the draws, such as ``value_added_lost.JP+US``; of others the key."""
    if not key.startswith(LOST):
        return key
    return f"value added lost ({', '.join(map(country, key.removeprefix(LOST).split('+')))})"


def drawn_input(declared: Mapping[str, Any]) -> Callable[[str], str]:
    """What names the drawn inputs of a scenario as declared, such as ``measures.alarm.factor``."""
    from ytterby.report.briefing import input_name

    return lambda key: input_name(english(), declared, key)


def declared_in(folder: Path) -> Mapping[str, Any]:
    """Scenario as a run folder has it; empty where it has none."""
    from ytterby.store import is_run, read_run

    found = read_run(folder).record.get("scenario") if is_run(folder) else None
    return found if isinstance(found, dict) else {}
