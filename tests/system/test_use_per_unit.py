"""Orders of magnitude of final uses: use in t against pieces made times what one piece holds.

The table ``use_per_unit.csv`` says for each use which figures stand against it. Pieces come from activities and figures of the package, or
are ``assumed`` here (general knowledge). A use whose pieces are known only in part may be larger; what lies further off is listed with its
reason, and a listed use that has come near must leave the list.
"""

from __future__ import annotations

import csv
from math import prod
from pathlib import Path

import pytest

from ytterby.system.activity import activity_sizes
from ytterby.system.inputs import FigureExpressions

ROWS = list(csv.DictReader((Path(__file__).parent / "use_per_unit.csv").read_text("utf-8").splitlines()))
FACTOR = 3.0
"""Largest ratio of a use to what its pieces hold, either way."""
KILO = {"kg": 1.0, "g": 1e-3, "mg": 1e-6}
OUTLIERS = {
    "defence magnets of the United States": "the low figure is of one report of 2012, secondary sources give twenty times as much",
    "sonar": "terbium outside lamps and magnets is taken as Terfenol, of which sonar is one use; 1 to 50 kg an array are recalled",
    "slurry for wafers": "a tenth of all polishing is assumed to be of wafers (0.04-0.15); the recalled grams a wafer give a seventh of it",
}
"""Uses that lie further off, and why they were left."""


def kilograms(facts, ids: str) -> float:
    """Product of intensities in kg a piece; per cents count as shares, a recalled kg a barrel as such."""
    found = []
    for id_ in ids.split():
        row = facts.row(id_)
        unit = str(row["unit"]).split("/")[0]
        found.append(float(row["value"]) * (0.01 if unit == "wt%" else KILO[unit]))
    return prod(found) if found else 1e3


def pieces(facts, row) -> float:
    if row["made_from"] == "activity":
        count = sum(activity_sizes(FigureExpressions(facts, 2024), row["units_key"]).values())
    elif row["made_from"] == "fact":
        count = facts.value(row["units_value"])
    else:
        count = float(row["units_value"])
    return count * float(row["units_scale"])


def ratio(base, facts, row) -> float:
    """Use of the base over what the pieces hold."""
    mine = base.demands[base.demands["sector"].isin(row["sector"].split()) & base.demands["commodity"].isin(row["commodities"].split())]
    used = mine.loc[mine["region"] == row["region"], "use"].sum() if row["region"] else mine["use"].sum()
    return float(used) * 1e3 / (kilograms(facts, row["per_unit"]) * pieces(facts, row))


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_use_is_what_its_pieces_hold_within_a_factor(base, facts, row):
    found = ratio(base, facts, row)
    if row["whole"] == "part":
        assert found > 1.0 / FACTOR, f"{found:.2g}"
        return
    near = 1.0 / FACTOR <= found <= FACTOR
    assert near != (row["name"] in OUTLIERS), f"{found:.2g}"


def test_what_is_listed_as_off_is_a_row_of_the_table():
    assert set(OUTLIERS) <= {row["name"] for row in ROWS}
