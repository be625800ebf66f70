"""Exposures that are kept are those that were worked out, to the last digit, and are used for the same question alone."""

import pytest

from tests.exposure.systems import random_system
from ytterby.exposure import assess_element, kept_assessments
from ytterby.exposure.kept_assessments import assess_elements, from_bytes, to_bytes

HOME = ("JP",)


class Kept(dict):
    def put(self, digest, content):
        self[digest] = content


@pytest.fixture(scope="module")
def system():
    return random_system(1, elements=("Nd", "Dy"), spread=1.4)


def test_what_is_kept_is_what_was_found(system):
    found = [assess_element(system, name, HOME) for name in ("Nd", "Dy")]
    again = from_bytes(to_bytes(found))
    assert again == found
    for old, new in zip(found, again, strict=True):
        assert [row.model_fields_set for row in old.indicators] == [row.model_fields_set for row in new.indicators]
        assert old.dependence == new.dependence


def test_the_same_question_is_worked_out_once(system, monkeypatch):
    kept, asked = Kept(), []
    monkeypatch.setattr(kept_assessments, "assess_element", lambda *of, **more: asked.append(of[1]) or assess_element(*of, **more))
    first = assess_elements(system, ["Nd"], HOME, checkpoint=kept)
    assert assess_elements(system, ["Nd"], HOME, checkpoint=kept) == first
    assert asked == ["Nd"]
    others = [{"home": ("US",)}, {"elements": ["Dy"]}, {"alone": True}, {"without": "CN"}, {"system": random_system(2, elements=("Nd",))}]
    for other in others:
        given = {"system": system, "elements": ["Nd"], "home": HOME} | other
        assess_elements(**given, checkpoint=kept)
    assert len(asked) == 1 + len(others) == len(kept)


def test_a_damaged_or_older_exposure_is_worked_out_anew(system, monkeypatch):
    kept = Kept()
    first = assess_elements(system, ["Nd"], HOME, checkpoint=kept)
    [(digest, content)] = kept.items()
    kept[digest] = content.replace(b"Nd", b"Dy")
    assert from_bytes(kept[digest]) is None
    assert assess_elements(system, ["Nd"], HOME, checkpoint=kept) == first
    assert kept[digest] == content
    monkeypatch.setattr(kept_assessments, "program_digest", lambda *_: "another program")
    assess_elements(system, ["Nd"], HOME, checkpoint=kept)
    assert len(kept) == 2
