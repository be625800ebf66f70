"""The draws of a run, worked in chunks that go to disk as they are finished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.ensembles import TOTALS, base_points, indices_of
from ytterby.execution import digest_of, map_chunks, spans
from ytterby.simulation import ChunkedArray
from ytterby.store import CheckpointStore, run_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ytterby.ensembles import DrawAssessment, SobolIndices
    from ytterby.execution import Executor
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.system import System

CHUNK = 16
"""Draws in a chunk: whole blocks of the kernel, a checkpoint of some 20 MB."""


@dataclass(frozen=True)
class RunRequest:
    """What to run and how; everything that changes numbers is in scenario, draws, seed and method."""

    scenario: Scenario
    draws: int = 1
    seed: int = 1
    method: str = "streams"
    project: Path = Path(".ytterby")
    out: Path | None = None
    executor: Executor = "serial"
    workers: int | None = None
    address: str | None = None
    sobol: bool = False
    created: str = ""
    waiting: Callable[[], None] | None = None
    facts: Facts | None = None
    base: System | None = None


def chunks_key(*parts: object) -> str:
    """What the chunks of a run depend on beside their draws: the given parts, the size of a chunk and the version."""
    return " ".join(map(str, (*parts, CHUNK, version("ytterby"))))


def simulate_draws(
    job: DrawAssessment,
    request: RunRequest,
    checkpoint: CheckpointStore,
    key: str,
    progress: Callable[[int, int], None] | None,
) -> dict[str, ChunkedArray]:
    """Arrays of all draws (draw, ...); chunks go to disk at once, so that memory does not grow with the draws.

    Chunks that a killed run has finished are not simulated again; ``key`` says what they depend on beside their draws.
    """
    total = max(1, job.experiment.draws)
    pieces = spans(total, CHUNK)
    if len(pieces) == 1:
        [arrays] = _worked(job, pieces, request)
        if progress:
            progress(total, total)
        return {name: ChunkedArray.of(values) for name, values in arrays.items()}
    digests = [digest_of(key, *piece) for piece in pieces]
    missing = [i for i, digest in enumerate(digests) if checkpoint.get(digest) is None]
    finished = total - sum(pieces[i][1] - pieces[i][0] for i in missing)
    for i, _ in zip(missing, _kept(job, checkpoint, [(pieces[i], digests[i]) for i in missing], request), strict=True):
        finished += pieces[i][1] - pieces[i][0]
        if progress:
            progress(finished, total)
    parts = [part for part in map(checkpoint.get, digests) if part is not None]
    assert len(parts) == len(pieces), "a part that was put is there"
    return {name: ChunkedArray([partial(part.__getitem__, name) for part in parts]) for name in parts[0]}


def _kept(job: DrawAssessment, checkpoint: CheckpointStore, work: list[tuple[tuple[int, int], str]], request: RunRequest) -> Iterator[None]:
    """Chunks (span, digest) as they are kept: by the workers themselves, where these see the same folder."""
    if request.executor == "dask":
        for (_, digest), arrays in zip(work, _worked(job, [span for span, _ in work], request), strict=True):
            checkpoint.put(digest, arrays)
            yield
        return
    for digest in map_chunks(partial(_work_and_keep, job, checkpoint), work, request.executor, workers=request.workers):
        checkpoint.note(digest)
        yield


def _work_and_keep(job: DrawAssessment, checkpoint: CheckpointStore, chunk: tuple[tuple[int, int], str]) -> str:
    """Keep the arrays of a chunk (span, digest); returns the digest."""
    span, digest = chunk
    checkpoint.put(digest, job.chunk(span))
    return digest


def _worked(job: DrawAssessment, pieces: list[tuple[int, int]], request: RunRequest) -> Iterator[dict[str, NDArray[Any]]]:
    return map_chunks(job.chunk, pieces, request.executor, workers=request.workers, address=request.address)


def totals_of(arrays: dict[str, ChunkedArray]) -> dict[str, NDArray[Any]]:
    """What is kept of each draw without weeks (draw, ...), in memory."""
    return {name: arrays[name].to_numpy() for name in TOTALS}


def sobol_indices(job: DrawAssessment, chosen: list[str], request: RunRequest, progress: Callable[[int, int], None] | None) -> SobolIndices:
    """Sobol indices of the chosen inputs; a killed design goes on from its checkpoints."""
    experiment, n = job.experiment, base_points(request.draws)
    scenario = request.scenario
    key = chunks_key("sobol", scenario.digest, experiment.network.system.digest, n, request.seed, *chosen)
    name = f"{run_name(scenario.name, key, '', n, request.seed)}-sobol"
    checkpoints = CheckpointStore(request.project / "chunks" / name)
    found = indices_of(
        experiment.network,
        request.scenario,
        lambda points: {name: values.to_numpy() for name, values in simulate_draws(points, request, checkpoints, key, progress).items()},
        tuple(chosen),
        n,
        seed=request.seed,
    )
    checkpoints.clear()
    return found
