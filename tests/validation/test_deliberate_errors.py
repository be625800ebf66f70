"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import numpy as np

from ytterby.validation.monthly_trade import TradeRoute
from ytterby.validation.nowcast import bands


def test_nowcast_tells_before_from_after():
    """Ten draws of 1 to 10 t a week, all weight on the last two: before is in the middle, after is at the top."""
    mondays = np.arange("2025-01-06", "2025-04-07", 7, dtype="datetime64[D]")
    series = np.repeat(np.arange(1.0, 11.0)[:, None, None], len(mondays), axis=2)
    weight = np.where(np.arange(10) < 8, 0.0, 0.5)
    (row,) = bands(series, mondays, [TradeRoute("oxide.*", "CN", "JP")], weight, ["2025-02"])
    assert row.prior.low < 3 * 4 < row.prior.median < 7 * 4 < row.prior.high
    assert row.now.low > 8 * 4
    assert row.shrink > 0.5
