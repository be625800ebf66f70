"""Archives too large for memory: read in chunks anywhere, written part by part, resumed after a kill.

Memory stays flat: a part holds one chunk, and events are counted by what happened, who did it, in which
materials and which month, with a few claims as examples. Verbatim copies are counted once.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.evidence import duplicates, events
from ytterby.evidence.desk import PACKET, read_file, read_item
from ytterby.evidence.readers import expand, jsonl, suffix
from ytterby.evidence.review import claim_from
from ytterby.execution.chunks import map_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ytterby.evidence.records import Claim, Document
    from ytterby.execution.chunks import Executor

RANGE = 2 * 2**20
"""Bytes of a JSON-lines file that go to a worker together."""

EXAMPLES = 10
"""Claims kept as examples of an event."""


@dataclass(frozen=True)
class Job:
    """Files, or a range of bytes of one JSON-lines file."""

    paths: tuple[Path, ...]
    start: int = 0
    stop: int = 0


def jobs(paths: Sequence[Path]) -> list[Job]:
    """Chunks of work in an order that depends on the names only."""
    result: list[Job] = []
    packet: list[Path] = []
    for path in expand(paths):
        if suffix(path) in {".jsonl", ".ndjson"} and path.suffix.lower() != ".gz":
            size = path.stat().st_size
            result += [Job((path,), at, min(at + RANGE, size)) for at in range(0, size, RANGE)]
            continue
        packet.append(path)
        if len(packet) == PACKET or suffix(path) == ".warc":
            result.append(Job(tuple(packet)))
            packet = []
    return [*result, Job(tuple(packet))] if packet else result


def work(job: Job) -> bytes:
    """The part of a job: one line of JSON for each document with its claims; a line is read by the job it begins in."""
    if job.stop:
        with job.paths[0].open("rb") as stream:
            lines = [_line(*read_item(item)) for item in jsonl.part(stream, job.paths[0], job.start, job.stop)]
    else:
        lines = [_line(*pair) for path in job.paths for pair in read_file(path)]
    return "".join(lines).encode()


def _line(document: Document, claims: list[Claim]) -> str:
    row = {**document.to_dict(), "copy": hashlib.sha256(duplicates.signature(document).values or document.sha256.encode()).hexdigest()[:16]}
    return json.dumps({"document": row, "claims": [claim.to_dict() for claim in claims]}, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_archive(
    paths: Sequence[Path],
    out: Path,
    *,
    executor: Executor = "serial",
    workers: int | None = None,
    address: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Read an archive into a folder: ``documents.jsonl``, ``claims.jsonl``, ``events.jsonl``, ``summary.json``.

    A run that was stopped goes on from the parts that are there; the files are the same whatever the number of workers.

    Raises
    ------
    InputError
        If a path does not exist or the folder holds the parts of another archive.
    """
    todo = jobs(paths)
    parts = out / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    _claim_folder(out, todo)
    missing = [number for number in range(len(todo)) if not _part(parts, number).exists()]
    done = len(todo) - len(missing)
    tell = (lambda ready, _: progress(done + ready, len(todo))) if progress else None
    results = map_chunks(work, [todo[number] for number in missing], executor, workers, address, tell)
    for number, content in zip(missing, results, strict=True):
        _write(_part(parts, number), content)
    return _collect(out, [_part(parts, number) for number in range(len(todo))])


def _part(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.jsonl"


def _claim_folder(out: Path, todo: list[Job]) -> None:
    """Tie a folder to one archive."""
    names = [f"{path}:{path.stat().st_size}:{job.start}:{job.stop}" for job in todo for path in job.paths]
    key = hashlib.sha256("\n".join(names).encode()).hexdigest()
    mark = out / "archive.json"
    if mark.exists() and json.loads(mark.read_text("utf-8")).get("key") != key:
        raise InputError(f"{out}: holds the parts of another archive, or its files have changed; give another folder")
    _write(mark, json.dumps({"key": key, "parts": len(todo)}).encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_suffix(path.suffix + f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


@dataclass
class _Tally:
    """An event of an archive as it is counted."""

    event_type: str
    rank: int = 0
    status: str = ""
    first: str = ""
    documents: int = 0
    copies: set[str] = field(default_factory=set)
    denials: int = 0
    claims: list[str] = field(default_factory=list)


def rows(parts: Sequence[Path]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Documents and claims of all parts, streamed."""
    for path in parts:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                yield row["document"], row["claims"]


def _collect(out: Path, parts: Sequence[Path]) -> dict[str, Any]:
    """Join the parts and count events."""
    tallies: dict[tuple[str, ...], _Tally] = {}
    counts = {"documents": 0, "failed": 0, "claims": 0}
    temporary = [out / "documents.jsonl.part", out / "claims.jsonl.part"]
    with temporary[0].open("w", encoding="utf-8") as documents, temporary[1].open("w", encoding="utf-8") as listed:
        for document, claims in rows(parts):
            counts["documents"] += 1
            counts["failed"] += bool(document["error"])
            counts["claims"] += len(claims)
            documents.write(json.dumps(document, ensure_ascii=False) + "\n")
            for claim in claims:
                listed.write(json.dumps(claim, ensure_ascii=False) + "\n")
            _tally(document, claims, tallies)
    for path in temporary:
        path.replace(path.with_suffix(""))
    _write(
        out / "events.jsonl",
        "".join(json.dumps(_shown(key, tally), ensure_ascii=False) + "\n" for key, tally in sorted(tallies.items())).encode(),
    )
    summary = {**counts, "events": len(tallies), "folder": str(out)}
    _write(out / "summary.json", json.dumps(summary).encode())
    return summary


def _tally(document: dict[str, Any], claims: list[dict[str, Any]], tallies: dict[tuple[str, ...], _Tally]) -> None:
    seen: set[tuple[str, ...]] = set()
    for record in claims:
        known = events.families().get(record["event_type"])
        if known is None:
            continue
        claim = claim_from(record)
        who = events.parties(claim)
        if not who:
            continue
        day = events.act_day(claim, document["published"])
        key = (known.name, " ".join(sorted(who)), " ".join(sorted(claim.materials)), day.isoformat()[:7] if day else "")
        tally = tallies.setdefault(key, _Tally(claim.event_type))
        _count(tally, claim, document, known, key not in seen)
        seen.add(key)


def _count(tally: _Tally, claim: Claim, document: dict[str, Any], family: events.Family, new: bool) -> None:
    tally.documents += new
    tally.copies.add(document["copy"])
    tally.denials += claim.polarity == "neg"
    if document["published"] and (not tally.first or document["published"] < tally.first):
        tally.first = document["published"]
    if family.rank > tally.rank and claim.polarity == "pos":
        tally.rank, tally.status, tally.event_type = family.rank, family.status, claim.event_type
    if len(tally.claims) < EXAMPLES:
        tally.claims.append(claim.id)


def _shown(key: tuple[str, ...], tally: _Tally) -> dict[str, Any]:
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
