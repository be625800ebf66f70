"""The invented articles that were marked before any rule ran on them: every mark stands in its text, nothing found gets lost again.

Articles with an odd number have served for development since their first run, those with an even number only by their scores.
"""

import json
from pathlib import Path

import pytest

from tests.evidence.drafted import drafted
from ytterby.app import read, score_reading
from ytterby.evidence.score import load_gold

FOLDER = Path(__file__).parent / "first_sight"


def test_every_mark_is_exactly_where_it_says():
    rows = [json.loads(line) for line in (FOLDER / "gold.jsonl").read_text("utf-8").splitlines()]
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    assert {row["doc"] for row in rows} == set(texts)
    assert [row["id"] for row in rows if texts[row["doc"]][row["start"] : row["end"]] != row["quote"]] == []
    assert len({row["id"] for row in rows}) == len(rows)


REACHED = {("de", "odd"): (0.6, 0.8), ("en", "odd"): (0.8, 0.85), ("de", "even"): (0.5, 0.75), ("en", "even"): (0.65, 0.7)}
"""Recall and precision below which a half must not fall; what was measured stands in docs/reference/evidence.md."""


def _half(lang, half):
    return [path for path in sorted(FOLDER.glob(f"{lang}*.txt")) if int(path.stem[2:]) % 2 == (half == "odd")]


@pytest.mark.parametrize(("lang", "half"), REACHED)
def test_what_was_reached_is_kept(lang, half):
    result = score_reading(read(_half(lang, half)), FOLDER / "gold.jsonl")
    recall, precision = REACHED[lang, half]
    assert result.recall >= recall
    assert result.precision >= precision
    assert result.offsets == 1.0


@pytest.mark.parametrize("half", ["odd", "even"])
def test_at_most_one_drafted_measure_in_ten_is_wrong(half):
    count, wrong = drafted([*_half("de", half), *_half("en", half)], load_gold(FOLDER / "gold.jsonl"))
    assert len(wrong) <= count / 10, wrong


JAPANESE = {"first_sight": (0.7, 0.8), "second_ja": (0.9, 0.9)}
"""Recall and precision of the Japanese articles: those by another hand, looked at by their scores only, and those of the rules' author."""


@pytest.mark.parametrize("folder", JAPANESE)
def test_japanese_articles_are_read(folder):
    paths = sorted((FOLDER.parent / folder).glob("ja*.txt"))
    result = score_reading(read(paths), FOLDER.parent / folder / "gold.jsonl")
    recall, precision = JAPANESE[folder]
    assert result.recall >= recall
    assert result.precision >= precision
    assert result.offsets == 1.0
    count, wrong = drafted(paths, load_gold(FOLDER.parent / folder / "gold.jsonl"))
    assert len(wrong) <= count / 10, wrong


SECOND = {"de": (0.6, 0.75), "en": (0.7, 0.75)}
"""Recall and precision on the articles marked before the rules were widened; their author later wrote the training sentences."""


@pytest.mark.parametrize("lang", SECOND)
def test_the_second_articles_keep_what_was_reached(lang):
    folder = FOLDER.parent / "second_sight"
    paths = sorted(folder.glob(f"{lang}*.txt"))
    result = score_reading(read(paths), folder / "gold.jsonl")
    recall, precision = SECOND[lang]
    assert result.recall >= recall
    assert result.precision >= precision
    count, wrong = drafted(paths, load_gold(folder / "gold.jsonl"))
    assert len(wrong) <= count / 10, wrong


THIRD = {
    ("de", "odd"): (0.8, 0.8),
    ("en", "odd"): (0.6, 0.7),
    ("de", "even"): (0.55, 0.75),
    ("en", "even"): (0.5, 0.75),
    ("ja", "odd"): (0.7, 0.8),
    ("ja", "even"): (0.7, 0.8),
}
"""The same of a later set; its author marked it before any run and wrote training sentences afterwards."""


@pytest.mark.parametrize(("lang", "half"), THIRD)
def test_the_third_articles_keep_what_was_reached(lang, half):
    folder = FOLDER.parent / "third_sight"
    paths = [path for path in sorted(folder.glob(f"{lang}*.txt")) if int(path.stem[2:]) % 2 == (half == "odd")]
    result = score_reading(read(paths), folder / "gold.jsonl")
    recall, precision = THIRD[lang, half]
    assert result.recall >= recall
    assert result.precision >= precision
    assert result.offsets == 1.0


FOURTH = {"de": (0.6, 0.75), "en": (0.45, 0.65)}
"""The same of twenty articles that were written and marked before the reader saw them; read once, then by their scores only."""


@pytest.mark.parametrize("lang", FOURTH)
def test_the_fourth_articles_keep_what_was_reached(lang):
    folder = FOLDER.parent / "fourth_sight"
    paths = sorted(folder.glob(f"{lang}*.txt"))
    result = score_reading(read(paths), folder / "gold.jsonl")
    recall, precision = FOURTH[lang]
    assert result.recall >= recall
    assert result.precision >= precision
    assert result.offsets == 1.0
    count, wrong = drafted(paths, load_gold(folder / "gold.jsonl"))
    assert len(wrong) <= count / 10, wrong


FIFTH = {"de": (0.65, 0.8), "en": (0.75, 0.8)}
"""The same of twenty-two articles by another hand than the rules, dense with acts; development since their first sight."""


def test_every_mark_of_the_fifth_articles_is_where_it_says():
    folder = FOLDER.parent / "fifth_sight"
    rows = load_gold(folder / "gold.jsonl")
    texts = {path.name: path.read_text("utf-8") for path in folder.glob("*.txt")}
    assert {row["doc"] for row in rows} == set(texts)
    assert [row["id"] for row in rows if texts[row["doc"]][row["start"] : row["end"]] != row["quote"]] == []
    assert len({row["id"] for row in rows}) == len(rows) == 257


@pytest.mark.parametrize("lang", FIFTH)
def test_the_fifth_articles_keep_what_was_reached(lang):
    folder = FOLDER.parent / "fifth_sight"
    paths = sorted(folder.glob(f"{lang}*.txt"))
    result = score_reading(read(paths), folder / "gold.jsonl")
    recall, precision = FIFTH[lang]
    assert result.recall >= recall
    assert result.precision >= precision
    assert result.offsets == 1.0
    count, wrong = drafted(paths, load_gold(folder / "gold.jsonl"))
    assert len(wrong) <= count / 10, wrong


def test_no_training_sentence_repeats_four_words_of_the_articles_it_was_written_for():
    """A sentence with four words in a row of an article would make it no test; runs of names and of small words are left out."""
    import csv

    import ytterby.evidence

    room = Path(ytterby.evidence.__file__).parent / "training"
    for lang, folder, written in [(lang, *pair) for lang in FOURTH for pair in (("fourth_sight", "varied"), ("fifth_sight", "gazette"))]:
        told = {run for path in (FOLDER.parent / folder).glob(f"{lang}*.txt") for run in _runs(path.read_text("utf-8"))}
        sentences = [row["sentence"] for row in csv.DictReader((room / f"{lang}-{written}.csv").read_text("utf-8").splitlines())]
        assert [sentence for sentence in sentences if told & set(_runs(sentence))] == []


def _runs(text):
    """Runs of four words of which at least two have more than three letters."""
    words = ["".join(sign for sign in word.lower() if sign.isalpha()) for word in text.split()]
    runs = [tuple(words[at : at + 4]) for at in range(len(words) - 3)]
    return [run for run in runs if all(run) and sum(len(word) > 3 for word in run) >= 2]
