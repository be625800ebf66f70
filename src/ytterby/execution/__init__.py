"""Where work is done: serial, threads, processes, Dask; and how finished parts of it are remembered."""

from ytterby.execution.checkpoint import Checkpoint, digest_of
from ytterby.execution.chunks import EXECUTORS, map_chunks, spans

__all__ = ["EXECUTORS", "Checkpoint", "digest_of", "map_chunks", "spans"]
