"""Relations between claims are scored against marked ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ytterby.app import read, score_reading, show_score

FOLDER = Path(__file__).parent / "relations"
MARKS = FOLDER / "gold.jsonl"


def _scores(reading):
    return {part.name: part for part in score_reading(reading, MARKS).by_relation}


def test_contradictions_and_support_are_scored():
    found = _scores(read(sorted(FOLDER.glob("*.txt"))))
    assert found["contradicts"].recall == 1.0
    assert found["contradicts"].precision == 1.0
    assert found["supports"].precision == 1.0
    assert found["supports"].counts.marked == 2
    assert "relations between claims" in show_score(score_reading(read(sorted(FOLDER.glob("*.txt"))), MARKS))


def test_a_relation_of_another_kind_is_missed_and_wrong():
    reading = read(sorted(FOLDER.glob("*.txt")))
    turned = {"contradicts": "supports", "supports": "contradicts"}
    wrong = [replace(relation, kind=turned.get(relation.kind, relation.kind)) for relation in reading.relations]
    found = _scores(replace(reading, relations=tuple(wrong)))
    assert {part.counts.matched for part in found.values()} == {0}


def test_without_marked_relations_there_is_no_score():
    folder = FOLDER.parent / "blind"
    assert score_reading(read([folder]), folder / "gold.jsonl").by_relation == ()
