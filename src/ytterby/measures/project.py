"""Project: a new mine or plant, with its ramp and its buyers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.facts import expand_regions
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import PlantGrowth
from ytterby.measures.weeks import share_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Project(Measure):
    """A new mine or plant in `from` that makes the goods, with its ramp; `start` is the planned opening."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    LATER: ClassVar[frozenset[str]] = frozenset({"recipe"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("capacity_t_per_year",)
    kind: Literal["project"] = "project"
    capacity_t_per_year: f.Amount
    """Nameplate output of each commodity of `on` [t/year]."""
    ramp: tuple[f.Share, ...] = Field(default=(0.20, 0.45, 0.65, 0.80, 0.90), min_length=1, max_length=40)
    """Share of nameplate reached in the first, second, ... year; the last stays (facts YIE0131-YIE0135) [1]."""
    slip_weeks: f.Weeks = 0.0
    """Delay of the opening [weeks]."""
    feed: f.Selectors = ()
    """What the plant takes in; what plants of its kind take in, where empty."""
    recipe: f.Text = ""
    """What a tonne takes in and gives out, by the name of a process such as `magnet.NdFeB`, where no such plant stood in the base year."""
    offtake: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Share of the output that buyers in a region have agreed to take; the rest is sold to all [1]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[PlantGrowth]:
        """Plants of its kind grow by the capacity, and sell it."""
        yield PlantGrowth(
            replace(self.plants, feed=self.feed, recipe=self.recipe), self.capacity(weeks, values), tuple(self.offtake.items())
        )

    def new_plants(self) -> tuple[tuple[str, str], ...]:
        """The plant of its recipe in each of its regions."""
        return tuple((self.recipe, place) for name in self.from_ for place in expand_regions(name)) if self.recipe else ()

    def capacity(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Capacity in each week [t/year]: `ramp` by years since the opening."""
        opening = self.start + dt.timedelta(days=round(7 * self.slip_weeks))
        years = np.floor((weeks - np.datetime64(opening, "D")).astype(float) / 365.25).astype(int)
        shares = np.array(self.ramp)[np.clip(years, 0, len(self.ramp) - 1)]
        end = self.end if self.end is None or self.end >= opening else opening - dt.timedelta(days=1)
        nameplate = values["capacity_t_per_year"]
        return np.asarray(nameplate * np.where(years < 0, self.ramp[0], shares) * share_in_force(opening, end, weeks))
