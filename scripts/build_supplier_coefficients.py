"""Single coefficients on the suppliers of the using industries, computed from the world input-output table of 2011.

Writes src/ytterby/economy/tables/suppliers.csv: 35 coefficients, beside the 90 of the facts.
Usage: python scripts/build_supplier_coefficients.py [--shared FOLDER] [--out FILE]
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path

import numpy as np
import pandas as pd
from factlib.coefficients import BAND, WIOD

ROOT = Path(__file__).resolve().parents[1]
REGIONS = {"CN": ("CHN",), "JP": ("JPN",), "KR": ("KOR",), "DE": ("DEU",), "EU": ("EUR", "DEU")}
SOURCE = "WIOD 2013 release, world input-output table 2011 (Timmer et al. 2015); computed here"
FIELDS = ("region", "industry", "quantity", "value", "low", "high", "kind", "source")


def own_use(table: pd.DataFrame, own: list[str], home: list[str]) -> float:
    """Share of an industry's sales to home industries that stay in the industry."""
    return float(table.loc[own, own].to_numpy().sum() / table.loc[own, home].to_numpy().sum())


def supplier_share(table: pd.DataFrame, cells: list[str], home: list[str], codes: list[str]) -> float:
    """Value added per output of the home suppliers of the using industries, all rounds, weighted by their output."""
    output = table.loc[cells, "gross_output"].replace(0, 1)
    inputs = table.loc[cells, cells] / output
    inverse = np.linalg.inv(np.eye(len(home)) - inputs.loc[home, home].to_numpy())
    added = (1 - inputs.loc[cells, home].sum(axis=0)).to_numpy()
    using = np.array([cell.split(".")[1] in codes for cell in home])
    upstream = inverse[:, using] / np.diag(inverse)[using] * output[home].to_numpy()[using]
    upstream[using] *= ~np.eye(using.sum(), dtype=bool)
    total = upstream.sum(axis=1)
    return float(total @ added / total.sum())


def rows(shared: Path) -> list[dict[str, str]]:
    """All coefficients with a band of a quarter either way, shares at most one."""
    table = pd.read_csv(shared / "data" / "raw" / "wiod_2013_release_2011" / "wiot_2011_11regions_35industries.csv", index_col=0)
    cells = [name for name in table.columns if "." in name and not name.startswith("FD.")]
    found = []
    for region, members in REGIONS.items():
        home = [cell for cell in cells if cell.split(".")[0] in members]
        values = [
            (label, "own_use_share", own_use(table, [cell for cell in home if cell.endswith(f".{code}")], home))
            for code, label in WIOD.items()
        ]
        values.append(("rest", "value_added_share", supplier_share(table, cells, home, list(WIOD))))
        for industry, quantity, value in values:
            band = (value * (1 - BAND), value, min(1.0, value * (1 + BAND)))
            low, middle, high = (f"{number:.3g}" for number in band)
            found.append(dict(zip(FIELDS, (region, industry, quantity, middle, low, high, "derived", SOURCE), strict=True)))
    return found


def write(path: Path, found: list[dict[str, str]]) -> None:
    """Write the coefficients as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("YTTERBY_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--out", type=Path, default=ROOT / "src" / "ytterby" / "economy" / "tables" / "suppliers.csv")
    arguments = parser.parse_args()
    write(arguments.out, rows(arguments.shared))
