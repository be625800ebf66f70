"""Chunked arrays: what is read slab by slab is what is read whole."""

import numpy as np
import pytest

from ytterby.simulation.chunked_array import ChunkedArray
from ytterby.simulation.results import quantiles_of

VALUES = np.random.default_rng(2).normal(size=(23, 11, 5)).astype(np.float32)


def chunked(*ends):
    return ChunkedArray([lambda part=part: part for part in np.split(VALUES, ends)])


@pytest.mark.parametrize("ends", [(), (1,), (7, 8, 20)])
@pytest.mark.parametrize("max_size", [1, 300, 10**9])
def test_slabs_are_the_whole_cut_along_the_weeks(ends, max_size):
    slabs = list(chunked(*ends).slabs(max_size))
    assert all(len(slab) == len(VALUES) for slab in slabs)
    assert all(slab.size <= max(max_size, VALUES[:, :1].size) for slab in slabs)
    np.testing.assert_array_equal(np.concatenate(slabs, axis=1), VALUES)
    np.testing.assert_array_equal(chunked(*ends).to_numpy(), VALUES)


def test_reductions_reduce_draws_do_not_depend_on_parts_or_slabs():
    whole = quantiles_of(VALUES)
    for max_size in (1, 300):
        found = np.concatenate([quantiles_of(slab) for slab in chunked(4, 9).slabs(max_size)], axis=-2)
        np.testing.assert_array_equal(found, whole)
    np.testing.assert_array_equal(chunked(4, 9).reduce_draws(quantiles_of), whole)
    np.testing.assert_allclose(chunked(4).reduce_draws(lambda slab: slab.mean(axis=0)), VALUES.mean(axis=0), rtol=1e-6)
    assert chunked(3).columns == 5
