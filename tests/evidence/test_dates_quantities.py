# ruff: noqa: E501 (texts are kept on one line)
"""Dates against the document's own date, numbers in both notations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.helpers import one
from ytterby.evidence.clean_view import parse_date
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.rules.numbers import parse_number

WEEKDAYS = {
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("10.000", "de", 10000),
        ("18,7", "de", 18.7),
        ("1.234.567,5", "de", 1234567.5),
        ("3.5", "de", 3.5),
        ("10,000", "en", 10000),
        ("18.7", "en", 18.7),
        ("1,234,567.5", "en", 1234567.5),
    ],
)
def test_numbers_in_the_notation_of_the_language(text, lang, value):
    assert parse_number(text, lexicon_of(lang)) == value


@settings(max_examples=100, deadline=None)
@given(value=st.integers(0, 10**9))
def test_grouped_numbers_come_back(value):
    english = f"{value:,}"
    assert parse_number(english, lexicon_of("en")) == value
    assert parse_number(english.replace(",", "."), lexicon_of("de")) == value


@settings(max_examples=60, deadline=None)
@given(day=st.dates(date(2000, 1, 1), date(2060, 1, 1)), index=st.integers(0, 6), lang=st.sampled_from(["de", "en"]))
def test_weekdays_lie_within_a_week_on_the_side_the_tense_says(day, index, lang):
    name = WEEKDAYS[lang][index]
    past = {
        "de": f"Chile hat am {name} ein Exportverbot für Lithium verhängt.",
        "en": f"Chile imposed an export ban on lithium on {name}.",
    }[lang]
    ahead = {
        "de": f"Chile will am {name} ein Exportverbot für Lithium verhängen.",
        "en": f"Chile will impose an export ban on lithium on {name}.",
    }[lang]
    before = date.fromisoformat(one(past, "ban", published=day.isoformat()).date["resolved"])
    after = date.fromisoformat(one(ahead, "ban", published=day.isoformat()).date["resolved"])
    assert before.weekday() == after.weekday() == index
    assert timedelta(0) <= day - before < timedelta(7)
    assert timedelta(0) <= after - day < timedelta(7)


@pytest.mark.parametrize(
    ("text", "kind", "resolved", "what"),
    [
        ("Chile hat das Exportverbot für Lithium bis zum 14. März 2027 ausgesetzt.", "export_control_suspended", "2027-03-14", "until"),
        ("Die Genehmigungspflicht für Lithium gilt in Chile seit dem 2. Mai 2024.", "licence", "2024-05-02", "from"),
        ("Chile will die Abhängigkeit von Peru bis März verringern.", "reduce_dependence", "2027-03-31", "by"),
        ("Chile will die Abhängigkeit von Peru bis Ende 2030 verringern.", "reduce_dependence", "2030-12-31", "by"),
        ("Chile banned exports of lithium from January 1, 2024.", "ban", "2024-01-01", "from"),
        ("Chile will ban exports of lithium from next year.", "ban", "2027", "from"),
        ("Chile banned exports of lithium last month.", "ban", "2026-04", "at"),
        ("Chile hat gestern die Ausfuhr von Lithium verboten.", "ban", "2026-05-19", "at"),
        ("Chile and India will sign an agreement on lithium in October.", "agreement_planned", "2026-10", "at"),
    ],
)
def test_dates_against_the_twentieth_of_may_2026(text, kind, resolved, what):
    found = one(text, kind, published="2026-05-20").date
    assert (found["resolved"], found["kind"]) == (resolved, what)


def test_relative_dates_stay_open_without_a_date_of_the_document():
    assert one("Chile will am Donnerstag die Ausfuhr von Lithium verbieten.", "ban").date["resolved"] is None


def test_earlier_moves_the_goal_of_the_sentence_before():
    text = "Polen will den Verteidigungsetat bis März auf drei Prozent des Bruttoinlandsprodukts erhöhen. Damit würde das Ziel zwei Jahre früher erreicht."
    from tests.evidence.helpers import claims

    found = [c for c in claims(text, published="2026-05-20") if c.event_type == "budget_target"]
    assert [c.date["resolved"] for c in found] == ["2027-03-31", "2029-03"]
    assert found[0].quantity["lo"] == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12.05.2024 08:15", "2024-05-12"),
        ("5. Mai 2024", "2024-05-05"),
        ("May 5, 2024", "2024-05-05"),
        ("5 May 2024", "2024-05-05"),
        ("2024-05-05T10:00Z", "2024-05-05"),
        ("31.02.2024", None),
        ("1999-2026", None),
    ],
)
def test_dates_of_meta_lines(text, day):
    found = parse_date(text)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("text", "value", "lo", "hi"),
    [
        ("Korea investiert mehr als 3 Milliarden Dollar in Minen in Chile.", 3e9, 3e9, None),
        ("Korea investiert rund 20 Millionen Euro in Minen in Chile.", 2e7, 1.9e7, 2.1e7),
        ("Die Bank gewährt der Mine einen Kredit über 50 Millionen Dollar.", 5e7, 5e7, 5e7),
        ("Korea invests up to $2.5 billion in mines in Chile.", 2.5e9, 0, 2.5e9),
    ],
)
def test_sums_with_qualifiers(text, value, lo, hi):
    found = one(text, "investment").quantity
    assert (found["value"], found["lo"], found["hi"]) == (value, lo, hi)
