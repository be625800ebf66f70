"""What a plan of an earlier day rests on that is dated after that day: figures of its measures, and plants left out of its years.

Decisions, controls, commitments and the status of projects are cut off by date; figures of cost, size and chance are not, where the record
has no edition of the day: then this says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import periods
from ytterby.result_model import ResultModel
from ytterby.system import opened_after

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from ytterby.facts import Candidate, Facts

SAME = ("quantity", "unit", "element", "commodity", "region", "scope")
"""Columns that say what a fact is about: rows that agree in all of them are editions of one figure."""


class LaterFigureRow(ResultModel):
    """A figure of a measure that rests on facts dated after the day of the plan."""

    measure: str
    figure: str
    """Such as ``capex``."""
    facts: tuple[str, ...]
    """Those of its facts that are dated later."""
    dated: tuple[str, ...]
    """Their periods."""
    known_then: tuple[str, ...]
    """Editions of the same facts that were known on that day; empty where the record has none, so that the later ones count."""


class LaterPlantRow(ResultModel):
    """A plant that opened after the day of the plan, and so is not in its years."""

    plant: str
    """Its name in the facts."""
    opened: str
    """Date."""


def later_figures(candidates: Iterable[Candidate], facts: Facts, day: dt.date) -> Iterator[LaterFigureRow]:
    """Figures of some measures that rest on facts dated after a day, by measure."""
    table = facts.table
    for candidate in candidates:
        for name, figure in candidate.figures.items():
            later = [fact for fact in figure.facts if fact in table.index and _is_later(str(table.at[fact, "period"]), day)]
            if later:
                yield LaterFigureRow(
                    measure=candidate.id, figure=name, facts=tuple(later), dated=tuple(str(table.at[fact, "period"]) for fact in later),
                    known_then=tuple(edition for fact in later if (edition := edition_of(table, fact, day))),
                )  # fmt: skip


def edition_of(table: pd.DataFrame, fact: str, day: dt.date) -> str:
    """The newest edition of a fact that was known on a day; empty where there is none.

    Parameters
    ----------
    table : DataFrame
        Facts by id.
    fact : str
    day : date
    """
    about = table.loc[fact, list(SAME)].astype(str)
    same = table[(table[list(SAME)].astype(str) == about).all(axis=1)]
    known = {str(id_): first for id_, period in same["period"].items() if (first := periods.start(str(period))) and first <= day}
    return max(known, key=lambda id_: (known[id_], id_), default="")


def later_plants(day: dt.date) -> tuple[LaterPlantRow, ...]:
    """Plants on record that opened after a day."""
    return tuple(LaterPlantRow(plant=name, opened=str(opened)) for name, opened in opened_after(day))


def _is_later(period: str, day: dt.date) -> bool:
    first = periods.start(period)
    return first is not None and first > day
