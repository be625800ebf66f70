"""Stockpile: a stock is built from the market, or released to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Markets, StockBuild, StockRelease
from ytterby.measures.parts import Trigger  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays


class Stockpile(Measure):
    """A state or firm in `owner` builds a stock of the goods, or releases it to `to`."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("tonnes", "rate", "trigger.*")
    kind: Literal["stockpile"] = "stockpile"
    owner: f.Region
    """Where the stock lies; a release goes to `to`, or here where `to` is not given."""
    action: Literal["build", "release"]
    """Buys from the market, or gives to it."""
    tonnes: f.Amount
    """How much of each commodity in all [t]."""
    over_weeks: Annotated[f.Weeks, Field(gt=0)] | None = None
    """Evenly over so many weeks from `start` [weeks]."""
    trigger: Trigger | None = None
    """Release only while the condition holds, instead of `over_weeks`."""
    rate: Annotated[f.Amount, Field(gt=0)] | None = None
    """Most that a triggered stock gives [t/week]."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Where a release goes: `to` where it is given, else the owner."""
        return self.to if "to" in self.model_fields_set else (self.owner,)

    def faults(self) -> list[str]:
        """A build runs over weeks, a release over weeks or by trigger and rate."""
        if self.action == "build" and (self.over_weeks is None or self.trigger or self.rate):
            return ["a build needs 'over_weeks', and neither 'trigger' nor 'rate'"]
        if self.action == "release" and (self.over_weeks is None) == (self.trigger is None):
            return ["a release needs either 'over_weeks' or 'trigger'"]
        if (self.trigger is None) != (self.rate is None):
            return ["'trigger' and 'rate' go together"]
        return []

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[StockBuild | StockRelease]:
        """The markets give to the stock, or it gives to them, in proportion to what each market uses and sells."""
        markets, tonnes, (first, stop) = Markets(self.kind, self.on, self.targets), values["tonnes"], self.span(weeks)
        if self.action == "build":
            yield StockBuild(markets, tonnes, first, stop)
            return
        keys = [key for key in ("cover_below_weeks", "price_above_multiple") if getattr(self.trigger, key, None) is not None]
        trigger = {key: values["trigger", key] for key in keys}
        yield StockRelease(
            markets,
            tonnes,
            first,
            stop,
            rate=None if self.rate is None else values["rate"],
            cover_below=trigger.get("cover_below_weeks"),
            price_above=trigger.get("price_above_multiple"),
        )

    def span(self, weeks: Mondays) -> tuple[int, int]:
        """First week, and the week after the last."""
        first = max(int(np.searchsorted(weeks, np.datetime64(self.start, "D"), side="right") - 1), 0)
        stop = len(weeks) if self.end is None else int(np.searchsorted(weeks, np.datetime64(self.end, "D"), side="right"))
        return first, stop if self.over_weeks is None else min(stop, first + max(1, round(self.over_weeks)))
