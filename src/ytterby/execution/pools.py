"""The places where chunks are worked: this thread, threads, processes. One small interface.

A pool takes numbered chunks with ``start`` and gives ``(number, outcome)`` pairs back with ``next``,
in whatever order they finish; ``window`` says how many may be under way.
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

AHEAD = 3
"""Chunks under way for each worker: enough to keep it busy while one result waits for its turn."""
TRIES = 4
"""Times that a chunk is tried when its worker dies under it."""


@dataclass(frozen=True)
class Outcome:
    """A value, or the error that took its place."""

    value: Any = None
    error: BaseException | None = None

    def get(self) -> Any:
        """Return the value or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value


def attempt(function: Callable[[Any], Any], chunk: Any) -> Outcome:
    """Outcome of a function on a chunk, in this process; errors as they are."""
    try:
        return Outcome(function(chunk))
    except Exception as error:  # noqa: BLE001 - whatever the work raises is told at its turn
        return Outcome(error=error)


def attempt_away(function: Callable[[Any], Any], chunk: Any) -> Outcome:
    """Outcome that can be sent to another process; the traceback goes along as a note."""
    outcome = attempt(function, chunk)
    if outcome.error is None:
        return outcome
    note = "".join(traceback.format_exception(outcome.error))
    error = _portable(outcome.error)
    error.add_note(note)
    return Outcome(error=error)


def _portable(error: BaseException) -> BaseException:
    """Give the error itself if it survives pickling, else the nearest base class that does, with its words."""
    try:
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - our own bytes
            return error
    except Exception:  # noqa: BLE001, S110 - any failure means that it does not survive
        pass
    for base in type(error).__mro__[1:]:
        if base is YtterbyError or (issubclass(base, YtterbyError) and base is not type(error)):
            return base(str(error))
    return RuntimeError(f"{type(error).__name__}: {error}")


class Pool(Protocol):
    """A place where chunks are worked."""

    @property
    def window(self) -> int:
        """Chunks that may be under way."""

    def start(self, i: int, chunk: Any) -> None:
        """Take a chunk."""

    def next(self) -> tuple[int, Outcome]:
        """Wait for the next chunk that finishes."""

    def close(self) -> None:
        """Stop at once and leave nothing behind."""


class SerialPool:
    """The calling thread."""

    window = 1

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self._waiting: deque[tuple[int, Any]] = deque()

    def start(self, i: int, chunk: Any) -> None:
        """Take a chunk."""
        self._waiting.append((i, chunk))

    def next(self) -> tuple[int, Outcome]:
        """Work the chunk now."""
        i, chunk = self._waiting.popleft()
        return i, attempt(self._function, chunk)

    def close(self) -> None:
        """Forget what waits."""
        self._waiting.clear()


class ThreadPool:
    """Threads of this process; for work that releases the interpreter's lock."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        self._function, self.window = function, AHEAD * workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ytterby")
        self._numbers: dict[Future[Outcome], int] = {}

    def start(self, i: int, chunk: Any) -> None:
        """Take a chunk."""
        self._numbers[self._threads.submit(self._work, chunk)] = i

    def _work(self, chunk: Any) -> Outcome:
        return attempt(self._function, chunk)

    def next(self) -> tuple[int, Outcome]:
        """Wait for the next chunk that finishes."""
        done, _ = wait(self._numbers, return_when=FIRST_COMPLETED)
        future = min(done, key=self._numbers.__getitem__)
        return self._numbers.pop(future), future.result()

    def close(self) -> None:
        """Drop what has not begun; a chunk in work cannot be cut short, its result is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _serve(connection: Connection, function_bytes: bytes) -> None:
    """Work chunks in a process of its own until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    function = pickle.loads(function_bytes)  # noqa: S301 - bytes of our own parent process
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
            connection.send(Outcome(error=InputError(f"the result of chunk {i} cannot be sent between processes ({error})")))


_MAIN_LOCK = threading.Lock()


@contextmanager
def _blank_main() -> Iterator[None]:
    """Keep new processes from running the user's script again.

    A spawned process imports the main script of its parent, and a script without the usual guard would
    start the work again. The work of a pool never lies there, so the script is out of sight meanwhile.
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
    """Let processes started meanwhile not hear Ctrl-C, from their first moment: it is the parent who ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its first start would lift the mask again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """A process and the pipe to it."""

    def __init__(self, function_bytes: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, function_bytes), daemon=True)
        with _deaf_children(), nullcontext() if b"__main__" in function_bytes else _blank_main():
            self.process.start()
        far.close()

    def work(self, task: tuple[int, Any]) -> Outcome:
        """Outcome of a numbered chunk; a :class:`_WorkerDiedError` if the process died."""
        try:
            self.connection.send(task)
            outcome: Outcome = self.connection.recv()
        except (EOFError, OSError):
            return Outcome(error=_WorkerDiedError(self))
        return outcome

    def stop(self) -> int | None:
        """Clear away a process that was killed or died; its exit code."""
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        self.connection.close()
        return code


class _WorkerDiedError(Exception):
    """A worker process ended while it had a chunk."""

    def __init__(self, worker: _Worker) -> None:
        super().__init__()
        self.worker = worker


class ProcessPool(ThreadPool):
    """Processes of this machine, each led by a thread; one that dies is replaced and its chunk is worked again.

    Each process has a pipe of its own. Those of ``ProcessPoolExecutor`` share one for results, and when a
    process is killed in the middle of sending a large result (as when memory runs out), it waits for ever.
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
        """Take a chunk; a process is started for it while there are fewer than asked for."""
        if len(self._workers) < self._max:
            worker = _Worker(self._function_bytes)
            self._workers.add(worker)
            self._idle.put(worker)
        self._chunks[i] = chunk
        super().start(i, (i, chunk))

    def _work(self, chunk: Any) -> Outcome:
        """Let an idle process work a numbered chunk (in a thread, which starts no process: see :func:`_blank_main`)."""
        worker = self._idle.get()
        if worker is None:
            raise CancelledError
        outcome = worker.work(chunk)
        if not isinstance(outcome.error, _WorkerDiedError):
            self._idle.put(worker)
        return outcome

    def next(self) -> tuple[int, Outcome]:
        """Wait for the next chunk that finishes, replacing workers that die.

        Raises
        ------
        YtterbyError
            If a chunk ends every worker that takes it.
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
        """End all processes at once; their threads notice it."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.process.kill()
        for _ in range(self._max):
            self._idle.put(None)  # for a thread that waits for a process
        self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.stop()
        self._workers.clear()


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
