"""What the calibrated classes say of each user of the record that was left out, beside the rule "parts stop, materials do not"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.disruptions.losses import stops, weeks_lost
from ytterby.validation.disruptions.posterior import class_posterior, points, shares_that_stop, shortage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.validation.disruptions.record import User

    Floats = NDArray[np.float64]

LEFT_OUT_SAMPLE = 2000
"""Draws of a fit without an event."""
REPLAYED = 300
"""Posterior draws of equal weight by which a user is foretold."""
LEAST_WEEKS = 0.05
"""Weeks below which a loss counts as none when two losses are compared."""
BAND = (0.1, 0.9)
MATERIAL = "material"


@dataclass(frozen=True)
class Foretold:
    """A user of the record, foretold by a calibration that has not seen its event."""

    user: User
    p_stop: float
    """Probability that 5 % or more of its output stand in some week [1]."""
    weeks: float
    """Output lost, median over draws; none in a draw without a stop, as in the record [weeks]."""
    weeks_low: float
    weeks_high: float
    rule_weeks: float
    """Output lost by the bare rule: of a part the median of the parts of other events that stopped, of a material none [weeks]."""

    @property
    def rule(self) -> float:
        """What the bare rule says of a stop [1]."""
        return 0.0 if self.user.input_class == MATERIAL else 1.0


def foretell(
    given: tuple[User, ...], draws: int = LEFT_OUT_SAMPLE, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> tuple[Foretold, ...]:
    """Foretell each user from the other events: events of one fold are left out together, and nothing of them enters the fit.

    Parameters
    ----------
    given : tuple of User
        The record.
    draws, seed : int
        Draws of each fit, and their seed.
    progress : callable, optional
        Called with folds done and folds in all.
    """
    at, folds = points(seed=seed), sorted({(user.input_class, user.fold) for user in given})
    found = {}
    for done, (name, fold) in enumerate(folds, start=1):
        others = tuple(user for user in given if user.input_class == name and user.fold != fold)
        values = class_posterior(others, draws, seed).replay(REPLAYED)
        for user in given:
            if (user.input_class, user.fold) == (name, fold):
                found[user.id] = _foretold(user, values, at, rule_weeks(user, given))
        if progress:
            progress(done, len(folds))
    return tuple(found[user.id] for user in given)


def rule_weeks(user: User, given: tuple[User, ...]) -> float:
    """Weeks lost by the rule "parts stop, materials do not": median of the parts that stopped in other events, none for a material.

    None either where no part of another event is recorded to have stopped: the rule then has no weeks to go by.
    """
    if user.input_class == MATERIAL:
        return 0.0
    parts = [one.lost for one in given if one.input_class != MATERIAL and one.fold != user.fold and one.stopped and one.lost is not None]
    return float(np.median(parts)) if parts else 0.0


def _foretold(user: User, values: dict[str, Floats], at: dict[str, Floats], rule: float) -> Foretold:
    hit = shortage(user, values, at, shares_that_stop(values, at))
    stopped = stops(hit)
    low, middle, high = np.quantile(_as_recorded(weeks_lost(hit, *user.window), stopped), (BAND[0], 0.5, BAND[1]))
    return Foretold(user, float(stopped.mean()), float(middle), float(low), float(high), rule)


def _as_recorded(weeks: Floats, stopped: NDArray[np.bool_]) -> Floats:
    """Weeks lost as the record counts them: none where no week loses enough to be called a stop, since nobody reports such losses."""
    return np.where(stopped, weeks, 0.0)


def brier(found: tuple[Foretold, ...], *, rule: bool = False) -> float:
    """Mean squared error of the probabilities of a stop over users whose stop or none is recorded."""
    asked = [item for item in found if item.user.stopped is not None]
    return float(np.mean([((item.rule if rule else item.p_stop) - float(bool(item.user.stopped))) ** 2 for item in asked]))


def right_side(found: tuple[Foretold, ...], *, rule: bool = False) -> tuple[int, int]:
    """Users on the right side of one half, and users asked."""
    asked = [item for item in found if item.user.stopped is not None]
    return sum(((item.rule if rule else item.p_stop) >= 0.5) == item.user.stopped for item in asked), len(asked)


def log_error(found: tuple[Foretold, ...], *, rule: bool = False) -> float:
    """Root mean square of ln(foretold / observed) weeks lost over users whose loss is recorded, none counting as 0.05 weeks."""
    asked = [item for item in found if item.user.lost is not None]
    pairs = [((item.rule_weeks if rule else item.weeks), item.user.lost or 0.0) for item in asked]
    gaps = [np.log(max(ours, LEAST_WEEKS) / max(seen, LEAST_WEEKS)) for ours, seen in pairs]
    return float(np.sqrt(np.mean(np.square(gaps))))


def within_factor(item: Foretold, factor: float = 2.0) -> bool:
    """Whether the weeks lost are foretold within a factor."""
    seen, ours = max(item.user.lost or 0.0, LEAST_WEEKS), max(item.weeks, LEAST_WEEKS)
    return bool(1.0 / factor <= ours / seen <= factor)
