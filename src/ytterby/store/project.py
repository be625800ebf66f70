"""The project store: one DuckDB file per project folder.

It holds the index of runs, the records of the evidence desk and people's reviews. Each
piece of work opens the file, works in one transaction and closes it, so that several processes take
turns; a kill leaves the last finished transaction.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError, StoreError
from ytterby.store.atomic import PART, json_bytes, sweep
from ytterby.store.runs import RECORD, is_run, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

FILE = "project.duckdb"
RUNS = "runs"
WAIT = 10.0
"""Seconds that a second process waits for the store."""
PAUSE = 0.05
CONFIG: dict[str, str | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
VERDICTS = ("accept", "correct", "reject")
LOCKED = "Could not set lock"


def migrations() -> list[tuple[int, str]]:
    """Numbered steps of the schema, in order: (number, SQL)."""
    folder = files("ytterby.store") / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in names]


_LOCKS: dict[Path, threading.RLock] = {}
_LOCKS_LOCK = threading.Lock()


class ProjectStore:
    """A project folder with its store.

    Parameters
    ----------
    folder : Path or str
        The folder; made with its store when first written to.
    wait : float
        How long to wait for another process [s].
    """

    def __init__(self, folder: Path | str, wait: float = WAIT) -> None:
        self.folder, self.wait = Path(folder), wait
        self.path = self.folder / FILE
        with _LOCKS_LOCK:
            self._lock = _LOCKS.setdefault(self.path.absolute(), threading.RLock())
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._checked = False

    @property
    def runs_folder(self) -> Path:
        """Where runs lie unless the user says otherwise."""
        return self.folder / RUNS

    @contextmanager
    def session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a connection inside one transaction; nested calls share it, an error undoes all of it.

        Raises
        ------
        StoreError
            If the store is in use for longer than `wait`, foreign, damaged, or cannot be written.
        """
        with self._lock:
            if self._connection is not None:
                yield self._connection
                return
            connection = self._open()
            self._connection = connection
            try:
                connection.begin()
                yield connection
                connection.commit()
            except _duckdb_error() as error:
                raise StoreError(f"{self.path}: is damaged or cannot be written ({_brief(error)})") from None
            finally:
                self._connection = None
                _close(connection)

    def _open(self) -> duckdb.DuckDBPyConnection:
        if not self.path.exists():
            self._create()
        connection = self._wait_for(self.path)
        try:
            if not self._checked:
                self._migrate(connection)
                self._checked = True
        except BaseException:
            _close(connection)
            raise
        return connection

    def _wait_for(self, path: Path) -> duckdb.DuckDBPyConnection:
        import duckdb

        until = time.monotonic() + self.wait
        while True:
            try:
                return duckdb.connect(str(path), config=dict(CONFIG))
            except duckdb.Error as error:
                if LOCKED not in str(error):
                    raise StoreError(f"{path}: is not a project store of Ytterby, or damaged ({_brief(error)})") from None
                if time.monotonic() >= until:
                    holder = re.search(r"\(PID \d+\)", str(error))
                    who = f" {holder.group()}" if holder else ""
                    raise StoreError(f"{path}: in use by another process{who}; waited {self.wait:g} s") from None
                time.sleep(PAUSE)

    def _create(self) -> None:
        """Make the store beside its place and link it in; whoever comes second uses the first one's."""
        part = self.folder / f"{PART}{os.getpid()}-{threading.get_ident()}.duckdb"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep(self.folder)
            part.unlink(missing_ok=True)
            connection = self._wait_for(part)
            try:
                _apply(connection, 0)
            finally:
                _close(connection)
            os.link(part, self.path)
        except FileExistsError:
            if not self.folder.is_dir():
                raise StoreError(f"{self.folder}: is not a folder") from None
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror or error})") from None
        finally:
            if self.folder.is_dir():
                part.unlink(missing_ok=True)
                part.with_name(part.name + ".wal").unlink(missing_ok=True)

    def _migrate(self, connection: duckdb.DuckDBPyConnection) -> None:
        try:
            found = connection.execute("SELECT value FROM ytterby WHERE key = 'schema'").fetchone()
            version = int(found[0]) if found else None
        except (_duckdb_error(), ValueError) as error:
            raise StoreError(f"{self.path}: is not a project store of Ytterby, or damaged ({_brief(error)})") from None
        latest = migrations()[-1][0]
        if version is None or version > latest:
            raise StoreError(f"{self.path}: has schema {version}, this Ytterby knows up to {latest}; use the newer program")
        try:
            _apply(connection, version)
        except _duckdb_error() as error:
            raise StoreError(f"{self.path}: cannot be brought from schema {version} to {latest} ({_brief(error)})") from None

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with self.session() as connection:
            cursor = connection.execute(sql, list(values))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def add_run(self, folder: Path) -> str:
        """Enter a finished run folder into the index; returns the run's name."""
        place = folder.resolve()
        name = folder.name if place.parent == self.runs_folder.resolve() else str(place)
        row = {"run": name, "folder": name, **_index(read_record(folder), place)}
        with self.session() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO runs ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
                list(row.values()),
            )
        return name

    def runs(self) -> list[dict[str, Any]]:
        """Index of runs, newest first; brought into line with the folders, so a kill loses no run."""
        with self.session() as connection:
            known = {row["run"]: row for row in self._rows("SELECT * FROM runs")}
            for run, row in known.items():
                if not is_run(self.run_folder(str(row["folder"]))):
                    connection.execute("DELETE FROM runs WHERE run = ?", [run])
            if self.runs_folder.is_dir():
                sweep(self.runs_folder)
                for folder in sorted(self.runs_folder.iterdir()):
                    if is_run(folder) and folder.name not in known:
                        self.add_run(folder)
            return self._rows("SELECT * FROM runs ORDER BY created DESC, run")

    def run_folder(self, name: str | Path) -> Path:
        """Folder of a run by its name in this project or by its path."""
        inside = self.runs_folder / name
        return inside if Path(name).name == str(name) and inside.is_dir() else Path(name)

    def put(self, kind: str, records: Iterable[dict[str, Any]]) -> int:
        """Store records of a kind (document, claim, event, ...) by their `id`; returns how many.

        A record of the same id is replaced; all are stored or none.
        """
        rows = [[kind, str(record["id"]), json_bytes(record).decode(), _now()] for record in records]
        with self.session() as connection:
            if rows:
                connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", rows)
        return len(rows)

    def get(self, kind: str) -> list[dict[str, Any]]:
        """All records of a kind, in the order of their ids."""
        rows = self._rows("SELECT record FROM records WHERE kind = ? ORDER BY id", [kind])
        return [json.loads(row["record"]) for row in rows]

    def find(self, kind: str, id_: str) -> dict[str, Any] | None:
        """Record of a kind and id, or None."""
        rows = self._rows("SELECT record FROM records WHERE kind = ? AND id = ?", [kind, id_])
        return json.loads(rows[0]["record"]) if rows else None

    def remove(self, kind: str, ids: Iterable[str] | None = None) -> None:
        """Remove records by id, or all of a kind."""
        with self.session() as connection:
            if ids is None:
                connection.execute("DELETE FROM records WHERE kind = ?", [kind])
            else:
                for id_ in ids:
                    connection.execute("DELETE FROM records WHERE kind = ? AND id = ?", [kind, id_])

    def add_review(self, target: str, verdict: str, by: str, why: str = "", correction: dict[str, Any] | None = None) -> None:
        """Add a person's judgement of a claim or event; nothing is ever overwritten."""
        if verdict not in VERDICTS:
            raise InputError(f"verdict: found '{verdict}'; allowed: {', '.join(VERDICTS)}")
        text = json_bytes(correction).decode() if correction else ""
        with self.session() as connection:
            connection.execute(
                "INSERT INTO reviews (target, verdict, by_whom, why, correction, made) VALUES (?, ?, ?, ?, ?, ?)",
                [target, verdict, by, why, text, _now()],
            )

    def reviews(self, target: str | None = None) -> list[dict[str, Any]]:
        """Reviews in the order they were made, of one target or of all."""
        where = "" if target is None else " WHERE target = ?"
        rows = self._rows(f"SELECT * FROM reviews{where} ORDER BY number", [] if target is None else [target])  # noqa: S608
        return [{**row, "correction": json.loads(row["correction"]) if row["correction"] else None} for row in rows]


def _apply(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Bring a store from a schema version to the newest, each step in a transaction of its own."""
    for number, sql in migrations():
        if number > version:
            connection.begin()
            try:
                connection.execute(sql)
                connection.execute("INSERT OR REPLACE INTO ytterby VALUES ('schema', ?)", [str(number)])
                connection.commit()
            except BaseException:
                connection.rollback()
                raise


def _duckdb_error() -> type[Exception]:
    import duckdb

    return duckdb.Error


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    import contextlib

    with contextlib.suppress(_duckdb_error()):
        connection.close()


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _index(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Columns of the run index from `run.json`; the run was made when that file was written."""
    scenario, versions = record.get("scenario"), record.get("versions")
    scenario = scenario if isinstance(scenario, dict) else {"name": scenario}
    written = datetime.fromtimestamp((folder / RECORD).stat().st_mtime, UTC)
    return {
        "scenario": str(scenario.get("name") or ""),
        "digest": str(record.get("scenario_digest", "")),
        "base": str(record.get("base_digest", "")),
        "version": str(versions.get("ytterby", "")) if isinstance(versions, dict) else "",
        "seed": _whole(record.get("seed")),
        "draws": _whole(record.get("draws")),
        "weeks": _whole(scenario.get("weeks")),
        "created": written.replace(tzinfo=None),
    }


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
