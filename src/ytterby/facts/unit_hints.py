"""What to write in place of a unit that figures are not kept in: by what the unit means, not by its letters.

A unit that only looks alike is another quantity: euros are no dollars, and 45 kt are not 45 t.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.facts import vocabulary
from ytterby.facts.numbers import NumberError, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

MASS = {"g": 1e-6, "kg": 1e-3, "lb": 0.45359237e-3, "t": 1.0, "mt": 1.0, "tonnes": 1.0, "tons": 1.0, "kt": 1e3, "Mt": 1e6}
"""Tonnes in each unit of mass; ``mt`` stands for metric tons."""
CURRENCY = re.compile(r"(?<![A-Za-z])(?!USD\b)[A-Z]{3}(?![A-Za-z])")


def unit_hint(unit: str, value: str = "") -> str:
    """What to write instead of a unit that is not in the list.

    Parameters
    ----------
    unit : str
    value : str
        Value of the row, to be written in the unit that is hinted at.
    """
    known = vocabulary.listed("units")
    same = next((name for name in known if _plain(name) == _plain(unit)), None)
    if same:
        return f"did you mean '{same}'?"
    scaled = next(((name, factor) for name, factor in _scaled(unit) if name in known), None)
    if scaled:
        return _converted(unit, value, *scaled)
    dollars = CURRENCY.sub("USD", unit)
    if dollars != unit and dollars in known:
        return f"another currency than '{dollars}': convert the value at the rate of its period, or give the figure in dollars"
    return f"known: {', '.join(sorted(known)[:10])}, ... (all: units.csv on the page 'Figures')"


def _plain(unit: str) -> str:
    """Unit without blanks and capitals, which change no meaning but that of Mt and mt."""
    return "".join(unit.split()).casefold() if "Mt" not in unit else unit


def _scaled(unit: str) -> Iterator[tuple[str, float]]:
    """Units of the same meaning with another mass in them, each with what a value is multiplied by."""
    parts = re.split(r"([ /])", unit)
    for at, part in enumerate(parts):
        if part in MASS:
            below = "/" in parts[:at]
            for name in ("kg", "t") if below else ("t", "kg"):
                factor = MASS[part] / MASS[name]
                yield "".join([*parts[:at], name, *parts[at + 1 :]]), 1.0 / factor if below else factor


def _converted(unit: str, value: str, name: str, factor: float) -> str:
    """Value in another unit, or what to multiply by."""
    try:
        return f"write {_number(parse_number(value) * factor)} in '{name}' ({value} {unit})"
    except NumberError:
        return f"multiply by {_number(factor)} and write '{name}'"


def _number(value: float) -> str:
    return f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"
