"""An investment vehicle whose projects one side pays for and the other chooses (N5).

Cash flow is divided by one rule until principal and interest are back, then by another. What a dollar promised is worth to each side
is linear in the sum, so it is worked out once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Vehicle(NamedTuple):
    """Terms and assumptions of a vehicle; numbers, years may have fractions."""

    split: float
    """Share of the investor until principal and interest are back [1]."""
    after: float
    """Share of the other side afterwards [1]."""
    project_return: float
    """[1/year]"""
    build_years: float
    project_life: float
    interest: float
    """[1/year]"""
    alternative_return: float
    """What the investor gives up [1/year]."""


class CashFlow(NamedTuple):
    """Cash flow by year since a dollar was committed."""

    years: Floats
    """End of each year since the commitment."""
    investor: Floats
    """[USD]"""
    host: Floats
    """[USD]"""
    owed: Floats
    """Principal and interest still owed at the end of each year [USD]."""


def cash_flow(vehicle: Vehicle) -> CashFlow:
    """Cash flow of a dollar: level over the life, with the projects' return from the commitment on.

    The year in which the last of the debt is paid is divided by both rules, each for its part.
    """
    years = vehicle.build_years + np.arange(1.0, round(vehicle.project_life) + 1.0)
    level = 1.0 / float(((1.0 + vehicle.project_return) ** -years).sum())
    owed = (1.0 + vehicle.interest) ** vehicle.build_years
    investor, left = np.zeros(len(years)), np.zeros(len(years))
    for number in range(len(years)):
        owed *= 1.0 + vehicle.interest
        paid = min(vehicle.split * level, owed)
        rest = level - paid / vehicle.split if vehicle.split > 0.0 else 0.0
        owed -= paid
        investor[number] = paid + (1.0 - vehicle.after) * rest
        left[number] = owed
    return CashFlow(years, investor, level - investor, left)


class Worth(NamedTuple):
    """Present value of a dollar invested at its commitment [USD]."""

    investor: float
    """Above what the investor gives up."""
    host: float


def worth(vehicle: Vehicle, discount: float, additional: float) -> Worth:
    """N5: present value to both sides of a dollar that is invested.

    Parameters
    ----------
    vehicle : Vehicle
    discount : float
        Rate of the host; the investor's flows are discounted at what it gives up [1/year].
    additional : float
        Share of the projects that would not have come otherwise [1]. Of the others the host saves its own money and loses the cash
        flow that it would have had, so that it gains what the investor leaves it.
    """
    flow = cash_flow(vehicle)
    own = float(((1.0 + vehicle.alternative_return) ** -flow.years) @ flow.investor)
    factors = (1.0 + discount) ** -flow.years
    displaced = float(factors @ (flow.investor + flow.host)) - 1.0
    return Worth(own - 1.0, float(factors @ flow.host) - (1.0 - additional) * displaced)


def deployment(years: float, discount: float) -> float:
    """Mean discount factor of money that is committed evenly over some years [1]."""
    return float(-np.expm1(-rate(discount) * years) / (rate(discount) * years)) if years > 0.0 and discount > 0.0 else 1.0


def rate(discount: float) -> float:
    """Continuous rate of a yearly one [1/year]."""
    return float(np.log1p(discount))
