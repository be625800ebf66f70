"""Results of a run in other formats: the tidy table as Parquet, CSV or XLSX, the labelled dataset as netCDF."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from ytterby.errors import InputError, StoreError
from ytterby.simulation import COLUMNS, labelled_dataset, measures_of, tidy_frame
from ytterby.store.atomic import new_file
from ytterby.store.leftovers import scratch_folder
from ytterby.store.places import require_file
from ytterby.store.runs import memory_database, quoted, write_results

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import xarray as xr

MAX_ROWS = 1_048_576
"""Maximum number of rows in an XLSX sheet."""


def require_format(path: Path) -> None:
    """Check that the suffix of a file name is one of the export formats.

    Raises
    ------
    InputError
        For any other suffix; the message lists the formats.
    """
    require_file(path, tuple(WRITERS))


def export_results(dataset: xr.Dataset, path: Path) -> Path:
    """Write results atomically in the format given by the path's suffix.

    Parameters
    ----------
    dataset : Dataset
        Results of a run, see :func:`ytterby.simulation.results.results_dataset`.
    path : Path
        ``.parquet``, ``.csv``, ``.xlsx``: the tidy table (columns :data:`ytterby.simulation.results.COLUMNS`); ``.nc``: over
        commodity and region, see :func:`ytterby.simulation.labelled_results.labelled_dataset`.

    Raises
    ------
    InputError
        For another suffix, or if there are too many rows for an XLSX sheet.
    StoreError
        If the file cannot be written.
    """
    require_format(path)
    try:
        with new_file(path) as stream:
            WRITERS[path.suffix.lower()](dataset, stream)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error})") from None
    return path


def _parquet(dataset: xr.Dataset, stream: IO[bytes]) -> None:
    """One table of all variables, with one variable at a time in memory; the same results give identical files."""
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in COLUMNS if name not in ("date", "value"))
    columns = f"date::DATE AS date, {texts}, CASE WHEN isnan(value) THEN NULL ELSE value END AS value"
    with scratch_folder() as folder, memory_database() as connection:
        parts = [folder / name for name in measures_of(dataset)]
        for part in parts:
            connection.register("rows", tidy_frame(dataset, part.name))
            connection.execute(f"COPY (SELECT {columns} FROM rows) TO '{quoted(part)}' (FORMAT parquet, COMPRESSION snappy)")  # noqa: S608
        names, whole = ", ".join(f"'{quoted(part)}'" for part in parts), folder / "whole"
        query = f"SELECT {', '.join(COLUMNS)} FROM read_parquet([{names}])"  # noqa: S608
        connection.execute(f"COPY ({query}) TO '{quoted(whole)}' (FORMAT parquet, COMPRESSION zstd)")
        stream.write(whole.read_bytes())


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table as Parquet; a column without any value is one of text."""
    plain = table.astype({name: "object" for name in table.columns if table[name].isna().all()})
    with scratch_folder() as folder, memory_database() as connection:
        connection.register("rows", plain)
        columns = ", ".join(f'"{name}"' + ("::VARCHAR AS " + f'"{name}"' if table[name].isna().all() else "") for name in table.columns)
        connection.execute(f"COPY (SELECT {columns} FROM rows) TO '{quoted(folder / 'table')}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608
        return (folder / "table").read_bytes()


def _csv(dataset: xr.Dataset, stream: IO[bytes]) -> None:
    for number, name in enumerate(measures_of(dataset)):
        tidy_frame(dataset, name).to_csv(stream, header=number == 0, index=False, date_format="%Y-%m-%d", lineterminator="\n")


def _xlsx(dataset: xr.Dataset, stream: IO[bytes]) -> None:
    """One sheet per variable; text that begins with '=' stays text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name in measures_of(dataset):
        rows = tidy_frame(dataset, name)
        if len(rows) >= MAX_ROWS:
            raise InputError(f"measure '{name}' has {len(rows):,} rows, a sheet holds {MAX_ROWS:,}; write .csv, .parquet or .nc")
        sheet = book.create_sheet(name[:31])
        sheet.append(list(COLUMNS))
        for row in rows.itertuples(index=False):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(stream)


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


def _netcdf(dataset: xr.Dataset, stream: IO[bytes]) -> None:
    with scratch_folder() as folder:
        part = folder / "part.nc"
        write_results(part, labelled_dataset(dataset))
        stream.write(part.read_bytes())


WRITERS = {".parquet": _parquet, ".csv": _csv, ".xlsx": _xlsx, ".nc": _netcdf}
"""Formats by suffix."""
