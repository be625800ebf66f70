"""Inputs changed by chance at every door, a few of those that ``scripts/fuzz_doors.py`` tries by thousands; seeds are fixed."""

from __future__ import annotations

import random

import pytest

from tests.doors.attempts import DOORS
from tests.doors.mutation import mutated
from tests.doors.trial import tried
from ytterby.errors import InputError

COUNT = 40
DEAR = {"parts": 15, "duties": 15, "articles.pdf": 10}
"""Inputs at doors where one takes a tenth of a second or more."""


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_lost_at_a_door(door):
    told = tried(door, range(DEAR.get(door, COUNT)))
    assert not told.lost, "\n".join(told.lost)
    assert told.tried == told.taken + told.refused


@pytest.mark.parametrize("door", ["shocks", "limits", "budgets", "runs", "backtests", "frozen", "saved", "marks"])
def test_whole_inputs_are_taken(door, tmp_path):
    """What is not changed goes through: else a door that refuses everything would look safe."""
    found, attempt = DOORS[door]()
    for number, (name, content) in enumerate(found):
        (tmp_path / str(number)).mkdir()
        if door == "runs":
            with pytest.raises(Exception, match="unchanged"):
                attempt(name, content, tmp_path / str(number))
        else:
            attempt(name, content, tmp_path / str(number))


def test_an_input_is_known_by_its_number():
    content = b"quantity,value\nprice,1.5\nprice,2.5\n"
    first = [mutated(content, random.Random(f"x {number}")) for number in range(50)]
    assert first == [mutated(content, random.Random(f"x {number}")) for number in range(50)]
    assert len(set(first)) > 30


def test_what_is_lost_is_told(monkeypatch):
    def broken(_name, content, _place):
        if len(content) % 2:
            raise ZeroDivisionError
        raise InputError("refused")

    monkeypatch.setitem(DOORS, "broken", lambda: ([("a", b"some text")], broken))
    told = tried("broken", range(30))
    assert told.refused + len(told.lost) == told.tried == 30
    assert told.refused > 0
    assert all("ZeroDivisionError" in text for text in told.lost)
