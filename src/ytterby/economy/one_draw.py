"""The parameters of one draw, taken from those of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Parameters = TypeVar("Parameters", bound="tuple[Any, ...]")


def of_draw(parameters: Parameters, place: int) -> Parameters:
    """A named tuple of arrays (draw, ...), numbers and such tuples, with the arrays of one draw (...)."""
    named: Callable[..., Parameters] = type(parameters)
    return named(*(_of_draw(value, place) for value in parameters))


def _of_draw(value: Any, place: int) -> Any:
    if isinstance(value, tuple):
        return of_draw(value, place)
    return value[place] if isinstance(value, np.ndarray) else value
