"""A language is a catalogue and a column of names per table: all are complete, and none is named in the code."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po, write_po

import ytterby
from tests.report.synthetic import evidence, inputs
from ytterby import tables
from ytterby.bargain import bundled_talks, load_talks
from ytterby.evidence import event_families, read_table
from ytterby.facts import branches, vocabulary
from ytterby.report import catalogue as catalogues
from ytterby.report.briefing.compose import write
from ytterby.report.briefing.controls import act_words
from ytterby.report.catalogue import REFERENCE, catalogue, languages
from ytterby.report.render.html import html
from ytterby.report.text import Words, plain
from ytterby.scenario import bundled, load_scenario
from ytterby.system import build, chains, newest_base_year

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHERS = [lang for lang in languages() if lang != REFERENCE]
OWN = ("within.", "named.", "font.")
"""Sections in which a language has entries of its own: exceptions of its grammar, fonts of its letters."""
TABLES = (
    vocabulary.elements,
    vocabulary.minerals,
    vocabulary.regions,
    vocabulary.groups,
    vocabulary.stages,
    vocabulary.sectors,
)
TOY = "eo"


def fields(forms: tuple[str, ...]) -> list[set[str]]:
    return [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in forms]


def shared(lang: str) -> dict[str, tuple[str, ...]]:
    return {key: forms for key, forms in catalogue(lang).messages.items() if not key.startswith(OWN)}


def test_the_languages_are_the_files_english_first() -> None:
    assert languages()[0] == "en"
    assert {"en", "de", "ja"} <= {*languages()}


@pytest.mark.parametrize("lang", languages())
def test_all_languages_have_the_same_texts_and_fields(lang: str) -> None:
    english, other = shared("en"), shared(lang)
    assert english.keys() == other.keys()
    assert {key: fields(forms)[-1] for key, forms in english.items()} == {key: fields(forms)[-1] for key, forms in other.items()}
    assert all(len({frozenset(names) for names in fields(forms)}) == 1 for forms in other.values())
    assert "within.default" in catalogue(lang).messages


@pytest.mark.parametrize("lang", languages())
def test_no_text_is_empty_or_has_space_around_it(lang: str) -> None:
    texts = [text for forms in catalogue(lang).messages.values() for text in forms]
    assert all(text and text.strip() == text for text in [*texts, *catalogue(lang).scenarios.values()])


@pytest.mark.parametrize("lang", languages())
def test_what_counts_has_all_plural_forms_of_the_rule(lang: str) -> None:
    rule = {catalogue(lang).plural_form(number) for number in range(200)}
    counted = [forms for key, forms in catalogue(lang).messages.items() if len(catalogue("en").messages.get(key, ())) == 2]
    assert counted
    assert {len(forms) for forms in counted} == {max(rule) + 1}


@pytest.mark.parametrize("lang", OTHERS)
def test_no_text_is_english_left_over(lang: str) -> None:
    english, other = shared("en"), shared(lang)
    bare = {key: re.sub(r"\{\w+\}", "", forms[0]) for key, forms in english.items()}
    assert [key for key in english if english[key] == other[key] and len(bare[key].split()) > 2] == []


@pytest.mark.parametrize("lang", languages())
def test_every_name_table_has_a_column_of_the_language(lang: str) -> None:
    assert [term.code for table in TABLES for term in table().values() if not term.names.get(lang)] == []


def test_the_table_of_stages_has_all_stages() -> None:
    assert tuple(vocabulary.stages()) == vocabulary.STAGES


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("name", bundled())
def test_every_bundled_scenario_has_words_in_the_language(name: str, lang: str) -> None:
    scenario, words = load_scenario(name), Words(lang)
    declared = scenario.as_data()
    for key in ("title", "summary"):
        assert words.declared(declared, key) not in ("", declared[f"{key}_en"])
    assert all(words.translated(fork.label) != fork.label for fork in scenario.forks if fork.label)


def decided() -> set[str]:
    """Labels of the ways in which a dated decision may go."""
    return {branch.label for rows in branches().values() for branch in rows}


@pytest.mark.parametrize("lang", OTHERS)
def test_the_branches_of_scenarios_and_decisions_have_words_in_the_language(lang: str) -> None:
    scenarios = {branch.label for name in bundled() for fork in load_scenario(name).forks for branch in fork.branches if branch.label}
    assert {label for label in decided() | scenarios if Words(lang).translated(label) == label} == set()


def controlled_goods() -> tuple[dict[str, str], ...]:
    """Goods of the register of controls."""
    return tables.rows("ytterby.facts", "data/register/goods")


@pytest.mark.parametrize("lang", OTHERS)
def test_every_good_of_the_register_has_words_in_the_language(lang: str) -> None:
    told = {row["good"]: Words(lang).translated(row["good"]) for row in controlled_goods()}
    assert [good for good, words in told.items() if words == good and " " in good] == []
    assert len({*told.values()}) == len(told)  # two goods are told apart


def orders() -> set[str]:
    """Orders of the register of controls."""
    return {row["order"] for row in tables.rows("ytterby.facts", "data/register/orders")}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_order_of_the_register_has_words_in_the_language(lang: str) -> None:
    told = {order: act_words(Words(lang), order) for order in orders()}
    assert [order for order, words in told.items() if words == order] == []
    assert len({*told.values()}) == len(told)


@pytest.mark.parametrize("lang", OTHERS)
def test_every_translated_text_of_a_scenario_is_still_in_use(lang: str) -> None:
    used = {"Drafted from articles"} | decided() | {row["good"] for row in controlled_goods()} | orders()
    for scenario in map(load_scenario, bundled()):
        used |= {scenario.title(), scenario.summary(), *(fork.label for fork in scenario.forks if fork.label)}
        used |= {branch.label for fork in scenario.forks for branch in fork.branches if branch.label}
    for talks in map(load_talks, bundled_talks()):
        used |= {row.label for row in (*talks.no_deal, *talks.controls) if row.label}
    assert catalogue(lang).scenarios.keys() <= used


@pytest.mark.parametrize("lang", languages())
def test_every_reason_of_the_gate_has_words(lang: str) -> None:
    assert {row["code"] for row in read_table("gate.csv")} == {
        key.partition(".")[2] for key in catalogue(lang).messages if key.startswith("confirm.")
    }


@pytest.mark.parametrize("lang", languages())
def test_every_reason_why_an_event_gives_no_measure_has_words(lang: str) -> None:
    named = {row["code"]: "{names}" in row["reason"] and row["code"] != "no_tariff_base" for row in read_table("left_out.csv")}
    messages = {key.partition(".")[2]: text for key, text in catalogue(lang).messages.items() if key.startswith("left_out.")}
    assert {code: "{names}" in texts[0] for code, texts in messages.items()} == named


def test_no_language_but_english_is_named_in_the_code() -> None:
    root = Path(ytterby.__file__).parent
    named = re.compile(rf"""["'](?:{"|".join(OTHERS)})["']|_(?:{"|".join(OTHERS)})\b(?!`)""")
    rooms = [path for path in root.rglob("*.py") if "evidence" not in path.parts]
    assert [(path.name, found) for path in rooms for found in named.findall(path.read_text("utf-8"))] == []


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A toy language in a folder of catalogues and in a column of each name table: all texts begin with a sign."""
    with (catalogues.FOLDER / "en.po").open("rb") as file:
        read = read_po(file)
    for message in read:
        if message.id and message.id != "unit.scale":
            message.string = f"§{message.string}" if isinstance(message.string, str) else tuple(f"§{form}" for form in message.string)
    read.locale = TOY
    with (tmp_path / f"{TOY}.po").open("wb") as file:
        write_po(file, read)
    shipped = vocabulary.rows

    def with_column(package: str, name: str) -> tuple[dict[str, str], ...]:
        return tuple(row | {f"name_{TOY}": f"¤{next(iter(row.values()))}"} for row in shipped(package, name))

    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    monkeypatch.setattr(vocabulary, "rows", with_column)
    for cached in (catalogue, vocabulary._terms):
        cached.cache_clear()
    yield TOY
    for cached in (catalogue, vocabulary._terms):
        cached.cache_clear()


def test_a_catalogue_and_a_column_make_a_language(toy: str) -> None:
    assert languages() == (toy,)
    briefing = write(inputs(evidence=evidence()), toy)
    assert plain(briefing.answer).startswith("§")
    assert "¤Dy" in " ".join(chart.alt for chart in briefing.charts())
    assert all(section.title.startswith("§") for section in briefing.sections)
    assert f'<html lang="{toy}">' in html(briefing)
    assert Words(toy).number(1234.5, -1).replace("\u00a0", " ") == "1 234,5"


@pytest.mark.parametrize("lang", languages())
def test_every_status_and_material_of_the_articles_has_words(lang: str) -> None:
    words = Words(lang)
    stages = {family.status.replace(" ", "_") for family in event_families().values()}
    assert [stage for stage in sorted(stages) if not words.has(f"event_status.{stage}")] == []
    labels = [row["label"] for row in read_table("en/things.csv")]
    named = {label.partition(":")[2] for label in labels if label.startswith("material:")}
    assert [name for name in sorted(named) if not words.has(f"material.{name}")] == []


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("chain", chains())
def test_every_commodity_has_a_name(chain: str, lang: str) -> None:
    for code in build(newest_base_year(chain), chain=chain).markets["commodity"].unique():
        name = Words(lang).commodity(code)
        assert name != code, code
        assert "_" not in name, code
        assert not re.search(r"[:：]", name), code


def test_german_says_that_half_of_the_plants_never_stand_still_and_that_measures_were_computed() -> None:
    messages = catalogue("de").messages
    assert "nie steht die Hälfte der Werke still" in messages["answer.stands_part"][0]
    assert not [key for key, forms in messages.items() if any("erprobten Maßnahmen" in form for form in forms)]
