"""What work that takes long must be given to remember its finished parts: rooms below the store ask for it as an argument."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


class Checkpoint(Protocol):
    """Arrays of finished parts of some work, each by a digest of all that it depends on."""

    def get(self, digest: str) -> Mapping[str, NDArray[np.generic]] | None:
        """Arrays of a part, None if it is not there or not whole."""

    def put(self, digest: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Remember the arrays of a part; after the call they survive a kill."""


def digest_of(*parts: object) -> str:
    """Name of a part of some work: the first 32 hexadecimal digits of the SHA-256 of what it depends on."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
