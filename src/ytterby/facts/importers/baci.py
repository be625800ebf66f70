"""Reader of BACI (CEPII): whole releases and extracts, of any revision of the Harmonised System."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import vocabulary
from ytterby.facts.importers.flows import minerals, split, wanted
from ytterby.facts.importers.releases import Release, ReleaseFigures
from ytterby.facts.sheet import as_fact_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ytterby.facts.importers.releases import ReleaseTable

CHUNK = 1_000_000
"""Lines held in memory at once."""

SHORT = {name: name for name in ("t", "i", "j", "k", "v", "q")}
LONG = {"t": "year", "i": "exporter_code", "j": "importer_code", "k": "hs6", "v": "value_kusd", "q": "quantity_t"}
"""Long column names of extracts, by the names in BACI: year, exporter, importer, heading, thousand USD, tonnes."""

REVISIONS = {"92": 1992, "96": 1996, "02": 2002, "07": 2007, "12": 2012, "17": 2017, "22": 2022}
KEY = ["year", "hs", "exporter", "importer"]


def read(table: ReleaseTable) -> ReleaseFigures:
    """Read BACI with its own column names."""
    return _read(table, SHORT)


def read_extract(table: ReleaseTable) -> ReleaseFigures:
    """Read an extract from BACI with long column names."""
    return _read(table, LONG)


def _read(table: ReleaseTable, columns: dict[str, str]) -> ReleaseFigures:
    import pandas as pd

    names = {key: table.written[name] for key, name in columns.items()}
    found = ReleaseFigures()
    pieces = [_flows(table, piece.rename(columns={name: key for key, name in names.items()}), found) for piece in _pieces(table, names)]
    flows = pd.concat(pieces) if pieces else pd.DataFrame()
    if len(flows):
        found.frames = split(_once(table, _of_revision(table, flows, found), found))
    return found


def _pieces(table: ReleaseTable, names: dict[str, str]) -> Iterator[pd.DataFrame]:
    """Columns of the file as text, in chunks; the index is the line.

    Raises
    ------
    FactError
        If the file is not well-formed.
    """
    import pandas as pd

    if table.sheet.open is None:
        yield pd.DataFrame(dict(table.sheet.rows(table.header, table.line)), dtype=str).T[list(names.values())]
        return
    try:
        with as_fact_errors(table.sheet.path), table.sheet.open() as text:
            for piece in pd.read_csv(
                text,
                sep=table.sheet.delimiter,
                skiprows=range(table.line - 1),
                chunksize=CHUNK,
                skip_blank_lines=False,
                usecols=list(names.values()),
                dtype=str,
                keep_default_na=False,
                index_col=False,
            ):
                yield piece.set_axis(piece.index + table.line + 1)
    except (ValueError, pd.errors.ParserWarning, pd.errors.ParserError) as error:
        raise FactError(f"{table.name}: not a well-formed CSV file: {' '.join(str(error).split())[:200]}") from error


def _flows(table: ReleaseTable, piece: pd.DataFrame, found: ReleaseFigures) -> pd.DataFrame:
    """Flows of the headings that are read; codes may have become floats in a merge (``156.0``)."""
    import pandas as pd

    plain = {name: piece[name].str.strip().str.replace(r"\.0+$", "", regex=True) for name in ("t", "i", "j", "k")}
    blank = (piece[list("tijkv")].apply(lambda column: column.str.strip()) == "").all(axis=1)
    heading = plain["k"].str.zfill(6)
    chosen = heading.isin(wanted()) & ~blank
    found.left_out["other goods"] += int((~chosen & ~blank).sum())
    areas = {code: row["iso2"] for code, row in vocabulary.listed("baci_areas").items()}
    codes = {name: plain[name][chosen].str.lstrip("0") for name in ("i", "j")}
    wrong = ~codes["i"].str.fullmatch("[0-9]+") | ~codes["j"].str.fullmatch("[0-9]+")
    if wrong.any():
        raise FactError(f"{table.name}:{wrong.idxmax()}: a code of exporter or importer is not a number")
    return pd.DataFrame(
        {
            "year": _years(table, plain["t"][chosen]),
            "hs": heading[chosen],
            "exporter": codes["i"].map(areas).fillna("XX"),
            "importer": codes["j"].map(areas).fillna("XX"),
            "value_kusd": _numbers(table, piece["v"][chosen]),
            "quantity_t": _numbers(table, piece["q"][chosen], missing=True),
        }
    )


def _years(table: ReleaseTable, cells: pd.Series) -> pd.Series:
    wrong = ~cells.str.fullmatch(r"(?:19|20)[0-9]{2}")
    if wrong.any():
        raise FactError(f"{table.name}:{wrong.idxmax()}: '{cells[wrong].iloc[0]}' in column {cells.name} is not a year")
    return cells.astype("int64")


def _numbers(table: ReleaseTable, cells: pd.Series, *, missing: bool = False) -> pd.Series:
    """Numbers of a text column; empty cells are allowed only if ``missing``."""
    import pandas as pd

    plain = cells.str.strip().mask(lambda text: text.isin(["NA", ""]), None) if missing else cells.str.strip()
    if table.sheet.decimal == ",":
        plain = plain.str.replace(",", ".")
    shaped = plain.isna() | plain.str.fullmatch(r"[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,2})?|[0-9]+\.")
    if not shaped.all():
        wrong = cells[~shaped.astype(bool)]
        raise FactError(f"{table.name}:{wrong.index[0]}: '{wrong.iloc[0]}' in column {cells.name} is not a non-negative number")
    return pd.to_numeric(plain).astype("float64")


def _once(table: ReleaseTable, flows: pd.DataFrame, found: ReleaseFigures) -> pd.DataFrame:
    """Flows without repeated rows.

    Raises
    ------
    FactError
        If a flow between two named countries stands in two rows with different figures.
    """
    once = flows.drop_duplicates()
    found.left_out["repeated rows"] += len(flows) - len(once)
    twice = once[once.duplicated(KEY) & (once["exporter"] != "XX") & (once["importer"] != "XX")]
    if len(twice):
        row = twice.iloc[0]
        flow = f"{row['exporter']} to {row['importer']}, {row['hs']}, {row['year']}"
        raise FactError(f"{table.name}:{twice.index[0]}: {flow} is given twice with different figures; keep one of them")
    return once


def _of_revision(table: ReleaseTable, flows: pd.DataFrame, found: ReleaseFigures) -> pd.DataFrame:
    """Flows of headings that mean the same in the revision of the file; notes name the revision."""
    named = re.search(r"HS(92|96|02|07|12|17|22)\b|HS(92|96|02|07|12|17|22)_", table.name)
    if named is None:
        return flows
    year = REVISIONS[named[1] or named[2]]
    last = {heading: int(row["last_revision"]) for heading, row in vocabulary.listed("hs_revisions").items()}
    other = flows["hs"].map(lambda heading: last.get(heading, 9999) < year)
    for heading in sorted(set(flows["hs"][other])):
        found.notes.append(f"{heading} is left out of a file by HS {year}: {vocabulary.listed('hs_revisions')[heading]['note']}")
    found.left_out["headings that mean something else in this revision of the HS"] += int(other.sum())
    if set(flows["hs"]) & minerals() or year != REVISIONS["92"]:
        found.notes.append(f"read as HS {year}; the headings of rare earths are the same in all revisions from 1992 to 2022")
    return flows[~other]


RELEASES = (
    Release("BACI", "baci", frozenset(SHORT), read),
    Release("BACI extract", "baci", frozenset(LONG.values()), read_extract),
)
"""Formats of this source."""
