"""Reference tables: trade, governance, GDP, US input-output accounts, countries, outlines of the map."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ytterby.tables import read_frame

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FILES = {
    "trade": "trade.csv.gz",
    "minerals_trade": "minerals_trade.csv.xz",
    "governance": "governance.csv.gz",
    "gdp": "gdp.csv.gz",
    "industry": "industry.csv.gz",
    "io_us": "io_us.csv.gz",
    "countries": "countries.csv.gz",
    "us_trade": "us_trade.csv.gz",
    "us_preferences": "us_preferences.csv.gz",
    "us_duty_lists": "us_duty_lists.csv.gz",
}
YEARS, FLOWS, COUNTRY_YEARS = ["hs", "year"], ["hs", "year", "exporter", "importer"], ["country", "year"]
CELLS = ["flow", "year", "group", "partner"]
KEYS = {"baci": YEARS, "comtrade": FLOWS, "flows": FLOWS, "wgi": COUNTRY_YEARS, "ustrade": CELLS}
"""Keys by which a user's table replaces packaged rows: years of a heading, single flows, country and year, groups of goods."""

OTHER_ALPHA3 = {"XKX": "XK", "KSV": "XK", "ROM": "RO", "ZAR": "CD", "TMP": "TL", "ADO": "AD", "WBG": "PS", "S19": "TW", "EUR": "EU"}
"""Codes of the World Bank and of Comtrade that are not in ISO 3166; S19 (Other Asia, nes) is Taiwan."""

NUMBERS = ("value_kusd", "quantity_t", "estimate", "risk", "gdp_usd", "percent", "value", "value_usd", "duty_usd", "share")
TYPES = {"year": "int64"} | dict.fromkeys(NUMBERS, "float64")


@cache
def _shipped(name: str) -> pd.DataFrame:
    return read_frame(files("ytterby.facts") / "data" / "frames" / FILES[name], TYPES)


def user_files(name: str, project: Path | None) -> list[Path]:
    """Imported tables of a project by name, oldest first: ``NAME-0001-FORMAT-FILE.csv.gz``."""
    return sorted((project / "facts").glob(f"{name}-[0-9][0-9][0-9][0-9]-*.csv.gz")) if project else []


def read(name: str, project: Path | None = None) -> pd.DataFrame:
    """Copy of a packaged table, with rows replaced by those that the user imported."""
    table = _shipped(name).copy()
    for path in user_files(name, project):
        table = combine(table, read_frame(path, TYPES), KEYS[path.name.split("-")[2]])
    return table


def digest(project: Path | None) -> str:
    """SHA-256 of the packaged tables and of all files imported by the user."""
    total = hashlib.sha256()
    packaged = [files("ytterby.facts") / "data" / "frames" / name for name in FILES.values()]
    for path in (*packaged, *(sorted((project / "facts").glob("*.csv.gz")) if project else ())):
        total.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def user_tables(project: Path | None) -> list[str]:
    """Names of the reference tables that the user imported."""
    return [name for name in (*FILES, "io") if user_files(name, project)]


def io_tables(project: Path | None) -> dict[str, pd.DataFrame]:
    """The user's input-output tables by name; in each cell the latest import takes precedence."""
    import pandas as pd

    files_ = user_files("io", project)
    if not files_:
        return {}
    cells = pd.concat([read_frame(path, TYPES) for path in files_]).drop_duplicates(["table", "row", "column"], keep="last")
    return {str(name): part.drop(columns="table").reset_index(drop=True) for name, part in cells.groupby("table", sort=True)}


def combine(ours: pd.DataFrame, theirs: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Packaged table with all rows replaced whose keys are in the user's table."""
    import pandas as pd

    covered = pd.MultiIndex.from_frame(ours[keys]).isin(pd.MultiIndex.from_frame(theirs[keys].drop_duplicates()))
    return pd.concat([ours[~covered], theirs], ignore_index=True)


@cache
def world_map() -> dict[str, Any]:
    """Country outlines as TopoJSON."""
    packed = (files("ytterby.facts") / "data" / "frames" / "world.json.gz").read_bytes()
    outlines: dict[str, Any] = json.loads(gzip.decompress(packed))
    return outlines


@cache
def country_names() -> dict[str, str]:
    """ISO alpha-2 code by English name of the country in lower case."""
    table = _shipped("countries")
    both = [*zip(table["name_un"], table["iso2"], strict=True), *zip(table["name"], table["iso2"], strict=True)]
    return {name.lower(): code for name, code in both if name}


@cache
def _alpha3() -> dict[str, str]:
    table = _shipped("countries")
    return dict(zip(table["iso3"], table["iso2"], strict=True)) | OTHER_ALPHA3


def iso2(alpha3: str) -> str:
    """ISO alpha-2 of an alpha-3 code or of a code used by the World Bank or Comtrade; empty if unknown."""
    return _alpha3().get(alpha3.strip().upper(), "")
