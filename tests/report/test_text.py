from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import ytterby.report
from ytterby.errors import UnknownNameError
from ytterby.facts.vocabulary import regions
from ytterby.report.briefing.cited_writer import CitedWriter, Notes
from ytterby.report.briefing.document import Span
from ytterby.report.text import LANGUAGES, Words, band_dates, catalogue, fields_of, plain
from ytterby.scenario.measures import KINDS

SOURCES = "\n".join(path.read_text("utf-8") for path in Path(ytterby.report.__file__).parent.rglob("*.py"))
MADE_UP = (
    "origin",
    "unit",
    "band",
    "region",
    "stage",
    "commodity",
    "within",
    "worked",
    "kind",
    "driver",
    "field",
    "state",
    "event",
    "event_status",
    "relation",
    "material",
    "measures",
    "field",
)
"""Sections whose keys are put together from codes of the data."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_languages_have_the_same_sentences_and_fields(lang: str) -> None:
    english, other = catalogue("en"), catalogue(lang)
    assert english.keys() == other.keys()
    assert {key: set(fields_of(text)) for key, text in english.items()} == {key: set(fields_of(text)) for key, text in other.items()}
    assert all(text.strip() == text and text for text in other.values())


def test_german_is_not_english_left_over() -> None:
    english, german = catalogue("en"), catalogue("de")
    same = [key for key in english if english[key] == german[key] and len(re.sub(r"\{\w+\}", "", english[key]).split()) > 2]
    assert not same


def test_every_sentence_is_used_and_every_used_sentence_exists() -> None:
    known = catalogue("en")
    asked = set(re.findall(r"""(?:say|plain)\(\s*["']([a-z_0-9.]+)["']""", SOURCES))
    assert asked <= known.keys()
    quoted = set(re.findall(r"""["']([a-z_0-9.]+)["']""", SOURCES))
    built = set(re.findall(r"""f["']([a-z_]+)\.\{""", SOURCES))
    plural = {f"{stem}.{form}" for stem in quoted | {f"happened.{key}" for key in quoted} for form in ("one", "other")}
    unused = [key for key in known.keys() - quoted - plural if key.split(".")[0] not in MADE_UP]
    assert [key for key in unused if key.split(".")[0] not in built or key.split(".")[-1] not in quoted] == []


def test_every_kind_of_measure_and_region_has_words_in_each_language() -> None:
    for lang in LANGUAGES:
        words = Words(lang)
        assert all(words.has(f"kind.{kind}") for kind in KINDS)
        assert all("{" not in words.within(code) and words.within(code) for code in regions())


def test_an_unknown_language_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="--lang"):
        Words("dk")


def test_numbers_follow_the_language() -> None:
    assert Words("en").number(1234567.0, 3) == "1,235,000"
    assert Words("de").number(1234.56, -1) == "1.234,6"
    assert Words("de").number(-0.613, -2) == "\u22120,61"
    assert Words("de").percent(0.944, 0) == "94\u00a0%"
    assert Words("en").percent(0.944, 0) == "94%"


def test_dates_are_as_exact_as_their_band() -> None:
    words, start = Words("de"), dt.date(2025, 5, 12)
    assert plain(band_dates(words, start, dt.date(2025, 5, 26))).replace("\u00a0", " ") == "12. Mai 2025 bis 26. Mai 2025"
    assert plain(band_dates(words, start, dt.date(2025, 9, 1))).replace("\u00a0", " ") == "Mai 2025 bis September 2025"
    assert plain(band_dates(words, start, dt.date(2028, 5, 12))) == "2025 bis 2028"


def test_a_sentence_keeps_its_spans() -> None:
    mark = Span("num", "3", "7")
    spans = Words("en").say("unknown.single_source", count=mark)
    assert spans[0] is mark
    assert plain(spans).startswith("3 events")


@pytest.mark.parametrize(
    ("hits", "draws", "words"), [(1.0, 200, "more than 98%"), (0.0, 200, "less than 2%"), (0.87, 200, "87%"), (0.5, 10, "50%")]
)
def test_odds_are_never_certain(hits: float, draws: int, words: str) -> None:
    assert CitedWriter(Words("en"), Notes(Words("en"), {})).odds_text(hits, draws) == words


def test_money_carries_one_unit_for_value_and_band() -> None:
    span = CitedWriter(Words("en"), Notes(Words("en"), {})).money(3.72e9, 1.6e9, 7.6e9, "1")
    assert span.text.replace("\u00a0", " ") == "USD 3.7 billion (1.6 to 7.6)"
    assert span.ref == "1"


def test_a_note_used_twice_is_one_note() -> None:
    notes = Notes(Words("en"), {})
    assert notes.add("a", "reported", "t", "x") == notes.add("a", "reported", "t", "x") == "1"
    assert notes.add("b", "reported", "t", "x") == "2"
    assert len(notes.all()) == 2


def test_commodities_are_named_in_german() -> None:
    words = Words("de")
    assert words.commodity("oxide.Dy") == "Dysprosiumoxid"
    assert words.commodity("magnet.NdFeB-Dy") == "NdFeB-Magnete mit Dysprosium"
    assert words.commodity("metal.NdPr") == "NdPr-Metall"


def test_every_key_of_a_measure_has_words_in_every_language():
    keys = {field.alias or name for model in KINDS.values() for name, field in model.model_fields.items()}
    told = keys - {"kind", "name", "evidence", "facts", "assumed", "note"}
    assert [(lang, key) for lang in LANGUAGES for key in sorted(told) if not Words(lang).has(f"field.{key}")] == []


def test_what_the_tables_say_of_a_source_is_translated_and_names_stay():
    said = Words("de").source("JAMA; general knowledge, unconfirmed")
    assert said == "JAMA; allgemeines Wissen, unbestätigt"
    assert Words("de").source("USGS Mineral Commodity Summaries") == "USGS Mineral Commodity Summaries"
