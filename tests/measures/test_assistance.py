"""Assistance is valid, and needs both sides."""

import pytest

from ytterby.errors import ScenarioError
from ytterby.measures import measure

KEYS = {"kind": "assistance", "from": "JP", "stages": ["oxide"], "access": 0.8, "start": "2026-01-01"}


def test_it_needs_giver_and_receiver():
    assert measure(**KEYS, to="MY").stages == ("oxide",)
    with pytest.raises(ScenarioError, match="'to' is missing"):
        measure(**KEYS)
