"""The modelling choices that are not facts: small CSV tables under ``recipe/``, read as frames."""

from __future__ import annotations

import math
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    import pandas as pd

TEXTS = frozenset(
    "group regions note feed deposit element facts kind region driver recovery_class component grade application commodity sector key fact basis owner "
    "exporter heading bundle origin destination importer zone what process partner form name less_magnets va_fact job_fact scrap_fact yield_fact cost_fact capacity_fact".split()
)
"""Columns that hold words; every other column holds numbers, empty cells become NaN."""


@cache
def _read(name: str) -> pd.DataFrame:
    import pandas as pd

    with as_file(files("ytterby.system") / "recipe" / f"{name}.csv") as path:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in table.columns.difference(sorted(TEXTS)):
        table[column] = pd.to_numeric(table[column].replace("", math.nan))
    return table


def recipe(name: str) -> pd.DataFrame:
    """Recipe table as a fresh frame; words as text, numbers as float with NaN where empty."""
    return _read(name).copy()


def group_regions(name: str) -> tuple[str, ...]:
    """Regions meant by a group of the balance, or by region codes separated by blanks."""
    groups = _read("groups").set_index("group")["regions"]
    return tuple((groups[name] if name in groups.index else name).split())


def matches(name: str, patterns: str) -> bool:
    """Whether a name fits one of the shell patterns, which are separated by blanks; an empty text fits all."""
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns.split())


def lookup(table: pd.DataFrame, commodity: str, region: str) -> pd.Series:
    """Last row of a table whose patterns ``commodity`` and ``region`` fit (the special rows stand below the general)."""
    for row in table.iloc[::-1].itertuples(index=False):
        if matches(commodity, row.commodity) and matches(region, row.region):
            return row  # type: ignore[return-value]
    raise DataGapError(f"no recipe row fits {commodity} in {region}")
