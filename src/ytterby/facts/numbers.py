"""Numbers as people and statistical offices write them: one reader for every door.

Only a plain decimal number comes in. What a language of programming would also take (``1_000``, ``nan``, ``0x10``) and
what two countries read differently (``1.234`` beside decimal commas) is refused with the reason.
"""

from __future__ import annotations

import math
import re

LARGEST = 1e15
"""Largest size of a figure: a thousand times the world's product in dollars; what is above it is a slip."""

BLANKS = "\u0020\u00a0\u2007\u2009\u202f'\u2019"
"""Blanks and apostrophes that part thousands."""

MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
PARTED = re.compile(rf"([+-]?[0-9]{{1,3}})((?:[{BLANKS}][0-9]{{3}})+)((?:[.,][0-9]+)?)")
GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


class NumberError(ValueError):
    """Text that is no number here; the message says what is allowed."""


def parse_number(text: str, decimal: str = ".", *, thousands: bool = False) -> float:
    """Return the number that a cell says.

    Parameters
    ----------
    text : str
        The cell, such as ``1234.5``, ``1 234.5`` or ``−3e4``.
    decimal : str
        Decimal mark of the file: ``.`` or ``,``.
    thousands : bool
        Whether the source is known to part thousands by the other mark, as ``1,234`` in tables of the US Geological Survey.

    Raises
    ------
    NumberError
        With the reason: no number, two readings, not finite, or larger than :data:`LARGEST`.
    """
    plain = text.strip().translate(MINUS)
    other = "," if decimal == "." else "."
    if parted := PARTED.fullmatch(plain):
        plain = parted[1] + re.sub(f"[{BLANKS}]", "", parted[2]) + parted[3]
    plain = _without_groups(plain, text, decimal, other, thousands=thousands)
    if other in plain or not PLAIN.fullmatch(plain.replace(decimal, ".")):
        raise NumberError(_why(plain, other, decimal))
    value = float(plain.replace(decimal, "."))
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise NumberError(f"is larger than any figure can be ({LARGEST:g})")
    return value


def _without_groups(plain: str, text: str, decimal: str, other: str, *, thousands: bool) -> str:
    """Text without the mark that parts thousands, where only one reading is left."""
    whole, mark, rest = plain.partition(decimal)
    found = GROUPS.fullmatch(whole)
    if found is None or found[1] != other:
        return plain
    if thousands or mark or whole.count(other) > 1:
        return whole.replace(other, "") + mark + rest
    shown = text.strip()
    raise NumberError(f"can be read in two ways: write {shown.replace(other, '')} or {shown.replace(other, decimal)}0")


def _why(plain: str, other: str, decimal: str) -> str:
    """Why a text is no number, in words for the person who wrote it."""
    if re.fullmatch(rf"[+-]?[0-9]+{re.escape(other)}[0-9]+", plain):
        return f"is not a number here: write {plain.replace(other, decimal)}"
    if re.fullmatch(r"[+-]?(?:nan|inf|infinity)", plain, re.IGNORECASE):
        return "must be finite"
    return "must be a number such as 1234.5"


def number_or_none(text: str, decimal: str = ".", *, thousands: bool = True) -> float | None:
    """Return the number of a published cell; None for marks such as ``W``, ``NA``, ``>90`` or a dash."""
    try:
        return parse_number(text, decimal, thousands=thousands)
    except NumberError:
        return None


def decimal_mark(cells: list[str], delimiter: str) -> str:
    """Return the decimal mark of a file: the comma where semicolons or tabs part cells and some number has it, else the point."""
    if delimiter == ",":
        return "."
    comma = any(re.fullmatch(r"[+-]?[0-9.\u00a0\u202f ]*,[0-9]+", cell.strip()) for cell in cells)
    point = any(re.fullmatch(r"[+-]?[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})", cell.strip()) for cell in cells)
    return "." if point and not comma else ","
