"""Whose production figures a base has: by stage the share of output on figures of plants, and the regions that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ytterby.system.system import System

ASSUMED = "assumed"


class StageCoverage(NamedTuple):
    """A stage of a base."""

    stage: str
    figured: float
    """Share of the stage's output in plants with a reported or derived figure [1]."""
    without: tuple[str, ...]
    """Regions with output and no figure of their own, the largest first."""


def coverage(system: System) -> tuple[StageCoverage, ...]:
    """Stages of a base, the least known first.

    Parameters
    ----------
    system : System
        Scrap and its recycling are left out: nobody reports them.
    """
    plants = system.processes[["stage", "region", "activity", "kind"]].assign(stage=system.processes["stage"].str.partition(".")[0])
    found = []
    for stage, rows in plants[plants["activity"] > 0.0].groupby("stage"):
        guessed = rows[rows["kind"] == ASSUMED].groupby("region")["activity"].sum().sort_values(ascending=False, kind="stable")
        figured = set(rows.loc[rows["kind"] != ASSUMED, "region"])
        without = tuple(str(region) for region in guessed.index if region not in figured)
        found.append(StageCoverage(str(stage), 1.0 - float(guessed.sum()) / float(rows["activity"].sum()), without))
    return tuple(sorted((row for row in found if row.stage != "scrap"), key=lambda row: (row.figured, row.stage)))
