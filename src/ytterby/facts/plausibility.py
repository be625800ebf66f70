"""Whether a figure of the user can be meant as it stands: unit, range, place, period and id belong to what is measured.

A figure that contradicts itself is refused. One that is only far from all that is known (a thousand times, or a thousandth)
is asked about: it comes in when the user says that it is meant.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ytterby.facts import periods, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

Cell = tuple[str, str, str]
"""Column, content found, what is allowed."""

KEY = ("quantity", "element", "commodity", "region", "partner", "sector", "period")
"""Columns that identify what a figure measures."""

FIRST_YEAR, LAST_OBSERVED, LAST_YEAR = 1900, 2030, 2060
"""Years that a figure can be about: of observations, and of plans and forecasts."""

SHARE_LIMITS = {"%": 100.0, "wt%": 100.0, "at%": 100.0, "1": 1.0, "ratio": 1.0, "ppm": 1e6}
"""Largest share by unit."""

FAR = 1000.0
"""Factor beyond all known figures of the same thing from which on the user is asked."""

FREE_STAGES = frozenset({"component", "product"})
"""Stages whose products are no elements, alloys or grades of the lists."""

OTHER_PRODUCTS = ("concentrate", "all", "magnet", "NdFeB", "NdFeB-Dy", "CeFeB", "SmCo")


@cache
def _products() -> frozenset[str]:
    """Products that a commodity may name."""
    return frozenset((*vocabulary.symbols(), *vocabulary.AGGREGATES, *vocabulary.OTHER_MINERALS, *OTHER_PRODUCTS))


def check_row(row: Mapping[str, str], ours: pd.DataFrame) -> list[Cell]:
    """Return what in a row contradicts itself or the packaged figure of its id.

    Parameters
    ----------
    row : mapping
        All columns of a figure; its codes and numbers are valid by themselves.
    ours : DataFrame
        Packaged figures, indexed by id.
    """
    return [*_unit(row), *_share(row), *_commodity(row), *_places(row), *_years(row), *_id(row, ours)]


def _unit(row: Mapping[str, str]) -> Iterator[Cell]:
    quantity, unit = vocabulary.listed("quantities")[row["quantity"]], vocabulary.listed("units")[row["unit"]]
    allowed = quantity["dimensions"].split(";") if quantity["dimensions"] else []
    if allowed and unit["dimension"] not in allowed:
        units = [name for name, each in vocabulary.listed("units").items() if each["dimension"] in allowed]
        yield "unit", row["unit"], f"is {unit['dimension']}, no unit of {row['quantity']}; allowed: {', '.join(units[:8])}"


def _share(row: Mapping[str, str]) -> Iterator[Cell]:
    """Shares lie between nothing and all; in ``%`` up to 100, as a number up to 1."""
    limit = SHARE_LIMITS.get(row["unit"])
    if limit is None or vocabulary.listed("quantities")[row["quantity"]]["bounded"] != "yes":
        return
    for column in vocabulary.NUMBERS:
        if row[column] and float(row[column]) > limit:
            yield column, row[column], f"a share in {row['unit']} is at most {limit:g}"
            return


def _commodity(row: Mapping[str, str]) -> Iterator[Cell]:
    """A commodity names a known product, and its element is the figure's element."""
    stage, _, product = row["commodity"].partition(".")
    if not product or stage in FREE_STAGES:
        return
    name = product.split("-")[0] if product.startswith(("concentrate", "recycle")) else product
    if name not in _products():
        yield "commodity", row["commodity"], "names no element, group or grade that is known"
    elif row["element"] and name in {*vocabulary.symbols(), *vocabulary.AGGREGATES} and stage != "magnet" and row["element"] != name:
        yield "element", row["element"], f"is not what {row['commodity']} holds"


def _places(row: Mapping[str, str]) -> Iterator[Cell]:
    if row["partner"] and row["partner"] == row["region"]:
        yield "partner", row["partner"], "is the region itself; the other side is wanted"


def _years(row: Mapping[str, str]) -> Iterator[Cell]:
    first, last = periods.start(row["period"]), periods.end(row["period"])
    if first is None or last is None:
        return
    limit = LAST_OBSERVED if row["quantity"] in periods.OBSERVATIONS else LAST_YEAR
    if first.year < FIRST_YEAR or last.year > limit:
        yield "period", row["period"], f"must lie in {FIRST_YEAR} to {limit} for {row['quantity']}"


def _id(row: Mapping[str, str], ours: pd.DataFrame) -> Iterator[Cell]:
    """A row that takes the place of a packaged figure measures the same, in the same unit."""
    if row["id"] not in ours.index:
        return
    packaged = ours.loc[row["id"]]
    for column in (*KEY, "unit"):
        if row[column] != packaged[column]:
            yield column, row[column], f"figure {row['id']} is about '{packaged[column]}'; leave out the id, or correct the column"
            return


def far_from_known(row: Mapping[str, str], ours: pd.DataFrame) -> list[Cell]:
    """Return the doubt about a figure that is far from all packaged figures of the same thing and unit.

    They are those of the same period, or of any period where there is none.
    """
    if not row["value"]:
        return []
    same = ours
    for column in ("quantity", "element", "commodity", "region", "partner", "sector", "unit"):
        same = same[same[column] == row[column]]
    if (same["period"] == row["period"]).any():
        same = same[same["period"] == row["period"]]
    known = same["value"].dropna().abs()
    value = abs(float(row["value"]))
    if known.empty or known.min() / FAR < value < known.max() * FAR or value in set(known):
        return []
    nearest = (known - value).abs().sort_values(kind="stable").index[0]
    shown = f"{nearest}: {float(known[nearest]):.6g} {row['unit']}"
    words = f"is far from what is known ({shown}); if it is meant, import with --unusual"
    return [("value", row["value"], words)]
