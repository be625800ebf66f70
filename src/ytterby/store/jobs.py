"""The index of a project's jobs: one SQLite file, which any number of processes read and one at a time writes.

A job that runs holds a lock, which it gives back however it ends. So a row that says "running" while nobody holds its lock tells
of a process that was killed: the job counts as interrupted, and can be taken up again.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 (a dataclass reads its annotations)
from typing import TYPE_CHECKING, Any

from ytterby.errors import StoreError
from ytterby.store.atomic import read_json, write_bytes
from ytterby.store.locks import HAS_LOCKS, is_held, taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE, FOLDER = "jobs.sqlite", "jobs"
WAIT = 10.0
"""Time to wait for another process that writes the index [s]."""
QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED = "queued", "running", "done", "failed", "cancelled", "interrupted"
OPEN = (QUEUED, RUNNING)
SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, arguments TEXT NOT NULL, scenarios TEXT NOT NULL, state TEXT NOT NULL,
    created TEXT NOT NULL, started TEXT, ended TEXT, attempts INTEGER NOT NULL, pid INTEGER, error TEXT NOT NULL, result TEXT NOT NULL,
    can_wait INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, created);
CREATE INDEX IF NOT EXISTS jobs_by_key ON jobs (key);
"""


@dataclass(frozen=True)
class JobRow:
    """A job as the index has it."""

    id: str
    kind: str
    key: str
    """Names kind, arguments and state of the project: equal keys, equal results."""
    arguments: dict[str, Any]
    scenarios: dict[str, str]
    """Texts of the user's scenarios that it names, as they were when it was asked for."""
    state: str
    created: str
    """In UTC, as the other times."""
    started: str | None
    ended: str | None
    attempts: int
    pid: int | None
    error: str
    result: dict[str, Any]
    """Ids under which its results are found."""


@dataclass(frozen=True)
class JobProgress:
    """How far a job is."""

    done: int
    total: int
    rate: float
    """Steps a second."""
    at: float
    """When it was told [s since 1970]."""


class JobIndex:
    """Jobs of a project.

    Parameters
    ----------
    project : Path
        Project folder; index and folders of jobs are made in it on first use.
    """

    def __init__(self, project: Path) -> None:
        self.project, self.path = project, project / FILE

    def folder(self, id_: str) -> Path:
        """Folder of a job: its lock, log and progress, and what it leaves."""
        return self.project / FOLDER / id_

    def lock(self, id_: str) -> Path:
        """Lock that a job holds while it runs."""
        return self.folder(id_) / "lock"

    def add(  # noqa: PLR0913
        self, kind: str, key: str, arguments: Mapping[str, Any], scenarios: Mapping[str, str], most: int, *, can_wait: bool = False
    ) -> JobRow:
        """Add a job to the queue, or give the one of the same key that waits, runs or is done.

        One that can wait begins when no other is in the queue; asked for again by somebody who does not wait, it is like others.

        Raises
        ------
        StoreError
            If `most` jobs wait already.
        """
        with self._session() as connection:
            for row in self._rows(connection, "WHERE key = ? AND state IN (?, ?, ?) ORDER BY created DESC", (key, *OPEN, DONE)):
                if self._true_state(row) in (*OPEN, DONE):
                    connection.execute("UPDATE jobs SET can_wait = can_wait AND ? WHERE id = ?", (can_wait, row.id))
                    return row
            if connection.execute("SELECT count(*) FROM jobs WHERE state = ?", [QUEUED]).fetchone()[0] >= most:
                raise StoreError(f"{most} jobs wait already; try again when some are done, or cancel one")
            id_ = secrets.token_hex(8)
            values = (id_, kind, key, json.dumps(arguments), json.dumps(scenarios), QUEUED, _now(), None, None, 0, None, "", "{}", can_wait)
            connection.execute(f"INSERT INTO jobs VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 (marks only)
            return self._rows(connection, "WHERE id = ?", (id_,))[0]

    def find(self, id_: str) -> JobRow | None:
        """A job as it stands now; None if there is none of that id."""
        found = self._read("WHERE id = ?", (id_,))
        return self._settled(found[0]) if found else None

    def all(self, kind: str = "", state: str = "", most: int = 500) -> list[JobRow]:
        """Jobs of a kind, or in a state, or all; newest first."""
        wanted = {"kind": kind, "state": state} if state not in (RUNNING, INTERRUPTED) else {"kind": kind}
        given = {name: value for name, value in wanted.items() if value}
        where = f"WHERE {' AND '.join(f'{name} = ?' for name in given)}" if given else ""
        rows = self._read(f"{where} ORDER BY created DESC, id LIMIT ?", (*given.values(), most))
        return [row for row in map(self._settled, rows) if state in ("", row.state)]

    def claim(self, most: int) -> tuple[JobRow, int | None] | None:
        """The job that waits longest, now running, with its lock (a file descriptor), if fewer than `most` run; None else.

        Jobs that can wait come last.
        Whoever works the job inherits the descriptor; the lock is free when all who have it have ended.
        """
        if not self._read("WHERE state = ? LIMIT 1", (QUEUED,)):
            return None
        with self._session() as connection:
            running = [row for row in self._rows(connection, "WHERE state = ?", (RUNNING,)) if self._true_state(row) == RUNNING]
            waiting = self._rows(connection, "WHERE state = ? ORDER BY can_wait, created, id LIMIT 1", (QUEUED,))
            if len(running) >= most or not waiting:
                return None
            id_ = waiting[0].id
            lock = taken(self.lock(id_))
            mark = "UPDATE jobs SET state = ?, started = ?, ended = NULL, pid = NULL, error = '', attempts = attempts + 1 WHERE id = ?"
            connection.execute(mark, (RUNNING, _now(), id_))
            return self._rows(connection, "WHERE id = ?", (id_,))[0], lock

    def note_process(self, id_: str, pid: int) -> None:
        """Note the process that works a job."""
        with self._session() as connection:
            connection.execute("UPDATE jobs SET pid = ? WHERE id = ?", (pid, id_))

    def end(self, id_: str, state: str, error: str = "", result: Mapping[str, Any] | None = None, *, was: tuple[str, ...] = OPEN) -> bool:
        """Note how a job ended, if it stands in one of the states `was`; returns whether it did."""
        marks = ", ".join("?" * len(was))
        with self._session() as connection:
            changed = connection.execute(
                f"UPDATE jobs SET state = ?, ended = ?, error = ?, result = ? WHERE id = ? AND state IN ({marks})",  # noqa: S608
                (state, _now(), error, json.dumps(result or {}), id_, *was),
            )
            return changed.rowcount == 1

    def is_running(self, id_: str) -> bool:
        """Whether a process works at a job now; without locks nobody knows, and it is taken to do so."""
        return not HAS_LOCKS or is_held(self.lock(id_))

    def requeue(self, id_: str) -> bool:
        """Put a job that ended without a result back into the queue; returns whether it was one."""
        row = self.find(id_)
        return row is not None and row.state not in (*OPEN, DONE) and self._set(id_, QUEUED, row.state)

    def forget(self, id_: str) -> None:
        """Remove a job from the index."""
        with self._session() as connection:
            connection.execute("DELETE FROM jobs WHERE id = ?", (id_,))

    def put_progress(self, id_: str, progress: JobProgress) -> None:
        """Tell how far a job is; in a file beside the index, which would be written too often."""
        write_bytes(self.folder(id_) / "progress.json", json.dumps(vars(progress)).encode())

    def progress(self, id_: str) -> JobProgress | None:
        """How far a job is; None before its first step."""
        try:
            return JobProgress(**read_json(self.folder(id_) / "progress.json"))
        except (StoreError, TypeError):
            return None

    def _settled(self, row: JobRow) -> JobRow:
        """A job whose process was killed becomes interrupted, here and in the index."""
        if row.state == RUNNING and self._true_state(row) == INTERRUPTED and self._set(row.id, INTERRUPTED, RUNNING):
            return self._read("WHERE id = ?", (row.id,))[0]
        return row

    def _true_state(self, row: JobRow) -> str:
        gone = row.state == RUNNING and not self.is_running(row.id)
        return INTERRUPTED if gone else row.state

    def _set(self, id_: str, state: str, was: str) -> bool:
        with self._session() as connection:
            changed = connection.execute("UPDATE jobs SET state = ?, ended = ? WHERE id = ? AND state = ?", (state, _now(), id_, was))
            return changed.rowcount == 1

    def _read(self, rest: str, values: tuple[Any, ...]) -> list[JobRow]:
        if not self.path.is_file():
            return []
        with self._session(write=False) as connection:
            return self._rows(connection, rest, values)

    def _rows(self, connection: sqlite3.Connection, rest: str, values: tuple[Any, ...]) -> list[JobRow]:
        names = [field.name for field in fields(JobRow)]
        found = connection.execute(f"SELECT {', '.join(names)} FROM jobs {rest}", values)  # noqa: S608 (names of fields only)
        return [_row(dict(zip(names, row, strict=True))) for row in found]

    @contextmanager
    def _session(self, *, write: bool = True) -> Iterator[sqlite3.Connection]:
        """Connection inside one transaction.

        Raises
        ------
        StoreError
            If another process writes for longer than :data:`WAIT`, or the file is damaged or cannot be written.
        """
        try:
            self.project.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as connection:
                if write:
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.execute("BEGIN IMMEDIATE")
                    for statement in filter(str.strip, SCHEMA.split(";")):
                        connection.execute(statement)
                else:
                    connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path}: in use by another process, or cannot be written ({error})") from None
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path}: is damaged or cannot be written ({error})") from None


def _row(values: dict[str, Any]) -> JobRow:
    return JobRow(**{name: json.loads(value) if name in ("arguments", "scenarios", "result") else value for name, value in values.items()})


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
