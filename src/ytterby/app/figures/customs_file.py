"""The user's customs figures: a CSV of ``month, goods, origin, destination, tonnes`` and, if wanted, ``spread``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.facts import NumberError, only_sheet, parse_number
from ytterby.validation import month_bounds

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = ("month", "goods", "origin", "destination", "tonnes")
MAX_BYTES = 5_000_000


def read_customs(path: Path) -> list[dict[str, str]]:
    """Rows of the file, checked.

    Raises
    ------
    InputError
        With file, line, what was found and what is allowed.
    """
    sheet = only_sheet(path, MAX_BYTES)
    header = [cell.strip() for _, cells in sheet.head(1) for cell in cells]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise InputError(f"{path}: column {', '.join(missing)} is missing; needed: {', '.join(NEEDED)}")
    rows = [(line, {key: value.strip() for key, value in row.items()}) for line, row in sheet.rows()]
    if not rows:
        raise InputError(f"{path}: holds no row; needed is at least one month's figure")
    for line, row in rows:
        _check(row, f"{path}, line {line}", sheet.decimal)
    return [row for _, row in rows]


def _check(row: dict[str, str], where: str, decimal: str) -> None:
    """Check a row and write its numbers with a decimal point."""
    try:
        month_bounds(row["month"])
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    row["tonnes"] = repr(number(row["tonnes"], f"{where}: tonnes", least=0.0, decimal=decimal))
    if row.get("spread"):
        row["spread"] = repr(number(row["spread"], f"{where}: spread", least=0.01, decimal=decimal))
    empty = [name for name in NEEDED if not row[name]]
    if empty:
        raise InputError(f"{where}: {', '.join(empty)} is empty")


def number(text: str, where: str, least: float, decimal: str = ".") -> float:
    """Finite number not below ``least``.

    Raises
    ------
    InputError
        For anything else.
    """
    try:
        value = parse_number(text, decimal)
    except NumberError as error:
        raise InputError(f"{where}: found '{text}', which {error}; a number of at least {least:g} is needed") from None
    if value < least:
        raise InputError(f"{where}: found '{text}'; a number of at least {least:g} is needed")
    return value
