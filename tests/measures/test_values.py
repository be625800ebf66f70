"""Numbers of a measure: as it says, or as drawn."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.measures import DrawnValues, measure

QUOTA = measure(
    kind="quota", on="all", from_="CN", start="2025-01-06", tonnes=90, period="month", customs_factor={"oxide.La": 0.5, "Ce": 0.9}
)
DUTY = measure(kind="export_duty", on="all", from_="CN", start="2025-01-06", steps=[{"date": "2025-02-01", "rate": 0.1}])


def test_a_number_that_is_not_drawn_is_that_of_the_measure():
    assert DrawnValues(QUOTA)["tonnes"] == 90.0
    assert DrawnValues(QUOTA)["customs_factor", "oxide.La"] == 0.5
    assert DrawnValues(DUTY)["steps", 0, "rate"] == 0.1
    with pytest.raises(AttributeError):
        DrawnValues(QUOTA)["tons"]


def test_a_drawn_number_is_its_column_and_the_measure_stays():
    column = np.array([[0.7], [0.8]])
    values = DrawnValues(QUOTA, {"customs_factor.Ce": column})
    assert values["customs_factor", "Ce"] is column
    assert values["customs_factor", "oxide.La"] == 0.5
    assert QUOTA.customs_factor["Ce"] == 0.9
    assert DrawnValues(DUTY, {"steps.0.rate": column})["steps", 0, "rate"] is column
