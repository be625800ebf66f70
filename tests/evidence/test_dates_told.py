# ruff: noqa: E501 (a case is kept on one line)
"""Every notation of a day, month, year, part or length of time, as a report of Wednesday, 9 July 2031 means it."""

from __future__ import annotations

from datetime import date

import pytest

from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.rules.dates import find_dates
from ytterby.evidence.rules.sentences import sentences_of

REPORT = date(2031, 7, 9)
TOLD = {
    "en": (
        ("It opens in July 2032.", [("2032-07", "2032-07", "at")]),
        ("It opens on 3 May 2032.", [("2032-05-03", "2032-05-03", "at")]),
        ("It opens on May 3, 2032.", [("2032-05-03", "2032-05-03", "at")]),
        ("It opens on May 3 2032.", [("2032-05-03", "2032-05-03", "at")]),
        ("It opened on 2031-05-03.", [("2031-05-03", "2031-05-03", "at")]),
        ("It opens on 3 May.", [("2031-05-03", "2032-05-03", "at")]),
        ("It opens on 12 July.", [("2031-07-12", "2031-07-12", "at")]),
        ("It opened in July.", [("2031-07", "2031-07", "at")]),
        ("It opened in June.", [("2031-06", "2032-06", "at")]),
        ("It opens in August.", [("2030-08", "2031-08", "at")]),
        ("It holds from August.", [("2031-08", "2031-08", "from")]),
        ("It holds from June.", [("2031-06", "2032-06", "from")]),
        ("It holds from December.", [("2031-12", "2031-12", "from")]),
        ("It holds from the end of December.", [("2031-12-31", "2031-12-31", "from")]),
        ("It holds since August.", [("2030-08", "2030-08", "from")]),
        ("It holds until August.", [("2031-08-31", "2031-08-31", "until")]),
        ("It holds until the end of August.", [("2031-08-31", "2031-08-31", "until")]),
        ("It opens early in August.", [("2030-08-01", "2031-08-01", "at")]),
        ("It opens in early August.", [("2030-08-01", "2031-08-01", "at")]),
        ("It opens at the end of 2033.", [("2033-12-31", "2033-12-31", "at")]),
        ("It opens early in 2033.", [("2033-01-01", "2033-01-01", "at")]),
        ("It opens in early 2033.", [("2033-01-01", "2033-01-01", "at")]),
        ("It opens in late 2033.", [("2033-12-31", "2033-12-31", "at")]),
        ("It opens by 2033.", [("2033-12-31", "2033-12-31", "until")]),
        ("It holds until 2033.", [("2033-12-31", "2033-12-31", "until")]),
        ("It opens in 2033.", [("2033", "2033", "at")]),
        ("It costs 2033 dollars.", []),
        ("It has 2033 tonnes in stock.", []),
        ("In 2033 tonnes it is more.", []),
        ("It is the 2026-2030 plan.", []),
        ("It opens in the first half of 2032.", [("2032-01-01/2032-06-30", "2032-01-01/2032-06-30", "at")]),
        ("It opens in the second half of 2032.", [("2032-07-01/2032-12-31", "2032-07-01/2032-12-31", "at")]),
        ("It opens in the third quarter of 2032.", [("2032-07-01/2032-09-30", "2032-07-01/2032-09-30", "at")]),
        ("It opens in the fourth quarter of next year.", [("2032-10-01/2032-12-31", "2032-10-01/2032-12-31", "at")]),
        ("It opens in the first half.", [("2031-01-01/2031-06-30", "2032-01-01/2032-06-30", "at")]),
        ("It opens in the second half.", [("2031-07-01/2031-12-31", "2031-07-01/2031-12-31", "at")]),
        ("It opens in the first quarter.", [("2031-01-01/2031-03-31", "2032-01-01/2032-03-31", "at")]),
        ("It opens in the second quarter.", [("2031-04-01/2031-06-30", "2032-04-01/2032-06-30", "at")]),
        ("It opens in the third quarter.", [("2031-07-01/2031-09-30", "2031-07-01/2031-09-30", "at")]),
        ("It opens in the fourth quarter.", [("2030-10-01/2030-12-31", "2031-10-01/2031-12-31", "at")]),
        ("It opens in the third quarter of the year.", [("2031-07-01/2031-09-30", "2031-07-01/2031-09-30", "at")]),
        ("It holds until the first half of 2032.", [("2032-06-30", "2032-06-30", "until")]),
        ("It opens at the end of the first half of 2032.", [("2032-01-01/2032-06-30", "2032-01-01/2032-06-30", "at")]),
        ("It opens on Monday.", [("2031-07-07", "2031-07-14", "at")]),
        ("It opens on Wednesday.", [("2031-07-09", "2031-07-09", "at")]),
        ("It opens on Thursday.", [("2031-07-03", "2031-07-10", "at")]),
        ("It opened yesterday.", [("2031-07-08", "2031-07-08", "at")]),
        ("It opens tomorrow.", [("2031-07-10", "2031-07-10", "at")]),
        ("It opens next week.", [("2031-07-14/2031-07-20", "2031-07-14/2031-07-20", "at")]),
        ("It opened last week.", [("2031-06-30/2031-07-06", "2031-06-30/2031-07-06", "at")]),
        ("It opens next month.", [("2031-08", "2031-08", "at")]),
        ("It opened last month.", [("2031-06", "2031-06", "at")]),
        ("It opens at the end of next month.", [("2031-08-31", "2031-08-31", "at")]),
        ("It opens next year.", [("2032", "2032", "at")]),
        ("It opens at the end of next year.", [("2032-12-31", "2032-12-31", "at")]),
        ("It opens early next year.", [("2032-01-01", "2032-01-01", "at")]),
        ("It opens within the next two years.", [("2031-07-09/2033-07-09", "2031-07-09/2033-07-09", "at")]),
        ("It opens in the next three weeks.", [("2031-07-09/2031-07-30", "2031-07-09/2031-07-30", "at")]),
        ("It opens in the next 6 months.", [("2031-07-09/2032-01-09", "2031-07-09/2032-01-09", "at")]),
        ("It opened two years ago.", [("2029", "2029", "at")]),
        ("It opened 3 months ago.", [("2031-04", "2031-04", "at")]),
        ("It opened 3 weeks ago.", [("2031-06-18", "2031-06-18", "at")]),
        ("It opened 18 months ago.", [("2030-01", "2030-01", "at")]),
        ("It opens two years earlier.", [("", "", "at")]),
        ("It opened three days ago.", [("2031-07-06", "2031-07-06", "at")]),
        ("It is now open.", [("2031-07", "2031-07", "at")]),
        ("It has opened recently.", [("", "", "at")]),
        ("It has already opened.", [("../2031-07-09", "../2031-07-09", "at")]),
        ("It opens soon.", [("", "", "at")]),
        ("During the talks it opened.", [("", "", "at")]),
        ("It opened on 3 May 12 days late.", [("2031-05-03", "2032-05-03", "at")]),
        ("It opens on 3 May of next year.", [("2032-05-03", "2032-05-03", "at")]),
        ("It opens in May of next year.", [("2032-05", "2032-05", "at")]),
        ("It opens by the end of March 2032.", [("2032-03-31", "2032-03-31", "until")]),
        (
            "It opened on 1 January 2031 and closed on 2 February 2031.",
            [("2031-01-01", "2031-01-01", "at"), ("2031-02-02", "2031-02-02", "at")],
        ),
        ("It opens in 1234 days.", []),
        ("It opens in the first half of the year.", [("2031-01-01/2031-06-30", "2031-01-01/2031-06-30", "at")]),
        ("It opened on March 2031.", [("2031-03", "2031-03", "at")]),
        ("It lasts from May to August 2032.", [("2031-05", "2032-05", "from"), ("2032-08-31", "2032-08-31", "until")]),
        ("From July it holds.", [("2031-07", "2031-07", "from")]),
        ("From 8 July it holds.", [("2031-07-08", "2031-07-08", "from")]),
        ("From 10 July it holds.", [("2031-07-10", "2031-07-10", "from")]),
        ("It opened on July 9.", [("2031-07-09", "2031-07-09", "at")]),
        ("Effective 1 August, it holds.", [("2031-08-01", "2031-08-01", "from")]),
        ("It opens by 3 May 2032.", [("2032-05-03", "2032-05-03", "until")]),
        ("It opened in May 1999.", [("1999-05", "1999-05", "at")]),
    ),
    "de": (
        ("Es öffnet im Juli 2032.", [("2032-07", "2032-07", "at")]),
        ("Es öffnet am 3. Mai 2032.", [("2032-05-03", "2032-05-03", "at")]),
        ("Es öffnet am 3.5.2032.", [("2032-05-03", "2032-05-03", "at")]),
        ("Es öffnet am 31.2.2032.", []),
        ("Es öffnet am 28.10.2032.", [("2032-10-28", "2032-10-28", "at")]),
        ("Es gilt bis zum 3. Mai 2032.", [("2032-05-03", "2032-05-03", "until")]),
        ("Es gilt bis zum 3. Mai.", [("2032-05-03", "2032-05-03", "until")]),
        ("Es gilt bis August.", [("2031-08-31", "2031-08-31", "until")]),
        ("Es gilt ab August.", [("2031-08", "2031-08", "from")]),
        ("Es gilt ab dem 1. August.", [("2031-08-01", "2031-08-01", "from")]),
        ("Es gilt seit August.", [("2030-08", "2030-08", "from")]),
        ("Es gilt seit dem 2. Mai.", [("2031-05-02", "2031-05-02", "from")]),
        ("Es öffnet Ende August.", [("2030-08-31", "2031-08-31", "at")]),
        ("Es öffnet Anfang August.", [("2030-08-01", "2031-08-01", "at")]),
        ("Es öffnet Mitte August.", [("2030-08", "2031-08", "at")]),
        ("Es öffnet Ende 2033.", [("2033-12-31", "2033-12-31", "at")]),
        ("Es öffnet bis Ende 2033.", [("2033-12-31", "2033-12-31", "until")]),
        ("Es öffnet Anfang 2033.", [("2033-01-01", "2033-01-01", "at")]),
        ("Es öffnet 2033.", []),
        ("Es öffnet im Jahr 2033.", [("2033", "2033", "at")]),
        ("Es öffnet im ersten Halbjahr 2032.", [("2032-01-01/2032-06-30", "2032-01-01/2032-06-30", "at")]),
        ("Es öffnet in der zweiten Hälfte des nächsten Jahres.", [("2032-07-01/2032-12-31", "2032-07-01/2032-12-31", "at")]),
        ("Es öffnet im dritten Quartal des Jahres.", [("2031-07-01/2031-09-30", "2031-07-01/2031-09-30", "at")]),
        ("Es öffnet im ersten Quartal.", [("2031-01-01/2031-03-31", "2032-01-01/2032-03-31", "at")]),
        ("Es öffnet im vierten Quartal.", [("2030-10-01/2030-12-31", "2031-10-01/2031-12-31", "at")]),
        ("Es öffnet nächsten Monat.", [("2031-08", "2031-08", "at")]),
        ("Es öffnet nächste Woche.", [("2031-07-14/2031-07-20", "2031-07-14/2031-07-20", "at")]),
        ("Es öffnete vergangene Woche.", [("2031-06-30/2031-07-06", "2031-06-30/2031-07-06", "at")]),
        ("Es öffnet im kommenden Jahr.", [("2032", "2032", "at")]),
        ("Es öffnete vor zwei Jahren.", [("2029", "2029", "at")]),
        ("Es öffnete vor drei Monaten.", [("2031-04", "2031-04", "at")]),
        ("Es öffnete vor drei Wochen.", [("2031-06-18", "2031-06-18", "at")]),
        ("Es öffnete vor 3 Tagen.", [("2031-07-06", "2031-07-06", "at")]),
        ("Es öffnet zwei Jahre früher.", [("", "", "at")]),
        ("Es öffnet in den nächsten zwei Jahren.", [("2031-07-09/2033-07-09", "2031-07-09/2033-07-09", "at")]),
        ("Es öffnet am Montag.", [("2031-07-07", "2031-07-14", "at")]),
        ("Es öffnete am Mittwoch.", [("2031-07-09", "2031-07-09", "at")]),
        ("Es öffnete gestern.", [("2031-07-08", "2031-07-08", "at")]),
        ("Es öffnet morgen.", [("2031-07-10", "2031-07-10", "at")]),
        ("Es öffnete im Mai vergangenen Jahres.", [("2030-05", "2030-05", "at")]),
        ("Es öffnet am 3. Mai nächsten Jahres.", [("2032-05-03", "2032-05-03", "at")]),
        ("Es ist bereits offen.", [("../2031-07-09", "../2031-07-09", "at")]),
        ("Es öffnet derzeit.", [("2031-07", "2031-07", "at")]),
        ("Es öffnet künftig.", [("", "", "at")]),
        ("Es lagern 2033 Tonnen.", []),
        ("Es öffnet spätestens Ende Mai 2032.", [("2032-05-31", "2032-05-31", "at")]),
    ),
}
"""Sentences, each with its dates: as what has happened, as what is to come (empty: unresolved), and their kind."""


def _dates(text, lang, day):
    sentences = sentences_of(clean_text(text), lexicon_of(lang))
    return [mention for sentence in sentences for mention in find_dates(sentence, day)]


def _told(text, lang, day=REPORT):
    return [(found.past or "", found.future or "", found.kind) for found in _dates(text, lang, day)]


@pytest.mark.parametrize(("lang", "text", "found"), [(lang, *case) for lang, cases in TOLD.items() for case in cases])
def test_each_notation_is_read_for_both_tenses(lang, text, found):
    assert _told(text, lang) == found


@pytest.mark.parametrize(
    ("text", "day", "past", "future"),
    [
        ("It opens in the third quarter.", date(2031, 9, 30), "2031-07-01/2031-09-30", "2031-07-01/2031-09-30"),
        ("It opens in the third quarter.", date(2031, 10, 1), "2031-07-01/2031-09-30", "2032-07-01/2032-09-30"),
        ("It opens in the third quarter.", date(2031, 6, 30), "2030-07-01/2030-09-30", "2031-07-01/2031-09-30"),
        ("It opens in the first half.", date(2031, 6, 30), "2031-01-01/2031-06-30", "2031-01-01/2031-06-30"),
        ("It opens next month.", date(2031, 12, 31), "2032-01", "2032-01"),
        ("It opens next week.", date(2031, 7, 7), "2031-07-14/2031-07-20", "2031-07-14/2031-07-20"),
        ("It opened last week.", date(2031, 7, 13), "2031-06-30/2031-07-06", "2031-06-30/2031-07-06"),
        ("It opens on Sunday.", date(2031, 7, 14), "2031-07-13", "2031-07-20"),
        ("It holds from January.", date(2031, 12, 1), "2032-01", "2032-01"),
        ("It holds from January.", date(2031, 6, 1), "2031-01", "2032-01"),
        ("It holds from 2 March.", date(2031, 9, 1), "2031-03-02", "2032-03-02"),
        ("It holds from 2 March.", date(2031, 9, 2), "2032-03-02", "2032-03-02"),
        ("It opened 3 months ago.", date(2031, 2, 28), "2030-11", "2030-11"),
    ],
)
def test_the_edges_of_parts_of_a_year(text, day, past, future):
    (found,) = _dates(text, "en", day)
    assert (found.past, found.future) == (past, future)


@pytest.mark.parametrize(
    ("text", "basis", "tag", "raw"),
    [
        ("It opens on 3 May 2032.", "explicit", "", "on 3 May 2032"),
        ("It opens on May 3, 2032, late.", "explicit", "", "on May 3, 2032"),
        ("It opens on 3 May in the north.", "publication date + day", "", "on 3 May"),
        ("It opened in May.", "publication date + month", "", "in May."),
        ("It opens in the first half of 2032.", "publication date + half-year", "", "in the first half of 2032"),
        ("It opens in the first quarter of the year.", "publication date + quarter", "", "in the first quarter of the year"),
        ("It opens on Monday.", "publication date + weekday", "", "on Monday"),
        ("It opened 3 weeks ago.", "publication date + relative", "", "3 weeks ago"),
        ("It opens in the next three weeks.", "publication date + duration", "", "in the next three weeks"),
        ("It opens two years earlier.", "derived", "earlier:24", "two years earlier"),
        ("It opens 8 months earlier.", "derived", "earlier:8", "8 months earlier"),
        ("It is now open.", "publication date", "now", "now"),
        ("It has opened recently.", "deictic", "past", "recently"),
        ("It has already opened.", "not after publication date", "not_after", "already"),
        ("It opens soon.", "vague future", "future", "soon"),
        ("It opened in the past.", "vague past", "vague_past", "in the past"),
        ("During the talks it opened.", "event anchor", "anchor", "During the"),
    ],
)
def test_a_date_says_how_it_was_resolved_and_by_which_words(text, basis, tag, raw):
    (found,) = _dates(text, "en", REPORT)
    assert (found.basis, found.tag, found.raw) == (basis, tag, raw)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("It opens in May.", "no publication date in text"),
        ("It opens on 3 May.", "no publication date in text"),
        ("It opens in the first half.", "no publication date in text"),
        ("It opens in the first half of the year.", "no publication date in text"),
        ("It opens on Monday.", "weekday, no publication date in text"),
        ("It opens tomorrow.", "publication date + relative"),
        ("It opens next year.", "publication date + relative"),
        ("It opened 3 weeks ago.", "publication date + relative"),
        ("It opens within the next two years.", "relative, no publication date"),
        ("It is now open.", "deictic, no publication date in text"),
        ("It has already opened.", "deictic"),
    ],
)
def test_without_a_day_of_publication_nothing_relative_is_resolved(text, basis):
    (found,) = _dates(text, "en", None)
    assert (found.past, found.future, found.basis) == (None, None, basis)


def test_what_is_explicit_needs_no_day_of_publication():
    texts = ("It opened on 3 May 2031.", "It opened in 2033.", "It opens in the first half of 2032.", "It opened on 2031-05-03.")
    assert [_told(text, "en", None)[0][0] for text in texts] == ["2031-05-03", "2033", "2032-01-01/2032-06-30", "2031-05-03"]


def test_a_future_date_becomes_a_field_of_what_is_to_come():
    (found,) = _dates("It opens on Monday.", "en", REPORT)
    assert found.to_dict(is_future=True)["resolved"] == "2031-07-14"
    assert found.to_dict(is_future=False)["resolved"] == "2031-07-07"
    (earlier,) = _dates("It opens two years earlier.", "en", REPORT)
    assert earlier.to_dict(is_future=True)["months_earlier"] == "24"


@pytest.mark.parametrize(
    ("lang", "text", "raw", "past"),
    [
        ("en", "28 October 2032 is the day.", "28 October 2032", "2032-10-28"),
        ("en", "It opened on May 13.", "on May 13", "2031-05-13"),
        ("en", "On 2031-05-03 it opened.", "On 2031-05-03", "2031-05-03"),
        ("en", "In 2033 it opens.", "In 2033", "2033"),
        ("en", "It opens in about 2033.", "2033", "2033"),
        ("en", "It opens by the 2033 deadline.", "by the 2033", "2033-12-31"),
        ("en", "It lasted in 2026-2030.", "in 2026", "2026"),
        ("en", "In May 12 tonnes arrived.", "In May", "2031-05"),
        ("en", "It opened in May, 2030 tonnes were lost.", "in May", "2031-05"),
        ("en", "End of May 2032 it opens.", "May 2032", "2032-05-31"),
        ("en", "It opens at the beginning of next month.", "at the beginning of next month", "2031-08-01"),
        ("en", "It opened three years ago.", "three years ago", "2028"),
        ("en", "It opened 12 weeks ago.", "12 weeks ago", "2031-04-16"),
        ("en", "Three weeks ago it opened.", "Three weeks ago", "2031-06-18"),
        ("de", "Am 3.5.2032 wird es öffnen.", "Am 3.5.2032", "2032-05-03"),
        ("de", "Ende Mai 2032 öffnet es.", "Mai 2032", "2032-05-31"),
        ("de", "Es öffnete vor zwei Jahren im Norden.", "vor zwei Jahren", "2029"),
        ("de", "Vor zwei Jahren öffnete es.", "Vor zwei Jahren", "2029"),
    ],
)
def test_a_date_takes_its_own_words_and_no_others(lang, text, raw, past):
    assert [(found.raw, found.past) for found in _dates(text, lang, REPORT)] == [(raw, past)]


@pytest.mark.parametrize("text", ["Model 2031-A-03 opened.", "It opened 1234 days ago."])
def test_numbers_that_only_look_like_dates_are_none(text):
    assert _told(text, "en") == []
