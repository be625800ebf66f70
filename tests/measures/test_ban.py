"""A ban: its defaults, and what is stopped, held and refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import FROM, SHARE, TO, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, effects, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("ban", on=goods(), from_=FROM, to=TO, depth=st.just(1.0) | SHARE)
DRAWN = {
    "{kind: ban, name: embargo, on: metal.*, from: CN, to: KR, start: 2025-05-01, end: 2025-08-01, end_uses: [defence], leakage: 0.1}": {
        "leakage": "{dist: uniform, low: 0, high: 0.3}",
        "depth": "{dist: uniform, low: 0.1, high: 0.9}",
        "held": "{dist: uniform, low: 0, high: 0.8}",
    }
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)
BAN = {"kind": "ban", "on": "Dy", "from": "CN", "start": "2025-04-04"}


def effects_of(**keys):
    ban = measure(**(BAN | keys))
    return list(ban.effects(WEEKS, DrawnValues(ban)))


def test_ban_has_defaults_and_plain_strings_become_lists():
    ban = measure(**BAN)
    assert (ban.on, ban.from_, ban.to, ban.depth, ban.end) == (("Dy",), ("CN",), ("all",), 1.0, None)
    np.testing.assert_allclose(ban.in_force(WEEKS)[:2], [3 / 7, 1.0])


def test_what_is_stopped_is_stopped_undeclared_too():
    (stop,) = effects_of(depth=0.4)
    assert (stop.variable, stop.operation, stop.weight) == (effects.Variable.TRADE_FLOW, effects.Operation.REDUCE, None)
    assert stop.target == effects.Links("ban", ("Dy",), ("CN",), ("all",), undeclared=True)
    np.testing.assert_allclose(stop.level[[0, 1, 59]], [0.4 * 3 / 7, 0.4, 0.4])


def test_what_is_held_waits_until_the_end_and_the_rest_is_stopped():
    stop, queue = effects_of(depth=0.8, held=0.5, end="2025-05-04")
    assert queue.level[2] == pytest.approx(0.4)
    assert (1 - queue.level[2]) * (1 - stop.level[2]) == pytest.approx(1 - 0.8)
    assert queue.backlog_delay[:6].tolist() == [5.0, 4.0, 3.0, 2.0, 1.0, 0.0]
    assert queue.validity == 0.0


def test_a_ban_on_end_uses_weighs_by_them_and_refuses_them():
    stop, refusal = effects_of(end_uses=["defence"], depth=0.5)
    assert stop.weight == effects.EndUseShare(("defence",))
    assert refusal.sectors == ("defence",)
    assert refusal.level.max() == 0.5


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"on": None}, "'on' is missing"),
        ({"from": None}, "'from' is missing"),
        ({"on": []}, "'on' names no goods"),
        ({"depth": 1.5}, "found 1.5; must be at most 1"),
        ({"depth": -0.1}, "ban: depth: found -0.1; must be at least 0"),
        ({"depth": True}, "must be a number"),
        ({"depth": float("nan")}, "finite"),
        ({"end": "2025-04-03"}, r"'end' \(2025-04-03\) lies before 'start'"),
        ({"start": "2025-02-30"}, "no such day"),
        ({"start": 20250404}, "must be a date such as 2025-04-04"),
        ({"start": dt.datetime(2025, 4, 4)}, "must be a date"),
        ({"start": "1066-10-14"}, "must lie between"),
        ({"from": "XX"}, "unknown region 'XX'"),
        ({"from": "AT"}, "it is part of 'EUX'"),
        ({"end_uses": "cars"}, "unknown sector 'cars'; did you mean 'cars_"),
        ({"assumed": ["deepth"]}, "'assumed' names 'deepth', which is no key of 'ban'"),
        ({"colour": "red"}, "ban: colour: unknown key 'colour'"),
    ],
)
def test_what_a_ban_refuses(keys, words):
    with pytest.raises(ScenarioError, match=words):
        measure(**{key: value for key, value in (BAN | keys).items() if value is not None})
