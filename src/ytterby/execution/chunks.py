"""Map a function over chunks: the same results in the same order with every executor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ytterby.errors import InputError, UnknownNameError
from ytterby.execution.pools import Pool, ProcessPool, SerialPool, ThreadPool, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Executor = Literal["serial", "threads", "processes", "dask"]
EXECUTORS: tuple[Executor, ...] = ("serial", "threads", "processes", "dask")
MAX_WORKERS = 1024


def map_chunks(
    function: Callable[[Chunk], Result],
    chunks: Sequence[Chunk],
    executor: Executor = "serial",
    workers: int | None = None,
    address: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Result]:
    """Apply a function to each chunk; yields the results in the order of the chunks as they become ready.

    If a worker process dies, its chunk is processed again by another one. An error in the function is raised
    when its chunk is due. Closing the iterator, or Ctrl-C, stops all workers.

    Parameters
    ----------
    function : callable
        A pure function; for ``processes`` and ``dask`` the function and the chunks must be picklable.
    chunks : sequence
        Arguments of the function.
    executor : {"serial", "threads", "processes", "dask"}
        Kind of executor.
    workers : int, optional
        Number of threads or processes; by default the number of cores.
    address : str, optional
        Address of a Dask scheduler; by default a cluster on this machine.
    progress : callable, optional
        Called with (finished chunks, number of chunks) after each chunk, in this thread.

    Raises
    ------
    InputError
        For an unknown executor, a bad number of workers, a missing package or no scheduler.
    YtterbyError
        If every worker that processes a chunk dies.
    """
    if executor not in EXECUTORS:
        raise UnknownNameError("executor", executor, EXECUTORS)
    if address is not None and executor != "dask":
        raise InputError(f"address: only allowed with executor 'dask', not with '{executor}'")
    if workers is not None and not 1 <= workers <= MAX_WORKERS:
        raise InputError(f"workers: found {workers}; allowed 1 to {MAX_WORKERS}")
    return _in_order(lambda: _pool(function, executor, min(workers or cores(), max(len(chunks), 1)), address), chunks, progress)


def _pool(function: Callable[[Any], Any], executor: Executor, workers: int, address: str | None) -> Pool:
    if executor == "serial":
        return SerialPool(function)
    if executor == "threads":
        return ThreadPool(function, workers)
    if executor == "processes":
        return ProcessPool(function, workers)
    from ytterby.execution.cluster import DaskPool

    return DaskPool(function, workers, address)


def _in_order(make: Callable[[], Pool], chunks: Sequence[Any], progress: Callable[[int, int], None] | None) -> Iterator[Any]:
    if not chunks:
        return
    pool, done, started, finished = make(), {}, 0, 0
    try:
        for turn in range(len(chunks)):
            while turn not in done:
                while started < min(len(chunks), turn + pool.window):
                    pool.start(started, chunks[started])
                    started += 1
                i, outcome = pool.next()
                done[i] = outcome
                finished += 1
                if progress is not None:
                    progress(finished, len(chunks))
            yield done.pop(turn).get()
    finally:
        pool.close()


def spans(total: int, size: int) -> list[tuple[int, int]]:
    """Split the range 0 to `total` into spans (first, stop) of at most `size`."""
    if size < 1:
        raise InputError(f"chunk size: found {size}; must be at least 1")
    return [(first, min(first + size, total)) for first in range(0, total, size)]
