"""Series of a run: the lines with the largest sums, in the unit asked for, with the run's own numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from ytterby.report.briefing import run_series

QUANTILES = ("0.05", "0.25", "0.5", "0.75", "0.95", "mean")


def lines(sectors: list[str], weeks: int = 3) -> xr.DataArray:
    """Losses that rise with the place of a sector in the list; the first loses nothing."""
    size = np.arange(len(sectors))[None, None, :] * 1e6 * np.ones((len(QUANTILES), weeks, 1))
    dates = pd.date_range("2027-01-04", periods=weeks, freq="W-MON")
    return xr.DataArray(size, {"quantile": list(QUANTILES), "week": dates, "sector": sectors}, ("quantile", "week", "sector"))


def test_the_largest_lines_come_first_and_those_of_nothing_are_left_out() -> None:
    names = {f"s{place}@DE": f"sector {place}" for place in range(6)}
    fans = list(run_series._largest(lines(list(names)), names, run_series.MILLION))
    assert [fan.name for fan in fans] == ["sector 5", "sector 4", "sector 3", "sector 2"]
    assert [fan.median for fan in fans] == [(size,) * 3 for size in (5.0, 4.0, 3.0, 2.0)]
    few = {"s0@DE": "none", "s1@DE": "some"}
    assert [fan.name for fan in run_series._largest(lines(list(few)), few, 1.0)] == ["some"]


def test_a_run_without_draws_has_bands_without_width() -> None:
    names = {"a@DE": "a", "b@DE": "b"}
    (fan,) = run_series._largest(lines(list(names)).sel(quantile="0.5", drop=True), names, 1.0)
    assert fan.low90 == fan.median == fan.high90
