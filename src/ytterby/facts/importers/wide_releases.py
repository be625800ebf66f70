"""Readers of official releases that are stored as separate tables: BACI, UN Comtrade, WGI, input-output tables."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import guarded_io, reference_tables, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pandas as pd

CHUNK = 1_000_000
"""Lines of BACI held in memory at once."""

RARE_EARTHS = frozenset({"280530", "284610", "284690", "850511"})
"""HS headings of rare-earth metals, cerium compounds, other rare-earth compounds and metal magnets."""

FLOW_COLUMNS = ["year", "hs", "exporter", "importer", "value_kusd", "quantity_t"]
COMTRADE = {
    "year": ("refYear", "Year"),
    "period": ("period", "Period"),
    "flow": ("flowCode", "Trade Flow"),
    "reporter": ("reporterISO", "Reporter ISO"),
    "partner": ("partnerISO", "Partner ISO"),
    "hs": ("cmdCode", "Commodity Code"),
    "weight": ("netWgt", "Netweight (kg)"),
    "value": ("primaryValue", "Trade Value (US$)"),
}
"""Columns of UN Comtrade: in current downloads, and in old ones."""

WIOD_ROWS = ["gross_output_musd", "intermediate_inputs_musd", "value_added_incl_taxes_margins_musd"]

Tables = dict[str, "pd.DataFrame"]


@cache
def minerals() -> frozenset[str]:
    """HS headings of the other critical minerals."""
    return frozenset(reference_tables.read("minerals_trade")["hs"].unique())


def _pieces(path: Path, columns: list[str]) -> Iterator[pd.DataFrame]:
    """Columns of a file as text, in chunks of :data:`CHUNK` lines.

    Raises
    ------
    FactError
        If the file is not a well-formed CSV file in UTF-8.
    """
    import pandas as pd

    try:
        yield from pd.read_csv(
            path, usecols=columns, dtype=str, keep_default_na=False, chunksize=CHUNK, encoding="utf-8-sig", index_col=False
        )
    except (ValueError, pd.errors.ParserWarning) as error:
        raise FactError(f"{path}: not a well-formed CSV file in UTF-8: {' '.join(str(error).split())[:200]}") from error


def _table(path: Path) -> pd.DataFrame:
    """Content of a small file as text.

    Raises
    ------
    FactError
        If it is too large, not a well-formed CSV file in UTF-8, or has a duplicate column.
    """
    import pandas as pd

    guarded_io.check_size(path, guarded_io.MAX_ROWS_BYTES)
    header = guarded_io.read_header(path)
    if len(set(header)) < len(header):
        raise FactError(f"{path}:1: duplicate column")
    return pd.concat(list(_pieces(path, header)) or [pd.DataFrame(columns=header, dtype=str)])


def _numbers(path: Path, cells: pd.Series, *, missing: bool = False) -> pd.Series:
    """Numbers of a text column; empty cells are allowed only if ``missing``.

    Raises
    ------
    FactError
        If a cell is not a non-negative number, with file, line and text.
    """
    import pandas as pd

    plain = cells.str.strip()
    plain = plain.mask(plain.isin(["NA", ""]), "nan") if missing else plain
    numbers = pd.to_numeric(plain, errors="coerce")
    wrong = numbers.isna() & (plain != "nan") | (numbers < 0) | numbers.isin([float("inf")])
    if wrong.any():
        line = int(wrong[wrong].index[0]) + 2
        raise FactError(f"{path}:{line}: '{cells[wrong].iloc[0]}' in column {cells.name} is not a non-negative number")
    return numbers


def _years(path: Path, cells: pd.Series) -> pd.Series:
    """Years of a text column.

    Raises
    ------
    FactError
        If a cell is not a year, with file, line and text.
    """
    wrong = ~cells.str.strip().str.fullmatch(r"(?:19|20)[0-9]{2}")
    if wrong.any():
        raise FactError(f"{path}:{int(wrong[wrong].index[0]) + 2}: '{cells[wrong].iloc[0]}' in column {cells.name} is not a year")
    return cells.astype("int64")


def _split(flows: pd.DataFrame) -> Tables:
    """Sorted flows of rare earths and of other minerals; weights of zero become NaN."""
    flows["quantity_t"] = flows["quantity_t"].where(flows["quantity_t"] > 0)
    flows = flows.sort_values(["hs", "year", "exporter", "importer"], kind="stable")[FLOW_COLUMNS]
    rare = flows["hs"].isin(RARE_EARTHS)
    parts = {"trade": flows[rare], "minerals_trade": flows[~rare]}
    return {name: part for name, part in parts.items() if len(part)}


WRITTEN_OUT = {"t": "year", "i": "exporter_code", "j": "importer_code", "k": "hs6", "v": "value_kusd", "q": "quantity_t"}
"""Long column names of extracts from BACI, by the names in BACI."""


def baci(path: Path, columns: dict[str, str] | None = None) -> Tables:
    """Read BACI (``t, i, j, k, v, q``): year, exporter, importer, heading, thousand USD, tonnes."""
    import pandas as pd

    names = columns or {name: name for name in WRITTEN_OUT}
    areas = {code: row["iso2"] for code, row in vocabulary.listed("baci_areas").items()}
    wanted, found = RARE_EARTHS | minerals(), []
    for piece in _pieces(path, list(names.values())):
        heading = piece[names["k"]].str.strip().str.zfill(6)
        selected = piece[heading.isin(wanted)]
        found.append(
            pd.DataFrame(
                {
                    "year": _years(path, selected[names["t"]]),
                    "hs": heading[selected.index],
                    "exporter": selected[names["i"]].str.strip().map(areas).fillna("XX"),
                    "importer": selected[names["j"]].str.strip().map(areas).fillna("XX"),
                    "value_kusd": _numbers(path, selected[names["v"]]),
                    "quantity_t": _numbers(path, selected[names["q"]], missing=True),
                }
            )
        )
    return _split(pd.concat(found)) if found else {}


def baci_extract(path: Path) -> Tables:
    """Read an extract from BACI with long column names."""
    return baci(path, WRITTEN_OUT)


def comtrade(path: Path) -> Tables:
    """Read UN Comtrade: annual flows between two countries; the importer's record takes precedence over the exporter's.

    Values are as declared: imports CIF, exports FOB, in thousand USD; weights in tonnes.
    """
    import pandas as pd

    header = guarded_io.read_header(path)
    names = {key: next(name for name in both if name in header) for key, both in COMTRADE.items()}
    table = pd.concat(list(_pieces(path, list(names.values())))).rename(columns={name: key for key, name in names.items()})
    selected = table[table["hs"].isin(RARE_EARTHS | minerals()) & table["flow"].str[:1].isin(["M", "I", "X", "E"])]
    importing = selected["flow"].str[:1].isin(["M", "I"])
    reporter, partner = (selected[name].map(reference_tables.iso2) for name in ("reporter", "partner"))
    flows = pd.DataFrame(
        {
            "year": _years(path, selected["year"]),
            "hs": selected["hs"],
            "exporter": partner.where(importing, reporter),
            "importer": reporter.where(importing, partner),
            "value_kusd": _numbers(path, selected["value"]) / 1000,
            "quantity_t": _numbers(path, selected["weight"], missing=True) / 1000,
            "by_importer": importing,
            "months": selected["period"].str.len().eq(6),
        }
    )
    flows = flows[(flows["exporter"] != "") & (flows["importer"] != "") & ~flows["months"]]
    best = flows.sort_values("by_importer", ascending=False, kind="stable")
    return _split(best.drop_duplicates(["year", "hs", "exporter", "importer"])) if len(best) else {}


def stability(path: Path) -> Tables:
    """Read political stability: estimate -2.5..2.5 and the risk 0..1 of GeoPolRisk, ``0.5 - estimate / 5``."""
    import pandas as pd

    table = _table(path)
    code, estimate = ("iso3", "estimate") if "iso3" in table else ("code", "political_stability")
    selected = table[~table[estimate].isin(["", "NA", ".."])]
    figures = pd.to_numeric(selected[estimate], errors="coerce")
    if figures.isna().any() or (figures.abs() > 5).any():
        line = int(figures[figures.isna() | (figures.abs() > 5)].index[0]) + 2
        raise FactError(f"{path}:{line}: '{table[estimate].iloc[line - 2]!s}' in column {estimate} is not an estimate between -5 and 5")
    frame = pd.DataFrame(
        {
            "country": selected[code].map(reference_tables.iso2),
            "year": _years(path, selected["year"]),
            "estimate": figures,
            "risk": (0.5 - figures / 5).clip(0, 1),
            "vintage": "user",
        }
    )
    frame = frame[frame["country"] != ""].drop_duplicates()
    frame = frame[~frame.duplicated(["country", "year"], keep=False)]  # with two estimates, neither is reliable
    return {"governance": frame.sort_values(["country", "year"])}


def label(path: Path, source: str) -> str:
    """Name of an input-output table from its source, and the economy and year in the name of the file.

    Raises
    ------
    FactError
        If the name of the file contains no year.
    """
    found = re.search(r"(?:([A-Z]{3})_)?(\d{4})", path.stem)
    if found is None:
        raise FactError(f"{path}: an input-output table needs its year in the file's name, such as oecd_iot_JPN_2018.csv")
    economy = reference_tables.iso2(found[1]) if found[1] else ""
    return "-".join(part for part in (source, economy, found[2]) if part)


def input_output(path: Path, source: str, key: str) -> Tables:
    """Read a square table into ``table, row, column, value`` [M USD]; zeros are left out."""
    import pandas as pd

    table = _table(path).drop(columns="Description", errors="ignore")
    long = table.melt(key, var_name="column").rename(columns={key: "row"})
    long["value"] = pd.to_numeric(long["value"].replace("", "0"), errors="coerce")
    if long["value"].isna().any():
        row, column = (str(long.loc[long["value"].isna(), name].iloc[0]) for name in ("row", "column"))
        raise FactError(f"{path}: the cell at row {row}, column {column} is not a number")
    return {"io": long[long["value"] != 0].assign(table=label(path, source))[["table", "row", "column", "value"]]}


def input_output_long(path: Path, source: str, index: list[str], row: list[str]) -> Tables:
    """Read output and value added by industry into ``table, row, column, value`` [M USD]."""
    import pandas as pd

    table = _table(path)
    long = table.melt(index, value_vars=row, var_name="what")
    long["value"] = pd.to_numeric(long["value"], errors="coerce")
    if long["value"].isna().any():
        raise FactError(f"{path}:{int(long.index[long['value'].isna()][0]) % len(table) + 2}: not a number in column {'/'.join(row)}")
    economy = long[index[0]].map(reference_tables.iso2).where(lambda code: code != "", long[index[0]])
    year = long["year"] if "year" in index else label(path, "").split("-")[-1]
    what = long["row_code"] if "row_code" in index else long["what"].str.replace("_musd", "")
    return {
        "io": pd.DataFrame(
            {
                "table": source + "-" + economy + "-" + year,
                "row": what,
                "column": long["sector_code" if "sector_code" in index else "industry_code"],
                "value": long["value"],
            }
        )
    }


def oecd(path: Path) -> Tables:
    """Read a national input-output table of the OECD."""
    return input_output(path, "oecd", "Code")


def oecd_value_added(path: Path) -> Tables:
    """Read value added, taxes and output by industry of the OECD tables."""
    return input_output_long(path, "oecd", ["country", "year", "row_code", "sector_code"], ["value_musd"])


def wiod(path: Path) -> Tables:
    """Read the aggregated world input-output table."""
    return input_output(path, "wiod", "row")


def wiod_value_added(path: Path) -> Tables:
    """Read output and value added by country and industry of the world input-output table."""
    return input_output_long(path, "wiod", ["country", "industry_code"], WIOD_ROWS)


READERS: dict[str, tuple[frozenset[str], str, Callable[[Path], Tables]]] = {
    "BACI": (frozenset({"t", "i", "j", "k", "v", "q"}), "baci", baci),
    "BACI extract": (frozenset(WRITTEN_OUT.values()), "baci", baci_extract),
    "UN Comtrade": (frozenset(both[0] for both in COMTRADE.values()), "comtrade", comtrade),
    "UN Comtrade, old form": (frozenset(both[1] for both in COMTRADE.values()), "comtrade", comtrade),
    "WGI political stability": (frozenset({"iso3", "year", "estimate"}), "wgi", stability),
    "WGI six indicators": (frozenset({"code", "year", "political_stability", "rule_of_law"}), "wgi", stability),
    "OECD input-output table": (frozenset({"Code", "Description", "HFCE", "GFCF", "EXPO"}), "oecd", oecd),
    "OECD value added": (frozenset({"country", "year", "row_code", "sector_code", "value_musd"}), "oecd", oecd_value_added),
    "WIOD table": (frozenset({"row", "CHN.c1", "gross_output"}), "wiod", wiod),
    "WIOD output": (frozenset({"country", "industry_code", *WIOD_ROWS}), "wiod", wiod_value_added),
}
"""Formats by name: columns by which they are recognised, code in the names of imported files, reader."""
