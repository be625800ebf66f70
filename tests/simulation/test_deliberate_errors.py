"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.simulation.results import QUANTILES, quantiles_of


@pytest.mark.parametrize("missing", [0, 1, 3, 5])
def test_missing_draws_are_left_out_of_quantiles(missing):
    """Second road: quantiles of the draws that are there, as NumPy has them; with more than half missing there is none."""
    chance = np.random.default_rng(3)
    values = chance.normal(size=(11, 4, 2)).astype(np.float32)
    values[:missing] = np.nan
    found = quantiles_of(values)
    wanted = np.quantile(values[missing:], QUANTILES, axis=0)
    assert np.allclose(found[:-1], wanted, atol=1e-5)
    assert np.allclose(found[-1], values[missing:].mean(axis=0), atol=1e-5)
    values[:6] = np.nan
    assert np.isnan(quantiles_of(values)).all()
