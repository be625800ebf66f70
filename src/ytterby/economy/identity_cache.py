"""Caches results by the identity of the arguments: the tables of a System are unhashable but never change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
MAX_RESULTS = 8
"""Results cached per function; an ensemble needs those of one System."""


def identity_cached(function: Callable[..., Result]) -> Callable[..., Result]:
    """Cache the last results of a function by the identity of its arguments.

    The arguments are referenced together with the result, so that their ``id`` cannot be reused in the meantime.
    """
    found: dict[tuple[int, ...], tuple[tuple[Any, ...], Result]] = {}

    @wraps(function)
    def lookup(*objects: Any) -> Result:
        key = tuple(id(one) for one in objects)
        known = found.get(key)
        if known is None:
            known = found[key] = (objects, function(*objects))
            while len(found) > MAX_RESULTS:
                found.pop(next(iter(found)), None)
        return known[1]

    return lookup
