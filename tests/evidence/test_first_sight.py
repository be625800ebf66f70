"""Invented articles that were marked before any rule ran on them: every mark stands in its text, nothing found gets lost again.

A set is a folder and its rows in ``article_sets.csv``: the number of marks, recall and precision below which a language, or a half of it
(its articles with an odd or an even number), must not fall, and the list of training sentences that was written for it. Odd halves have
served for development since their first run, even ones only by their scores; what was measured stands in docs/reference/evidence.md.
"""

import csv
from pathlib import Path

import pytest

import ytterby.evidence
from tests.evidence.drafted import drafted
from ytterby.app import read, score_reading
from ytterby.evidence.marks import load_gold

FOLDER = Path(__file__).parent
TRAINING = Path(ytterby.evidence.__file__).parent / "training"
ROWS = list(csv.DictReader((FOLDER / "article_sets.csv").read_text("utf-8").splitlines()))
SETS = sorted({row["set"] for row in ROWS})


def _name(row):
    return "-".join(filter(None, (row["set"], row["lang"], row["half"])))


def _articles(row):
    paths = sorted((FOLDER / row["set"]).glob(f"{row['lang']}*.txt"))
    return [path for path in paths if not row["half"] or int(path.stem[2:]) % 2 == (row["half"] == "odd")]


def test_every_set_has_its_rows_and_every_article_is_read_once():
    assert {path.parent.name for path in FOLDER.glob("*_sight/gold.jsonl")} <= set(SETS)
    read_once = [path for row in ROWS for path in _articles(row)]
    assert sorted(read_once) == sorted(path for name in SETS for path in (FOLDER / name).glob("*.txt"))


@pytest.mark.parametrize("name", SETS)
def test_every_mark_is_exactly_where_it_says(name):
    rows = load_gold(FOLDER / name / "gold.jsonl")
    texts = {path.name: path.read_text("utf-8") for path in (FOLDER / name).glob("*.txt")}
    assert {row["doc"] for row in rows} == set(texts)
    assert [row["id"] for row in rows if texts[row["doc"]][row["start"] : row["end"]] != row["quote"]] == []
    assert len({row["id"] for row in rows}) == len(rows) == sum(int(row["marks"]) for row in ROWS if row["set"] == name)


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_what_was_reached_is_kept(row):
    result = score_reading(read(_articles(row)), FOLDER / row["set"] / "gold.jsonl")
    assert result.recall >= float(row["recall"])
    assert result.precision >= float(row["precision"])
    assert result.offsets == 1.0


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_at_most_one_drafted_measure_in_ten_is_wrong(row):
    count, wrong = drafted(_articles(row), load_gold(FOLDER / row["set"] / "gold.jsonl"))
    assert len(wrong) <= count / 10, wrong


@pytest.mark.parametrize("row", [row for row in ROWS if row["trained"]], ids=_name)
def test_no_training_sentence_repeats_four_words_of_the_articles_it_was_written_for(row):
    """A sentence with four words in a row of an article would make it no test; runs of names and of small words are left out."""
    told = {run for path in _articles(row) for run in _runs(path.read_text("utf-8"))}
    listed = (TRAINING / f"{row['lang']}-{row['trained']}.csv").read_text("utf-8")
    assert [line["sentence"] for line in csv.DictReader(listed.splitlines()) if told & set(_runs(line["sentence"]))] == []


def _runs(text):
    """Runs of four words of which at least two have more than three letters."""
    words = ["".join(sign for sign in word.lower() if sign.isalpha()) for word in text.split()]
    runs = [tuple(words[at : at + 4]) for at in range(len(words) - 3)]
    return [run for run in runs if all(run) and sum(len(word) > 3 for word in run) >= 2]
