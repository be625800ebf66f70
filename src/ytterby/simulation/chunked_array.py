"""An array over all draws that may be larger than memory: chunks on disk or in memory, read a few weeks at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.execution import map_chunks, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.execution import Executor

MAX_SLAB = 4_000_000
"""Maximum number of values in a slab: 16 MB in single precision."""


@dataclass(frozen=True, eq=False)
class ChunkedArray:
    """An array (draw, week, column) stored as chunks along the draw axis.

    Parameters
    ----------
    chunks : sequence of callable
        Each returns a chunk: an array in memory, or a memory map of a file that is closed when the map is released.
    """

    chunks: Sequence[Callable[[], NDArray[Any]]]

    @classmethod
    def of(cls, values: NDArray[Any]) -> ChunkedArray:
        """Wrap an array in memory as a single chunk."""
        return cls([lambda: values])

    @cached_property
    def _shapes(self) -> list[tuple[int, ...]]:
        return [chunk().shape for chunk in self.chunks]

    @property
    def columns(self) -> int:
        """Length of the last axis."""
        return self._shapes[0][-1]

    def to_numpy(self) -> NDArray[Any]:
        """Whole array in memory; one chunk is open at a time."""
        return self._read((slice(None),))

    def slabs(self, max_size: int = MAX_SLAB) -> Iterator[NDArray[Any]]:
        """Iterate over slabs (draw, some weeks, column) of at most ``max_size`` values, in order of weeks; each has at least one week."""
        for span in self._spans(max_size):
            yield self._slab(span)

    def _spans(self, max_size: int) -> list[tuple[int, int]]:
        """First and last week (not included) of each slab."""
        shapes = self._shapes
        weeks = shapes[0][1]
        return spans(weeks, max(1, max_size * weeks // max(1, sum(int(np.prod(shape)) for shape in shapes))))

    def _slab(self, span: tuple[int, int]) -> NDArray[Any]:
        return self._read((slice(None), slice(*span)))

    def _read(self, at: tuple[slice, ...]) -> NDArray[Any]:
        """A part of all chunks in memory, copied once; one chunk is open at a time."""
        found, first = np.empty(0), 0
        total = sum(length for length, *_ in self._shapes)
        for chunk in self.chunks:
            part = chunk()[at]
            if not first:
                found = np.empty((total, *part.shape[1:]), dtype=part.dtype)
            found[first : first + len(part)] = part
            first += len(part)
        return found

    def reduce_draws(self, function: Callable[[NDArray[Any]], NDArray[Any]], threads: int = 1) -> NDArray[Any]:
        """Apply a function that reduces the draw axis to each slab, and concatenate the results along the weeks (axis -2)."""
        executor: Executor = "threads" if threads > 1 else "serial"
        parts = map_chunks(lambda span: function(self._slab(span)), self._spans(MAX_SLAB // threads), executor, workers=threads)
        return np.concatenate(list(parts), axis=-2)
