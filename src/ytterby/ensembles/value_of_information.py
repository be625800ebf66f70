"""The value of asking: which unknown facts, if known, would narrow the band most or change a choice.

The band of an outcome given an input is measured inside windows of draws (:mod:`conditional`); what
chance narrows by itself is measured on shuffled outcomes and taken off. A choice between two runs is
changed by a fact where the mean difference given the fact has another sign than the mean difference
over all draws; the mean loss that the better choice avoids is the expected value of perfect information
about that input (Strong and Oakley, *An efficient method for computing single-parameter partial expected
value of perfect information*, Medical Decision Making 33 (2013) 755-766).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.ensembles.conditional_means import BAND, Chance, RankWindows, arranged, edge, means, widths

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

NAMED = 3
"""Facts that are asked for."""


@dataclass(frozen=True)
class UncertainFact:
    """What knowing one input does to the band.

    Attributes
    ----------
    input : str
    narrows : float
        Expected relative narrowing of the 90 % band [1]; about 0 for an input that says nothing.
    noise : float
        Standard deviation of `narrows` by chance.
    sure : bool
        Whether it is more than chance, the number of inputs that were asked considered.
    """

    input: str
    narrows: float
    noise: float
    sure: bool


@dataclass(frozen=True)
class InformationValue:
    """The value of asking: band of the outcome, all inputs (most narrowing first), the first few together."""

    low: float
    high: float
    facts: tuple[UncertainFact, ...]
    named: tuple[str, ...]
    together: float
    """Relative narrowing when the named facts are known at once [1]."""


@dataclass(frozen=True)
class ChoiceFlip:
    """What knowing one input does to a choice between two runs.

    Attributes
    ----------
    input : str
    share : float
        Share of the input's range (by probability) in which the other choice is better.
    values : tuple
        Values of the input at which the choice turns; empty for words.
    gain : float
        Expected loss avoided by choosing after the fact is known [unit of the outcome], chance taken off.
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
        One row a draw; numbers or words.
    outcome : array (draw,)

    Raises
    ------
    InputError
        With too few draws, or an outcome that never changes or is not finite.
    """
    table, y = arranged(inputs, outcome)
    names = tuple(dict.fromkeys(table.inputs))
    asked = Chance(y)
    found = [(name, *asked.gain(RankWindows(table.of(name)), widths)) for name in names]
    least = edge(len(names))
    facts = sorted(
        (UncertainFact(name, gain, noise, gain > least * noise) for name, gain, noise in found),
        key=lambda fact: (-fact.narrows, fact.input),
    )
    named = tuple(fact.input for fact in facts if fact.sure)[:NAMED]
    together = asked.gain(RankWindows(table.of(*named)), widths)[0] if named else 0.0
    low, high = (float(end) for end in np.quantile(y, BAND))
    return InformationValue(low, high, tuple(facts), named, together)


def choice_flips(inputs: pd.DataFrame, difference: Array) -> list[ChoiceFlip]:
    """Inputs whose knowledge would change the choice between two runs, most valuable first.

    Parameters
    ----------
    inputs : DataFrame
        One row a draw.
    difference : array (draw,)
        Outcome of the second run less that of the first in the same draw; the run with less is preferred.
    """
    table, y = arranged(inputs, difference)
    chance, sign, found = Chance(y), 1.0 if y.mean() > 0 else -1.0, []
    for name in dict.fromkeys(table.inputs):
        windows = RankWindows(table.of(name))
        curve = sign * means(windows, y)
        by_chance = np.maximum(-sign * means(windows, chance.along(windows)), 0.0).mean(axis=0)
        gain = float(np.maximum(-curve, 0.0).mean())
        if gain > by_chance.max():
            found.append(ChoiceFlip(name, float((curve < 0).mean()), _turns(windows, curve), gain - float(by_chance.mean())))
    return sorted(found, key=lambda flip: (-flip.gain, flip.input))


def _turns(windows: RankWindows, curve: Array) -> tuple[float, ...]:
    """Values of a numeric input at which the curve over the centres changes its sign."""
    if windows.table.shape[1] != 1:
        return ()
    at = windows.table[windows.centres, 0]
    turning = np.flatnonzero(curve[1:] * curve[:-1] < 0.0)
    return tuple(float(at[i] + (at[i + 1] - at[i]) * curve[i] / (curve[i] - curve[i + 1])) for i in turning)
