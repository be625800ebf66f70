"""Invented sentences of many styles on which the concepts were widened: what is reached may not get worse.

They are development sentences; the honest figures are those of articles by other hands, in ``docs/reference/evidence.md``.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from ytterby.evidence import Document
from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.inflection import generated_patterns, verb_patterns
from ytterby.evidence.lexicon import parse_pattern
from ytterby.evidence.rules.extractor import RuleExtractor
from ytterby.evidence.tables import LANGUAGES

SENTENCES = list(csv.DictReader((Path(__file__).parent / "sentences.csv").read_text("utf-8").splitlines()))


def _types(row):
    document = Document("x.txt", "x.txt", "", row["text"], language=row["lang"], published="2026-03-05")
    return {claim.event_type for claim in RuleExtractor().extract(document, clean_text(row["text"]))}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_acts_are_found_in_many_wordings(lang):
    rows = [row for row in SENTENCES if row["lang"] == lang and row["event_type"] != "none"]
    found = sum(row["event_type"] in _types(row) for row in rows)
    assert found / len(rows) >= 0.8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_near_misses_are_no_acts(lang):
    rows = [row for row in SENTENCES if row["lang"] == lang and row["event_type"] == "none"]
    assert sum(bool(_types(row)) for row in rows) <= 1


FORMS = {
    "de": {
        "ein|führen": ["führt ~ ein", "führte ~ ein", "führten ~ ein", "eingeführt*", "einzuführen", "einführt"],
        "auf|heben": ["hebt ~ auf", "hob ~ auf", "hoben ~ auf", "aufgehoben*", "aufzuheben"],
        "verhängen": ["verhängt", "verhängte", "verhängten", "verhängen"],
        "auf eis|legen": ["legt ~ auf eis", "auf eis gelegt*", "auf eis zu legen"],
        "aus|weiten": ["weitet ~ aus", "weitete ~ aus", "ausgeweitet*"],
        "reduzieren": ["reduziert", "reduzierte"],
    },
    "en": {
        "ban": ["bans", "banned", "banning"],
        "put|off": ["put off", "puts off", "putting off"],
        "levy": ["levies", "levied", "levying"],
        "impose": ["imposes", "imposed", "imposing"],
        "forbid": ["forbade", "forbidden"],
        "prohibit": ["prohibited"],
    },
}


@pytest.mark.parametrize(("lang", "lemma"), [(lang, lemma) for lang, rows in FORMS.items() for lemma in rows])
def test_verbs_have_all_their_forms(lang, lemma):
    assert set(FORMS[lang][lemma]) <= set(verb_patterns(lemma, lang))


def test_a_verb_that_no_rule_inflects_is_refused():
    with pytest.raises(ValueError, match="no rule inflects 'xyz'"):
        verb_patterns("xyz", "de")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_generated_pattern_parses(lang):
    found = Counter(label for label, pattern in generated_patterns(lang) if parse_pattern(pattern))
    assert found["impose"] > 20
