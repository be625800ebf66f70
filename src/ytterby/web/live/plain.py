"""Records as what JSON knows, and numbers in the digits of a language."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

from ytterby.report import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report import Words

    Parts = Mapping[str, Any]
    Tip = list[tuple[str, str]]

DIGITS = 6
"""Significant digits with which a length is sent; its words have those of the page."""
MILLION, BILLION = 1e6, 1e9


def plain_data(value: Any) -> Any:
    """Records as what JSON knows: dates in ISO form, floats to some digits, empty fields left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain_data({field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
    if isinstance(value, dict):
        return {key: plain_data(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain_data(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


class Numerals:
    """Numbers in the digits of a language as :meth:`Words.number` writes them, for thousands of them at once."""

    def __init__(self, words: Words) -> None:
        symbols = words.locale.number_symbols["latn"]
        self._marks = str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": "\u2212"})

    def write(self, value: float, place: int) -> str:
        """Number rounded at a decimal place."""
        return f"{rounded(value, place):,.{max(-place, 0)}f}".translate(self._marks)


@cache
def numerals(words: Words) -> Numerals:
    """Digits of a language."""
    return Numerals(words)


def range_words(words: Words, low: str, high: str) -> str:
    """From a low to a high end."""
    return words.plain("range.dates", low=low, high=high)
