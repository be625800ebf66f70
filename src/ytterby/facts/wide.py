"""The wide tables beside the rows: trade, governance, GDP, US accounts, countries, map outlines."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    import pandas as pd

FILES = {
    "trade": "trade.csv.gz",
    "minerals_trade": "minerals_trade.csv.xz",
    "governance": "governance.csv.gz",
    "gdp": "gdp.csv.gz",
    "io_us": "io_us.csv.gz",
    "countries": "countries.csv.gz",
}
KEYS = {"trade": ["hs", "year"], "minerals_trade": ["hs", "year"], "governance": ["country", "year"], "gdp": ["country", "year"]}
"""What the user's table replaces of ours: whole years of a heading, or single country-years."""

NUMBERS = ("year", "value_kusd", "quantity_t", "estimate", "risk", "gdp_usd", "value")


def read_csv(path: Traversable | Path, numbers: Sequence[str] = NUMBERS) -> pd.DataFrame:
    """Table of texts, with the named columns as numbers."""
    import pandas as pd

    with as_file(path) as file:
        header = pd.read_csv(file, nrows=0).columns
        kinds = {
            name: "float64" if name in numbers and name != "year" else "int64" if name == "year" and name in numbers else "str"
            for name in header
        }
        empty = {name: [""] for name in numbers if name in header and name != "year"}
        return pd.read_csv(file, dtype=kinds, keep_default_na=False, na_values=empty)


@cache
def _shipped(name: str) -> pd.DataFrame:
    return read_csv(files("ytterby.facts") / "data" / "frames" / FILES[name])


def read(name: str, project: Path | None = None) -> pd.DataFrame:
    """Return the packaged table as a copy, with the user's rows in it where they imported any."""
    ours = _shipped(name)
    path = project / "facts" / f"{name}.csv.gz" if project else None
    if path is None or not path.exists():
        return ours.copy()
    return combine(ours, read_csv(path), KEYS[name])


def combine(ours: pd.DataFrame, theirs: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Our table with all rows left out whose keys the user's table covers."""
    import pandas as pd

    covered = pd.MultiIndex.from_frame(ours[keys]).isin(pd.MultiIndex.from_frame(theirs[keys].drop_duplicates()))
    return pd.concat([ours[~covered], theirs], ignore_index=True)


@cache
def world_map() -> dict[str, Any]:
    """Country outlines as TopoJSON."""
    packed = (files("ytterby.facts") / "data" / "frames" / "world.json.gz").read_bytes()
    outlines: dict[str, Any] = json.loads(gzip.decompress(packed))
    return outlines
