# ruff: noqa: E501 (texts are kept on one line)
"""Quantities in all notations, parts of years, the reach of negations and who is a target: kinds on invented sentences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.helpers import claims, one
from ytterby.evidence.rules.quantities import MONEY
from ytterby.evidence.tables import LANGUAGES, read_table

QUOTA = {
    "de": "Sambia hat eine Förderquote von {} Tonnen für Kobalt festgelegt.",
    "en": "Zambia set a mining quota of {} tonnes for cobalt.",
}
SIGNS = {"space": " ", "no-break space": "\u00a0", "thin space": "\u2009", "narrow space": "\u202f", "apostrophe": "'", "curly": "\u2019"}


def _grouped(value, sign):
    return f"{value:,}".replace(",", sign)


@settings(max_examples=60, deadline=None)
@given(value=st.integers(1000, 99_999_999), sign=st.sampled_from(sorted(SIGNS)), lang=st.sampled_from(sorted(QUOTA)))
def test_groups_of_three_may_be_parted_by_any_sign(value, sign, lang):
    text = QUOTA[lang].format(_grouped(value, SIGNS[sign]))
    assert one(text, "quota").quantity["value"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Zambia set a mining quota for cobalt in 2031 450 tonnes below the last one.", 450),
        ("Zambia set a quota for cobalt on March 3 450 tonnes below the last one.", 450),
        ("Sambia setzte die Quote für Kobalt im Jahr 2031 450 Tonnen niedriger an.", 450),
    ],
)
def test_a_year_or_a_day_before_a_number_is_no_part_of_it(text, value):
    found = [claim.quantity["value"] for claim in claims(text, published="2031-05-01") if claim.quantity]
    assert set(found) <= {value}


SUMS = {
    "en": [
        ("2,101 bn yen", 2.101e12, "JPY"),
        ("Rs 640 crore", 6.4e9, "INR"),
        ("Rs. 3 lakh crore", 3e12, "INR"),
        ("INR 1,20,000 crore", 1.2e12, "INR"),
        ("A$2.75 billion", 2.75e9, "AUD"),
        ("US$30m", 3e7, "USD"),
        ("R$900 million", 9e8, "BRL"),
        ("C$18.5m", 1.85e7, "CAD"),
        ("MX$4bn", 4e9, "MXN"),
        ("Rp 5.2 trillion", 5.2e12, "IDR"),
        ("3.4 trillion won", 3.4e12, "KRW"),
        ("60 billion roubles", 6e10, "RUB"),
        ("7 billion riyals", 7e9, "SAR"),
        ("800 million lira", 8e8, "TRY"),
        ("R1.5bn", 1.5e9, "ZAR"),
        ("£45m", 4.5e7, "GBP"),
        ("half a billion euros", 5e8, "EUR"),
        ("two and a half million francs", 2.5e6, "CHF"),
        ("a quarter of a million dollars", 2.5e5, "USD"),
        ("twenty-five million dollars", 2.5e7, "USD"),
        ("three hundred million yuan", 3e8, "CNY"),
        ("12 billion Argentine pesos", 1.2e10, "ARS"),
    ],
    "de": [
        ("2.101 Mrd. Yen", 2.101e12, "JPY"),
        ("640 Crore Rupien", 6.4e9, "INR"),
        ("2,75 Milliarden australische Dollar", 2.75e9, "AUD"),
        ("30 Mio. US-Dollar", 3e7, "USD"),
        ("900 Mio. Real", None, None),
        ("18'500'000 Franken", 1.85e7, "CHF"),
        ("anderthalb Milliarden Euro", 1.5e9, "EUR"),
        ("eine halbe Milliarde Euro", 5e8, "EUR"),
        ("zweieinhalb Millionen Pfund", 2.5e6, "GBP"),
        ("fünfundzwanzig Millionen Dollar", 2.5e7, "USD"),
        ("dreihundert Millionen Yuan", 3e8, "CNY"),
        ("60 Milliarden Rubel", 6e10, "RUB"),
        ("EUR 40 Mio.", 4e7, "EUR"),
        ("4 Billionen Won", 4e12, "KRW"),
    ],
}
INVESTED = {"en": "Peru will invest {} in a cobalt mine in Zambia.", "de": "Peru investiert {} in eine Kobaltmine in Sambia."}


@pytest.mark.parametrize(("lang", "said", "value", "unit"), [(lang, *row) for lang, rows in SUMS.items() for row in rows])
def test_sums_of_all_currencies_and_their_units_of_counting(lang, said, value, unit):
    found = one(INVESTED[lang].format(said), "investment").quantity or {"value": None, "unit": None}
    assert (found["value"], found["unit"]) == (pytest.approx(value) if value else None, unit)


def test_each_currency_has_words_in_each_language():
    for lang in LANGUAGES:
        assert {row["label"][5:] for row in read_table(f"{lang}/quantities.csv") if row["label"][:5] == "unit:"} >= MONEY


@pytest.mark.parametrize("text", ["The miner in 2031 won a cobalt contract from Peru.", "Peru signed 2 real cobalt contracts."])
def test_words_that_are_also_currencies_need_a_sum(text):
    assert not [claim for claim in claims(text) if claim.quantity and claim.quantity["unit"] in MONEY]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Peru will build a plant for 3,200 tonnes of cobalt sulphate a year.", 3200, "t/year"),
        ("Peru will build a plant with an annual capacity of 3,200 tonnes of cobalt.", 3200, "t/year"),
        ("Peru will build a cobalt plant for 300 tonnes a month.", 3600, "t/year"),
        ("Peru will build a cobalt plant that makes 3.2 kt per year.", 3200, "t/year"),
        ("Peru baut eine Anlage für 3.200 Tonnen Kobaltsulfat im Jahr.", 3200, "t/year"),
        ("Peru baut eine Anlage für jährlich 3.200 Tonnen Kobalt.", 3200, "t/year"),
        ("Peru baut eine Kobaltanlage mit einer Jahreskapazität von 3.200 Tonnen.", 3200, "t/year"),
        ("Peru baut eine Anlage, in der monatlich 300 Tonnen Kobalt entstehen.", 3600, "t/year"),
    ],
)
def test_a_mass_is_a_rate_where_the_period_stands_around_the_goods(text, value, unit):
    found = [claim.quantity for claim in claims(text) if claim.event_type == "investment" and claim.quantity]
    assert [(quantity["value"], quantity["unit"]) for quantity in found] == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "Peru holds 500 tonnes of cobalt in its stockpile, up from 400 tonnes a year earlier.",
        "Peru hat 500 Tonnen Kobalt als Vorrat, im Jahr 2031 sollen es mehr sein.",
        "Peru will keep a stockpile of 500 tonnes of cobalt for a year.",
    ],
)
def test_a_mass_beside_a_date_or_a_span_is_none(text):
    assert not [claim for claim in claims(text) if claim.quantity and claim.quantity["unit"] == "t/year"]


@pytest.mark.parametrize(
    ("said", "low", "high"), [("$4 to $5 billion", 4e9, 5e9), ("$4-5 billion", 4e9, 5e9), ("€200m to €300m", 2e8, 3e8)]
)
def test_ends_of_a_range_share_currency_and_unit(said, low, high):
    found = one(INVESTED["en"].format(said), "investment").quantity
    assert (found["lo"], found["hi"], found["value"]) == (low, high, None)


PARTS = {
    ("en", "the first half of {y}"): (1, 6),
    ("en", "the second half of {y}"): (7, 12),
    ("en", "the third quarter of {y}"): (7, 9),
    ("en", "Q4 {y}"): (10, 12),
    ("de", "dem ersten Halbjahr {y}"): (1, 6),
    ("de", "der zweiten Hälfte {y}"): (7, 12),
    ("de", "dem 3. Quartal {y}"): (7, 9),
}
YEARS = {
    "en": {"next year": 1, "this year": 0, "2034": 2034},
    "de": {"des nächsten Jahres": 1, "dieses Jahres": 0, "des Jahres 2034": 2034},
}
PLANNED = {"en": "Peru will ban exports of cobalt from {}.", "de": "Peru will die Ausfuhr von Kobalt ab {} verbieten."}


@pytest.mark.parametrize(("lang", "part"), PARTS)
@settings(max_examples=12, deadline=None)
@given(day=st.dates(date(2000, 1, 1), date(2060, 1, 1)), which=st.integers(0, 2))
def test_parts_of_years_are_those_of_the_year_that_is_said(lang, part, day, which):
    said, step = list(YEARS[lang].items())[which]
    year = step if step > 1 else day.year + step
    begin, end = PARTS[lang, part]
    found = one(PLANNED[lang].format(part.format(y=said)), "ban", published=day.isoformat()).date["resolved"]
    assert found.startswith(f"{year}-{begin:02d}-01/{year}-{end:02d}-")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Peru will ban exports of cobalt from March of next year.", "2032-03"),
        ("Peru will ban exports of cobalt by the end of next year.", "2032-12-31"),
        ("Peru bans exports of cobalt from August.", "2031-08"),
        ("Peru has banned exports of cobalt since August.", "2030-08"),
        ("Peru banned exports of cobalt two years ago.", "2029"),
        ("Peru hat die Ausfuhr von Kobalt vor zwei Jahren verboten.", "2029"),
        ("Peru hat die Ausfuhr von Kobalt vor drei Monaten verboten.", "2031-04"),
        ("Peru verbietet ab August die Ausfuhr von Kobalt.", "2031-08"),
        ("Peru verbietet seit August die Ausfuhr von Kobalt.", "2030-08"),
        ("Peru will die Ausfuhr von Kobalt bis Ende nächsten Jahres verbieten.", "2032-12-31"),
    ],
)
def test_relative_dates_lie_on_the_side_that_their_words_say(text, day):
    assert one(text, "ban", published="2031-07-07").date["resolved"] == day


REACH = {
    "Peru banned exports of cobalt to Chile with no warning.": "pos",
    "Peru banned exports of cobalt without a vote in parliament.": "pos",
    "Without warning Peru banned exports of cobalt.": "pos",
    "Without warning Peru outlawed exports of cobalt.": "pos",
    "With no warning Peru banned exports of cobalt.": "pos",
    "Ohne Vorwarnung verbietet Peru die Ausfuhr von Kobalt.": "pos",
    "Peru imposed no ban on exports of cobalt.": "neg",
    "No ban on exports of cobalt was imposed by Peru.": "neg",
    "Peru did not ban exports of cobalt.": "neg",
    "Peru no longer bans exports of cobalt.": "neg",
    "Peru verbietet die Ausfuhr von Kobalt ohne Vorwarnung.": "pos",
    "Peru verbietet die Ausfuhr von Kobalt, ohne eine Frist zu nennen.": "pos",
    "Peru verhängt kein Ausfuhrverbot für Kobalt.": "neg",
    "Peru verbietet die Ausfuhr von Kobalt nicht.": "neg",
}


@pytest.mark.parametrize(("text", "polarity"), REACH.items(), ids=REACH)
def test_a_negation_denies_the_act_only_if_it_reaches_it(text, polarity):
    assert one(text, "ban").polarity == polarity


@pytest.mark.parametrize(
    "text", ["Peru has no plans to restrict exports of cobalt.", "Peru hat keine Pläne, die Ausfuhr von Kobalt zu beschränken."]
)
def test_plans_that_nobody_has_are_denied(text):
    assert one(text, "export_control_imposed").polarity == "neg"


@pytest.mark.parametrize("said", ["the ministry in Lima said", "the government said", "the cabinet said"])
def test_who_tells_of_a_plant_is_not_its_target(said):
    text = f"Chile will invest 20 million dollars in a copper mine, {said}.\n\nPeru will invest 30 million euros in a cobalt plant in Zambia, {said}."
    found = [claim.targets for claim in claims(text) if claim.event_type == "investment" and "country:PE" in claim.actors]
    assert found == [("country:ZM",)]
