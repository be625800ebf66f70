"""Archives too large for memory: read in chunks, written part by part, continued after a stop.

Memory use does not grow with the archive: a part holds one chunk, and events are counted by family, parties, materials and month,
with a few claims as examples. Verbatim copies count once.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.evidence.claims import claim_from_dict
from ytterby.evidence.duplicates import signature
from ytterby.evidence.events import act_day, event_families, parties_of
from ytterby.evidence.pipeline import FILES_PER_CHUNK, read_file, read_raw
from ytterby.evidence.readers import JSON_LINES, expand, suffix
from ytterby.evidence.readers.collections import read_json_range
from ytterby.execution import map_chunks
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.events import EventFamily
    from ytterby.execution import Executor

BYTES_PER_JOB = 2 * 2**20
"""Bytes of a JSON-lines file that are sent to a worker together."""
MAX_EXAMPLES = 10
"""Claims that are listed as examples of an event."""


@dataclass(frozen=True)
class ArchiveJob:
    """Files, or a range of bytes of one JSON-lines file, that a worker reads."""

    paths: tuple[Path, ...]
    start: int = 0
    stop: int = 0


def archive_jobs(paths: Sequence[Path]) -> list[ArchiveJob]:
    """Jobs of an archive, in an order that depends on the names of the files only."""
    result: list[ArchiveJob] = []
    together: list[Path] = []
    for path in expand(paths):
        if suffix(path) in JSON_LINES and path.suffix.lower() != ".gz":
            size = path.stat().st_size
            result += [ArchiveJob((path,), at, min(at + BYTES_PER_JOB, size)) for at in range(0, size, BYTES_PER_JOB)]
            continue
        together.append(path)
        if len(together) == FILES_PER_CHUNK or suffix(path) == ".warc":
            result.append(ArchiveJob(tuple(together)))
            together = []
    return [*result, ArchiveJob(tuple(together))] if together else result


def read_job(job: ArchiveJob) -> bytes:
    """JSON lines of the documents of a job with their claims; a line of the archive belongs to the job in which it begins."""
    if job.stop:
        with job.paths[0].open("rb") as stream:
            lines = [_line(*read_raw(raw)) for raw in read_json_range(stream, job.paths[0], job.start, job.stop)]
    else:
        lines = [_line(*pair) for path in job.paths for pair in read_file(path)]
    return "".join(lines).encode()


def _line(document: Document, claims: list[Claim]) -> str:
    copy = hashlib.sha256(signature(document) or document.sha256.encode()).hexdigest()[:16]
    row = {"document": {**document.to_dict(), "copy": copy}, "claims": [claim.to_dict() for claim in claims]}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_archive(
    paths: Sequence[Path],
    out: Path,
    *,
    executor: Executor = "serial",
    workers: int | None = None,
    address: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ArchiveResult:
    """Read an archive into a folder: ``documents.jsonl``, ``claims.jsonl``, ``events.jsonl`` and ``summary.json``.

    A run that was stopped continues after the parts that are there. The files do not depend on the number of workers.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders of the archive.
    out : Path
        Folder for the results and the parts.
    executor, workers, address
        Where the jobs run, in how many processes, and the address of a Dask scheduler.
    progress : callable, optional
        Told the number of finished jobs and of all jobs.

    Raises
    ------
    InputError
        If a path does not exist or the folder holds the parts of another archive.
    """
    jobs = archive_jobs(paths)
    parts = out / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    _reserve_folder(out, jobs)
    missing = [number for number in range(len(jobs)) if not _part(parts, number).exists()]
    done = len(jobs) - len(missing)
    report = (lambda ready, _: progress(done + ready, len(jobs))) if progress else None
    results = map_chunks(read_job, [jobs[number] for number in missing], executor, workers, address, report)
    for number, content in zip(missing, results, strict=True):
        _write(_part(parts, number), content)
    return _collect(out, [_part(parts, number) for number in range(len(jobs))])


def _part(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.jsonl"


def _reserve_folder(out: Path, jobs: list[ArchiveJob]) -> None:
    """Note the archive to which a folder belongs, or refuse that of another one."""
    names = [f"{path}:{path.stat().st_size}:{job.start}:{job.stop}" for job in jobs for path in job.paths]
    key = hashlib.sha256("\n".join(names).encode()).hexdigest()
    mark = out / "archive.json"
    if mark.exists() and json.loads(mark.read_text("utf-8")).get("key") != key:
        raise InputError(f"{out}: holds the parts of another archive, or its files have changed; give another folder")
    _write(mark, json.dumps({"key": key, "parts": len(jobs)}).encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_suffix(path.suffix + f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


class ArchiveResult(ResultModel):
    """What was read of an archive."""

    documents: int
    failed: int
    """Documents that could not be read."""
    claims: int
    events: int
    """Events by family, parties, materials and month."""
    folder: str
    """Where the documents, claims and events were written."""


@dataclass
class _EventTally:
    """An event of an archive while it is counted."""

    event_type: str
    rank: int = 0
    status: str = ""
    first: str = ""
    documents: int = 0
    copies: set[str] = field(default_factory=set)
    denials: int = 0
    claims: list[str] = field(default_factory=list)


def _rows(parts: Sequence[Path]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Documents and claims of all parts, one after the other."""
    for path in parts:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                yield row["document"], row["claims"]


def _collect(out: Path, parts: Sequence[Path]) -> ArchiveResult:
    """Join the parts and count events."""
    tallies: dict[tuple[str, ...], _EventTally] = {}
    counts = {"documents": 0, "failed": 0, "claims": 0}
    temporary = [out / "documents.jsonl.part", out / "claims.jsonl.part"]
    with temporary[0].open("w", encoding="utf-8") as documents, temporary[1].open("w", encoding="utf-8") as listed:
        for document, claims in _rows(parts):
            counts["documents"] += 1
            counts["failed"] += bool(document["error"])
            counts["claims"] += len(claims)
            documents.write(json.dumps(document, ensure_ascii=False) + "\n")
            for claim in claims:
                listed.write(json.dumps(claim, ensure_ascii=False) + "\n")
            _count_events(document, claims, tallies)
    for path in temporary:
        path.replace(path.with_suffix(""))
    _write(
        out / "events.jsonl",
        "".join(json.dumps(_event_row(key, tally), ensure_ascii=False) + "\n" for key, tally in sorted(tallies.items())).encode(),
    )
    summary = ArchiveResult(**counts, events=len(tallies), folder=str(out))
    _write(out / "summary.json", json.dumps(summary.to_dict()).encode())
    return summary


def _count_events(document: dict[str, Any], claims: list[dict[str, Any]], tallies: dict[tuple[str, ...], _EventTally]) -> None:
    seen: set[tuple[str, ...]] = set()
    for record in claims:
        known = event_families().get(record["event_type"])
        if known is None:
            continue
        claim = claim_from_dict(record)
        who = parties_of(claim)
        if not who:
            continue
        day = act_day(claim, document["published"])
        key = (known.name, " ".join(sorted(who)), " ".join(sorted(claim.materials)), day.isoformat()[:7] if day else "")
        tally = tallies.setdefault(key, _EventTally(claim.event_type))
        _count(tally, claim, document, known, key not in seen)
        seen.add(key)


def _count(tally: _EventTally, claim: Claim, document: dict[str, Any], family: EventFamily, new: bool) -> None:
    tally.documents += new
    tally.copies.add(document["copy"])
    tally.denials += claim.polarity == "neg"
    if document["published"] and (not tally.first or document["published"] < tally.first):
        tally.first = document["published"]
    if family.rank > tally.rank and claim.polarity == "pos":
        tally.rank, tally.status, tally.event_type = family.rank, family.status, claim.event_type
    if len(tally.claims) < MAX_EXAMPLES:
        tally.claims.append(claim.id)


def _event_row(key: tuple[str, ...], tally: _EventTally) -> dict[str, Any]:
    return {
        "family": key[0],
        "event_type": tally.event_type,
        "actors": key[1].split(),
        "materials": key[2].split(),
        "month": key[3] or None,
        "status": tally.status or "denied",
        "first_report": tally.first,
        "documents": tally.documents,
        "sources": len(tally.copies),
        "denials": tally.denials,
        "claims": tally.claims,
    }
