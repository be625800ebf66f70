"""Small datasets in the shape of a run's results, for tests of what reads them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from ytterby.ensembles import EvidenceGrade, RunSummary

QUANTILES = ("0.05", "0.25", "0.5", "0.75", "0.95", "mean")


def of_markets(paths, units, mondays, quantiles=()):
    """Dataset of ``{measure: {(commodity, region): values}}`` over (quantile, week), or week alone; NaN where a market has no values."""
    markets = list(dict.fromkeys(market for found in paths.values() for market in found))
    shape = (*([len(quantiles)] if quantiles else []), len(mondays))
    dims = (*(["quantile"] if quantiles else []), "week", "market")
    empty = np.full(shape, np.nan)
    variables = {
        name: (dims, np.stack([found.get(market, empty) for market in markets], axis=-1), {"units": units[name]})
        for name, found in paths.items()
    }
    coords = {
        "week": pd.DatetimeIndex(mondays).as_unit("ns"),
        "market": [f"{commodity}@{region}" for commodity, region in markets],
        "commodity": ("market", [commodity for commodity, _ in markets]),
        "region": ("market", [region for _, region in markets]),
    }
    return xr.Dataset(variables, coords=coords | ({"quantile": list(quantiles)} if quantiles else {}))


def small(weeks=3, quantiles=("0.05", "0.5"), value=None):
    """Prices and stocks of two markets; all the same value if one is given."""
    shape = (len(quantiles), weeks) if quantiles else (weeks,)
    rng = np.random.default_rng(1)
    paths = {
        measure: {("oxide.Dy", region): rng.random(shape) if value is None else np.full(shape, value) for region in ("JP", "DE")}
        for measure in ("price", "stock")
    }
    return of_markets(paths, {"price": "USD2024/kg", "stock": "t"}, pd.date_range("2025-04-07", periods=weeks, freq="7D"), quantiles)


def run_summary(**changes):
    """Summary of a run in which nothing happens."""
    calm = {
        "scenario": "calm", "title": {"en": "Calm"}, "start": "2025-04-07", "draws": 1, "seed": 1, "weeks": 3, "first_stops": (),
        "shortfall": (), "losses": (), "headline": {}, "indirect": (), "drivers": (), "band": "", "run": "", "as_of": "", "base_year": 2024,
        "chain": "rare-earths", "base_as_of": "", "user_figures": 0, "warnings": (), "seconds": 0.0,
        "evidence_grade": EvidenceGrade(reported=0.0, derived=0.0, assumed=0.0),
    }  # fmt: skip
    return RunSummary(**(calm | changes))
