# ruff: noqa: E501 (texts are kept on one line)
"""What changed since the last briefing: an event stays the same one when a later report joins it."""

from __future__ import annotations

import datetime as dt

import pytest

from ytterby.app.articles.read import read
from ytterby.app.articles.watch import promises_on
from ytterby.app.briefings.briefing_changes import changes_since_last
from ytterby.evidence import changes, joined_standing, standing
from ytterby.facts import load

PLANNED = "Notiz\n\n5 March 2025\n\nChile and Norway plan to sign an agreement on graphite."
SIGNED = "Notiz\n\n9 May 2025\n\nChile and Norway signed an agreement on graphite."
MINE = "Notiz\n\n2 May 2025\n\nGhana banned exports of manganese ore."
PAUSED = "Notiz\n\n5 March 2025\n\nMalaysia suspended its export controls on terbium until 30 April 2025."
BUILD = "Notiz\n\n5 March 2025\n\nNorway will invest 40 million euros in a graphite plant by the end of 2025."
FIRST, SECOND = dt.date(2025, 4, 1), dt.date(2025, 6, 1)


@pytest.fixture
def brief_on(tmp_path):
    """Read texts into one project and tell what changed, as the briefing does."""
    facts = load()

    def told(day, *texts):
        paths = []
        for text in texts:
            paths.append(tmp_path / f"{abs(hash(text)) % 10**9}.txt")
            paths[-1].write_text(text)
        reading = read(paths, project=tmp_path / "p")
        mine = {claim.id for claim in reading.claims}
        promises = [row for row in promises_on(facts, tmp_path / "p", day) if mine & {step["claim"] for step in row.status_path}]
        since, found = changes_since_last(reading, promises, tmp_path / "p", day)
        return since, [(change.kind, change.before, change.after) for change in found]

    return told


def test_the_first_briefing_has_nothing_to_compare(brief_on):
    assert brief_on(FIRST, PLANNED) == (None, [])


def test_a_later_report_of_the_same_act_changes_its_status_and_the_promise(brief_on):
    brief_on(FIRST, PLANNED)
    since, found = brief_on(SECOND, SIGNED)
    assert since == FIRST
    assert ("status", "planned", "signed") in found
    assert ("outcome", "open", "kept") in found
    assert not [change for change in found if change[0] == "new"]


def test_other_events_are_new_and_known_ones_are_not(brief_on):
    brief_on(FIRST, PLANNED)
    _, found = brief_on(SECOND, PLANNED, MINE)
    assert [change for change in found if change[0] == "new"] == [("new", None, "in force")]
    assert len(found) == 1


def test_a_suspension_that_ran_out_in_between_is_told_once(brief_on):
    brief_on(FIRST, PAUSED)
    assert brief_on(SECOND, PAUSED)[1] == [("expired", None, "2025-04-30")]
    assert brief_on(dt.date(2025, 7, 1), PAUSED)[1] == []


def test_a_promise_whose_day_has_passed_has_no_news(brief_on):
    brief_on(FIRST, BUILD)
    assert brief_on(dt.date(2026, 2, 1), BUILD)[1] == [("outcome", "open", "no news")]


def test_a_second_briefing_of_a_day_is_compared_with_the_same_earlier_day(brief_on):
    brief_on(FIRST, PLANNED)
    once = brief_on(SECOND, SIGNED)
    assert brief_on(SECOND, SIGNED) == once


def test_a_briefing_on_something_else_in_between_forgets_nothing(brief_on):
    brief_on(FIRST, PLANNED)
    brief_on(dt.date(2025, 5, 5), MINE)
    since, found = brief_on(SECOND, SIGNED)
    assert since == dt.date(2025, 5, 5)
    assert ("status", "planned", "signed") in found
    assert not [change for change in found if change[0] == "new"]


def test_what_did_not_change_gives_no_change(brief_on, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(PLANNED)
    reading = read([path])
    told = standing(reading.events, [])
    assert changes(told, told) == []
    assert joined_standing(told, told) == told
    assert [change.kind for change in changes({"events": [], "promises": []}, told)] == ["new"]
