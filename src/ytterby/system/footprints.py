"""What a tonne of each plant's activity emits, uses and leaves behind, from figures of life-cycle studies.

The table ``footprints`` names for each process and region a figure and a factor; special rows follow general ones. What has no figure
counts as nothing. Studies differ by their allocation rule: the figures are those by mass, and the plant is the place of all that the
study covers (a study from mine to oxide counts where the oxide is separated).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ytterby.system.assumptions import commodity_of, matches, region_in
from ytterby.system.inputs import FigureExpressions
from ytterby.system.system import TABLES

if TYPE_CHECKING:
    from ytterby.facts import Facts
    from ytterby.system.system import System

INDICATORS = {"co2e": "t CO2e", "water": "m3", "residue": "t"}
"""Indicators with their units: greenhouse gases, water taken or fouled, radioactive residue."""


def footprint_table(system: System, facts: Facts) -> pd.DataFrame:
    """Footprint of each process by indicator, columns of the table ``footprints`` of :data:`~ytterby.system.system.TABLES`."""
    inputs = FigureExpressions(facts, system.year, chain=system.chain)
    processes = [*map(str, system.processes.index), *dict.fromkeys(map(str, system.plants["process"]))]
    rows = [_cell(inputs, row, process) for process in processes for row in _rows(inputs, process)]
    return pd.DataFrame(rows, columns=list(TABLES["footprints"]))


def _rows(inputs: FigureExpressions, process: str) -> list[Any]:
    """Row of each indicator that fits a process best: the last."""
    found = {
        row.name: row
        for row in inputs.rows("footprints")
        if matches(commodity_of(process), row.process) and matches(region_in(process), row.region)
    }
    return [found[name] for name in INDICATORS if name in found]


def _cell(inputs: FigureExpressions, row: Any, process: str) -> tuple[Any, ...]:
    figure = inputs.sum(row.fact).scaled(row.factor)
    return process, row.name, figure.value, figure.low, figure.high, row.kind, row.facts


def with_footprints(system: System, facts: Facts) -> System:
    """Base that carries the footprints of its plants; its digest then covers them."""
    return replace(system, footprints=footprint_table(system, facts))
