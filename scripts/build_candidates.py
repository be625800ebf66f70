"""Write ``facts/data/tables/candidates.csv``: the measures that a plan may choose from, and what was left out.

The figures are those of the packaged tables (written by ``build_facts.py``); which project is which plant, who may take what and what
is judgement stands in ``candidatelib/choices``. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

from candidatelib.bases import newest
from candidatelib.figures import expressions, weaker
from candidatelib.naming import plant_names, stock_names
from candidatelib.plants import Costs, Plant, choices
from candidatelib.programmes import Programme, Stock, stocked

from ytterby.facts import CANDIDATE_FIGURES, candidate_columns

if TYPE_CHECKING:
    from candidatelib.figures import Figure

FOLDER = Path(__file__).parents[1] / "src" / "ytterby" / "facts" / "data" / "tables"
DIGITS = 6
STOCK_NOTE = (
    "per tonne at the base price; six tenths fit form and grade within 8 weeks (ASM014), half is refilled a year (ASM015), "
    "sold at eight tenths (ASM012)"
)
SHELF = "; metals and magnets keep some 8 years (ASM013)"


def number(value: float) -> str:
    """Cell of a number; empty for NaN."""
    return "" if math.isnan(value) else f"{value:.{DIGITS}g}"


def figure_cells(figures: dict[str, Figure]) -> dict[str, str]:
    """Columns of all figures."""
    cells = {}
    for name in CANDIDATE_FIGURES:
        figure = figures[name]
        ends = {"_low": figure.low, "": figure.value, "_high": figure.high}
        cells |= {f"{name}{end}": number(value) for end, value in ends.items()} | {f"{name}_basis": figure.words}
    return cells


def ramp_cells(ramp: tuple[Figure, ...]) -> dict[str, str]:
    """Columns of the ramp."""
    basis = ramp[0].basis
    for step in ramp:
        basis = weaker(basis, step.basis)
    facts = dict.fromkeys(fact for step in ramp for fact in step.facts)
    ends = {"ramp_low": "low", "ramp": "value", "ramp_high": "high"}
    cells = {column: " ".join(number(min(getattr(step, end), 1.0)) for step in ramp) for column, end in ends.items()}
    return cells | {"ramp_basis": " ".join((basis, *facts))}


def with_facts(cells: dict[str, str], extra: str) -> dict[str, str]:
    """Row with all facts that its bases and its choice name."""
    named = [word for column, text in cells.items() if column.endswith("_basis") for word in text.split()[1:]]
    return cells | {"facts": " ".join(dict.fromkeys((*extra.split(), *named)))}


def entitled_basis(facts: str) -> str:
    """How shares are known: stated where rows of contracts say them; a buyer named without a share is assumed to take what is written."""
    return "stated" if facts and all(fact.startswith("C") for fact in facts.split()) else "assumed"


def plant_row(plant: Plant) -> dict[str, str]:
    """Row of a plant."""
    row = plant.row
    basket = "" if row["recipe"] else " ".join(f"{name}:{number(size)}" for name, size in plant.cells.items())
    made = [row["good"], *(name for name, size in sorted(plant.cells.items()) if size > 0 and name != row["good"])]
    own = {name: row[name] for name in ("id", "kind", "host", "recipe", "entitled", "status", "as_of", "note")}
    entitled = {"entitled_basis": " ".join((entitled_basis(row["entitled_facts"]), *row["entitled_facts"].split()))}
    cells = own | plant_names(row) | {"goods": " ".join(made), "basket": basket, "earliest_start": plant.earliest} | entitled
    collects = "magnet.NdFeB magnet.NdFeB-Dy component.traction_motor component.drive" if row["kind"] == "recycling" else ""
    return with_facts(cells | {"collects": collects} | figure_cells(plant.figures) | ramp_cells(plant.ramp), row["facts"])


def programme_row(found: Programme) -> dict[str, str]:
    """Row of a programme."""
    row = found.row
    copied = (
        "id", "kind", "name_en", "name_de", "name_ja", "host", "parties", "goods", "collects", "sectors", "recipe", "entitled", "status",
        "as_of", "note",
    )  # fmt: skip
    cells = {name: row[name] for name in copied} | {"earliest_start": found.earliest, "entitled_basis": "assumed"}
    basis = {"entitled_basis": f"stated {row['facts'].split()[0]}"} if row["status"] == "operating" else {}
    facts = " ".join((row["facts"], row["start_facts"]))
    return with_facts(cells | basis | figure_cells(found.figures) | ramp_cells(found.ramp), facts)


def stock_row(stock: Stock) -> dict[str, str]:
    """Row of a stock."""
    keeps = stock.good.startswith(("metal.", "magnet.", "component."))
    cells = {
        "id": f"stock-{stock.good}", "kind": "stockpile", "host": "*", "goods": stock.good, "entitled": "*:1", "entitled_basis": "derived",
        "status": "generic", "as_of": "2026", "note": STOCK_NOTE + (SHELF if keeps else ""),
    } | stock_names(stock.good)  # fmt: skip
    facts = "ASM012 ASM014 ASM015" + (" ASM013" if keeps else "")
    return with_facts(cells | figure_cells(stock.figures) | ramp_cells(stock.ramp), facts)


def rows() -> list[dict[str, str]]:
    """All rows: plants, programmes, stocks."""
    read, base = expressions(), newest()
    costs = Costs(read, base)
    found = [plant_row(Plant(row, costs)) for row in choices("plants")]
    found += [programme_row(Programme(row, costs)) for row in choices("programmes")]
    found += [stock_row(Stock(good, read, base)) for good in stocked(base)]
    return [row | {"stage": row["goods"].partition(".")[0]} for row in found]


def text(found: list[dict[str, str]], columns: tuple[str, ...]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def main() -> None:
    """Write both tables and say what was left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FOLDER)
    folder, found, missing = parser.parse_args().out, rows(), choices("left_out")
    (folder / "candidates.csv").write_text(text(found, candidate_columns()), "utf-8")
    (folder / "candidates_left_out.csv").write_text(text(missing, ("fact", "reason")), "utf-8")
    print(f"candidates: {len(found)} rows; left out:")
    for row in missing:
        print(f"  {row['fact']}: {row['reason']}")


if __name__ == "__main__":
    main()
