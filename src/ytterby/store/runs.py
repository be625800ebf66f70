"""Run folders: `run.json`, `summary.json`, `results.nc`, of ensembles `draws.parquet`; written whole or not at all."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path  # noqa: TC003 (a dataclass reads its annotations)
from typing import TYPE_CHECKING, Any

from ytterby.ensembles.run_summary import RunSummary
from ytterby.errors import StoreError
from ytterby.simulation.results import tidy_table
from ytterby.store.atomic import json_bytes, new_folder, read_json

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import xarray as xr

RECORD, SUMMARY, RESULTS, DRAWS = "run.json", "summary.json", "results.nc", "draws.parquet"
DATES = {"units": "days since 1970-01-01", "calendar": "proleptic_gregorian", "dtype": "int32"}
"""How Mondays are written: netCDF-3 has no integers of 64 bits."""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run: its folder, what was run (record) and what came of it (summary, dataset, draws)."""

    folder: Path
    record: dict[str, Any]
    summary: RunSummary

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Results by week, see :func:`ytterby.simulation.results.results_dataset`; read from the file when values are asked for."""
        return open_results(self.folder)

    @cached_property
    def series(self) -> pd.DataFrame:
        """Results as a tidy table, columns :data:`ytterby.simulation.results.COLUMNS`."""
        return tidy_table(self.dataset)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Inputs and outcomes of each draw; see :func:`read_draws`."""
        return read_draws(self.folder)


def is_run(folder: Path) -> bool:
    """Whether a folder holds a finished run."""
    return all((folder / name).is_file() for name in (RECORD, SUMMARY, RESULTS))


def run_name(scenario: str, digest: str, base: str, draws: int, seed: int) -> str:
    """Name of a run's folder: same inputs, same name."""
    import hashlib

    mark = hashlib.sha256(f"{digest} {base}".encode()).hexdigest()[:8]
    return f"{re.sub('[^A-Za-z0-9_-]', '-', scenario)[:60]}-{mark}-n{draws}-s{seed}"


def write_run(
    folder: Path,
    record: dict[str, Any],
    summary: RunSummary,
    dataset: xr.Dataset,
    draws: pd.DataFrame | None = None,
) -> Path:
    """Write a run folder; a run that stood there is replaced. ``draws`` has one row a draw, inputs and outcomes by column.

    Raises
    ------
    StoreError
        If the folder holds something else, or cannot be written.
    """
    require_place(folder)
    try:
        with new_folder(folder) as part:
            write_results(part / RESULTS, dataset)
            if draws is not None:
                write_draws(part / DRAWS, draws)
            (part / SUMMARY).write_bytes(json_bytes(summary.to_dict()))
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
    from pydantic import ValidationError

    record, path = read_record(folder), folder / SUMMARY
    try:
        return Run(folder, record, RunSummary.model_validate(_mapping(path)))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise StoreError(f"{path}: is damaged or foreign ({place}: {first['msg']})") from None


def read_record(folder: Path) -> dict[str, Any]:
    """Content of `run.json`."""
    if not is_run(folder):
        raise StoreError(f"{folder}: is not a run of Ytterby ({RECORD}, {SUMMARY} or {RESULTS} is missing)")
    return _mapping(folder / RECORD)


def _mapping(path: Path) -> dict[str, Any]:
    content = read_json(path)
    if not isinstance(content, dict):
        raise StoreError(f"{path}: is damaged or foreign (not a mapping)")
    return content


def memory_database() -> duckdb.DuckDBPyConnection:
    """DuckDB in memory, to read and write Parquet: one thread, no extensions from elsewhere."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})


def quoted(path: Path) -> str:
    """Path inside quotes of an SQL text."""
    return str(path).replace("'", "''")


def _read_name(path: Path) -> str:
    """Path as DuckDB reads it: signs of patterns and quotes stand for themselves."""
    return re.sub(r"([*?\[])", r"[\1]", quoted(path))


def write_results(path: Path, dataset: xr.Dataset) -> None:
    """Write results as netCDF-3; the same dataset gives the same bytes."""
    dataset.to_netcdf(path, format="NETCDF3_64BIT", engine="scipy", encoding={"week": DATES})


def open_results(folder: Path) -> xr.Dataset:
    """Results of a run folder; values are read from the file when they are asked for.

    Raises
    ------
    StoreError
        If the file is absent or damaged.
    """
    import xarray as xr

    path = folder / RESULTS
    if not path.is_file():
        raise StoreError(f"{path}: no such file")
    try:
        return xr.open_dataset(path, engine="scipy")
    except (OSError, TypeError, ValueError, LookupError) as error:
        raise StoreError(f"{path}: is damaged or foreign ({' '.join(str(error).split())[:160]})") from None


def write_draws(path: Path, draws: pd.DataFrame) -> None:
    """Write a table of draws as Parquet, one row a draw; the same rows give the same bytes."""
    with memory_database() as connection:
        connection.register("draws", draws.reset_index(names="draw"))
        connection.execute(f"COPY draws TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")


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
        with memory_database() as connection:
            table: pd.DataFrame = connection.execute(f"SELECT * FROM read_parquet('{place}')").df()  # noqa: S608
    except duckdb.Error as error:
        raise StoreError(f"{path}: is damaged or foreign ({' '.join(str(error).split())[:160]})") from None
    if "draw" not in table.columns:
        raise StoreError(f"{path}: is damaged or foreign (column 'draw' is missing)")
    return table.set_index("draw")
