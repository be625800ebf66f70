"""Numbers and dates as people write them in spreadsheets: decimal commas, thousands, units, German dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = str | float | dt.date | None
"""A cell of a table: numbers and dates as a spreadsheet keeps them, all else as text."""
LARGEST = 1e9
NUMBER = re.compile(r"(?P<number>[\d.,'\u2009\u202f\u00a0 ]*\d)\s*(?P<unit>[^\W\d_]*|%)")
SCIENTIFIC = re.compile(r"\d+(\.\d+)?[eE][+-]?\d+")
UNCLEAR = re.compile(r"\d{1,3}[.,]\d{3}")
"""One separator before three digits: decimals or thousands."""
DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


@dataclass(frozen=True)
class NumberStyle:
    """Which separator is the decimal one in a file; empty where nothing in it tells."""

    decimal: str = ""


def style_of(cells: Iterable[Cell], delimiter: str) -> NumberStyle:
    """Decimal separator that the numbers of a file have.

    A comma cannot part decimals where it parts cells, unless a cell is quoted; all else is told by the numbers themselves.

    Raises
    ------
    InputError
        If some numbers have a decimal comma and others a decimal point.
    """
    found: dict[str, str] = {}
    for cell in cells:
        match = NUMBER.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match and (mark := _decimal(match["number"])):
            found.setdefault(mark, cell.strip() if isinstance(cell, str) else "")
    if len(found) > 1:
        raise InputError(f"some numbers have a decimal comma ('{found[',']}'), others a decimal point ('{found['.']}'); write one of them")
    return NumberStyle(next(iter(found), "." if delimiter == "," else ""))


def _decimal(text: str) -> str:
    """Decimal separator that a number by itself shows: ``.``, ``,`` or nothing."""
    marks = [letter for letter in text if letter in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1] if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    return "" if UNCLEAR.fullmatch(text) and not text.startswith("0") else marks[0]


def number(cell: Cell, column: str, style: NumberStyle, dimension: str = "", factor: float = 1.0) -> float:
    """Number of a cell from 0 up, times the factor of its column's unit, or of the unit behind the number.

    Raises
    ------
    InputError
        With column, the text found and what is allowed.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _bounded(float(cell), str(cell), column) * factor
    text = str(cell).strip()
    if SCIENTIFIC.fullmatch(text):
        return _bounded(float(text), text, column) * factor
    match = NUMBER.fullmatch(text)
    if not match:
        raise InputError(f"column '{column}': found '{text}', allowed is a number from 0 up")
    digits = re.sub(r"[\s']", "", match["number"])
    decimal = _decimal(digits) or style.decimal
    if not decimal and UNCLEAR.fullmatch(digits):
        either = f"{re.sub('[.,]', '', digits)} or {digits.replace(',', '.')}"
        raise InputError(f"column '{column}': '{text}' may mean {either}; write it without a separator of thousands")
    if match["unit"] and match["unit"] != "%":
        factor = _unit(match["unit"], column, text, dimension)
    elif match["unit"]:
        factor = 0.01
    plain = digits.replace("," if decimal != "," else ".", "").replace(",", ".")
    return _bounded(_float(plain, text, column), text, column) * factor


def _float(plain: str, text: str, column: str) -> float:
    try:
        return float(plain)
    except ValueError:
        raise InputError(f"column '{column}': found '{text}', allowed is a number from 0 up") from None


def _bounded(value: float, text: str, column: str) -> float:
    if not 0.0 <= value < LARGEST:
        raise InputError(f"column '{column}': found '{text}', allowed is a number from 0 to below {LARGEST:,.0f}")
    return value


def _unit(name: str, column: str, text: str, dimension: str) -> float:
    known = units(dimension)
    if name.casefold() not in known:
        raise InputError(f"column '{column}': found '{text}', allowed is a number" + (f" with {', '.join(known)}" if known else ""))
    return known[name.casefold()]


def unit_of(cell: Cell) -> str:
    """Unit behind the number of a cell, in small letters; empty without one."""
    match = NUMBER.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return match["unit"].casefold() if match else ""


def units(dimension: str) -> dict[str, float]:
    """Factors of the units of a dimension (``grams``, ``weeks``) by their names."""
    found = rows("ytterby.exposure", "tables/parts_units")
    return {row["unit"]: float(row["factor"]) for row in found if row["dimension"] == dimension}


def date(cell: Cell, column: str) -> dt.date | None:
    """Date of a cell: of the spreadsheet, ``2026-06-30`` or ``30.06.2026``; None where it is empty.

    Raises
    ------
    InputError
        For any other text, such as 06/07/2026, of which nobody knows which is the month.
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = "" if cell is None else str(cell).strip()
    try:
        if match := DAY_FIRST.fullmatch(text):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise InputError(f"column '{column}': found '{text}', allowed is a date YYYY-MM-DD or DD.MM.YYYY, or nothing") from None
