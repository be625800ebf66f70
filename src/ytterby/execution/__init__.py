"""Executors (serial, threads, processes, Dask), and the protocol by which finished parts of a computation are stored."""

from ytterby.execution.checkpoint import Checkpoint, digest_of
from ytterby.execution.chunks import Executor, map_chunks, spans
from ytterby.execution.pools import cores
from ytterby.execution.program import program_digest
from ytterby.execution.rank import give_way

__all__ = ["Executor", "Checkpoint", "cores", "digest_of", "give_way", "map_chunks", "program_digest", "spans"]
