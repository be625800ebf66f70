"""Kinds of acts that older sets of articles missed, in invented sentences with other verbs, places and firms than articles and lists."""

import csv
from pathlib import Path

import pytest

import ytterby.evidence
from tests.evidence.helpers import claims
from ytterby.evidence.clause_model import NONE
from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.rules.sentences import sentences_of
from ytterby.evidence.tables import event_types

ROWS = list(csv.DictReader((Path(__file__).parent / "kinds.csv").read_text("utf-8").splitlines()))
MISREAD = {"en": 0.2, "de": 0.2}
"""Share of the sentences that may be missed or read as another type; what was measured stands in docs/reference/evidence.md."""


def read_types(row):
    """Core types that are read in a sentence, told with its plan where one is."""
    found = claims(row["sentence"], language=row["lang"])
    return {claim.event_type for claim in found if event_types()[claim.event_type].tier == "core"}


def is_right(row):
    kinds = {row["event_type"], event_types()[row["event_type"]].planned_as} if row["event_type"] != NONE else set()
    found = read_types(row)
    return bool(found & kinds) if kinds else not found


@pytest.mark.parametrize("lang", MISREAD)
def test_kinds_are_read_in_other_words(lang):
    rows = [row for row in ROWS if row["lang"] == lang]
    wrong = [(row["event_type"], sorted(read_types(row)), row["sentence"]) for row in rows if not is_right(row)]
    assert len(wrong) <= MISREAD[lang] * len(rows), wrong


@pytest.mark.parametrize("lang", MISREAD)
def test_a_sentence_reports_one_kind_and_nothing_else(lang):
    """What is read beside the right type stays rare."""
    rows = [row for row in ROWS if row["lang"] == lang and row["event_type"] != NONE]
    beside = [(row["event_type"], sorted(read_types(row)), row["sentence"]) for row in rows if is_right(row) and len(read_types(row)) > 1]
    assert len(beside) <= 0.1 * len(rows), beside


def test_none_of_the_sentences_stands_in_a_training_list():
    room = Path(ytterby.evidence.__file__).parent / "training"
    listed = {row["sentence"] for path in room.glob("*.csv") for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    assert not listed & {row["sentence"] for row in ROWS}


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("Damit fehlen dem Markt 800 Tonnen Bismut.", "de", "supply_impact"),
        ("Damit könnten den Hütten 90 Tonnen Tellur fehlen.", "de", "supply_impact"),
    ],
)
def test_an_adverb_before_its_verb_is_no_purpose(text, lang, kind):
    assert kind in {claim.event_type for claim in claims(text, language=lang)}


def test_a_pronoun_after_a_conjunction_opens_a_clause():
    """Two acts in one sentence are two claims; a possessive opens none."""
    text = "Ghana and Italy have agreed on a text about bauxite, and they hope to sign a treaty in May."
    assert {"agreement_reached", "agreement_planned"} <= {claim.event_type for claim in claims(text, language="en")}
    sentences = sentences_of(clean_text("Ghana restricts exports of tin, antimony, and its neighbours."), lexicon_of("en"))
    assert len(sentences[0].clauses) == 1


def test_a_change_of_an_act_keeps_its_type_against_the_model():
    """The model counts words and reads the ban; widened or lifted, it is another act."""
    for text, kind in (
        ("Ghana widened its export ban on bauxite to concentrates.", "export_control_tightened"),
        ("Rome abolished the licence requirement for shipments of samarium magnets to Peru.", "export_control_eased"),
        ("Ghana lifted its export ban on bauxite.", "export_control_eased"),
    ):
        assert {claim.event_type for claim in claims(text, language="en")} == {kind}
