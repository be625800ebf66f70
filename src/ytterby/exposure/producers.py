"""Mine production by country and year, always from one source: the user's figures, else the newest USGS edition."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ytterby.facts import Facts

SHIPPED = ("usgs", "usgs_history")
"""Tables of the shipped facts that give mine production by country, the newer series first."""


@dataclass(frozen=True)
class Producers:
    """Mine production of rare earths in one year."""

    year: int
    tonnes: Mapping[str, float]
    """Production by country [t REO]; ``ROW`` for countries not named by the source."""
    source: str
    """Edition and table that all figures come from."""
    notes: tuple[str, ...] = ()
    """Caveats: quotas in place of output, interpolation."""
    bridged: Mapping[str, float] = field(default_factory=dict)
    """Interpolated production of countries that the source lists before and after this year but not in it [t REO]."""


def producers(facts: Facts, year: int, rows: pd.DataFrame | None = None) -> Producers:
    """Mine production by country of a year, from one source as a whole.

    Editions and sources are never mixed: they revise one another strongly and would distort shares.

    Parameters
    ----------
    facts : Facts
    year : int
    rows : DataFrame, optional
        Result of :func:`production_rows`; pass it when many years are needed.

    Raises
    ------
    DataGapError
        If no source lists countries for that year; the message lists the years available.
    """
    rows = production_rows(facts) if rows is None else rows
    now = rows[rows["period"] == str(year)]
    for origin in ("user", *SHIPPED):
        found = now[now["origin"] == origin]
        if not found.empty:
            return _newest(found, year)
    raise missing(year, {int(period) for period in rows["period"]})


def missing(year: int, known: Iterable[int]) -> DataGapError:
    """Error that lists the years with mine production by country."""
    return DataGapError(f"no mine production by country for {year}; there is some for {_spans(sorted(known))}")


def interpolated(facts: Facts, years: range) -> dict[int, Producers]:
    """Mine production of every year of a range; gaps between two figures of a country are interpolated linearly.

    Years before the first and after the last source take the nearest figures. Interpolated figures are held separately
    from published ones (``bridged``) and marked in the notes.
    """
    rows = production_rows(facts)
    known = {int(period): producers(facts, int(period), rows) for period in sorted(set(rows["period"]))}
    names = sorted({name for made in known.values() for name in made.tonnes})
    return {year: _bridged(known, names, year) for year in years}


def production_rows(facts: Facts) -> pd.DataFrame:
    """Rows with a country's total mine production of one year; quotas where the source publishes them as output."""
    table = facts.table
    output = (table["quantity"] == "mine_production") & table["origin"].isin(["user", *SHIPPED])
    quota = (table["quantity"] == "quota") & (table["origin"] == "usgs_history")
    table_unit = table["unit"] == "t REO"
    named = (
        table_unit
        & ~table["region"].isin(["WORLD", "WORLD-CN", ""])
        & (table["element"] == "TREO")
        & table["period"].str.fullmatch(r"\d{4}")
    )
    return table[(output | quota) & named & ~table["scope"].str.contains("site:", regex=False) & table["value"].notna()]


def _newest(found: pd.DataFrame, year: int) -> Producers:
    """Newest edition that lists at least half as many countries as the most complete one of the year."""
    groups = {key: part.drop_duplicates("region", keep="last") for key, part in found.groupby(["edition", "source"])}
    fullest = max(len(part) for part in groups.values())
    (edition, source), part = max((item for item in groups.items() if 2 * len(item[1]) >= fullest), key=lambda item: str(item[0]))
    quotas = part.loc[part["quantity"] == "quota", "region"]
    notes = tuple(f"{region}: the source prints the production quota as output" for region in quotas)
    return Producers(year, dict(zip(part["region"], part["value"].astype(float), strict=True)), str(edition or source), notes)


def _bridged(known: Mapping[int, Producers], names: list[str], year: int) -> Producers:
    """Figures of a year with gaps interpolated; years outside the range of the sources take the nearest."""
    if year < min(known) or year > max(known):
        near = known[min(known, key=lambda other: abs(other - year))]
        return Producers(year, {}, near.source, (f"{year}: production of {near.year}",), near.tonnes)
    printed = known.get(year, Producers(year, {}, "none"))
    bridged = {}
    for name in names:
        value = None if name in printed.tonnes else _between(known, name, year)
        if value is not None:
            bridged[name] = value
    note = () if year in known else (f"{year}: production interpolated",)
    return replace(printed, notes=printed.notes + note, bridged=bridged)


def _between(known: Mapping[int, Producers], name: str, year: int) -> float | None:
    """Linear interpolation between the nearest figures of a country; None if there is none before or after the year."""
    before = max((other for other, made in known.items() if other < year and name in made.tonnes), default=None)
    after = min((other for other, made in known.items() if other > year and name in made.tonnes), default=None)
    if before is None or after is None:
        return None
    weight = (year - before) / (after - before)
    return (1 - weight) * known[before].tonnes[name] + weight * known[after].tonnes[name]


def _spans(years: list[int]) -> str:
    """Ranges of consecutive years, such as ``1998-2015, 2020-2025``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
