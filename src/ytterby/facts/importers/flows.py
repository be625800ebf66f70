"""Trade flows from rows of any customs statistic: months are added up, parts of a total and repeated rows are not counted twice."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import reference_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from ytterby.facts.importers.releases import Frames

RARE_EARTHS = frozenset({"280530", "284610", "284690", "850511"})
"""HS headings of rare-earth metals, cerium compounds, other rare-earth compounds and metal magnets."""

FLOW_COLUMNS = ["year", "hs", "exporter", "importer", "value_kusd", "quantity_t"]
MONTHS = 12
WHOLE = 0.5
"""Share of our flows of a heading in a year from which on a table is taken to be the whole release of that year."""

AGGREGATES = frozenset({"EU", "EUX", "WLD", "W00", "EUR", "EU27_2020", "EU28", "WORLD", "EXTRA_EU", "INTRA_EU"})
"""Codes of sums of countries, which are never flows."""


@cache
def minerals() -> frozenset[str]:
    """HS headings of the other critical minerals."""
    return frozenset(reference_tables.read("minerals_trade")["hs"].unique())


@cache
def wanted() -> frozenset[str]:
    """All HS headings that are read."""
    return RARE_EARTHS | minerals()


def heading(code: str) -> str:
    """Return the six-digit heading of a customs code of six to ten digits; empty if it is not one that is read.

    Codes may have lost a leading zero or gained ``.0`` in a spreadsheet, and blanks, dots or a quotation mark.
    """
    plain = code.strip().strip("'\"")
    if plain.endswith(".0"):
        plain = plain[:-2]
    plain = plain.replace(" ", "").replace(".", "")
    if not plain.isdigit():
        return ""
    six = plain[:6] if len(plain) in {6, 8, 9, 10} else plain.zfill(6) if len(plain) == 5 else ""
    return six if six in wanted() else ""


@dataclass(frozen=True)
class Record:
    """One declared flow, or a part of one."""

    line: int
    year: int
    hs: str
    reporter: str
    partner: str
    importing: bool
    value_kusd: float
    """NaN where none was declared."""
    quantity_t: float
    """NaN where none was declared."""
    month: int = 0
    """1-12; 0 for a whole year."""
    code: str = ""
    """Customs code of which the heading is the beginning."""
    part: str = ""
    """Mode of transport and the like, where the flow is given in parts only."""

    @property
    def key(self) -> tuple[int, str, str, str]:
        """Year, heading, exporter, importer."""
        pair = (self.partner, self.reporter) if self.importing else (self.reporter, self.partner)
        return (self.year, self.hs, *pair)


@dataclass
class SummedFlows:
    """Flows added up from records."""

    name: str
    left_out: Counter[str] = field(default_factory=Counter)
    records: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Add a record; one of a country with itself or with a sum of countries is left out."""
        if {record.reporter, record.partner} & AGGREGATES:
            self.left_out["sums of countries, such as the world or the EU"] += 1
        elif record.reporter == record.partner:
            self.left_out["a country's trade with itself"] += 1
        else:
            self.records.append(record)

    def frames(self) -> Frames:
        """Return the flows as tables ``trade`` and ``minerals_trade``."""
        whole = self._whole_years(self._once(self._finest(self.records)))
        best: dict[tuple[int, str, str, str], tuple[float, float]] = {}
        for importing in (False, True):  # the importer's record takes precedence over the exporter's
            for key, parts in _grouped(record for record in whole if record.importing == importing).items():
                best[key] = (_sum(part.value_kusd for part in parts), _sum(part.quantity_t for part in parts))
        return frames_of(best)

    def _finest(self, records: list[Record]) -> list[Record]:
        """Records of headings, or of their subdivisions where the heading itself is not given."""
        with_heading = {(*record.key, record.importing, record.month) for record in records if len(record.code) <= 6}  # noqa: PLR2004
        kept = [r for r in records if len(r.code) <= 6 or (*r.key, r.importing, r.month) not in with_heading]  # noqa: PLR2004
        if len(kept) < len(records):
            self.left_out["subdivisions of a heading that is given itself"] += len(records) - len(kept)
        return kept

    def _once(self, records: list[Record]) -> list[Record]:
        """Records without repetitions.

        Raises
        ------
        FactError
            If the same flow is given twice with different figures.
        """
        seen: dict[tuple[object, ...], Record] = {}
        for record in records:
            place = (*record.key, record.importing, record.month, record.code, record.part)
            first = seen.setdefault(place, record)
            if first is record:
                continue
            if not (_same(first.value_kusd, record.value_kusd) and _same(first.quantity_t, record.quantity_t)):
                exporter, importer = record.key[2:]
                flow = f"{exporter} to {importer}, {record.code or record.hs}, {record.year}"
                raise FactError(f"{self.name}:{record.line}: {flow} stands in line {first.line}, too, with other figures; keep one of them")
            self.left_out["repeated rows"] += 1
        return list(seen.values())

    def _whole_years(self, records: list[Record]) -> list[Record]:
        """Records of whole years; months count where all twelve of the reporter's year are there and the year itself is not."""
        months: dict[tuple[str, bool, int], set[int]] = defaultdict(set)
        for record in records:
            months[record.reporter, record.importing, record.year].add(record.month)
        kept = []
        for record in records:
            seen = months[record.reporter, record.importing, record.year]
            if record.month and 0 in seen:
                self.left_out["months of a year that is given as a whole"] += 1
            elif record.month and len(seen) < MONTHS:
                self.left_out[f"months of {record.year}, of which {len(seen)} of 12 are there; only whole years are read"] += 1
            else:
                kept.append(record)
        return kept


def _grouped(records: Iterable[Record]) -> dict[tuple[int, str, str, str], list[Record]]:
    found: dict[tuple[int, str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        found[record.key].append(record)
    return found


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def _sum(parts: Iterable[float]) -> float:
    """Sum of what is known; NaN where nothing is."""
    known = [part for part in parts if not math.isnan(part)]
    return math.fsum(known) if known else math.nan


def frames_of(flows: dict[tuple[int, str, str, str], tuple[float, float]]) -> Frames:
    """Return flows of rare earths and of other minerals as tables; weights of zero become NaN."""
    import pandas as pd

    table = pd.DataFrame([(*key, *figures) for key, figures in flows.items()], columns=FLOW_COLUMNS)
    return split(table) if len(table) else {}


def split(table: pd.DataFrame) -> Frames:
    """Return sorted flows of rare earths and of other minerals; weights of zero become NaN."""
    table["quantity_t"] = table["quantity_t"].where(table["quantity_t"] > 0)
    table = table.sort_values(["hs", "year", "exporter", "importer"], kind="stable")[FLOW_COLUMNS]
    rare = table["hs"].isin(RARE_EARTHS)
    return {name: part for name, part in {"trade": table[rare], "minerals_trade": table[~rare]}.items() if len(part)}


def whole_years(name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return the part that replaces whole years of a heading, the part that is merged flow by flow, and notes on the latter.

    A table holds the whole year of a heading if it has at least half as many flows as ours of that year.
    """
    ours = reference_tables.read(name).groupby(["hs", "year"]).size()
    given = table.groupby(["hs", "year"]).size()
    counts = given.to_frame("given").assign(ours=ours.reindex(given.index, fill_value=0)).reset_index()
    whole = counts[(counts["given"] >= WHOLE * counts["ours"]) & (counts["ours"] > 0)]
    is_whole = table.set_index(["hs", "year"]).index.isin(whole.set_index(["hs", "year"]).index)
    notes = [
        f"{row['given']} flows of {row['hs']} in {row['year']} are merged with our {row['ours']:,}; those that are not in the file stay"
        for row in counts.drop(whole.index).to_dict("records")
        if row["ours"]
    ]
    return table[is_whole], table[~is_whole], notes
