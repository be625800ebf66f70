"""Frames of training sentences: all their words are used, they are of known types, and none stands in a marked article."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import ytterby.evidence
from ytterby.evidence.clause_frames import FEWEST, INLINE, framed_sentences
from ytterby.evidence.clause_model import NONE
from ytterby.evidence.tables import LANGUAGES, event_types

FILES = sorted((Path(ytterby.evidence.__file__).parent / "training" / "frames").glob("*.csv"))


def _written(tmp_path, *rows):
    path = tmp_path / "en-x.csv"
    path.write_text("\n".join(["event_type,frame", *rows]), "utf-8")
    return framed_sentences(path)


def test_a_frame_stands_for_each_of_its_words(tmp_path):
    made = _written(tmp_path, "$plant,mine|smelter|kiln", "outage,The $plant {shut|closed|stands idle} {in May|after a fire|}.")
    texts = [sentence for _, sentence in made]
    for word in ("mine", "smelter", "kiln", "shut", "closed", "stands idle", "in May", "after a fire"):
        assert any(word in text for text in texts)
    assert "The kiln shut." in texts or "The mine shut." in texts or "The smelter shut." in texts
    assert len(texts) == len(set(texts)) >= FEWEST / 2


def test_an_unknown_class_of_words_is_an_error(tmp_path):
    with pytest.raises(KeyError):
        _written(tmp_path, "outage,The $plant shut.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_all_words_of_the_frames_are_used_and_nothing_is_left_open(path):
    made = framed_sentences(path)
    texts = " ".join(sentence for _, sentence in made).lower()
    assert made == framed_sentences(path)
    assert not {"{", "}", "$ "} & set(texts)
    assert {kind for kind, _ in made} <= {NONE, *event_types()}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        for found in INLINE.finditer(row["frame"]):
            words = [word for word in found[1].split("|") if "$" not in word]
            assert [word for word in words if " ".join(word.split()).replace(" ,", ",").strip().lower() not in texts] == []


def test_no_sentence_is_framed_as_two_types():
    for lang in (*LANGUAGES, "ja"):
        made = {pair for path in FILES if path.stem.startswith(lang) for pair in framed_sentences(path)}
        assert [text for text, count in Counter(sentence for _, sentence in made).items() if count > 1] == []


def test_no_framed_sentence_stands_in_a_marked_article(shared):
    room = Path(__file__).parent
    folders = [*(path for path in room.iterdir() if (path / "gold.jsonl").exists()), shared / "news"]
    texts = " ".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.txt"))
    long = [sentence.rstrip(".") for path in FILES for _, sentence in framed_sentences(path) if len(sentence) > 40]
    assert len(long) > 2000
    assert [sentence for sentence in long if sentence in texts] == []
