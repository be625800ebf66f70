"""What of a lost output comes back: short stops are made up, finished goods buffer sales.

Equations R1-R4 in ``docs/explanation/losses.md``. All quantities are in weeks of base output; arrays are
(..., week, sector).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import assumptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

STANDSTILL = 0.005
"""Share of output: a week that loses less does not count as part of a stop."""


class RecaptureModel(NamedTuple):
    """How lost output comes back; numbers or arrays that broadcast to (..., sector)."""

    share: Array
    """Share of the output lost in a short stop that is made up."""
    longest: Array
    """A stop of this many weeks or more is not made up."""
    window: int
    """Weeks within which it is made up, else it is lost."""
    overtime: Array
    """Most that is made up in a week, as share of base output."""
    finished: Array
    """Stock of finished goods [weeks of sales]."""


class Recapture(NamedTuple):
    """What came back."""

    made_up: Array
    """(..., week, sector) output above base output."""
    pending: Array
    """(..., sector) still to be made up when the weeks end; not counted as made up."""
    sales_lost: Array
    """(..., week, sector) sales that finished goods could not serve."""


def recapture_model(sectors: list[str], quantiles: Array | None = None) -> RecaptureModel:
    """Recapture of sectors by code from the recipe ``recapture``; ``quantiles`` (..., row) as in ``recipes``."""
    recipe = assumptions.read("recapture")
    uses = [(sector, "") for sector in sectors]
    pick = {name: recipe.pick(name, uses, quantiles) for name in ("share", "longest", "overtime", "finished")}
    return RecaptureModel(window=round(float(recipe.scalar("window").max())), **pick)


def recapture(lost: Array, model: RecaptureModel) -> Recapture:
    """Output made up later and sales lost, for the shares of output lost (..., week, sector)."""
    made_up = np.zeros_like(lost)
    state = np.zeros((4, *lost.shape[:-2], lost.shape[-1]))
    booked = [state[2].copy()]
    for week in range(lost.shape[-2]):
        state, made_up[..., week, :] = _week(state, lost[..., week, :], booked[max(len(booked) - model.window, 0)], model)
        booked.append(state[2].copy())
    return Recapture(made_up, state[2] - state[3], sales_lost(lost - made_up, model.finished))


def _week(state: Array, lost: Array, expired: Array, model: RecaptureModel) -> tuple[Array, Array]:
    """One week of equations R1-R3; state: weeks of the current stop, its loss, booked, made up or expired."""
    length, loss, booked, done = state
    still = lost > STANDSTILL
    ended = ~still & (length > 0)
    booked = booked + np.where(ended & (length < model.longest), model.share * loss, 0.0)
    done = np.maximum(done, expired)
    made = np.where(still, 0.0, np.minimum(booked - done, model.overtime))
    length = np.where(still, length + 1, 0.0)
    return np.array([length, np.where(still, loss + lost, 0.0), booked, done + made]), made


def sales_lost(missing: Array, finished: Array) -> Array:
    """Equation R4: sales lost per week when output lacks ``missing`` (..., week, sector) and ``finished`` weeks are in stock."""
    beyond = np.cumsum(missing, axis=-2) - np.asarray(finished)[..., None, :]
    return np.diff(np.maximum.accumulate(np.maximum(beyond, 0.0), axis=-2), axis=-2, prepend=0.0)
