"""The user's customs figures: a CSV of ``month, goods, origin, destination, tonnes`` and, if wanted, ``spread``."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

from ytterby.errors import InputError
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
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES:,} bytes, the most such a file may have")
        reader = csv.DictReader(path.read_text("utf-8-sig").splitlines())
        rows = [{str(key).strip(): str(value or "").strip() for key, value in row.items()} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    missing = [name for name in NEEDED if name not in [str(field).strip() for field in reader.fieldnames or ()]]
    if missing:
        raise InputError(f"{path}: column {', '.join(missing)} is missing; needed: {', '.join(NEEDED)}")
    if not rows:
        raise InputError(f"{path}: holds no row; needed is at least one month's figure")
    for line, row in enumerate(rows, start=2):
        _check(row, f"{path}, line {line}")
    return rows


def _check(row: dict[str, str], where: str) -> None:
    try:
        month_bounds(row["month"])
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    number(row["tonnes"], f"{where}: tonnes", least=0.0)
    if row.get("spread"):
        number(row["spread"], f"{where}: spread", least=0.01)
    empty = [name for name in NEEDED if not row[name]]
    if empty:
        raise InputError(f"{where}: {', '.join(empty)} is empty")


def number(text: str, where: str, least: float) -> float:
    """Finite number not below ``least``.

    Raises
    ------
    InputError
        For anything else.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < least:
        raise InputError(f"{where}: found '{text}'; a number of at least {least:g} is needed")
    return value
