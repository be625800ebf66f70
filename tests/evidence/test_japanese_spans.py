# ruff: noqa: RUF001 (texts in Japanese)
"""Ranges, lengths of time and parts of months and years in Japanese, seen from a report of 7 July 2031."""

from __future__ import annotations

from datetime import date

import pytest

from tests.evidence.helpers import claims
from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.unspaced.days import dates_of
from ytterby.evidence.unspaced.figures import quantities_of
from ytterby.evidence.unspaced.signs import sign_lexicon
from ytterby.evidence.unspaced.text import sentences_of

LEXICON = sign_lexicon("ja")
DAY = date(2031, 7, 7)


def _sentence(text):
    return sentences_of(clean_text(text), LEXICON)[0]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("操業停止は8〜10週間続く。", 8, 10, "week"),
        ("操業停止は8～10週間続く。", 8, 10, "week"),
        ("操業停止は8-10週間続く。", 8, 10, "week"),
        ("操業停止は8週間から10週間続く。", 8, 10, "week"),
        ("操業停止は8から10週間かかる。", 8, 10, "week"),
        ("操業停止は2、3週間続く。", 2, 3, "week"),
        ("許可に45〜60日かかる。", 45, 60, "day"),
        ("3〜5億ドルを投じる。", 3e8, 5e8, "USD"),
        ("5000〜1万トンを輸出した。", 5000, 10000, "t"),
        ("年5000〜8000トンを生産する。", 5000, 8000, "t/year"),
        ("20〜30%上昇した。", 0.2, 0.3, "%"),
    ],
)
def test_ranges_have_two_bounds_and_no_value(text, low, high, unit):
    (found,) = quantities_of(_sentence(text))
    assert (found.lo, found.hi, found.unit, found.qualifier, found.value) == (low, high, unit, "range", None)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("年5000トンから8000トンに増やす。", [5000, 8000]),
        ("10週間から8週間続く。", [10, 8]),
        ("停止は半年続く。", [6]),
        ("停止は1年半続く。", [1.5]),
        ("停止は2カ月半続く。", [2.5]),
        ("許可に45日かかる。", [45]),
        ("許可に30営業日かかる。", [30]),
        ("2、30トンを輸出した。", [30]),
        ("28日に停止する。", []),
    ],
)
def test_what_changes_from_one_to_another_and_single_lengths_are_no_ranges(text, values):
    assert [found.value for found in quantities_of(_sentence(text))] == values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2032年前半に稼働する。", [("2032-01-01/2032-06-30", "at")]),
        ("来年後半に稼働する。", [("2032-07-01/2032-12-31", "at")]),
        ("2032年度に稼働する。", [("2032-04-01/2033-03-31", "at")]),
        ("2032年度上期に稼働する。", [("2032-04-01/2032-09-30", "at")]),
        ("2031年7～9月期に停止する。", [("2031-07-01/2031-09-30", "at")]),
        ("7～9月期に停止する。", [("2031-07-01/2031-09-30", "at")]),
        ("8月上旬に再開する。", [("2031-08-01/2031-08-10", "at")]),
        ("来月中旬に再開する。", [("2031-08-11/2031-08-20", "at")]),
        ("2032年2月下旬から禁止する。", [("2032-02-21/2032-02-29", "from")]),
        ("8月から10月まで停止する。", [("2031-08", "from"), ("2031-10-31", "until")]),
        ("8月〜10月に停止する。", [("2031-08", "from"), ("2031-10-31", "until")]),
        ("8～10月に停止する。", [("2031-08", "from"), ("2031-10-31", "until")]),
        ("11月～2月に停止する。", [("2031-11", "from"), ("2032-02-29", "until")]),
        ("2032年4月1日～6月30日に停止する。", [("2032-04-01", "from"), ("2032-06-30", "until")]),
        ("8月1日～10日に停止する。", [("2031-08-01", "from"), ("2031-08-10", "until")]),
        ("10～20日に停止する。", [("2031-07-10", "from"), ("2031-07-20", "until")]),
        ("2031年12月から2032年3月まで停止する。", [("2031-12", "from"), ("2032-03-31", "until")]),
        ("年末までに建設する。", [("2031-12-31", "by")]),
        ("月末に再開する。", [("2031-07-31", "at")]),
        ("停止は10日間続く。", []),
        ("停止は8～10日間続く。", []),
    ],
)
def test_parts_and_ranges_of_time_to_come(text, found):
    assert [(day.future, day.kind) for day in dates_of(_sentence(text), LEXICON, DAY)] == found


@pytest.mark.parametrize(
    ("text", "day"),
    [("28日に停止した。", "2031-06-28"), ("6日に停止した。", "2031-07-06"), ("7日に停止した。", "2031-07-07")],
)
def test_a_day_alone_is_the_last_one_of_that_number(text, day):
    assert [found.past for found in dates_of(_sentence(text), LEXICON, DAY)] == [day]


def test_without_a_day_of_publication_nothing_relative_is_guessed():
    texts = ("8月上旬～9月下旬に停止する。", "来月下旬に再開する。", "年末に再開する。", "水曜日に再開する。")
    assert {day.future for text in texts for day in dates_of(_sentence(text), LEXICON, None)} == {None}


def test_an_outage_lasts_as_long_as_its_range_says():
    text = "メタル通信 2031年7月7日\n\nマウンテンパス鉱山は火災で8〜10週間操業を停止する。"
    (claim,) = claims(text)
    assert claim.quantity == {"raw": "8〜10週間", "value": None, "unit": "week", "qualifier": "range", "lo": 8.0, "hi": 10.0}
