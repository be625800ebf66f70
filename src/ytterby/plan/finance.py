"""What capital costs by year, when a measure works, and which public money closes its gap.

Equations P11 and P12 in ``docs/explanation/plan.md``; money is in million USD of 2024.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.decisions import annuity, discount_factors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.facts import Candidate

    Floats = NDArray[np.float64]

STARTS = (2027, 2030, 2033)
"""Years in which a plant or programme may be begun."""
LIFE = 20
"""Years over which a plant earns (assumed, 15-25)."""
ROUNDING = 1e-6
"""By how much more than its earnings a measure that does not pay alone costs, so that it is never chosen for nothing [1]."""


@dataclass(frozen=True)
class Rates:
    """Discount rates [1/year]."""

    social: float = 0.05
    """Of resource cost and losses (3-8 %)."""
    private: float = 0.10
    """That investors ask for (8-14 %)."""


@dataclass(frozen=True)
class Finance:
    """Costs of capital over the years of a plan.

    Parameters
    ----------
    years : tuple of int
    rates : Rates
    """

    years: tuple[int, ...]
    rates: Rates = field(default_factory=Rates)

    def grant(self, capex: float, margin: float, usable: Floats) -> float:
        """Equation P12: what is missing at the private rate, at the year of the start; negative where it pays alone.

        Parameters
        ----------
        capex : float
            Paid at the start [million USD].
        margin : float
            Value added at base prices less running cost, at full use [million USD/year].
        usable : array (year,)
            Share usable in each year of the life; the present value refers to the first.
        """
        factors = (1.0 + self.rates.private) ** -np.arange(len(usable))
        return capex - margin * float(usable @ factors)

    def without_calm_gain(self, cost: Floats, earned: Floats) -> Floats:
        """Equation P11: resource cost of what does not pay alone (year,), at least what it earns without any restriction (year,).

        What pays at the social rate but not at the private one would else be bought without any risk. The difference is no gain: it is
        what investors ask for bearing risks of the market that the programme does not have.
        """
        discount = discount_factors(self.years, self.rates.social)
        spent, over = float(cost @ discount), float((earned - cost) @ discount)
        return cost * (1.0 + (1.0 + ROUNDING) * over / spent) if over > 0.0 and spent > 0.0 else cost

    def annuities(self, capex: float, usable: Floats) -> Floats:
        """Equation P11: annuities of the capital from the first year of use on (year,)."""
        first = int(np.argmax(usable > 0.0))
        payments = np.zeros(len(usable))
        payments[first:] = capex * annuity(self.rates.social, LIFE)
        return payments

    def paid(self, amount: float, year: int) -> Floats:
        """An amount in one year (year,)."""
        payments = np.zeros(len(self.years))
        payments[self.years.index(year)] = amount
        return payments


def usable_share(candidate: Candidate, start: int, years: NDArray[np.int64]) -> Floats:
    """Share of the size that can be used (year,), in the mean over delay and failure."""
    opening = start + math.ceil(number(candidate, "lead", 0.0))
    if candidate.earliest_start:
        opening = max(opening, candidate.earliest_start + start - STARTS[0])
    ramp = candidate.ramp or (1.0,)
    slip, delay = number(candidate, "slip", 0.0), max(1, math.ceil(number(candidate, "slip_years", 1.0)))
    works = 1.0 - number(candidate, "cancel", 0.0)
    return works * ((1.0 - slip) * _ramped(years, opening, ramp) + slip * _ramped(years, opening + delay, ramp))


def usable_for_life(candidate: Candidate, start: int) -> Floats:
    """Share usable in each year of the life from the start on (year,)."""
    opening = max(start + math.ceil(number(candidate, "lead", 0.0)), (candidate.earliest_start or 0) + start - STARTS[0])
    years = np.arange(start, opening + LIFE)
    slip, delay = number(candidate, "slip", 0.0), max(1, math.ceil(number(candidate, "slip_years", 1.0)))
    ramp = candidate.ramp or (1.0,)
    works = 1.0 - number(candidate, "cancel", 0.0)
    return works * ((1.0 - slip) * _ramped(years, opening, ramp) + slip * _ramped(years, opening + delay, ramp))


def number(candidate: Candidate, name: str, default: float) -> float:
    """Central value of a figure of a candidate; the default where there is none."""
    value = candidate.figures[name].value
    return default if math.isnan(value) else float(value)


def _ramped(years: NDArray[np.int64], opening: int, ramp: tuple[float, ...]) -> Floats:
    """Share of capacity in each year (year,) for an opening and shares by year since then."""
    since = years - opening
    return np.where(since < 0, 0.0, np.array(ramp)[np.clip(since, 0, len(ramp) - 1)])
