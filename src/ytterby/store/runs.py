"""Run folders: `run.json`, `summary.json`, `series.parquet`, of ensembles `draws.parquet`; written whole or not at all."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path  # noqa: TC003 (a dataclass reads its annotations)
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError, StoreError
from ytterby.store.atomic import json_bytes, new_folder, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb
    import pandas as pd

RECORD, SUMMARY, SERIES, DRAWS = "run.json", "summary.json", "series.parquet", "draws.parquet"
COLUMNS = ("date", "measure", "commodity", "origin", "destination", "sector", "value", "unit", "quantile")
"""Columns of the series; text is never null, `value` is null where there is none, `date` is a Monday."""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run: its folder, what it was (record), what came of it (summary, series)."""

    folder: Path
    record: dict[str, Any]
    summary: dict[str, Any]

    @cached_property
    def series(self) -> pd.DataFrame:
        """Tidy series of the run, columns as in :data:`COLUMNS`."""
        return read_series(self.folder)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Inputs and outcomes of each draw; see :func:`read_draws`."""
        return read_draws(self.folder)


def is_run(folder: Path) -> bool:
    """Whether a folder holds a finished run."""
    return all((folder / name).is_file() for name in (RECORD, SUMMARY, SERIES))


def run_name(scenario: str, digest: str, base: str, draws: int, seed: int) -> str:
    """Name of a run's folder: same inputs, same name."""
    import hashlib

    mark = hashlib.sha256(f"{digest} {base}".encode()).hexdigest()[:8]
    return f"{re.sub('[^A-Za-z0-9_-]', '-', scenario)[:60]}-{mark}-n{draws}-s{seed}"


def write_run(
    folder: Path,
    record: dict[str, Any],
    summary: dict[str, Any],
    series: pd.DataFrame | Iterable[pd.DataFrame],
    draws: pd.DataFrame | None = None,
) -> Path:
    """Write a run folder; a run that stood there is replaced. ``draws`` has one row a draw, inputs and outcomes by column.

    A series in several frames is written frame by frame: only one is in memory.

    Raises
    ------
    StoreError
        If the folder holds something else, or cannot be written.
    InputError
        If the series lacks a column.
    """
    require_place(folder)
    try:
        with new_folder(folder) as part:
            write_series(part / SERIES, series)
            if draws is not None:
                write_draws(part / DRAWS, draws)
            (part / SUMMARY).write_bytes(json_bytes(summary))
            (part / RECORD).write_bytes(json_bytes(record))
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return folder


def require_place(folder: Path) -> None:
    """Refuse a place where no run can be written: before the work, not after it.

    Raises
    ------
    StoreError
        If the folder holds something else, or its parent cannot be made or written.
    """
    if folder.exists() and not is_run(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: exists and is not a run of Ytterby; nothing written")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error})") from None
    if not os.access(folder.parent, os.W_OK):
        raise StoreError(f"{folder}: cannot be written (no permission in {folder.parent})")


def read_run(folder: Path) -> Run:
    """Run of a folder.

    Raises
    ------
    StoreError
        If it is absent, unfinished, foreign or damaged.
    """
    return Run(folder, read_record(folder), _mapping(folder / SUMMARY))


def read_record(folder: Path) -> dict[str, Any]:
    """Content of `run.json`."""
    if not is_run(folder):
        raise StoreError(f"{folder}: is not a run of Ytterby ({RECORD}, {SUMMARY} or {SERIES} is missing)")
    return _mapping(folder / RECORD)


def _mapping(path: Path) -> dict[str, Any]:
    content = read_json(path)
    if not isinstance(content, dict):
        raise StoreError(f"{path}: is damaged or foreign (not a mapping)")
    return content


def _memory() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})


def _read_name(path: Path) -> str:
    """Path as DuckDB reads it: signs of patterns and quotes stand for themselves."""
    return re.sub(r"([*?\[])", r"[\1]", str(path)).replace("'", "''")


def write_series(path: Path, series: pd.DataFrame | Iterable[pd.DataFrame]) -> None:
    """Write a series as Parquet, rows in their order; the same frames give the same bytes.

    Raises
    ------
    InputError
        If a column is missing.
    """
    import pandas as pd

    frames, parts = [series] if isinstance(series, pd.DataFrame) else series, []
    for number, frame in enumerate(frames):
        parts.append(path.with_name(f"{path.name}-{number}"))
        _write_frame(parts[-1], frame)
    names = ", ".join(f"'{_read_name(part)}'" for part in parts)
    place = str(path).replace("'", "''")
    with _memory() as connection:
        connection.execute(f"COPY (SELECT * FROM read_parquet([{names}])) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608
    for part in parts:
        part.unlink()


def _write_frame(path: Path, series: pd.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in series.columns]
    if missing:
        raise InputError(f"series: columns {', '.join(missing)} are missing; needed: {', '.join(COLUMNS)}")
    table = normal(series)
    casts = {"date": "date::DATE AS date", "value": "CASE WHEN isnan(value) THEN NULL ELSE value END AS value"}
    columns = ", ".join(casts.get(name, f"{name}::VARCHAR AS {name}") for name in COLUMNS)
    place = str(path).replace("'", "''")
    with _memory() as connection:
        connection.register("series", table)
        connection.execute(f"COPY (SELECT {columns} FROM series) TO '{place}' (FORMAT parquet, COMPRESSION snappy)")  # noqa: S608


def write_draws(path: Path, draws: pd.DataFrame) -> None:
    """Write a table of draws as Parquet, one row a draw; the same rows give the same bytes."""
    place = str(path).replace("'", "''")
    with _memory() as connection:
        connection.register("draws", draws.reset_index(names="draw"))
        connection.execute(f"COPY draws TO '{place}' (FORMAT parquet, COMPRESSION zstd)")


def read_draws(folder: Path) -> pd.DataFrame:
    """Inputs (by key) and outcomes (``outcome.*``) of each draw of a run, index ``draw``.

    Raises
    ------
    StoreError
        If the run has none (a central run, or one of an older version), or the file is damaged.
    """
    import duckdb

    path = folder / DRAWS
    if not path.is_file():
        raise StoreError(f"{folder}: holds no {DRAWS}; run the scenario again with --draws 100 or more")
    place = _read_name(path)
    try:
        with _memory() as connection:
            table: pd.DataFrame = connection.execute(f"SELECT * FROM read_parquet('{place}')").df()  # noqa: S608
    except duckdb.Error as error:
        raise StoreError(f"{path}: is damaged or foreign ({' '.join(str(error).split())[:160]})") from None
    if "draw" not in table.columns:
        raise StoreError(f"{path}: is damaged or foreign (column 'draw' is missing)")
    return table.set_index("draw")


def normal(series: pd.DataFrame) -> pd.DataFrame:
    """Series with exactly the columns of :data:`COLUMNS`, text without nulls, nan for no value."""
    import pandas as pd

    table = pd.DataFrame({"date": pd.to_datetime(series["date"])})
    for name in COLUMNS[1:]:
        column = series[name]
        table[name] = column.astype("float64") if name == "value" else column.astype("object").where(column.notna(), "").astype(str)
    return table.reset_index(drop=True)


def read_series(folder: Path, **where: str) -> pd.DataFrame:
    """Tidy series of a run folder, columns as in :data:`COLUMNS`.

    Parameters
    ----------
    folder : Path
    **where : str
        Values that columns must have, such as ``measure="price"``: of millions of rows only these are read.

    Raises
    ------
    StoreError
        If the file is absent, damaged or lacks columns.
    """
    import duckdb

    path = folder / SERIES
    if not path.is_file():
        raise StoreError(f"{path}: no such file")
    place = _read_name(path)
    try:
        with _memory() as connection:
            query = f"SELECT {', '.join(COLUMNS)} FROM read_parquet('{place}')"  # noqa: S608
            query += "".join(f" {'AND' if number else 'WHERE'} {name} = ?" for number, name in enumerate(where))
            table = connection.execute(query, list(where.values())).df()
    except duckdb.Error as error:
        raise StoreError(f"{path}: is damaged or foreign ({' '.join(str(error).split())[:160]})") from None
    return normal(table)
