"""Targets of an episode: every row of the facts marked ``fit`` or ``judge``, mapped to a model output by rule.

The calibration uses figures of the episode only through this module.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ytterby.errors import DataGapError
from ytterby.facts import periods
from ytterby.validation.tables import table

if TYPE_CHECKING:
    from ytterby.facts import Facts

MARKS = ("fit", "judge")
LAST_FITTED_DAY = dt.date(2015, 12, 31)
"""No figure of a later day may enter a calibration."""
TO_BASE_UNIT = {
    "USD/kg": ("USD/kg", 1.0),
    "CNY/t": ("CNY/kg", 1e-3),
    "CNY/kg": ("CNY/kg", 1.0),
    "1000 CNY/t": ("CNY/kg", 1.0),
    "t": ("t", 1.0),
    "%": ("1", 0.01),
}
PRICES = ("fob", "inside", "abroad")
"""Kinds of targets that are quotes."""


@dataclass(frozen=True)
class Target:
    """One observed figure and the model output that it is compared with.

    ``scale`` says how errors are measured: ``ln`` (log ratio), ``relative`` or ``points`` (difference).
    """

    id: str
    kind: str
    what: str
    unit: str
    first: dt.date
    last: dt.date
    value: float
    low: float
    high: float
    scale: str
    tolerance: float
    fitted: bool
    early: bool
    element: str = ""
    region: str = ""
    partner: str = ""
    heading: str = ""
    reference: float = math.nan
    """Recorded value of the base year, to which the model's own is scaled: a quality factor (unit values)."""

    def error(self, model: float) -> float:
        """Error of a model value on the target's scale; for a range, relative to its nearest bound."""
        nearest = min(max(model, self.low), self.high)
        if self.scale == "ln":
            return math.log(max(model, 1e-12) / nearest)
        return (model - nearest) / (abs(nearest) if self.scale == "relative" else 1.0)

    def hit(self, model: float) -> bool:
        """Whether a model value meets the target."""
        return math.isfinite(model) and abs(self.error(model)) <= self.tolerance


def hit_rule(kind: str) -> tuple[str, float]:
    """Scale and tolerance of a kind of target."""
    row = next(row for row in table("hits") if row["kind"] == kind)
    return row["scale"], float(row["tolerance"])


def kind_of(quantity: str, place: str) -> str:
    """Kind of model output that a row is compared with.

    Raises
    ------
    DataGapError
        If no rule covers the row.
    """
    for row in table("rules"):
        if row["quantity"] == quantity and fnmatchcase(place, row["place"]):
            return row["kind"]
    raise DataGapError(f"history: no rule maps {quantity} at '{place}' to a model output")


def target(id_: str, row: Any) -> Target:
    """Target of one row of the episode."""
    kind = kind_of(row.quantity, row.place)
    scale, tolerance = hit_rule(kind)
    unit, factor = TO_BASE_UNIT[row.unit]
    value = row.value * factor
    low, high = (value if math.isnan(bound) else bound * factor for bound in (row.low, row.high))
    first, last = periods.start(row.period), periods.end(row.period)
    if first is None or last is None:
        raise DataGapError(f"history: {id_} has a period that cannot be read ('{row.period}')")
    return Target(
        id_, kind, f"{row.what}, {row.place}, {row.date_or_period}", unit, first, last, value, low, high, scale, tolerance,
        row.target == "fit", row.fit_until_2011_03 == "yes", row.element, row.region, row.partner,
    )  # fmt: skip


def targets(facts: Facts, mark: tuple[str, ...] = MARKS) -> tuple[Target, ...]:
    """Every target of the quota crisis, in the order of the facts.

    Parameters
    ----------
    facts : Facts
        The figures.
    mark : tuple of {"fit", "judge"}
        Marks of the rows; both by default.
    """
    rows = facts.episode()
    chosen = rows[rows["target"].isin(mark)]
    return tuple(target(str(row.Index), row) for row in chosen.itertuples())


def calibration_targets(facts: Facts) -> tuple[Target, ...]:
    """Targets of the calibration: rows marked ``fit``, none of them after 2015.

    Raises
    ------
    DataGapError
        If a row marked ``fit`` is dated later.
    """
    found = targets(facts, ("fit",))
    late = [t.id for t in found if t.last > LAST_FITTED_DAY]
    if late:
        raise DataGapError(f"history: rows marked 'fit' are dated after {LAST_FITTED_DAY}: {', '.join(late)}")
    return found
