"""The System: a balanced supply network of a base year as immutable, labelled tables.

Units: t/year in the commodity's own mass (oxide mass up to separation, element mass for metals,
finished tonnes for magnets, magnet tonnes embedded for components); USD of the base year per kg.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ytterby.errors import DataGapError, StoreError, UnknownNameError
from ytterby.system.bases import RARE_EARTHS

if TYPE_CHECKING:
    from pathlib import Path

TABLES: dict[str, dict[str, str]] = {
    "markets": {
        "market": "id, commodity@region (index)",
        "commodity": "stage.product",
        "stage": "stage of the commodity",
        "region": "region code",
        "price": "base price without VAT [USD/kg]",
        "cover": "target cover [weeks of use]",
        "cover_low": "low end of the cover's range [weeks]",
        "cover_high": "high end of the cover's range [weeks]",
        "kind": "net_producer (own production >= imports) or net_importer",
        "production": "output of own processes [t/year]",
        "imports": "sum of incoming links [t/year]",
        "exports": "sum of outgoing links [t/year]",
        "use": "process inputs and final demands [t/year]",
        "residual": "constant flow that leaves (+) or enters (-) the market: stock build, undocumented use [t/year]",
    },
    "processes": {
        "process": "id, stage.name@region (index)",
        "stage": "stage of the output",
        "region": "region code",
        "activity": "base activity [t/year of main output or feed]",
        "capacity": "largest activity [t/year]",
        "unit_cost": "conversion cost without inputs [USD/kg of activity]",
        "lag": "time from decision to output [weeks]",
        "driver": "main product that determines the activity: ree, iron, mineral_sands, titania, clay; primary, alumina, zinc, gold, scrap",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "recipes": {
        "process": "process id",
        "market": "market id",
        "coefficient": "t per t of activity; negative = input, positive = output",
    },
    "links": {
        "link": "id, origin market > destination market (index)",
        "origin": "market id",
        "destination": "market id",
        "commodity": "stage.product",
        "flow": "base flow [t/year]",
        "low": "low end of the flow's range",
        "high": "high end of the flow's range",
        "transit": "transit time [weeks, integer >= 1]",
        "cost": "transport cost [USD/kg]",
        "duty": "ad valorem import duty in the base year [1]",
        "vat_unrefunded": "export VAT that is not refunded [1]",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "demands": {
        "demand": "id, market|sector (index)",
        "market": "market id",
        "commodity": "stage.product",
        "region": "region code",
        "sector": "sector code",
        "use": "base use [t/year]",
        "low": "low end",
        "high": "high end",
        "elasticity_short": "short price elasticity (positive number)",
        "elasticity_long": "long price elasticity (positive number)",
        "choke": "absolute willingness to pay [USD/kg]",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "contents": {
        "commodity": "stage.product",
        "element": "symbol",
        "content": "t of element as oxide (REO equivalent) per t of commodity; of the element itself in other chains than rare earths",
    },
    "stockpiles": {
        "stockpile": "id (index)",
        "owner": "region code",
        "market": "market id",
        "tonnes": "held at the start",
        "low": "low end",
        "high": "high end",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "sectors": {
        "sector_region": "id, sector@region (index)",
        "sector": "sector code",
        "region": "region code",
        "value_added": "gross value added of the sector [USD/year]",
        "value_added_low": "low end",
        "value_added_high": "high end",
        "jobs": "employment [persons]",
        "dependent_share": "share of the sector's output that stops without the input [1]",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "plants": {
        "process": "id of a dormant plant; one row per market of its inputs and outputs",
        "stage": "stage of the output",
        "region": "region code",
        "market": "market id",
        "coefficient": "t per t of activity; negative = input, positive = output",
        "utilisation": "activity over capacity at base prices once it is open [1]",
        "unit_cost": "conversion cost without inputs [USD/kg of activity]",
        "lag": "time from decision to output [weeks]",
        "driver": "main product that determines the activity: ree, iron, mineral_sands, titania, clay",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "sites": {
        "market": "id of a market that only dormant plants use (index)",
        "commodity": "stage.product",
        "stage": "stage of the commodity",
        "region": "region code",
        "price": "price without VAT at base prices [USD/kg]",
        "cover": "target cover [weeks of use]",
        "cover_low": "low end of the cover's range [weeks]",
        "cover_high": "high end of the cover's range [weeks]",
        "kind": "net_producer or net_importer once the plants are open",
    },
    "routes": {
        "link": "id, origin market > destination market, without a base flow (index)",
        "origin": "market id",
        "destination": "market id",
        "commodity": "stage.product",
        "transit": "transit time [weeks, integer >= 1]",
        "cost": "transport cost [USD/kg]",
        "duty": "ad valorem import duty in the base year [1]",
        "vat_unrefunded": "export VAT that is not refunded [1]",
    },
    "footprints": {
        "process": "process id, of running and of dormant plants",
        "indicator": "co2e, water or residue",
        "value": "per tonne of activity [t CO2e, m3, t of radioactive residue]",
        "low": "low end",
        "high": "high end",
        "kind": "reported, derived or assumed",
        "facts": "fact ids, space separated",
    },
    "rolled": {
        "kind": "plant that opened, circuit added to a running plant, mine that follows use, use on its path",
        "item": "process id, or commodity of a use",
        "name": "name of the project, or of the path",
        "good": "commodity that is counted",
        "region": "region code; WORLD for a use",
        "opened": "first day of output, YYYY-MM-DD; empty for mines and uses",
        "before": "in the base year [t/year]",
        "added": "since the base year [t/year]",
        "low": "low end of what was added; empty where the balance decides",
        "high": "high end of what was added; empty where the balance decides",
        "facts": "fact ids, space separated",
        "basis": "reported, derived or assumed",
        "note": "words for the reader",
    },
}
"""Columns of each table with meaning and unit."""

OPTIONAL = ("plants", "sites", "routes", "footprints", "rolled")
"""Tables of dormant plants, of footprints and of what was rolled; where they are empty they do not enter the digest."""


def _empty(name: str) -> pd.DataFrame:
    """Empty table of dormant plants, of footprints or of what was rolled."""
    columns = list(TABLES[name])
    table = pd.DataFrame(columns=columns)
    return table if name in ("plants", "footprints", "rolled") else table.set_index(columns[0])


@dataclass(frozen=True, eq=False)
class System:
    """A balanced supply network of a base year; tables as in :data:`TABLES`."""

    year: int
    markets: pd.DataFrame
    processes: pd.DataFrame
    recipes: pd.DataFrame
    links: pd.DataFrame
    demands: pd.DataFrame
    contents: pd.DataFrame
    stockpiles: pd.DataFrame
    sectors: pd.DataFrame
    adjustments: pd.DataFrame
    """Observed figures before and after reconciliation: fact, quantity, region, element, reported, used, sigmas."""
    balance: pd.DataFrame
    """Closed balance by line: element, stage, region, line, t (REO equivalent per year)."""
    as_of: str = ""
    """Period of the newest fact used."""
    chain: str = RARE_EARTHS
    """Name of the mineral chain."""
    plants: pd.DataFrame = field(default_factory=lambda: _empty("plants"))
    """Plants that did not run in the base year; they have no flow and do not change the balance."""
    sites: pd.DataFrame = field(default_factory=lambda: _empty("sites"))
    """Markets that only dormant plants use."""
    routes: pd.DataFrame = field(default_factory=lambda: _empty("routes"))
    """Routes from dormant plants to buyers."""
    footprints: pd.DataFrame = field(default_factory=lambda: _empty("footprints"))
    """Footprints of plants, where a scenario asks for them."""
    at: str = ""
    """Day to which it was rolled, YYYY-MM-DD; empty for the base year itself."""
    path: str = ""
    """Path of demand on which it was rolled."""
    rolled: pd.DataFrame = field(default_factory=lambda: _empty("rolled"))
    """What was rolled since the base year."""

    def __repr__(self) -> str:
        """One line: year, chain and the number of rows of the main tables."""
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in ("markets", "processes", "links", "demands"))
        return f"System({self.at or self.year}, {self.chain}, {sizes})"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all tables; identifies the base of every result."""
        named = self.year if self.chain == RARE_EARTHS else f"{self.chain} {self.year}"
        total = hashlib.sha256(f"{named} {self.at} {self.path}".strip().encode())
        for part in fields(self):
            table = getattr(self, part.name)
            if isinstance(table, pd.DataFrame) and not (part.name in OPTIONAL and table.empty):
                total.update(table.to_csv(float_format="%.12g").encode())
        return total.hexdigest()

    @cached_property
    def all_markets(self) -> pd.DataFrame:
        """Markets of the base year, then those that only dormant plants use."""
        return pd.concat([self.markets, self.sites]) if len(self.sites) else self.markets

    @cached_property
    def market_facts(self) -> dict[str, str]:
        """Ids of the facts behind each market's processes, incoming links and uses, separated by blanks."""
        outputs = self.recipes[self.recipes["coefficient"] > 0.0].join(self.processes["facts"], on="process")
        cells = [(outputs["market"], outputs), (self.links["destination"], self.links), (self.demands["market"], self.demands)]
        found: dict[str, set[str]] = {}
        for markets, table in cells:
            for market, cell in zip(markets, table["facts"], strict=True):
                found.setdefault(market, set()).update(str(cell).split())
        return {market: " ".join(sorted(ids)) for market, ids in found.items()}

    def market(self, commodity: str, region: str) -> str:
        """Id of the market of a commodity in a region."""
        return f"{commodity}@{region}"

    def with_markets(self, markets: pd.DataFrame) -> System:
        """Copy with another table ``markets``, such as with other covers; its digest differs."""
        return replace(self, markets=markets)

    def with_tables(self, **tables: pd.DataFrame) -> System:
        """Copy with other tables in place of its own; what a market then takes in and does not pass on is its constant residual.

        Raises
        ------
        UnknownNameError
            If there is no such table.
        DataGapError
            If a table lacks a column, or names a row twice.
        """
        for name, table in tables.items():
            if name not in TABLES:
                raise UnknownNameError("table", name, TABLES)
            missing = [column for column in getattr(self, name).columns if column not in table.columns]
            if missing or table.index.has_duplicates:
                raise DataGapError(f"table {name}: {'columns missing: ' + ', '.join(missing) if missing else 'a row is named twice'}")
        changed: dict[str, Any] = {**tables}
        return replace(self, **changed)

    def to_bytes(self) -> bytes:
        """System as bytes: a line with the SHA-256 of the rest, then JSON with all figures at full precision."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        document = {name: _document(value) if isinstance(value, pd.DataFrame) else value for name, value in parts.items()}
        body = json.dumps(document | {"digest": self.digest}, separators=(",", ":")).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, content: bytes, where: str = "system") -> System:
        """System from bytes, with bitwise the same tables.

        Parameters
        ----------
        content : bytes
            Result of :meth:`to_bytes`.
        where : str
            Name of the file in error messages.

        Raises
        ------
        StoreError
            If the content is damaged, not a system, or of another version; both digests are checked.
        """
        mark, _, body = content.partition(b"\n")
        if mark.decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
            raise StoreError(f"{where}: is damaged or is not a system of Ytterby")
        document = json.loads(body)
        digest = document.pop("digest", None)
        if set(document) != {part.name for part in fields(cls)}:
            raise StoreError(f"{where}: is a system of another version of Ytterby")
        parts: dict[str, Any] = {name: _table(value) if isinstance(value, dict) else value for name, value in document.items()}
        system = cls(**parts)
        if system.digest != digest:
            raise StoreError(f"{where}: is a system of another version of Ytterby")
        return system

    def save(self, path: Path) -> None:
        """Write the system to a file atomically."""
        part = path.parent / f".part-{secrets.token_hex(8)}"
        try:
            with part.open("xb") as stream:
                stream.write(self.to_bytes())
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> System:
        """System from a file written by :meth:`save`.

        Raises
        ------
        StoreError
            If the file is absent, damaged, not a system, or of another version.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror or error})") from None
        return cls.from_bytes(content, str(path))


def _document(table: pd.DataFrame) -> dict[str, Any]:
    """Table as JSON data: index and columns in order, each with type and values."""
    columns = [[str(name), *_typed(table[name])] for name in table.columns]
    index = len(table) if isinstance(table.index, pd.RangeIndex) else [table.index.name, *_typed(table.index.to_series())]
    return {"index": index, "columns": columns}


def _typed(column: pd.Series[Any]) -> tuple[str, list[Any]]:
    return str(column.dtype), column.tolist()


def _table(document: dict[str, Any]) -> pd.DataFrame:
    """Table from the data of :func:`_document`."""
    index = document["index"]
    rows = pd.RangeIndex(index) if isinstance(index, int) else pd.Index(index[2], dtype=index[1], name=index[0])
    columns = {name: pd.Series(values, index=rows, dtype=kind) for name, kind, values in document["columns"]}
    return pd.DataFrame(columns, index=rows)
