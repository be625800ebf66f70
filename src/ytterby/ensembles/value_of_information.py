"""Value of information: which uncertain facts, if known, would narrow the band most or change a decision.

The band of an outcome given an input is estimated in windows of draws (:mod:`ytterby.ensembles.conditional_means`); the
narrowing expected by chance is estimated from permuted outcomes and subtracted. A fact changes the choice between two runs
if the mean difference given the fact has another sign than the mean difference over all draws; the mean loss avoided by
the better choice is the expected value of perfect information about that input (Strong and Oakley, *An efficient method
for computing single-parameter partial expected
value of perfect information*, Medical Decision Making 33 (2013) 755-766).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.ensembles.conditional_means import (
    BAND,
    PermutationTest,
    RankWindows,
    local_means,
    mean_band_width,
    ordered_draws,
    significance_limit,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

NAMED = 3
"""Largest number of facts reported."""


@dataclass(frozen=True)
class UncertainFact:
    """Effect of knowing one input on the band.

    Attributes
    ----------
    input : str
    narrows : float
        Expected relative narrowing of the 90 % band [1]; about 0 for an input without effect.
    noise : float
        Standard deviation of `narrows` under the null hypothesis.
    sure : bool
        Whether it is significant given the number of inputs.
    """

    input: str
    narrows: float
    noise: float
    sure: bool


@dataclass(frozen=True)
class InformationValue:
    """Band of the outcome, value of information of all inputs (largest first), and of the most important ones together."""

    low: float
    high: float
    facts: tuple[UncertainFact, ...]
    named: tuple[str, ...]
    together: float
    """Relative narrowing if all named facts are known [1]."""


@dataclass(frozen=True)
class ChoiceFlip:
    """Effect of knowing one input on the choice between two runs.

    Attributes
    ----------
    input : str
    share : float
        Share of the input's range (by probability) in which the other choice is better.
    values : tuple
        Values of the input at which the choice changes; empty for categories.
    gain : float
        Expected loss avoided by choosing after the fact is known [unit of the outcome], net of the gain expected by chance.
    """

    input: str
    share: float
    values: tuple[float, ...]
    gain: float


def information_value(inputs: pd.DataFrame, outcome: Array) -> InformationValue:
    """Which inputs, if known, would narrow the 90 % band of the outcome most.

    Parameters
    ----------
    inputs : DataFrame
        One row per draw; numbers or categories.
    outcome : array (draw,)

    Raises
    ------
    InputError
        If there are too few draws, or the outcome is constant or not finite.
    """
    table, y = ordered_draws(inputs, outcome)
    names = tuple(dict.fromkeys(table.inputs))
    test = PermutationTest(y)
    found = zip(names, test.gains([RankWindows(table.of(name)) for name in names], mean_band_width), strict=True)
    limit = significance_limit(len(names))
    facts = sorted(
        (UncertainFact(name, gain, noise, gain > limit * noise) for name, (gain, noise) in found),
        key=lambda fact: (-fact.narrows, fact.input),
    )
    named = tuple(fact.input for fact in facts if fact.sure)[:NAMED]
    together = test.gain(RankWindows(table.of(*named)), mean_band_width)[0] if named else 0.0
    low, high = (float(end) for end in np.quantile(y, BAND))
    return InformationValue(low, high, tuple(facts), named, together)


def choice_flips(inputs: pd.DataFrame, difference: Array) -> list[ChoiceFlip]:
    """Inputs whose knowledge would change the choice between two runs, most valuable first.

    Parameters
    ----------
    inputs : DataFrame
        One row per draw.
    difference : array (draw,)
        Outcome of the second run minus that of the first in the same draw; the run with the smaller outcome is preferred.
    """
    table, y = ordered_draws(inputs, difference)
    test, sign, found = PermutationTest(y), 1.0 if y.mean() > 0 else -1.0, []
    for name in dict.fromkeys(table.inputs):
        windows = RankWindows(table.of(name))
        curve = sign * local_means(windows, y)
        permuted = np.maximum(-sign * local_means(windows, test.aligned(windows)), 0.0).mean(axis=0)
        gain = float(np.maximum(-curve, 0.0).mean())
        if gain > permuted.max():
            found.append(ChoiceFlip(name, float((curve < 0).mean()), _sign_changes(windows, curve), gain - float(permuted.mean())))
    return sorted(found, key=lambda flip: (-flip.gain, flip.input))


def _sign_changes(windows: RankWindows, curve: Array) -> tuple[float, ...]:
    """Values of a numeric input at which the curve over the centres changes its sign."""
    if windows.table.shape[1] != 1:
        return ()
    at = windows.table[windows.centres, 0]
    turning = np.flatnonzero(curve[1:] * curve[:-1] < 0.0)
    return tuple(float(at[i] + (at[i + 1] - at[i]) * curve[i] / (curve[i] - curve[i + 1])) for i in turning)
