"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import pytest

from tests.evidence.helpers import read_text


@pytest.mark.parametrize(("words", "tonnes"), [("12 kt", 12_000), ("12 tonnes", 12), ("1.5 kt", 1_500)])
def test_kilotonnes_in_articles_are_thousands_of_tonnes(words, tonnes):
    _, claims = read_text(f"China set an export quota of {words} of rare earths for 2025, the ministry in Beijing said on Monday.")
    amounts = [claim.quantity for claim in claims if claim.quantity]
    assert [(amount["value"], amount["unit"]) for amount in amounts][:1] == [(pytest.approx(tonnes), "t")]
