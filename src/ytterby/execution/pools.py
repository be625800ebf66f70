"""Pools that process chunks: in this thread, in threads or in processes, with a common interface.

Numbered chunks are submitted with ``start``; ``next`` returns ``(number, outcome)`` pairs in the order in which
they finish; ``window`` is the number of chunks that may be in progress.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
import types
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import resource_tracker
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from ytterby.errors import InputError, YtterbyError
from ytterby.execution.memory import keep_freed_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

AHEAD = 3
"""Submitted chunks per worker: enough to keep it busy while a finished result waits for earlier ones."""
TRIES = 4
"""Maximum number of attempts for a chunk whose worker dies."""


@dataclass(frozen=True)
class ChunkOutcome:
    """The result of a chunk: a value or an error, in a form that can be sent between processes."""

    value: Any = None
    error: BaseException | None = None

    def get(self) -> Any:
        """Return the value or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value


def attempt(function: Callable[[Any], Any], chunk: Any) -> ChunkOutcome:
    """Apply a function to a chunk in this process; errors are caught unchanged."""
    keep_freed_memory()
    try:
        return ChunkOutcome(function(chunk))
    except Exception as error:  # noqa: BLE001 - any error of the function is raised when its chunk is due
        return ChunkOutcome(error=error)


def attempt_away(function: Callable[[Any], Any], chunk: Any) -> ChunkOutcome:
    """Apply a function to a chunk; an error is made picklable, with its traceback as a note."""
    outcome = attempt(function, chunk)
    if outcome.error is None:
        return outcome
    note = "".join(traceback.format_exception(outcome.error))
    error = _portable(outcome.error)
    error.add_note(note)
    return ChunkOutcome(error=error)


def _portable(error: BaseException) -> BaseException:
    """Error itself if it can be pickled, otherwise an error of the nearest base class that can, with the same message."""
    try:
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - our own bytes
            return error
    except Exception:  # noqa: BLE001, S110 - any failure means that it cannot be pickled
        pass
    for base in type(error).__mro__[1:]:
        if base is YtterbyError or (issubclass(base, YtterbyError) and base is not type(error)):
            return base(str(error))
    return RuntimeError(f"{type(error).__name__}: {error}")


PATIENCE = 1.0
"""Longest time without a look at signals [s]."""


class Pool(Protocol):
    """Interface of a pool."""

    @property
    def window(self) -> int:
        """Number of chunks that may be in progress."""

    def start(self, i: int, chunk: Any) -> None:
        """Submit a chunk."""

    def next(self) -> tuple[int, ChunkOutcome]:
        """Wait for the next finished chunk."""

    def close(self) -> None:
        """Stop immediately and release all resources."""


class SerialPool:
    """Processes chunks in the calling thread."""

    window = 1

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self._waiting: deque[tuple[int, Any]] = deque()

    def start(self, i: int, chunk: Any) -> None:
        """Submit a chunk."""
        self._waiting.append((i, chunk))

    def next(self) -> tuple[int, ChunkOutcome]:
        """Process the next chunk now."""
        i, chunk = self._waiting.popleft()
        return i, attempt(self._function, chunk)

    def close(self) -> None:
        """Discard the waiting chunks."""
        self._waiting.clear()


class ThreadPool:
    """Processes chunks in threads; for functions that release the global interpreter lock."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        self._function, self.window = function, AHEAD * workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ytterby")
        self._numbers: dict[Future[ChunkOutcome], int] = {}

    def start(self, i: int, chunk: Any) -> None:
        """Submit a chunk."""
        self._numbers[self._threads.submit(self._work, chunk)] = i

    def _work(self, chunk: Any) -> ChunkOutcome:
        return attempt(self._function, chunk)

    def next(self) -> tuple[int, ChunkOutcome]:
        """Wait for the next finished chunk."""
        done: set[Future[ChunkOutcome]] = set()
        while not done:  # a signal that came in another thread is seen only when this one wakes up
            done, _ = wait(self._numbers, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        future = min(done, key=self._numbers.__getitem__)
        return self._numbers.pop(future), future.result()

    def close(self) -> None:
        """Discard chunks that have not started; running ones cannot be interrupted, and their results are discarded."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _serve(connection: Connection, function_bytes: bytes) -> None:
    """Main loop of a worker process: process chunks until the connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    function = pickle.loads(function_bytes)  # noqa: S301 - sent by the parent process
    while True:
        try:
            i, chunk = connection.recv()
        except (EOFError, OSError):
            return
        outcome = attempt_away(function, chunk)
        try:
            connection.send(outcome)
        except (BrokenPipeError, ConnectionError):
            return
        except Exception as error:  # noqa: BLE001 - a result that cannot be pickled
            connection.send(ChunkOutcome(error=InputError(f"the result of chunk {i} cannot be sent between processes ({error})")))


_MAIN_LOCK = threading.Lock()


@contextmanager
def _blank_main() -> Iterator[None]:
    """Prevent new processes from running the user's script again.

    A spawned process imports the main script of its parent, and a script without the usual guard would
    start the computation again. The functions of a pool are never defined there, so the script is hidden meanwhile.
    """
    with _MAIN_LOCK:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Let processes started in this context ignore Ctrl-C from the beginning; the parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its first start would reset the signal mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """A worker process and the pipe to it."""

    def __init__(self, function_bytes: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, function_bytes), daemon=True)
        with _deaf_children(), nullcontext() if b"__main__" in function_bytes else _blank_main():
            self.process.start()
        far.close()

    def run_chunk(self, task: tuple[int, Any]) -> ChunkOutcome:
        """Process a numbered chunk; raises :class:`_WorkerDiedError` if the process dies."""
        try:
            self.connection.send(task)
            outcome: ChunkOutcome = self.connection.recv()
        except (EOFError, OSError):
            return ChunkOutcome(error=_WorkerDiedError(self))
        return outcome

    def stop(self) -> int | None:
        """Clean up a process that has died or was killed; returns its exit code."""
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        self.connection.close()
        return code


class _WorkerDiedError(Exception):
    """A worker process died while processing a chunk."""

    def __init__(self, worker: _Worker) -> None:
        super().__init__()
        self.worker = worker


class ProcessPool(ThreadPool):
    """Processes chunks in local processes, each controlled by a thread; one that dies is replaced and its chunk is processed again.

    Each process has its own pipe. ``ProcessPoolExecutor`` has a common one for results, and waits for ever if a
    process is killed while sending a large result (for example for lack of memory).
    """

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        super().__init__(function, workers)
        try:
            self._function_bytes = pickle.dumps(function)
        except Exception as error:  # noqa: BLE001 - pickle raises many kinds
            raise InputError(f"the work cannot be sent between processes ({error}); use executor 'serial' or 'threads'") from None
        self._max = workers
        self._workers: set[_Worker] = set()
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        self._chunks: dict[int, Any] = {}
        self._deaths: Counter[int] = Counter()

    def start(self, i: int, chunk: Any) -> None:
        """Submit a chunk; starts a process for it if there are fewer than ``workers``."""
        if len(self._workers) < self._max:
            worker = _Worker(self._function_bytes)
            self._workers.add(worker)
            self._idle.put(worker)
        self._chunks[i] = chunk
        super().start(i, (i, chunk))

    def _work(self, chunk: Any) -> ChunkOutcome:
        """Process a numbered chunk in an idle process (runs in a thread, which starts no process: see :func:`_blank_main`)."""
        worker = self._idle.get()
        if worker is None:
            raise CancelledError
        outcome = worker.run_chunk(chunk)
        if not isinstance(outcome.error, _WorkerDiedError):
            self._idle.put(worker)
        return outcome

    def next(self) -> tuple[int, ChunkOutcome]:
        """Wait for the next finished chunk, replacing workers that die.

        Raises
        ------
        YtterbyError
            If every worker that processes a chunk dies.
        """
        while True:
            i, outcome = super().next()
            if not isinstance(outcome.error, _WorkerDiedError):
                del self._chunks[i]
                return i, outcome
            worker = outcome.error.worker
            self._workers.remove(worker)
            code = worker.stop()
            self._deaths[i] += 1
            if self._deaths[i] == TRIES:
                how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
                raise YtterbyError(f"chunk {i} ended its worker process {TRIES} times ({how}); is there enough memory?")
            self.start(i, self._chunks[i])

    def close(self) -> None:
        """End all processes immediately; their threads then end as well."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.process.kill()
        for _ in range(self._max):
            self._idle.put(None)  # wakes up a thread that waits for a process
        self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.stop()
        self._workers.clear()


def cores() -> int:
    """Number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
