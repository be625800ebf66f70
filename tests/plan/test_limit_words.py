"""Words of limits and targets are taken or refused, whatever they are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.errors import InputError
from ytterby.plan.limits import parse_limit
from ytterby.plan.shocks import YEARS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"(share|oxide|co2e)(:[A-Z]{2})?:(min|max)=[0-9.e+-]{0,8}(@20\d\d)?", fullmatch=True))
def test_words_of_limits_are_taken_or_refused(text):
    try:
        found = parse_limit(text, YEARS)
    except InputError:
        return
    assert found.side in {"min", "max"}
    assert found.value == found.value  # no NaN
