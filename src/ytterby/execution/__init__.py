"""Where work is done: serial, threads, processes, Dask."""

from ytterby.execution.chunks import EXECUTORS, map_chunks, spans

__all__ = ["EXECUTORS", "map_chunks", "spans"]
