"""What export duties and tariffs share: a rate over time, by one number or by dated steps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.parts import TariffStep
from ytterby.measures.weeks import stepped

if TYPE_CHECKING:
    from ytterby.measures.base import DrawnValues
    from ytterby.measures.parts import RateStep
    from ytterby.measures.weeks import Floats, Mondays, NumberOrDraws

    DatedRates = list[tuple[dt.date, NumberOrDraws]]


class Duty(Measure):
    """A rate over time, by one number or by steps."""

    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("rate", "steps.*.rate")
    rate: f.Rate | None = None
    """Ad valorem rate over the whole time, 0.25 for 25 % [1]."""
    if TYPE_CHECKING:  # declared by each kind, which knows what its steps say
        steps: tuple[RateStep, ...]

    def faults(self) -> list[str]:
        """Either one rate or steps, each step by its own date."""
        if (self.rate is None) == (not self.steps):
            return ["give either 'rate' or 'steps'"]
        dates = [(step.date, _announced(step)) for step in self.steps]
        return ["'steps' holds the same date twice"] if len(set(dates)) < len(dates) else []

    def dated(self, values: DrawnValues) -> DatedRates:
        """Rates by the date from which they are in force, in order; before the first date none is.

        Announced steps do not count; a step before `start` counts from `start`.
        """
        steps: DatedRates = [(s.date, values["steps", i, "rate"]) for i, s in enumerate(self.steps) if not _announced(s)]
        if self.rate is not None:
            steps = [(self.start, values["rate"])]
        steps = sorted(steps, key=lambda step: step[0])
        before = [(self.start, rate) for day, rate in steps if day <= self.start]
        after = [step for step in steps if step[0] > self.start and (self.end is None or step[0] <= self.end)]
        return before[-1:] + after + ([(self.end + dt.timedelta(days=1), 0.0)] if self.end else [])

    def rates(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Mean rate in force in each week [1]."""
        dated = self.dated(values)
        return stepped([day for day, _ in dated], [rate for _, rate in dated], weeks)

    def changes(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Mean rate in each week less the rate on the eve of the first week, which the base holds already [1]."""
        eve = weeks[0].astype(dt.date) - dt.timedelta(days=1)
        held = next((rate for day, rate in reversed(self.dated(values)) if day <= eve), 0.0)
        return np.asarray(self.rates(weeks, values) - held)


def _announced(step: RateStep) -> bool:
    return isinstance(step, TariffStep) and step.status == "announced"
