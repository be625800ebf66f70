"""Results kept for the same objects: tables of a System never change, and an ensemble asks for them in every draw."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
MOST = 8
"""Results kept per function: an ensemble works on one System."""


def identity_cached(function: Callable[..., Result]) -> Callable[..., Result]:
    """Keep the last results of a function of objects, told apart by identity.

    The objects are held with their result, so that no other object takes their identity meanwhile.
    """
    found: dict[tuple[int, ...], tuple[tuple[Any, ...], Result]] = {}

    @wraps(function)
    def lookup(*objects: Any) -> Result:
        key = tuple(id(one) for one in objects)
        known = found.get(key)
        if known is None:
            known = found[key] = (objects, function(*objects))
            while len(found) > MOST:
                found.pop(next(iter(found)), None)
        return known[1]

    return lookup
