"""An array of all draws that need not be in memory at once: parts on disk or in memory, read some weeks at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

SLAB = 4_000_000
"""Numbers in a slab: 16 MB in single precision."""


@dataclass(frozen=True, eq=False)
class ChunkedArray:
    """Parts (draw, week, column) of an array, one after the other along the draws.

    Parameters
    ----------
    parts : sequence of callable
        Each opens a part: an array, or a view of a file that is closed when it is let go.
    """

    parts: Sequence[Callable[[], NDArray[Any]]]

    @classmethod
    def of(cls, values: NDArray[Any]) -> ChunkedArray:
        """One part in memory."""
        return cls([lambda: values])

    @property
    def columns(self) -> int:
        """Length of the last axis."""
        return int(self.parts[0]().shape[-1])

    def whole(self) -> NDArray[Any]:
        """The array itself, in memory."""
        return np.concatenate([part() for part in self.parts])

    def slabs(self, most: int = SLAB) -> Iterator[NDArray[Any]]:
        """Arrays (draw, some weeks, column) of at most some numbers, in the order of the weeks; at least one week each."""
        shapes = [part().shape for part in self.parts]
        weeks = shapes[0][1]
        step = max(1, most * weeks // max(1, sum(int(np.prod(shape)) for shape in shapes)))
        for first in range(0, weeks, step):
            yield np.concatenate([np.array(part()[:, first : first + step]) for part in self.parts])

    def over_draws(self, reduce: Callable[[NDArray[Any]], NDArray[Any]]) -> NDArray[Any]:
        """What a function makes of (draw, some weeks, column), weeks on the axis before the last, for all weeks."""
        return np.concatenate([reduce(slab) for slab in self.slabs()], axis=-2)
