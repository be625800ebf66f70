from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import ytterby.report
from ytterby.errors import UnknownNameError
from ytterby.facts import regions
from ytterby.measures import KINDS
from ytterby.report.briefing.cited_writer import CitedWriter, Notes
from ytterby.report.briefing.document import Span
from ytterby.report.catalogue import catalogue, languages
from ytterby.report.text import Words, band_dates, plain

SOURCES = "\n".join(path.read_text("utf-8") for path in Path(ytterby.report.__file__).parent.rglob("*.py"))
MADE_UP = (
    "chain",
    "origin",
    "confirm",
    "unit",
    "band",
    "region",
    "named",
    "stage",
    "commodity",
    "helps",
    "parts",
    "record",
    "within",
    "font",
    "kind",
    "form",
    "promise",
    "driver",
    "choice",
    "field",
    "state",
    "event",
    "event_status",
    "left_out",
    "relation",
    "material",
    "measures",
    "decision",
)
"""Sections whose keys are put together from codes of the data."""


def test_every_sentence_is_used_and_every_used_sentence_exists() -> None:
    known = catalogue("en").messages
    asked = set(re.findall(r"""(?:say|plain|words\.count)\(\s*["']([a-z_0-9.]+)["']""", SOURCES))
    assert asked <= known.keys()
    quoted = set(re.findall(r"""["']([a-z_0-9.]+)["']""", SOURCES))
    built = set(re.findall(r"""f["']([a-z_]+)\.\{""", SOURCES))
    nested = tuple(f"{prefix}." for prefix in re.findall(r"""f["']([a-z_]+(?:\.[a-z_]+)+)\.\{""", SOURCES))
    nested += tuple(f"{prefix}." for prefix in re.findall(r"""words\.code\(\s*["']([a-z_]+(?:\.[a-z_]+)+)["']""", SOURCES))
    own = {key for key in known if not key.startswith("web-")}  # those of the pages of the workbench are looked at beside them
    unused = [key for key in own - quoted if key.split(".")[0] not in MADE_UP and not key.startswith(nested)]
    assert [key for key in unused if key.split(".")[0] not in built or key.split(".")[-1] not in quoted] == []


def test_every_region_has_words_in_each_language() -> None:
    for lang in languages():
        words = Words(lang)
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
    assert Words("ja").number(1234.56, -1) == "1,234.6"


def test_dates_are_as_exact_as_their_band() -> None:
    words, start = Words("de"), dt.date(2025, 5, 12)
    assert plain(band_dates(words, start, dt.date(2025, 5, 26))).replace("\u00a0", " ") == "12. Mai 2025 bis 26. Mai 2025"
    assert plain(band_dates(words, start, dt.date(2025, 9, 1))).replace("\u00a0", " ") == "Mai 2025 bis September 2025"
    assert plain(band_dates(words, start, dt.date(2028, 5, 12))) == "2025 bis 2028"
    assert plain(band_dates(Words("ja"), start, dt.date(2025, 5, 26))) == "2025年5月12日～2025年5月26日"
    assert plain(band_dates(Words("ja"), start, dt.date(2025, 9, 1))) == "2025年5月～2025年9月"


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


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "USD 3.7 billion (1.6 to 7.6)"), ("de", "3,7 Mrd. USD (1,6 bis 7,6)"), ("ja", "37億ドル（16～76億ドル）")]
)
def test_money_is_told_in_the_large_units_of_the_language(lang: str, told: str) -> None:
    assert CitedWriter(Words(lang), Notes(Words(lang), {})).money(3.72e9, 1.6e9, 7.6e9, "1").text.replace("\u00a0", " ") == told


@pytest.mark.parametrize(("usd", "told"), [(4.2e12, "4.2兆ドル"), (3.7e5, "37万ドル"), (950.0, "950ドル")])
def test_money_below_and_above_the_usual(usd: float, told: str) -> None:
    assert CitedWriter(Words("ja"), Notes(Words("ja"), {})).money(usd, None, None, "1").text == told


@pytest.mark.parametrize(("lang", "told"), [("en", "a, b and c"), ("de", "a, b und c"), ("ja", "a、b、c")])
def test_lists_are_joined_as_the_language_does(lang: str, told: str) -> None:
    assert Words(lang).listed("abc") == told
    assert Words(lang).listed([]) == ""
    assert Words(lang).joined("abc") == told.replace(" and", ",").replace(" und", ",")


def test_the_plural_form_is_the_catalogues_own() -> None:
    assert plain(Words("en").count("happened.events", 1, n="1")) == "1 event"
    assert plain(Words("en").count("happened.events", 0, n="0")) == "0 events"
    assert plain(Words("ja").count("happened.events", 1, n="1")) == "出来事1件"


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


def test_names_in_japanese_follow_the_language() -> None:
    words = Words("ja")
    assert words.commodity("oxide.Dy") == "酸化ジスプロシウム"
    assert words.commodity("heavy") == "重希土類"
    assert words.country("CN") == "中国"
    assert words.country("CH") == "スイス"


def test_kinds_of_measures_and_their_keys_have_words_in_all_languages_or_in_none():
    keys = {field.alias or name for model in KINDS.values() for name, field in model.model_fields.items()}
    codes = [("kind", kind) for kind in KINDS] + [("field", key) for key in keys - {"kind", "name", "evidence", "facts", "assumed", "note"}]
    for section, name in codes:
        assert len({Words(lang).has(f"{section}.{name}") for lang in languages()}) == 1, (section, name)
        assert all(Words(lang).code(section, name) for lang in languages())
    assert Words("de").code("kind", "price_floor") == "Mindestpreis"
    assert Words("de").code("kind", "moon_landing") == "moon landing"


def test_what_the_tables_say_of_a_source_is_translated_and_names_stay():
    said = Words("de").source("JAMA; general knowledge, unconfirmed")
    assert said == "JAMA; allgemeines Wissen, unbestätigt"
    assert Words("de").source("USGS Mineral Commodity Summaries") == "USGS Mineral Commodity Summaries"
