"""The keys and checks that every measure has, and its numbers, of which some may be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, Field, model_validator

from ytterby.errors import NotSimulatedError
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.effects import Links, Plants
from ytterby.measures.fields import Frozen, fault
from ytterby.measures.weeks import share_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.measures.effects import AnyEffect
    from ytterby.measures.weeks import Floats, Mondays, NumberOrDraws


MIDDLE = 0.5
"""Luck of a run without draws: what is more probable than not happens."""
LUCK = "luck"
"""Name of the uniform number of a measure that is left to chance."""


class Measure(Frozen):
    """What every measure has."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    """Which of `on`, `from` and `to` have an effect in this kind."""
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    """Which of them must be given."""
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ()
    """Patterns of the keys whose number may differ between draws that are worked out together; `effects` reads these from `values`."""
    LUCK: ClassVar[bool] = False
    """Whether what comes of it is left to chance: then each draw has a uniform number of its own, :attr:`DrawnValues.luck`."""
    FOOTPRINTS: ClassVar[bool] = False
    """Whether it needs the footprints of plants on the base."""
    LATER: ClassVar[frozenset[str]] = frozenset()
    """Keys that came after runs had been kept: where they are at their default, the digest of a scenario leaves them out."""

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

    def new_plants(self) -> tuple[tuple[str, str], ...]:
        """Recipe and region of each plant that the base must have for this measure."""
        return ()

    def settled(self, luck: float) -> dict[str, float]:
        """Keys that say what happens at a uniform number, for a measure that is left to chance."""
        return {}

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


@dataclass(frozen=True, eq=False)
class DrawnValues:
    """Numbers of a measure by key: as it says, or one a draw where the key is uncertain.

    ``values["depth"]`` and ``values["steps", 1, "rate"]`` are a number, or a column (draw, 1); a formula over the weeks
    then gives (week,) or (draw, week) alike. The measure itself stays frozen and checked.

    Parameters
    ----------
    measure : Measure
        Says every number that is not drawn.
    columns : mapping of key to array (draw, 1), optional
        Drawn numbers by their key in the measure, such as ``steps.1.rate``.
    """

    measure: Measure
    columns: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def luck(self) -> NumberOrDraws:
        """Uniform number in [0, 1) of this measure, one a draw; something of probability p happens where it is below p."""
        return self.columns.get(LUCK, MIDDLE)

    def __getitem__(self, key: str | tuple[str | int, ...]) -> NumberOrDraws:
        path = (key,) if isinstance(key, str) else key
        drawn = self.columns.get(".".join(map(str, path)))
        return _at(self.measure, path) if drawn is None else drawn


def _at(whole: Any, path: tuple[str | int, ...]) -> Any:
    """Value at a path of keys of mappings, places in lists and fields of records."""
    for part in path:
        whole = getattr(whole, part) if isinstance(whole, BaseModel) and isinstance(part, str) else whole[part]
    return whole
