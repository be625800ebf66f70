"""The project store: one SQLite file per project folder.

It contains the index of runs and imports, the records extracted from articles, and reviews. Each operation opens
the file, uses one transaction and closes it: one process writes at a time while others wait, any number can read
meanwhile, and after a crash the last committed transaction is intact (write-ahead log).
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import zlib
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError, StoreError
from ytterby.store.atomic import json_bytes
from ytterby.store.leftovers import part_name, sweep
from ytterby.store.runs import RECORD, is_run, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FILE = "project.sqlite"
RUNS = "runs"
WAIT = 10.0
"""Time to wait for another process that uses the store [s]."""
APPLICATION = 0x59747462
"""SQLite application id in the header of the file; set by the first migration."""
MAX_INTEGER = 2**63
"""Integers from here on do not fit into an SQLite column."""
TIMES = ("created", "imported", "added", "made")
FOREIGN = "is not a project store of Ytterby, or damaged"
VERDICTS = ("accept", "correct", "confirm", "reject")


def migrations() -> list[tuple[int, str]]:
    """Schema migrations in order: (number, SQL)."""
    folder = files("ytterby.store") / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in names]


class ProjectStore:
    """A project folder with its store.

    Parameters
    ----------
    folder : Path or str
        The folder; it is created with its store on first use.
    wait : float
        How long to wait for another process [s].
    """

    def __init__(self, folder: Path | str, wait: float = WAIT) -> None:
        self.folder, self.wait = Path(folder), wait
        self.path = self.folder / FILE
        self._thread = threading.local()
        self._checked = False

    @property
    def runs_folder(self) -> Path:
        """Default folder of runs."""
        return self.folder / RUNS

    @contextmanager
    def session(self, *, write: bool = True) -> Iterator[sqlite3.Connection]:
        """Open a connection inside one transaction; nested calls share it, and an error rolls it back.

        Parameters
        ----------
        write : bool
            Whether the transaction writes; read-only transactions do not wait.

        Raises
        ------
        StoreError
            If the store is in use for longer than `wait`, foreign, damaged, or cannot be written.
        """
        connection: sqlite3.Connection | None = getattr(self._thread, "connection", None)
        if connection is not None:
            yield connection
            return
        if not self.path.exists():
            self._create()
        with self._as_store_errors(), closing(self._connect(self.path)) as connection:
            if not self._checked:
                self._check(connection)
                self._checked = True
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            self._thread.connection = connection
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                self._thread.connection = None

    def _connect(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=self.wait, isolation_level=None)

    @contextmanager
    def _as_store_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter if SQLite's own message contains damaged text
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind of error
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StoreError(f"{self.path}: in use by another process; waited {self.wait:g} s") from None
            if code == sqlite3.SQLITE_NOTADB:
                raise StoreError(f"{self.path}: {FOREIGN} ({_brief(error)})") from None
            raise StoreError(f"{self.path}: is damaged or cannot be written ({_brief(error)})") from None

    def _create(self) -> None:
        """Create the store under a temporary name and link it into place; if two processes do so, the first one's is used."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep(self.folder)
            part = self.folder / part_name()
            part.mkdir()
            try:
                self._fill(part / FILE)
                os.link(part / FILE, self.path)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        except FileExistsError:
            if not self.folder.is_dir():
                raise StoreError(f"{self.folder}: is not a folder") from None
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror or error})") from None

    def _fill(self, path: Path) -> None:
        """Make an empty store of the newest schema."""
        with self._as_store_errors(), closing(self._connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection)

    def _check(self, connection: sqlite3.Connection) -> None:
        """Check that the file is a store of a known schema, and migrate an older schema to the newest.

        Raises
        ------
        StoreError
            If the file is not a store, is damaged, or was written by a newer program.
        """
        if _pragma(connection, "application_id") != APPLICATION:
            raise StoreError(f"{self.path}: {FOREIGN}")
        version, latest = _pragma(connection, "user_version"), migrations()[-1][0]
        if version > latest:
            raise StoreError(f"{self.path}: has schema {version}, this Ytterby knows up to {latest}; use the newer program")
        if (found := _pragma(connection, "integrity_check")) != "ok":
            raise StoreError(f"{self.path}: is damaged ({_brief(found)})")
        if version < latest:
            try:
                _migrate(connection)
            except sqlite3.Error as error:
                raise StoreError(f"{self.path}: cannot be brought from schema {version} to {latest} ({_brief(error)})") from None

    def _rows(self, table: str, rest: str = "", values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a table, verified by their checksums."""
        with self.session(write=False) as connection:
            cursor = connection.execute(f"SELECT * FROM {table} {rest}", values)  # noqa: S608
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in rows:
            if row.pop("checksum") != _checksum(row):
                raise StoreError(f"{self.path}: is damaged (a row of {table} is not as it was written)")
        return [{name: datetime.fromisoformat(value) if name in TIMES else value for name, value in row.items()} for row in rows]

    def add_run(self, folder: Path) -> str:
        """Add a finished run folder to the index; returns the run's name."""
        place = folder.resolve()
        name = folder.name if place.parent == self.runs_folder.resolve() else str(place)
        with self.session() as connection:
            _insert(connection, "runs", {"run": name, "folder": name, **_index(read_record(folder), place)})
        return name

    def runs(self) -> list[dict[str, Any]]:
        """Index of runs, newest first; it is updated from the run folders, so that no run is lost after a crash."""
        with self.session() as connection:
            known = {row["run"]: row for row in self._rows("runs")}
            for run, row in known.items():
                if not is_run(self.run_folder(str(row["folder"]))):
                    connection.execute("DELETE FROM runs WHERE run = ?", [run])
            if self.runs_folder.is_dir():
                sweep(self.runs_folder)
                for folder in sorted(self.runs_folder.iterdir()):
                    if is_run(folder) and folder.name not in known:
                        self.add_run(folder)
            return self._rows("runs", "ORDER BY created DESC, run")

    def run_folder(self, name: str | Path) -> Path:
        """Folder of a run, given its name in this project or its path."""
        inside = self.runs_folder / name
        return inside if Path(name).name == str(name) and inside.is_dir() else Path(name)

    def add_import(self, digest: str, source: str, kind: str, rows: int) -> None:
        """Record an import of figures: digest of the file, its source, its format and its number of rows."""
        with self.session() as connection:
            _insert(connection, "imports", {"digest": digest, "source": source, "format": kind, "rows": rows, "imported": _now()})

    def imports(self) -> list[dict[str, Any]]:
        """Imports of figures, newest first."""
        return self._rows("imports", "ORDER BY imported DESC, digest")

    def put(self, kind: str, records: Iterable[dict[str, Any]]) -> int:
        """Store records of a kind (document, claim, event, ...) by their `id`; returns their number.

        Records with the same id are replaced. Either all records are stored or none.
        """
        rows = [{"kind": kind, "id": str(record["id"]), "record": json_bytes(record).decode(), "added": _now()} for record in records]
        with self.session() as connection:
            for row in rows:
                _insert(connection, "records", row)
        return len(rows)

    def get(self, kind: str) -> list[dict[str, Any]]:
        """All records of a kind, sorted by id."""
        return [json.loads(row["record"]) for row in self._rows("records", "WHERE kind = ? ORDER BY id", [kind])]

    def find(self, kind: str, id_: str) -> dict[str, Any] | None:
        """Record of this kind and id, or None."""
        rows = self._rows("records", "WHERE kind = ? AND id = ?", [kind, id_])
        return json.loads(rows[0]["record"]) if rows else None

    def records_stamp(self, kinds: Sequence[str]) -> str:
        """Text that is another one as soon as records of these kinds, or reviews, were added or removed; empty without any."""
        marks = ", ".join("?" * len(kinds))
        with self.session(write=False) as connection:
            records = connection.execute(f"SELECT count(*), max(added) FROM records WHERE kind IN ({marks})", kinds).fetchone()  # noqa: S608
            reviews = connection.execute("SELECT max(number) FROM reviews").fetchone()
        return " ".join(str(value or "") for value in (*records, *reviews)).strip()

    def remove(self, kind: str, ids: Iterable[str] | None = None) -> None:
        """Remove records of a kind by id, or all of them."""
        with self.session() as connection:
            if ids is None:
                connection.execute("DELETE FROM records WHERE kind = ?", [kind])
            else:
                connection.executemany("DELETE FROM records WHERE kind = ? AND id = ?", [(kind, id_) for id_ in ids])

    def add_review(self, target: str, verdict: str, by: str, why: str = "", correction: dict[str, Any] | None = None) -> None:
        """Add a person's judgement of a claim or event; earlier reviews are never overwritten."""
        if verdict not in VERDICTS:
            raise InputError(f"verdict: found '{verdict}'; allowed: {', '.join(VERDICTS)}")
        row = {"target": target, "verdict": verdict, "by_whom": by, "why": why, "made": _now()}
        with self.session() as connection:
            (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM reviews").fetchone()
            text = json_bytes(correction).decode() if correction else ""
            _insert(connection, "reviews", {"number": number, **row, "correction": text})

    def reviews(self, target: str | None = None) -> list[dict[str, Any]]:
        """Reviews of one target or of all, in chronological order."""
        where = "" if target is None else "WHERE target = ?"
        rows = self._rows("reviews", f"{where} ORDER BY number", [] if target is None else [target])
        return [{**row, "correction": json.loads(row["correction"]) if row["correction"] else None} for row in rows]


def _migrate(connection: sqlite3.Connection) -> None:
    """Migrate a store to the newest schema in one transaction, so that only one of two concurrent processes does it."""
    connection.execute("BEGIN IMMEDIATE")
    version = _pragma(connection, "user_version")
    for number, sql in migrations():
        if number > version:
            for statement in _statements(sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")


def _statements(sql: str) -> Iterator[str]:
    """Statements of an SQL script, split at line ends; ``executescript`` would commit the open transaction."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    """Insert or replace a row, with a checksum, which SQLite itself does not provide."""
    row = {**row, "checksum": _checksum(row)}
    connection.execute(
        f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
        list(row.values()),
    )


def _checksum(row: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(row, sort_keys=True).encode())


def _brief(message: object) -> str:
    return " ".join(str(message).split())[:160]


def _now() -> str:
    return _timestamp(datetime.now(UTC))


def _timestamp(moment: datetime) -> str:
    """Time in UTC as text that sorts chronologically."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _index(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Columns of the run index from `run.json`; the time of the run is that of this file."""
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
        "created": _timestamp(written),
    }


def _whole(value: Any) -> int:
    """Value if it is an integer that fits into a column, otherwise 0."""
    return value if isinstance(value, int) and abs(value) < MAX_INTEGER else 0
