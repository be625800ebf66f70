"""Games with transferable utility given by the value of every coalition, and what they say about themselves.

Coalitions are numbers whose bit ``i`` says whether party ``i`` is a member. Equations K1-K3 in ``docs/explanation/together.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MAX_PARTIES = 10


@dataclass(frozen=True, eq=False)
class Game:
    """Value of every coalition of some parties.

    Parameters
    ----------
    parties : tuple of str
        In alphabetical order for games of alliances.
    values : array (2**n,)
        Value of each coalition; that of nobody is 0.

    Raises
    ------
    InputError
        For no party or more than :data:`MAX_PARTIES`, another number of values, a value that is no number, or one of nobody.
    """

    parties: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        n = len(self.parties)
        if not 1 <= n <= MAX_PARTIES:
            raise InputError(f"a game has 1 to {MAX_PARTIES} parties; found {n}")
        if self.values.shape != (1 << n,) or not np.isfinite(self.values).all() or self.values[0] != 0.0:
            raise InputError(f"a game of {n} parties has {1 << n} finite values, that of nobody being 0")

    @cached_property
    def members(self) -> Bools:
        """Who is a member (coalition, party)."""
        return membership(len(self.parties))

    @property
    def whole(self) -> float:
        """Value of all together."""
        return float(self.values[-1])

    def name(self, coalition: int) -> str:
        """Members of a coalition joined by ``+``."""
        return "+".join(party for i, party in enumerate(self.parties) if coalition >> i & 1)

    def coalition(self, parties: Iterable[str]) -> int:
        """Number of a coalition."""
        return sum(1 << self.parties.index(party) for party in parties)

    def excess(self, shares: ArrayLike) -> Floats:
        """K3: value of each coalition less what its members get together (coalition,); above 0 they would do better alone."""
        return np.asarray(self.values - self.members @ np.asarray(shares, float))

    def part(self, coalition: int) -> Game:
        """Game among the members of a coalition."""
        chosen = np.flatnonzero(self.members[coalition])
        inside = membership(len(chosen)) @ (1 << chosen)
        return Game(tuple(self.parties[i] for i in chosen), self.values[inside])

    @cached_property
    def worst_pair(self) -> float:
        """K2: least of v(S + T) - v(S) - v(T) over disjoint pairs; not below 0 where the game is superadditive."""
        found = np.inf
        for union in range(1, len(self.values)):
            part = (union - 1) & union
            while part > union ^ part:
                found = min(found, float(self.values[union] - self.values[part] - self.values[union ^ part]))
                part = (part - 1) & union
        return found if np.isfinite(found) else 0.0


def membership(n: int) -> Bools:
    """Who is a member of each coalition of ``n`` parties (2**n, n)."""
    return np.asarray(np.arange(1 << n)[:, None] >> np.arange(n) & 1, dtype=bool)
