"""Run folders: `run.json`, `summary.json`, `results.nc`, and for ensembles `draws.parquet`; written atomically."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path  # noqa: TC003 (a dataclass reads its annotations)
from typing import TYPE_CHECKING, Any

from ytterby.ensembles import RunSummary
from ytterby.errors import InputError, StoreError
from ytterby.simulation import tidy_table
from ytterby.store.atomic import json_bytes, new_folder, read_json
from ytterby.store.places import require_folder

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import xarray as xr

RECORD, SUMMARY, RESULTS, DRAWS = "run.json", "summary.json", "results.nc", "draws.parquet"
FILES, SEAL = "files", "seal"
"""Keys of `run.json`: SHA-256 of the other files by name, and of the record itself."""
CHANGED = "is damaged or foreign: not as it was written; run the scenario again"
DATES = {"units": "days since 1970-01-01", "calendar": "proleptic_gregorian", "dtype": "int32"}
"""Encoding of dates: netCDF-3 has no 64-bit integers."""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run: its folder, its record (inputs), and its results (summary, dataset, draws)."""

    folder: Path
    record: dict[str, Any]
    summary: RunSummary

    def __repr__(self) -> str:
        """One line: its folder."""
        return f"Run({self.folder})"

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Results by week, see :func:`ytterby.simulation.results.results_dataset`; values are read from the file on access."""
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
    """Name of a run's folder; the same inputs give the same name."""
    mark = hashlib.sha256(f"{digest} {base}".encode()).hexdigest()[:8]
    return f"{re.sub('[^A-Za-z0-9_-]', '-', scenario)[:60]}-{mark}-n{draws}-s{seed}"


def write_run(
    folder: Path,
    record: dict[str, Any],
    summary: RunSummary,
    dataset: xr.Dataset,
    draws: pd.DataFrame | None = None,
) -> Path:
    """Write a run folder, replacing a run that is already there. ``draws`` has one row per draw; inputs and outcomes are columns.

    Raises
    ------
    StoreError
        If the folder contains something else, or cannot be written.
    """
    require_place(folder)
    try:
        with new_folder(folder) as part:
            write_results(part / RESULTS, dataset)
            if draws is not None:
                write_draws(part / DRAWS, draws)
            (part / SUMMARY).write_bytes(json_bytes(summary.to_dict()))
            (part / RECORD).write_bytes(json_bytes(sealed(record, part)))
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return folder


def sealed(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Record with the SHA-256 of the other files of its folder, and of itself."""
    files = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name != RECORD}
    whole = record | {FILES: files}
    return whole | {SEAL: _seal(whole)}


def _seal(record: dict[str, Any]) -> str:
    """SHA-256 of a record as it is written, without its seal."""
    return hashlib.sha256(json_bytes({key: value for key, value in record.items() if key != SEAL})).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(folder: Path, record: dict[str, Any]) -> None:
    """Check that the files of a run are those that were written; runs of versions before the digests have none.

    Raises
    ------
    StoreError
        Naming the file that was changed, damaged or lost.
    """
    if SEAL not in record and FILES not in record:
        return
    if record.get(SEAL) != _seal(record):
        raise StoreError(f"{folder / RECORD}: {CHANGED}")
    for name, digest in record[FILES].items():
        path = folder / name
        try:
            found = _sha256(path)
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror or error})") from None
        if found != digest:
            raise StoreError(f"{path}: {CHANGED}")


def require_place(folder: Path) -> None:
    """Check before the simulation that a run can be written to a folder.

    Raises
    ------
    StoreError
        If the folder contains something else, or its parent cannot be created or written.
    """
    if folder.exists() and not is_run(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: exists and is not a run of Ytterby; nothing written")
    try:
        require_folder(folder)
    except InputError as error:
        raise StoreError(str(error)) from None


def read_run(folder: Path) -> Run:
    """Read a run from its folder.

    Raises
    ------
    StoreError
        If it is missing, unfinished, damaged, or not a run.
    """
    from pydantic import ValidationError

    record, path = read_record(folder), folder / SUMMARY
    verify(folder, record)
    record = {key: value for key, value in record.items() if key not in (FILES, SEAL)}
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
    """In-memory DuckDB database for reading and writing Parquet: one thread, no external extensions."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})


def quoted(path: Path) -> str:
    """Path escaped for an SQL string literal."""
    return str(path).replace("'", "''")


def _read_name(path: Path) -> str:
    """Path for DuckDB's readers, with glob characters and quotes escaped."""
    return re.sub(r"([*?\[])", r"[\1]", quoted(path))


def write_results(path: Path, dataset: xr.Dataset) -> None:
    """Write results as netCDF-3; the same dataset gives identical files."""
    axes = {name: DATES for name in ("week", "date") if name in dataset.coords}
    dataset.to_netcdf(path, format="NETCDF3_64BIT", engine="scipy", encoding=axes)


def open_results(folder: Path) -> xr.Dataset:
    """Open the results of a run folder; values are read from the file on access.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
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
    """Write a table of draws as Parquet, one row per draw; the same rows give identical files."""
    with memory_database() as connection:
        connection.register("draws", draws.reset_index(names="draw"))
        connection.execute(f"COPY draws TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")


def read_draws(folder: Path) -> pd.DataFrame:
    """Inputs (by key) and outcomes (``outcome.*``) of each draw of a run, index ``draw``.

    Raises
    ------
    StoreError
        If the run has no draws (a central run, or one of an older version), or the file is damaged.
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
