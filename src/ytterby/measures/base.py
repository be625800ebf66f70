"""The keys and checks that every measure has."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from ytterby.errors import NotSimulatedError
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.effects import Links, Plants
from ytterby.measures.fields import Frozen, fault
from ytterby.measures.weeks import share_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.measures.effects import AnyEffect
    from ytterby.measures.values import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Measure(Frozen):
    """What every measure has."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    """Which of `on`, `from` and `to` have an effect in this kind."""
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    """Which of them must be given."""
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ()
    """Patterns of the keys whose number may differ between draws that are worked out together; `effects` reads these from `values`."""

    kind: str
    """Which kind of measure it is."""
    name: f.Name | None = None
    """Name by which draws and forks refer to it; its number in the list serves too."""
    on: f.Selectors = ()
    """Goods it is on: commodity selectors such as `oxide.Dy`, `magnet.*`, `Dy`, `rare_earths`."""
    from_: f.Regions = Field(default=("all",), alias="from")
    """Where the goods leave or the thing stands: regions, groups or `all`."""
    to: f.Regions = ("all",)
    """Where they go: regions, groups or `all`."""
    start: f.Date
    """First day in force [date]."""
    end: f.Date | None = None
    """Last day in force; without it the measure stays until the horizon [date]."""
    evidence: f.Ids = ()
    """Ids of claims or events it rests on."""
    facts: f.Ids = ()
    """Ids of the figures it rests on."""
    assumed: f.Ids = ()
    """Which of its keys are judgement, not fact."""
    note: f.Text = ""
    """Words for the reader."""

    @model_validator(mode="after")
    def _common(self) -> Measure:
        given = {"from" if name == "from_" else name for name in self.model_fields_set} & {"on", "from", "to"}
        faults = [f"'{key}' is missing" for key in sorted(self.NEEDS - given)]
        faults += [f"'{key}' has no effect in '{self.kind}'" for key in sorted(given - self.USES)]
        if "on" in self.NEEDS and "on" in given and not self.on:
            faults.append("'on' names no goods")
        if self.end is not None and self.end < self.start:
            faults.append(f"'end' ({self.end}) lies before 'start' ({self.start})")
        keys = {field.alias or name for name, field in type(self).model_fields.items()}
        faults += [
            f"'assumed' names '{key}', which is no key of '{self.kind}'" for key in self.assumed if key.partition(".")[0] not in keys
        ]
        faults += self.faults()
        if faults:
            raise fault("; ".join(faults))
        return self

    def faults(self) -> list[str]:
        """Contradictions between the keys of this kind, one message each."""
        return []

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterable[AnyEffect]:
        """What the measure does in each week; a kind that does not say so is read and checked, but not simulated.

        Parameters
        ----------
        weeks : ndarray (week,)
            Mondays of the weeks.
        values : DrawnValues
            Numbers of this measure, as given or drawn.

        Raises
        ------
        NotSimulatedError
            If the simulator does not know this kind, or what the keys ask of it.
        """
        raise NotSimulatedError(f"measures of kind {self.kind} are valid but not simulated yet")

    def in_force(self, weeks: Mondays) -> Floats:
        """Share of each week in which the measure is in force [1], shape of `weeks` (Mondays)."""
        return share_in_force(self.start, self.end, weeks)

    @property
    def links(self) -> Links:
        """Trade links of the goods between the regions."""
        return Links(self.kind, self.on, self.from_, self.to)

    @property
    def plants(self) -> Plants:
        """Mines and plants of the regions that make the goods."""
        return Plants(self.kind, self.on, self.from_)
