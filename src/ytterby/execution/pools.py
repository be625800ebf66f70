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
import types
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from multiprocessing import resource_tracker
from multiprocessing.connection import wait as wait_connections
from typing import TYPE_CHECKING, Any, Protocol

from ytterby.errors import InputError, YtterbyError
from ytterby.execution.outcome import Outcome, attempt, attempt_away

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

AHEAD = 3
"""Chunks under way for each worker: enough to keep it busy while one result waits for its turn."""
TRIES = 4
"""Times that a chunk is tried when its worker dies under it."""


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
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="ytterby")
        self._futures: dict[Future[Outcome], int] = {}

    def start(self, i: int, chunk: Any) -> None:
        """Take a chunk."""
        self._futures[self._executor.submit(attempt, self._function, chunk)] = i

    def next(self) -> tuple[int, Outcome]:
        """Wait for the next chunk that finishes."""
        done, _ = wait(self._futures, return_when=FIRST_COMPLETED)
        future = min(done, key=self._futures.__getitem__)
        return self._futures.pop(future), future.result()

    def close(self) -> None:
        """Drop what has not begun; a chunk in work cannot be cut short, its result is dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)


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
            connection.send((i, outcome))
        except (BrokenPipeError, ConnectionError):
            return
        except Exception as error:  # noqa: BLE001 - a result that cannot be pickled
            connection.send((i, Outcome(error=InputError(f"the result of chunk {i} cannot be sent between processes ({error})"))))


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
    """One process, the pipe to it, and the chunk it works on."""

    def __init__(self, function_bytes: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, function_bytes), daemon=True)
        with _deaf_children(), nullcontext() if b"__main__" in function_bytes else _blank_main():
            self.process.start()
        far.close()
        self.task: int | None = None

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class ProcessPool:
    """Processes of this machine; one that dies is replaced and its chunk is worked again."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        try:
            self._function = pickle.dumps(function)
        except Exception as error:  # noqa: BLE001 - pickle raises many kinds
            raise InputError(f"the work cannot be sent between processes ({error}); use executor 'serial' or 'threads'") from None
        self._most, self.window = workers, AHEAD * workers
        self._workers: list[_Worker] = []
        self._chunks: dict[int, Any] = {}
        self._tries: dict[int, int] = {}
        self._waiting: deque[int] = deque()

    def start(self, i: int, chunk: Any) -> None:
        """Take a chunk."""
        self._chunks[i], self._tries[i] = chunk, 0
        self._waiting.append(i)
        self._assign()

    def _assign(self) -> None:
        """Give waiting chunks to idle workers, starting workers up to their number."""
        while self._waiting:
            idle = next((w for w in self._workers if w.task is None), None)
            if idle is None and len(self._workers) >= self._most:
                return
            if idle is None:
                idle = _Worker(self._function)
                self._workers.append(idle)
            i = self._waiting.popleft()
            idle.task = i
            self._tries[i] += 1
            try:
                idle.connection.send((i, self._chunks[i]))
            except OSError:
                self._bury(idle)

    def next(self) -> tuple[int, Outcome]:
        """Wait for the next chunk that finishes, replacing workers that die."""
        while True:
            busy = {w.connection: w for w in self._workers if w.task is not None}
            for ready in wait_connections(list(busy)):
                worker = busy[ready]  # type: ignore[index]
                try:
                    i, outcome = worker.connection.recv()
                except (EOFError, OSError):
                    self._bury(worker)
                    self._assign()
                    break
                worker.task = None
                del self._chunks[i], self._tries[i]
                self._assign()
                return i, outcome

    def _bury(self, worker: _Worker) -> None:
        """Remove a dead worker; its chunk comes first again, unless it kills every worker."""
        self._workers.remove(worker)
        i = worker.task
        worker.process.join()
        code = worker.process.exitcode
        worker.stop()
        if i is None:
            return
        if self._tries[i] >= TRIES:
            how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
            raise YtterbyError(f"chunk {i} ended its worker process {TRIES} times ({how}); is there enough memory?")
        self._waiting.appendleft(i)

    def close(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
