"""A tariff: announced, imposed, paused, reduced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import FROM, TO, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, effects, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("tariff", on=goods(), from_=FROM, to=TO, rate=st.floats(0.0, 0.5))
DRAWN = {
    "{kind: tariff, name: tariff, on: magnet.*, from: CN, to: US, start: 2025-04-21,"
    " steps: [{date: 2025-05-01, rate: 0.1}, {date: 2025-06-01, rate: 0.2}]}": {"steps.1.rate": "{dist: uniform, low: 0, high: 0.3}"},
    "{kind: tariff, name: flat, on: oxide.Dy, from: CN, to: US, start: 2025-04-21, rate: 0.1}": {
        "rate": "{dist: uniform, low: 0, high: 0.3}"
    },
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)


def test_steps_by_status():
    steps = [
        {"date": "2025-04-02", "rate": 0.24, "status": "announced"},
        {"date": "2025-04-07", "rate": 0.24, "status": "imposed"},
        {"date": "2025-04-14", "rate": 0.1, "status": "paused"},
        {"date": "2025-08-04", "rate": 0.24, "status": "announced"},
        {"date": "2025-08-11", "rate": 0.15, "status": "reduced"},
    ]
    tariff = measure(kind="tariff", sectors="cars_hybrid", from_="JP", to="US", start="2025-04-01", steps=steps)
    rates = tariff.rates(WEEKS, DrawnValues(tariff))
    assert rates[[0, 1, 2, 18, 19, 59]].tolist() == pytest.approx([0.0, 0.24, 0.1, 0.1, 0.15, 0.15])


def test_it_is_added_to_what_enters_and_leaves_products_to_the_trade_block():
    on_goods = measure(kind="tariff", on="Dy", to="US", start="2025-04-07", rate=0.2)
    (added,) = on_goods.effects(WEEKS, DrawnValues(on_goods))
    assert (added.variable, added.operation) == (effects.Variable.IMPORT_DUTY, effects.Operation.ADD)
    assert added.target == effects.Links("tariff", ("Dy",), ("all",), ("US",))
    on_products = measure(kind="tariff", sectors="cars_hybrid", to="US", start="2025-04-07", rate=0.2)
    assert list(on_products.effects(WEEKS, DrawnValues(on_products))) == []
    assert on_products.groups == {"cars"}
    step = on_products.step_on(dt.date(2025, 4, 7))
    assert step is not None
    assert (step.rate, step.all_in) == (0.2, False)
    assert on_products.step_on(dt.date(2025, 4, 6)) is None


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"on": "Dy", "to": "US", "rate": 25}, "is 2500 % meant\\? write 0.25 for 25 %"),
        ({"on": "Dy", "to": "US", "rate": "25 %"}, "write 0.25 for 25 %"),
        ({"on": "Dy", "to": "US"}, "give either 'rate' or 'steps'"),
        ({"to": "US", "rate": 0.1}, "give 'on', 'sectors' or 'products'"),
        ({"on": "Dy", "rate": 0.1}, "'to' is missing"),
        ({"on": "Dy", "to": "US", "steps": [{"date": "2025-05-01", "rate": 0.5, "of_enacted": True}]}, "not for 'on'"),
        (
            {"products": "cars", "to": "US", "steps": [{"date": "2025-05-01", "rate": 0.5, "of_enacted": True, "replaces": True}]},
            "a step is either 'all_in', or 'replaces' the base duty, or 'of_enacted'",
        ),
    ],
)
def test_what_a_tariff_refuses(keys, words):
    with pytest.raises(ScenarioError, match=words):
        measure(kind="tariff", start="2025-04-04", **keys)
