"""States of controls on pages: they name the days of the register's own phrase, in every language."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from ytterby.app import controls
from ytterby.report import Words, languages
from ytterby.web.control_words import state_phrase

if TYPE_CHECKING:
    from pathlib import Path

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("day", [dt.date(2012, 3, 1), dt.date(2025, 12, 1), dt.date(2026, 11, 30)])
def test_the_phrase_names_the_days_of_the_register(tmp_path: Path, lang: str, day: dt.date) -> None:
    words = Words(lang)
    rows = [row for row in controls(day, project=tmp_path).controls if row.kind != "customs"]
    assert rows
    for row in rows:
        told = state_phrase(words, row)
        days = {words.short_day(dt.date.fromisoformat(found)) for found in ISO.findall(row.told)}
        assert {found for found in days if found in told} == days, (row.told, told)
        assert not ISO.search(told)


def test_english_says_what_the_register_says(tmp_path: Path) -> None:
    words = Words("en")
    for row in controls(dt.date(2025, 12, 1), project=tmp_path).controls:
        if row.state in ("in force", "suspended", "ended") and row.kind not in ("customs", "duty"):
            told = ISO.sub(lambda found: words.short_day(dt.date.fromisoformat(found[0])), row.told)
            assert state_phrase(words, row) == told
