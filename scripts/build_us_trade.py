"""Add up US imports of 2024 by group, treatment and partner, from downloads of the Census Bureau or of DataWeb.

Example: ``python scripts/build_us_trade.py imports.csv exports.csv`` writes ``scripts/factlib/record/us_trade_2024.csv``;
with ``--claimed shares.csv`` (columns hts10, cty_code, usmca_share) also the shares that claimed the agreement with Canada and Mexico.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from ytterby.facts import import_folder, trade_goods

RECORD = Path(__file__).parent / "factlib" / "record"
NEIGHBOURS = {"1220": "CA", "2010": "MX"}


def sums(files: list[Path]) -> pd.DataFrame:
    """Table ``us_trade`` of 2024 as the importer makes it."""
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            print(import_folder(file, Path(folder)).taken)
        table = pd.concat([pd.read_csv(path) for path in sorted((Path(folder) / "facts").glob("us_trade-*.csv.gz"))])
    return table[table["year"] == 2024].sort_values(["flow", "group", "treatment", "partner"])


def claimed(imports: Path, shares: Path) -> pd.DataFrame:
    """Share of imports that claimed the agreement, weighted with the imports of each line."""
    kinds = {"hts10": str, "cty_code": str, "I_COMMODITY": str, "CTY_CODE": str}
    lines = pd.read_csv(imports, dtype=kinds).merge(
        pd.read_csv(shares, dtype=kinds), left_on=["I_COMMODITY", "CTY_CODE"], right_on=["hts10", "cty_code"]
    )
    lines["partner"] = lines["CTY_CODE"].map(NEIGHBOURS)
    lines["group"] = lines["I_COMMODITY"].map(trade_goods.group_of)
    lines["treatment"] = lines["I_COMMODITY"].map(trade_goods.treatment_of)
    lines["under"] = lines["CON_VAL_YR"].astype(float) * lines["usmca_share"]
    table = lines.groupby(["group", "treatment", "partner"], as_index=False)[["CON_VAL_YR", "under"]].sum()
    table["share"] = (table["under"] / table["CON_VAL_YR"]).round(4)
    return table[["group", "treatment", "partner", "share"]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--claimed", type=Path)
    arguments = parser.parse_args()
    sums(arguments.files).to_csv(RECORD / "us_trade_2024.csv", index=False, lineterminator="\n", float_format="%.0f")
    if arguments.claimed:
        claimed(arguments.files[0], arguments.claimed).to_csv(RECORD / "us_preferences_2024.csv", index=False, lineterminator="\n")
