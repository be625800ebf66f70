"""Value at risk and conditional value at risk of a discrete distribution, by sorting [1]_.

.. [1] R. T. Rockafellar, S. Uryasev, Conditional value-at-risk for general loss distributions, J. Banking & Finance 26 (2002), 1443-1471.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Cumulative probability that counts as nothing."""


class LossByScenario:
    """What has a loss in each scenario: its mean, and the mean of the worst."""

    loss: Floats
    """Loss of each scenario (S,) [USD, or as the programme counts]."""
    probability: Floats
    """Probabilities of the scenarios (S,)."""
    alpha: float
    """Level of the CVaR."""

    @property
    def expected_loss(self) -> float:
        """Expected loss, in the unit of the losses."""
        return float(self.probability @ self.loss)

    @property
    def cvar(self) -> float:
        """Conditional value at risk of the loss, in its unit."""
        return conditional_value_at_risk(self.loss, self.probability, self.alpha)


def value_at_risk(loss: Floats, probability: Floats, alpha: float) -> float:
    """Smallest loss that is not exceeded with at least the probability alpha.

    Parameters
    ----------
    loss, probability : ndarray (S,)
        Losses and their probabilities, which sum to 1.
    alpha : float
        Level, from 0 to below 1.
    """
    order = np.argsort(loss, kind="stable")
    reached = np.cumsum(probability[order]) >= alpha - ROUNDING
    return float(loss[order[np.argmax(reached)]])


def conditional_value_at_risk(loss: Floats, probability: Floats, alpha: float) -> float:
    """Mean of the worst losses that together have the probability 1 - alpha; the loss at the border counts in part.

    Parameters
    ----------
    loss, probability : ndarray (S,)
        Losses and their probabilities, which sum to 1.
    alpha : float
        Level, from 0 (the mean) to below 1.
    """
    at = value_at_risk(loss, probability, alpha)
    return at + float(probability @ np.maximum(loss - at, 0.0)) / (1.0 - alpha)
