"""An offtake: the volume that is bound."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import SHARE, dates
from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("offtake", on=st.just("oxide.NdPr"), from_=st.just("MY"), to=st.just("JP"), share=SHARE)
DRAWN = {
    "{kind: offtake, name: bound, on: oxide.NdPr, from: MY, to: JP, start: 2025-05-05, tonnes_per_year: 2000}": {
        "tonnes_per_year": "{dist: uniform, low: 10, high: 4000}"
    },
    "{kind: offtake, name: part, on: oxide.Dy, from: CN, to: KR, start: 2025-05-05, share: 0.01}": {
        "share": "{dist: uniform, low: 0, high: 0.2}"
    },
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)


def offtake(**keys):
    return measure(kind="offtake", on="Dy", from_="FR", to="JP", start="2025-04-04", **keys)


def test_it_is_by_tonnes_or_by_share():
    for keys in ({"share": 0.5}, {"tonnes_per_year": 50}):
        one = offtake(**keys)
        (effect,) = one.effects(WEEKS, DrawnValues(one))
        assert (effect.share, effect.tonnes_per_year) == (keys.get("share"), keys.get("tonnes_per_year"))
        assert effect.level[1] == 1.0
    with pytest.raises(ScenarioError, match="'price' belongs to 'price_rule'"):
        offtake(share=0.5, price=9)


def test_only_an_index_with_priority_is_simulated():
    for keys in ({"price_rule": "fixed", "price": 60}, {"priority": False}):
        one = offtake(share=0.5, **keys)
        with pytest.raises(NotSimulatedError, match="fixed or floor price"):
            list(one.effects(WEEKS, DrawnValues(one)))
