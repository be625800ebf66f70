"""An outage: the loss and the recovery."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import MADE, SHARE, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("outage", on=goods(MADE), from_=st.just("CN"), loss=SHARE, ramp_weeks=st.floats(0.0, 20.0))
DRAWN = {
    "{kind: outage, name: outage, on: mine.*, from: MM, start: 2025-05-01, end: 2025-06-15, loss: 0.5, ramp_weeks: 6}": {
        "loss": "{dist: uniform, low: 0.1, high: 1}",
        "ramp_weeks": "{dist: choice, values: [0, 5, 9]}",
    }
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)
OUTAGE = {"kind": "outage", "on": "mine.*", "from": "MM", "start": "2025-04-07"}


def available(**keys):
    outage = measure(**OUTAGE, **keys)
    values = DrawnValues(outage)
    (effect,) = outage.effects(WEEKS, values)
    np.testing.assert_allclose(1.0 - effect.level, outage.availability(WEEKS, values))
    return outage.availability(WEEKS, values)


def test_it_recovers_in_a_straight_line():
    share = available(end="2025-05-04", loss=0.8, ramp_weeks=4)
    assert share[0] == 1.0
    assert share[1] == share[4] == pytest.approx(0.2)
    assert np.all(np.diff(share[4:12]) >= 0)
    assert share[10] == 1.0
    assert available()[1:].max() == 0.0


def test_it_has_no_destination():
    with pytest.raises(ScenarioError, match="'to' has no effect in 'outage'"):
        measure(**OUTAGE, to="CN")
