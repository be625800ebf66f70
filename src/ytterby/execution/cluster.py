"""Processing of chunks on a Dask cluster; the only module that imports dask."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError, YtterbyError
from ytterby.execution.pools import AHEAD, ChunkOutcome, attempt_away

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 10.0
"""Time to wait for a scheduler [s]."""
FRESH = 2.0
"""Time after which the workers are counted again [s]."""
HINT = "pip install 'ytterby[scale]'"


def _same(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return function


class DaskPool:
    """A Dask cluster at an address, or a local one with processes.

    The function is sent once, as a separate task, so that the scheduler can recreate it if the worker that
    holds it dies.
    """

    def __init__(self, function: Callable[[Any], Any], workers: int, address: str | None) -> None:
        try:
            import distributed
        except ImportError:
            raise InputError(f"executor 'dask' needs the packages dask and distributed: {HINT}") from None
        self._cluster: Any = None
        try:
            if address is None:
                self._cluster = distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
                )
            self._client = distributed.Client(self._cluster or address, timeout=TIMEOUT, set_as_default=False)
        except (OSError, ValueError, TimeoutError, ImportError) as error:
            raise InputError(f"no Dask scheduler at '{address}' ({str(error)[:120]})") from None
        except RuntimeError as error:
            raise InputError(f"no Dask cluster on this machine ({error}); does the script start under if __name__ == '__main__'?") from None
        self._window, self._asked = AHEAD * workers, -math.inf
        self._function = self._client.submit(_same, function, pure=False)
        self._completed = distributed.as_completed(loop=self._client.loop)
        self._numbers: dict[Any, int] = {}

    @property
    def window(self) -> int:
        """Number of chunks that may be submitted for the present number of workers, which may change."""
        if time.monotonic() - self._asked > FRESH:
            self._asked = time.monotonic()
            self._window = AHEAD * max(sum(self._client.nthreads().values()), 1)
        return self._window

    def start(self, i: int, chunk: Any) -> None:
        """Submit a chunk."""
        future = self._client.submit(attempt_away, self._function, chunk, pure=False, retries=2)
        self._numbers[future] = i
        self._completed.add(future)

    def next(self) -> tuple[int, ChunkOutcome]:
        """Wait for the next finished chunk."""
        future = next(self._completed)
        i = self._numbers.pop(future)
        try:
            outcome = future.result()
        except Exception as error:  # noqa: BLE001 - errors of the function itself are in the outcome
            raise YtterbyError(f"chunk {i} was lost on the Dask cluster ({type(error).__name__}: {str(error)[:200]})") from None
        future.release()
        return i, outcome

    def close(self) -> None:
        """Cancel running chunks and disconnect from the cluster."""
        self._client.cancel(list(self._numbers))
        self._numbers.clear()
        self._function = None
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()
