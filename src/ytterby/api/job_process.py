"""The process of one job: ``python -m ytterby.api.job_process PROJECT ID``, started by the server.

It ends with its server: the server holds the other end of its standard input, and when that closes, the job and the processes that
it has started are killed. What was finished until then is kept, so that the job goes on from there when it is taken up again.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ytterby.api.job_kinds import ARGUMENTS
from ytterby.api.job_work import JobWork
from ytterby.errors import YtterbyError
from ytterby.execution import give_way
from ytterby.store import JobIndex, JobProgress

TOLD = 0.3
"""Time between two notes of progress [s]."""
NICE = 5
"""By how much a job gives way to the answers of the server."""


@dataclass(eq=False)
class Teller:
    """Tells how far a job is, now and then."""

    index: JobIndex
    id_: str
    _began: tuple[int, float] | None = None
    _told: float = field(default=0.0)

    def __call__(self, done: int, total: int) -> None:
        """Note steps done and steps in all; the rate is that since the first note, so that what was done before does not count."""
        now = time.monotonic()
        if self._began is None or done < self._began[0]:
            self._began = (done, now)
        if now - self._told < TOLD and done < total:
            return
        self._told = now
        first, since = self._began
        rate = (done - first) / (now - since) if now > since else 0.0
        self.index.put_progress(self.id_, JobProgress(done, total, round(rate, 6), time.time()))


def limit_memory(most: int) -> None:
    """Let this process and its children fail, each by itself, when they ask for more memory than that [bytes]."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def end_with_server() -> None:
    """Wait until the server closes its end, then kill this process and its children."""
    while os.read(0, 1):  # not by sys.stdin, whose lock a thread must not hold when the process ends
        pass
    kill_group()


def kill_group() -> None:
    """Kill this process and all that it has started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def stop_late(index: JobIndex, id_: str, seconds: float) -> None:
    """Note that a job took too long, and kill it."""
    index.end(id_, "failed", f"stopped after {seconds:g} s, the longest time that a job may take; what was finished is kept")
    kill_group()


def work(index: JobIndex, id_: str, dask: str | None) -> None:
    """Do a job and note how it ended; a fault of the program leaves its traceback in the log and no word of it in the index."""
    row = index.find(id_)
    if row is None or row.state != "running":  # cancelled before it began
        return
    job = JobWork(index.project, index.folder(id_), row.scenarios, dask, Teller(index, id_))
    try:
        ids = job.do(row.kind, ARGUMENTS[row.kind].model_validate(row.arguments))
    except YtterbyError as error:
        index.end(id_, "failed", str(error))
    except MemoryError:
        index.end(id_, "failed", "not enough memory for this job; fewer draws or paths need less")
    except ModuleNotFoundError as error:
        index.end(id_, "failed", f"this needs the package '{error.name}', which is not installed")
    except Exception as error:
        traceback.print_exc()
        index.end(id_, "failed", f"fault of the program ({type(error).__name__}); its log is in the folder of the job")
    else:
        index.end(id_, "done", result=ids)


def main() -> None:
    """Do the job that the arguments name: project folder, id, seconds, bytes, address of a Dask scheduler or nothing."""
    project, id_, seconds, memory, dask = sys.argv[1:6]
    give_way(NICE)
    limit_memory(int(memory))
    index = JobIndex(Path(project))
    threading.Thread(target=end_with_server, daemon=True).start()
    timer = threading.Timer(float(seconds), stop_late, (index, id_, float(seconds)))
    timer.daemon = True
    timer.start()
    work(index, id_, dask or None)


if __name__ == "__main__":
    main()
