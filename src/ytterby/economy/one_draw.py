"""The parameters of one draw, taken from those of several."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

Parameters = TypeVar("Parameters", bound="tuple[object, ...]")


def of_draw(parameters: Parameters, place: int) -> Parameters:
    """A named tuple of arrays (draw, ...), numbers and such tuples, with the arrays of one draw (...)."""
    return type(parameters)(*(_of_draw(value, place) for value in parameters))


def _of_draw(value: object, place: int) -> object:
    if isinstance(value, tuple):
        return of_draw(value, place)
    return value[place] if isinstance(value, np.ndarray) else value
