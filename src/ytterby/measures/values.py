"""Numbers of a measure, of which some may be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.measures.base import Measure
    from ytterby.measures.weeks import Floats, NumberOrDraws


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

    def __getitem__(self, key: str | tuple[str | int, ...]) -> NumberOrDraws:
        path = (key,) if isinstance(key, str) else key
        drawn = self.columns.get(".".join(map(str, path)))
        return _at(self.measure, path) if drawn is None else drawn


def _at(whole: Any, path: tuple[str | int, ...]) -> Any:
    """Value at a path of keys of mappings, places in lists and fields of records."""
    for part in path:
        whole = getattr(whole, part) if isinstance(whole, BaseModel) and isinstance(part, str) else whole[part]
    return whole
