"""Deliveries after a country exports nothing more, in small systems: against traced shares, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.exposure.systems import random_system
from ytterby.exposure.deliveries import run_down
from ytterby.exposure.lost_country import LostCountry

COMMODITY = "magnet.Nd"


@pytest.fixture(scope="module", params=[1, 2, 3])
def loss(request):
    return LostCountry(random_system(request.param), "CN")


def test_what_did_not_pass_the_country_is_still_there_in_the_end(loss):
    """Once all stocks are gone, a market gives no more than what never passed the country: its traced share is the second road."""
    found = 0
    for region in ("JP", "US", "VN", "AU"):
        passed = loss.share(COMMODITY, region)
        fills = loss.of_element("Nd").fills[loss.system.market(COMMODITY, region)]
        assert fills[:, -1] == pytest.approx(fills[0, -1])
        assert fills[0, -1] <= 1.0 - passed + 1e-6
        found += passed > 0.05
    assert found


def test_deliveries_run_from_whole_to_what_is_left(loss):
    for region in ("JP", "US", "VN", "AU"):
        given = loss.deliveries(COMMODITY, region)
        assert np.all(given.share[:, 0] == 1.0)
        assert np.all(np.diff(given.share, axis=1) <= 1e-9)
        low, central, high = run_down(4.0, given, [], 156.0)
        days = [float("inf") if run.day is None else run.day for run in (low, central, high)]
        assert days == sorted(days)
        lost = given.upstream
        if lost > 0.05:
            covers = loss.covers(COMMODITY, region)
            assert low.day == pytest.approx(7.0 * (covers[0] + 4.0) / lost)
            assert central.day == pytest.approx(7.0 * (covers[1] + 4.0) / lost)


def test_the_countrys_own_industry_goes_on(loss):
    fills = loss.of_element("Nd").fills[loss.system.market("mine.Nd", "CN")]
    assert fills[1].min() > 0.999


def test_what_the_system_does_not_have_is_unknown(loss):
    assert loss.deliveries("magnet.Xx", "JP") is None
    assert loss.share(COMMODITY, "BR") is None
    assert loss.covers(COMMODITY, "BR") is None
