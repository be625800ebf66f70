"""A stockpile: built over weeks, released over weeks or by a trigger."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import MADE, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, effects, measure
from ytterby.measures.weeks import mondays

RANDOM = dates(
    "stockpile",
    on=goods(MADE),
    owner=st.just("JP"),
    action=st.sampled_from(("build", "release")),
    tonnes=st.floats(1.0, 500.0),
    over_weeks=st.floats(4.0, 30.0),
)
DRAWN = {
    "{kind: stockpile, name: build, on: metal.Dy, owner: JP, action: build, tonnes: 20, start: 2025-04-21, over_weeks: 10}": {
        "tonnes": "{dist: uniform, low: 1, high: 40}"
    },
    "{kind: stockpile, name: open, on: oxide.Tb, owner: JP, action: release, tonnes: 15, rate: 2, start: 2025-04-21,"
    " trigger: {price_above_multiple: 1.1}}": {
        "tonnes": "{dist: uniform, low: 1, high: 40}",
        "rate": "{dist: uniform, low: 0.5, high: 3}",
        "trigger.price_above_multiple": "{dist: uniform, low: 1, high: 1.5}",
    },
    "{kind: stockpile, name: low, on: oxide.Dy, owner: US, action: release, tonnes: 15, rate: 2, start: 2025-04-21,"
    " trigger: {cover_below_weeks: 3}}": {"trigger.cover_below_weeks": "{dist: uniform, low: 1, high: 9}"},
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)
STOCK = {"kind": "stockpile", "on": "oxide.Dy", "owner": "JP", "start": "2025-04-04", "tonnes": 10}


def effect_of(**keys):
    stock = measure(**(STOCK | keys))
    (effect,) = stock.effects(WEEKS, DrawnValues(stock))
    return effect


def test_it_goes_to_its_owner_unless_told():
    keys = STOCK | {"action": "release", "over_weeks": 5}
    assert measure(**keys).targets == ("JP",)
    assert measure(**keys, to=["KR", "EU"]).targets == ("KR", "EU")


def test_its_weeks_begin_with_that_of_the_start_and_end_with_the_stock_or_the_measure():
    build = effect_of(action="build", over_weeks=5, start="2025-04-16")
    assert isinstance(build, effects.StockBuild)
    assert (build.first, build.stop) == (2, 7)
    assert (effect_of(action="build", over_weeks=50, end="2025-05-04").stop) == 5
    assert (effect_of(action="build", over_weeks=50, start="2020-01-01").first) == 0


def test_a_trigger_has_one_condition_and_a_rate():
    even = effect_of(action="release", over_weeks=5)
    assert (even.rate, even.cover_below, even.price_above) == (None, None, None)
    cover = effect_of(action="release", rate=2, trigger={"cover_below_weeks": 4})
    assert (cover.rate, cover.cover_below, cover.price_above, cover.stop) == (2.0, 4.0, None, 60)
    price = effect_of(action="release", rate=2, trigger={"price_above_multiple": 1.5})
    assert (price.rate, price.cover_below, price.price_above) == (2.0, None, 1.5)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"action": "build"}, "a build needs 'over_weeks'"),
        ({"action": "release"}, "either 'over_weeks' or 'trigger'"),
        ({"action": "release", "trigger": {"cover_below_weeks": 4}}, "'trigger' and 'rate' go together"),
    ],
)
def test_what_a_stockpile_refuses(keys, words):
    with pytest.raises(ScenarioError, match=words):
        measure(**STOCK, **keys)
