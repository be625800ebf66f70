"""Jobs: long work in processes of their own, queued in the project, shown, cancelled and taken up again."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from ytterby import app
from ytterby.api.job_models import Job, JobList
from ytterby.api.job_work import RESULT
from ytterby.api.problems import Refusal
from ytterby.errors import StoreError, UnknownNameError
from ytterby.store import JobIndex

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.api.job_kinds import JobArguments
    from ytterby.api.settings import Settings
    from ytterby.store import JobRow

TICK = 0.5
"""Time between two looks at the queue [s]."""
WAIT_FOR_END = 3.0
"""Time that a cancelled job has to end by itself [s]."""
ENDED = ("done", "failed", "cancelled", "interrupted")


class Jobs:
    """The jobs of a project as one process of the server sees them; all processes share the index.

    Parameters
    ----------
    settings : Settings
        Project and limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings, self.index = settings, JobIndex(settings.project)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._wake = asyncio.Event()

    def start(self, kind: str, arguments: JobArguments, *, can_wait: bool = False) -> Job:
        """Put a job into the queue; the same job of the same project and version that waits, runs or is done is given instead.

        One that can wait begins when no other is in the queue.

        Raises
        ------
        UnknownNameError
            If it names a scenario that is neither bundled nor saved.
        Refusal
            If too many jobs wait.
        """
        plain = arguments.model_dump(mode="json", exclude_unset=True)
        texts = self._texts(arguments.named_scenarios())
        state = app.project_state(self.settings.project)
        words = json.dumps(
            [kind, arguments.model_dump(mode="json"), texts, state.figures, state.articles, version("ytterby")], sort_keys=True
        )
        key, most = hashlib.sha256(words.encode()).hexdigest(), self.settings.limits.waiting
        try:
            row = self.index.add(kind, key, plain, texts, most, can_wait=can_wait)
            if self._is_lost(row):
                self.index.forget(row.id)
                row = self.index.add(kind, key, plain, texts, most, can_wait=can_wait)
        except StoreError as error:
            raise Refusal(429, str(error)) from None
        return self.shown(row)

    def _is_lost(self, row: JobRow) -> bool:
        """Whether a job is done but somebody has removed what it made."""
        if row.state != "done":
            return False
        run, place = row.result.get("run"), self.index.folder(row.id) / RESULT
        return not place.is_file() or (run is not None and run not in {entry.id for entry in app.list_runs(self.settings.project).runs})

    def _texts(self, names: tuple[str, ...]) -> dict[str, str]:
        """Texts of the scenarios that are the user's; a later save does not change a job.

        Raises
        ------
        UnknownNameError
            If one is neither bundled nor saved.
        """
        bundled = app.bundled_scenarios()
        if not (own := [name for name in names if name not in bundled]):
            return {}
        saved = {row.name: row.yaml for row in app.saved_scenarios(self.settings.project).saved}
        for name in own:
            if name not in saved:
                raise UnknownNameError("scenario", name, (*bundled, *saved))
        return {name: saved[name] for name in own}

    def all(self, kind: str = "", state: str = "") -> JobList:
        """Jobs of a kind, or in a state, or all; newest first."""
        return JobList(jobs=tuple(self.shown(row) for row in self.index.all(kind, state)))

    def find(self, id_: str) -> Job:
        """A job as it stands now.

        Raises
        ------
        UnknownNameError
            If there is none of that id.
        """
        return self.shown(self.row(id_))

    def row(self, id_: str) -> JobRow:
        """A job as the index has it.

        Raises
        ------
        UnknownNameError
            If there is none of that id.
        """
        row = self.index.find(id_)
        if row is None:
            raise UnknownNameError("job", id_, [row.id for row in self.index.all(most=12)] or ["none yet"])
        return row

    def folder(self, id_: str) -> Path:
        """Folder of a job that is in the index."""
        return self.index.folder(self.row(id_).id)

    def shown(self, row: JobRow) -> Job:
        """A job with how far it is."""
        return Job.of(row, self.index.progress(row.id) if row.state not in ("queued", "done") else None)

    def resume(self, id_: str) -> Job:
        """Put a job that ended without a result back into the queue; finished parts are not worked again.

        Raises
        ------
        UnknownNameError
            If there is none of that id.
        Refusal
            If it waits, runs or is done.
        """
        if not self.index.requeue(self.row(id_).id):
            raise Refusal(409, f"job {id_} is {self.row(id_).state}: only one that failed, was cancelled or interrupted can be resumed")
        return self.find(id_)

    def cancel(self, id_: str) -> Job:
        """Stop a job that waits or runs, or let one that has ended be as it is.

        Raises
        ------
        UnknownNameError
            If there is none of that id.
        """
        row = self.row(id_)
        if self.index.end(row.id, "cancelled") and row.state == "running":
            self._kill(row.id)
        return self.find(id_)

    def _kill(self, id_: str) -> None:
        """Kill the processes of a job that holds its lock; who does not hold it has ended, and its number may be another's."""
        pid = self.row(id_).pid
        if pid is None or not self.index.is_running(id_):
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL) if hasattr(os, "killpg") else os.kill(pid, signal.SIGTERM)

    def tick(self) -> None:
        """Start what may start, and forget processes that have ended."""
        for id_ in [id_ for id_, child in self._children.items() if child.poll() is not None]:
            self._forget(id_)
        while (claimed := self.index.claim(self.settings.limits.jobs)) is not None:
            self._launch(*claimed)

    def _launch(self, row: JobRow, lock: int | None) -> None:
        limits, folder = self.settings.limits, self.index.folder(row.id)
        command = [sys.executable, "-m", "ytterby.api.job_process", str(self.settings.project), row.id]
        command += [str(limits.job_seconds), str(limits.job_memory), self.settings.dask or ""]
        try:
            with (folder / "log.txt").open("ab") as log:
                child = subprocess.Popen(  # noqa: S603 (our own module, and an id of our own)
                    command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
                    pass_fds=() if lock is None else (lock,), env=_environment(),
                )  # fmt: skip
        except OSError as error:
            self.index.end(row.id, "failed", f"cannot be started ({error.strerror or error})")
            return
        finally:
            if lock is not None:
                os.close(lock)
        self._children[row.id] = child
        self.index.note_process(row.id, child.pid)
        if self.row(row.id).state == "cancelled":  # meanwhile, when nobody knew whom to kill
            self._kill(row.id)

    def _forget(self, id_: str) -> None:
        child = self._children.pop(id_)
        if child.stdin:
            child.stdin.close()
        child.wait()
        self.index.find(id_)  # notes that it was interrupted, if it was

    def stop(self) -> None:
        """End the jobs that this process has started; they can be taken up again."""
        for child in self._children.values():
            if child.stdin:
                child.stdin.close()
        for id_ in list(self._children):
            with suppress(subprocess.TimeoutExpired):
                self._children[id_].wait(WAIT_FOR_END)
            self._forget(id_)

    def wake(self) -> None:
        """Look at the queue now."""
        self._wake.set()

    async def keep_working(self) -> None:
        """Look at the queue again and again, until cancelled."""
        while True:
            with suppress(StoreError):  # a disk that is full, or a writer that takes long: the next look may find it better
                await to_thread.run_sync(self.tick)
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), TICK)


def _environment() -> dict[str, str]:
    """Environment of a job: ours, without the secrets of the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YTTERBY_SERVER") and name != "YTTERBY_TOKEN"}
    return kept | {"OPENBLAS_NUM_THREADS": "1"}


def event(name: str, data: dict[str, Any], number: int) -> bytes:
    """One server-sent event."""
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
