"""Series in other formats, on request: CSV, XLSX, netCDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.store.atomic import write_bytes
from ytterby.store.runs import COLUMNS, normal

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import xarray as xr

MAX_ROWS = 1_048_576
"""Rows that a sheet of XLSX holds."""
LABELS = ("commodity", "origin", "destination", "sector", "unit")


def export_series(series: pd.DataFrame, path: Path) -> Path:
    """Write a series in the format of the path's suffix: .csv, .xlsx or .nc.

    Raises
    ------
    InputError
        For another suffix, or more rows than a sheet holds.
    """
    writers = {".csv": _csv, ".xlsx": _xlsx, ".nc": _netcdf}
    if path.suffix not in writers:
        raise InputError(f"{path}: unknown format '{path.suffix}'; allowed: {', '.join(writers)}")
    write_bytes(path, writers[path.suffix](normal(series)))
    return path


def _csv(series: pd.DataFrame) -> bytes:
    return series.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode()


def _xlsx(series: pd.DataFrame) -> bytes:
    """One sheet per measure; text that begins with '=' stays text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for measure, rows in series.groupby("measure", sort=True):
        if len(rows) >= MAX_ROWS:
            raise InputError(f"measure '{measure}' has {len(rows):,} rows, a sheet holds {MAX_ROWS:,}; write .csv or .nc")
        sheet = book.create_sheet(str(measure)[:31])
        sheet.append(list(COLUMNS))
        for row in rows.itertuples(index=False):
            sheet.append([_cell(sheet, value) for value in row])
    if not book.sheetnames:
        book.create_sheet("series").append(list(COLUMNS))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "to_pydatetime"):
        return value.date()
    if isinstance(value, str) and value.startswith("="):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        return cell
    return value


def dataset(series: pd.DataFrame) -> xr.Dataset:
    """Series as arrays: one variable per measure over its rows of labels, the dates and the quantiles.

    Variable ``price`` has dims ``price_row, date, quantile``; its labels are the coordinates
    ``price_commodity``, ``price_origin``, ``price_destination``, ``price_sector``, ``price_unit``.
    """
    import pandas as pd
    import xarray as xr

    table = normal(series)
    dates, quantiles = pd.Index(sorted(set(table["date"])), name="date"), sorted(set(table["quantile"]))
    parts: dict[str, Any] = {}
    coords: dict[str, Any] = {"date": dates, "quantile": ("quantile", quantiles)}
    for measure, rows in table.groupby("measure", sort=True):
        labels = rows[list(LABELS)].drop_duplicates()
        row_of = pd.MultiIndex.from_frame(labels)
        values = rows.pivot_table(
            index=list(LABELS), columns=["date", "quantile"], values="value", aggfunc="first", sort=False, dropna=False
        )
        full = values.reindex(index=row_of, columns=pd.MultiIndex.from_product([dates, quantiles]))
        parts[str(measure)] = ((f"{measure}_row", "date", "quantile"), full.to_numpy().reshape(len(labels), len(dates), len(quantiles)))
        coords |= {f"{measure}_{name}": (f"{measure}_row", labels[name].to_numpy().astype(str)) for name in LABELS}
    return xr.Dataset(parts, coords=coords, attrs={"title": "Ytterby run"})


def _netcdf(series: pd.DataFrame) -> bytes:
    return bytes(dataset(series).to_netcdf(engine="scipy"))
