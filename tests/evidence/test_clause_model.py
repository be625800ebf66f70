"""The clause model: its data, its weights, what it adds to the rules, and that it alone never runs a measure."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import ytterby.evidence
from tests.evidence.helpers import claims
from ytterby.app import read
from ytterby.evidence import Document
from ytterby.evidence.calibration import isotonic_pools
from ytterby.evidence.clause_model import MODEL, NONE, WEIGHTS, ClauseModel, clause_model, feature_key, masked_words
from ytterby.evidence.clause_training import fit, held_out, samples, vocabulary
from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.gate import reasons
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.rules.extractor import RuleExtractor
from ytterby.evidence.rules.sentences import sentences_of
from ytterby.evidence.sign_model import SIGN_WEIGHTS, masked_signs, read_signs, sign_model
from ytterby.evidence.tables import LANGUAGES, claim_rules, event_types, read_table
from ytterby.evidence.unspaced.signs import UNSPACED, sign_lexicon
from ytterby.evidence.unspaced.text import sentences_of as sign_sentences

ROOM = Path(ytterby.evidence.__file__).parent
LISTS = {path.stem: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in sorted((ROOM / "training").glob("*.csv"))}


def test_the_lists_hold_sentences_of_known_types_each_once():
    rows = [(name.split("-")[0], row["event_type"], row["sentence"]) for name, listed in LISTS.items() for row in listed]
    assert {lang for lang, _, _ in rows} <= {*LANGUAGES, *UNSPACED}
    assert {kind for _, kind, _ in rows} <= {NONE, *event_types()}
    assert {event_types()[kind].tier for _, kind, _ in rows if kind != NONE} == {"core"}
    assert max(Counter(rows).values()) == 1
    for lang in LANGUAGES:
        assert min(Counter(kind for own, kind, _ in rows if own == lang).values()) >= 3
        assert sum(own == lang for own, _, _ in rows) > 800


def test_no_training_sentence_stands_in_a_marked_article(shared):
    folders = [Path(__file__).parent / name for name in ("first_sight", "second_sight", "third_sight", "second_ja", "relations", "blind")]
    texts = " ".join(path.read_text("utf-8") for folder in (*folders, shared / "news") for path in folder.glob("*.txt"))
    long = [row["sentence"].rstrip(".") for listed in LISTS.values() for row in listed if len(row["sentence"]) > 40]
    assert [sentence for sentence in long if sentence in texts] == []


def test_the_weights_are_small_and_those_of_all_types():
    assert (ROOM / WEIGHTS).stat().st_size < 3e6
    model = clause_model()
    spaced = [listed for name, listed in LISTS.items() if name.split("-")[0] in LANGUAGES]
    assert {*model.types} == {row["event_type"] for listed in spaced for row in listed}
    assert model.weights.shape == (len(model.features), len(model.types))


def _reading(text, lang, model=None):
    sentence = sentences_of(clean_text(text), lexicon_of(lang))[0]
    return (model or clause_model()).read([(sentence, None)])[0]


def test_probabilities_sum_to_one_and_do_not_depend_on_what_was_read_before():
    fresh, text = clause_model.__wrapped__(), "Ghana has forbidden the sale of raw zinc to foreign smelters."
    first = _reading(text, "en", fresh)
    for row in LISTS["en-trade"][:80]:
        _reading(row["sentence"], "en", fresh)
    again = _reading(text, "en", fresh)
    assert float(first.probabilities.sum()) == pytest.approx(1, abs=1e-5)
    assert np.allclose(first.probabilities, again.probabilities, atol=1e-6)
    assert first.event_type == again.event_type


def test_scores_are_the_sum_of_the_weights_of_the_features():
    keys = np.array(sorted(map(feature_key, ("w cobalt", "p cobalt fell", "c price"))), np.uint32)
    weights = np.arange(6, dtype=np.float32).reshape(3, 2)
    model = ClauseModel(keys, weights, np.zeros(2, np.float32), ["a", "b"])
    for key in ("w cobalt", "p cobalt fell", "c price"):
        assert np.array_equal(model.scores[model._row(key)], weights[keys.tolist().index(feature_key(key))])
    assert model._row("p never seen") == 0
    assert not model.scores[0].any()


def test_names_numbers_and_days_are_masked():
    one, other = (
        masked_words(sentences_of(clean_text(text), lexicon_of("en"))[0], None)
        for text in ("Peru sold 300 tonnes of cobalt on Monday.", "Ghana sold 2,500 tonnes of terbium on Friday.")
    )
    assert one == other
    assert "peru" not in one


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Peru hortet Kobalt in alten Stollen.", "stockpile"),
        ("Ghana will sich von peruanischem Kobalt lösen.", "reduce_dependence"),
        ("In Peru, battery makers will take 4,000 tonnes of cobalt a year in return.", "procurement"),
    ],
)
def test_the_model_fills_clauses_that_no_rule_takes(text, kind):
    found = [claim for claim in claims(text) if claim.event_type == kind]
    assert found
    assert all(0 < claim.confidence <= 1 for claim in found)


def test_rules_and_model_give_each_claim_a_confidence():
    found = claims("Chile banned exports of lithium. Peru will invest 20 million dollars in a cobalt mine.")
    assert len(found) == 2
    assert all(claim.confidence > 0.5 for claim in found)


def test_what_only_the_model_reads_waits_for_a_person(tmp_path, monkeypatch):
    from dataclasses import replace

    import ytterby.evidence.pipeline as pipeline
    from ytterby.evidence.extractors import EXTRACTORS

    class ByModel:
        def supports(self, language):
            return EXTRACTORS.supports(language)

        def extract(self, document, view):
            return [replace(claim, extractor=f"rules:1:{MODEL}") for claim in EXTRACTORS.extract(document, view)]

    text = "Notiz\n\n5 March 2026\n\nMalaysia banned exports of terbium to Japan on Monday."
    (tmp_path / "a.txt").write_text(text)
    assert len(read([tmp_path]).drafts) == 1
    found = pipeline.read([tmp_path], extractor=ByModel())
    assert found.drafts == ()
    assert [(record.code, record.reason) for record in found.to_confirm] == [("read_by_model", reasons()["read_by_model"])]


def _signs(text):
    sentence = sign_sentences(clean_text(text), sign_lexicon("ja"))[0]
    return sentence, sentence.clauses[0]


def test_the_sign_model_masks_names_materials_and_numbers():
    one, other = (masked_signs(*_signs(text)) for text in ("ペルーは銅を300トン売った。", "ガーナはコバルトを1250トン売った。"))
    assert one == other == "PはMを0トン売った"
    assert (ROOM / SIGN_WEIGHTS).stat().st_size < 1e6
    lists = [listed for name, listed in LISTS.items() if name.split("-")[0] in UNSPACED]
    assert {*sign_model().types} == {row["event_type"] for listed in lists for row in listed}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ペルーはコバルトの備蓄を増やす。", "stockpile"),
        ("担当者は理由を語らなかった。", NONE),
        ("首相は来月ペルーを訪れる。", "meeting_planned"),
    ],
)
def test_the_sign_model_reads_clauses_like_its_lists(text, kind):
    reading = read_signs(*_signs(text))
    assert reading.event_type == kind
    assert float(reading.probabilities.sum()) == pytest.approx(1, abs=1e-5)


def test_the_model_retypes_a_rule_only_where_it_is_sure(monkeypatch):
    import ytterby.evidence.rules.second_opinion as opinion

    text = "Ghana earmarks 40 million dollars for cobalt recycling."
    assert [(claim.event_type, claim.extractor) for claim in claims(text)] == [("budget_target", f"rules:1:{MODEL}")]
    monkeypatch.setattr(opinion, "MARGIN_OF_BROAD", 2.0)
    assert [claim.event_type for claim in claims(text)] == ["investment"]


def test_pools_of_outcomes_rise_and_keep_every_outcome():
    outcomes = [(at / 40, (at * 7) % 11 > 5 or at > 30) for at in range(40)]
    pools = isotonic_pools(outcomes, 5)
    shares = [pool.right / pool.of for pool in pools]
    assert shares == sorted(shares)
    assert len(pools) > 1
    assert sum(pool.of for pool in pools) == 40
    assert sum(pool.right for pool in pools) == sum(right for _, right in outcomes)
    assert min(pool.of for pool in pools) >= 5


@pytest.mark.slow
def test_the_weights_are_those_of_the_lists():
    chosen = samples()
    known = vocabulary(chosen)
    assert known == list(clause_model().features)
    weights, _ = fit(chosen, known, sorted({sample.event_type for sample in chosen}))
    assert np.abs(weights - clause_model().weights).max() < 0.05 * np.abs(weights).max()


@pytest.mark.slow
@pytest.mark.parametrize("source", ["de-trade", "en-trade"])
def test_a_list_of_another_style_is_read_by_a_model_of_the_others(source):
    right, _, _ = held_out(samples(), source)
    assert right.mean() >= 0.5


def test_clauses_read_together_are_read_like_one_by_one():
    listed = [(row["sentence"], "en") for row in LISTS["en-trade"][:60]] + [(row["sentence"], "de") for row in LISTS["de-trade"][:60]]
    sentences = [sentences_of(clean_text(text), lexicon_of(lang))[0] for text, lang in listed]
    together = clause_model().read([(sentence, None) for sentence in sentences])
    for sentence, reading in zip(sentences, together, strict=True):
        (alone,) = clause_model().read([(sentence, None)])
        assert np.array_equal(alone.probabilities, reading.probabilities)
    assert clause_model().read([]) == []


def test_words_are_read_alike_with_and_without_their_own_letters():
    one, other = (_reading(text, "de") for text in ("Für Kühe gelten größere Ställe.", "Fuer Kuehe gelten groessere Staelle."))
    assert np.allclose(one.probabilities, other.probabilities)


RETYPED = {
    ("de", "tech-exchange"): "cooperation",
    ("en", "tech-exchange"): "cooperation",
}
"""Examples of rules whose type the model changes: an exchange of both sides is cooperation."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_model_changes_the_type_of_few_examples_of_rules(lang):
    rules = {rule.id: rule for rule in claim_rules()}
    changed = {}
    for row in read_table(f"{lang}/examples.csv"):
        document = Document("x.txt", "x.txt", "", row["text"], language=lang)
        found = RuleExtractor().extract(document, clean_text(row["text"]))
        rule, kinds = rules[row["rule"]], {claim.event_type for claim in found}
        wanted = {rule.type, event_types()[rule.type].planned_as}
        if event_types()[rule.type].tier == "core" and found and not kinds & wanted:
            changed[lang, rule.id] = " ".join(sorted(kinds))
    assert changed == {key: kind for key, kind in RETYPED.items() if key[0] == lang}


def test_a_verb_of_saying_is_no_act() -> None:
    text = "Der Magnethersteller Vacuumschmelze in Hanau erklärte, die Lage bei Dysprosium und Terbium sei weiter angespannt."
    assert "investment" not in {claim.event_type for claim in claims(text)}
