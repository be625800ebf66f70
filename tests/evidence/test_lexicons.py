"""The lexicons are data that a linguist can edit: each is validated, each rule has an invented example in both languages."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

import ytterby.evidence
from ytterby.errors import UnknownNameError
from ytterby.evidence import Claim, Document
from ytterby.evidence.claims import MODALITIES
from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.lexicon import lexicon_of, parse_pattern
from ytterby.evidence.rules.extractor import RuleExtractor
from ytterby.evidence.rules.quantities import MONEY
from ytterby.evidence.tables import LANGUAGES, claim_rules, event_types, read_table

FOLDER = Path(ytterby.evidence.__file__).parent
FILES = ("concepts", "things", "cues", "function", "quantities", "dates", "boilerplate")
PSEUDO = {"country", "org", "material", "stage", "product", "sector", "plan", "share", "percent", "mass", "money", "rate", "member"}
PSEUDO |= {"neg", "price", "day", "role_n", "pair_n"}
SHIFTED = {"meeting_held": {"meeting_planned"}, "agreement_reached": {"agreement_planned"}, "agreement_signed": {"agreement_planned"}}


def _labels(lang: str, name: str) -> list[str]:
    return [row["label"] for row in read_table(f"{lang}/{name}.csv")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_every_pattern_parses_and_stands_once(lang, name):
    seen = set()
    for row in read_table(f"{lang}/{name}.csv"):
        for pattern in filter(None, (p.strip() for p in row["patterns"].split(";"))):
            assert parse_pattern(pattern)
            key = (row["label"], pattern, *list(row.values())[2:])
            assert key not in seen, f"{lang}/{name}: {key} stands twice"
            seen.add(key)


@pytest.mark.parametrize("bad", ["", "~ vor", "sieht ~", "*"])
def test_a_pattern_needs_a_first_and_a_last_word(bad):
    with pytest.raises(ValueError, match="pattern"):
        parse_pattern(bad)


def test_all_languages_have_the_same_files_settings_concepts_and_things():
    first, *others = LANGUAGES
    for lang in others:
        assert {p.name for p in (FOLDER / "lexicons" / lang).iterdir()} == {p.name for p in (FOLDER / "lexicons" / first).iterdir()}
        assert {row["key"] for row in read_table(f"{lang}/language.csv")} == {row["key"] for row in read_table(f"{first}/language.csv")}
        for name in ("concepts", "things"):
            assert set(_labels(lang, name)) == set(_labels(first, name))


def test_rules_name_known_types_and_concepts():
    known = {label for name in ("concepts", "verbs", "compounds") for label in _labels(LANGUAGES[0], name)} | PSEUDO
    for rule in claim_rules():
        assert rule.type in event_types(), rule.id
        named = set().union(*rule.when, *rule.unless) if rule.unless else set().union(*rule.when)
        assert named <= known, (rule.id, named - known)
    assert len({rule.id for rule in claim_rules()}) == len(claim_rules())


def test_traits_of_event_types_are_explained():
    used = set().union(*(info.traits for info in event_types().values()))
    assert used == {row["trait"] for row in read_table("traits.csv")}
    assert {info.planned_as for info in event_types().values()} <= {"", *event_types()}


def test_every_event_type_has_a_rule_or_comes_from_one_by_its_modality():
    shifted = {"agreement_planned", "meeting_planned"}
    assert {rule.type for rule in claim_rules()} | shifted == set(event_types())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule", claim_rules(), ids=lambda rule: rule.id)
def test_each_rule_finds_its_invented_example(rule, lang, monkeypatch):
    monkeypatch.setattr("ytterby.evidence.rules.extractor.reconsidered", list)  # what the rule says by itself, before the model judges it
    text = next(row["text"] for row in read_table(f"{lang}/examples.csv") if row["rule"] == rule.id)
    document = Document("x.txt", "x.txt", "", text, language=lang)
    found = {claim.event_type for claim in RuleExtractor().extract(document, clean_text(text))}
    assert found & ({rule.type} | SHIFTED.get(rule.type, set())), (text, found)


def test_no_module_names_a_language():
    for path in FOLDER.rglob("*.py"):
        named = {word for literal in _literals(path) for word in re.split(r"\W+", literal)} & {*LANGUAGES, "German", "English"}
        assert named <= ({"en", "de"} if path.name == "drafts.py" else set()), (path, named)


def test_no_example_names_the_countries_or_people_of_the_five_articles(shared):
    names = "Takaichi Ishiba Akazawa Nikkei Yomiuri Rohstoff-Welt MinenPortal radioenneperuhr".lower().split()
    for path in FOLDER.rglob("*"):
        if path.suffix in {".csv", ".py"}:
            text = path.read_text("utf-8").lower()
            assert not [name for name in names if name in text], path


def test_an_unknown_language_names_the_known_ones():
    with pytest.raises(UnknownNameError, match="language 'fr'"):
        lexicon_of("fr")


def _literals(path: Path) -> set[str]:
    """String literals of a module, docstrings and the words of errors apart."""
    tree = ast.parse(path.read_text("utf-8"))
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    words = {id(node.value) for body in bodies for node in body if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            words |= {id(part) for part in ast.walk(node)}
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words
    }


MATCHING = [
    "documents.py",
    "clean_view.py",
    *sorted(f"rules/{path.name}" for path in FOLDER.glob("rules/*.py") if path.stem not in {"lexicon", "tables"}),
]


def _schema() -> set[str]:
    """Words that are names of the schema: labels, types, fields, settings."""
    labels = [label for lang in LANGUAGES for name in FILES for label in _labels(lang, name)]
    names = {part for label in labels for part in label.split(":")} | PSEUDO | set(event_types())
    for info in event_types().values():
        names |= {info.tier, info.materials, info.actors, info.modality, info.dated, *info.stage.split(), *info.units}
    for record in (Claim, Document):
        names |= {item.name for item in fields(record)}
    names |= {row["trait"] for row in read_table("traits.csv")}
    rows = [row for lang in LANGUAGES for row in read_table(f"{lang}/quantities.csv")]
    names |= {flag for rule in claim_rules() for flag in rule.flags} | set(MODALITIES) | {code.lower() for code in MONEY}
    return names | {row["qualifier"] for row in rows} | {row["unit"] for row in rows} | OWN


OWN = {"subj", "gen", "dat", "with", "mood", "raw", "basis", "months_earlier", "past", "body", "headline", "all", "own", "public"}
OWN |= {"single", "second", "rules", "rule", "foreseen", "company", "place", "% of gdp"}
"""Roles, readings and other names of the code itself."""


@pytest.mark.parametrize("name", MATCHING)
def test_the_code_matches_no_words_against_article_text(name):
    """Words of a language live in lexicons: a literal of the code that is one of their words must be a name of the schema."""
    path = FOLDER / name
    cells = [row["patterns"] for lang in LANGUAGES for file in FILES for row in read_table(f"{lang}/{file}.csv")]
    surface = {pattern.strip().strip("*=").lower() for cell in cells for pattern in cell.split(";")}
    schema = _schema()
    for literal in _literals(path):
        assert literal.lower() not in surface - schema, (name, literal)
        if " " not in literal.strip():
            words = {word for word in re.findall(r"[^\W\d_]{4,}", literal.lower()) if word in surface}
            assert words <= schema | {part for word in schema for part in word.split("_")}, (name, literal)


def test_the_scan_would_find_a_word(tmp_path):
    (tmp_path / "bad.py").write_text('def f(text):\n    return "verhängt" in text\n')
    assert "verhängt" in _literals(tmp_path / "bad.py")
