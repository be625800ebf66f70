"""The table of what changed since the last briefing on articles, in all languages."""

from __future__ import annotations

import datetime as dt

import pytest

from ytterby.app import BriefRequest, brief

PLANNED = "Notiz\n\n5 March 2025\n\nChile and Norway plan to sign an agreement on graphite."
SIGNED = "Notiz\n\n9 May 2025\n\nChile and Norway signed an agreement on graphite."
SHOWN = {
    "en": ("Changed since the briefing of 1\u00a0Apr\u00a02025 (2 of 2)", "planned", "signed"),
    "de": ("Verändert seit dem Briefing vom 1.\u00a0Apr.\u00a02025 (2 von 2)", "geplant", "unterzeichnet"),
    "ja": ("2025年4月1日のブリーフィング以降の変化（2件中2件）", "計画", "署名"),
}
pytestmark = pytest.mark.slow


def _tables(briefing):
    section = next(section for section in briefing.sections if section.name == "happened")
    return [block for block in section.blocks if hasattr(block, "rows")]


def test_the_second_briefing_shows_what_changed_since_the_first(tmp_path):
    paths = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path, text in zip(paths, (PLANNED, SIGNED), strict=True):
        path.write_text(text)
    first = brief(BriefRequest((str(paths[0]),), project=tmp_path / "p", today=dt.date(2025, 4, 1))).briefing
    assert not [table for table in _tables(first) if table.caption.startswith("Changed")]
    for lang, (title, before, after) in SHOWN.items():
        order = BriefRequest(tuple(map(str, paths)), lang=lang, project=tmp_path / "p", today=dt.date(2025, 6, 1))
        table = next(table for table in _tables(brief(order).briefing) if table.caption == title)
        assert (before, after) in [row[1:] for row in table.rows]
