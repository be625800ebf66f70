"""Read articles: the one door for the command line, the briefing and the web."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby import evidence
from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ytterby.app.articles.llm import Endpoint
    from ytterby.evidence import Claim, ClaimScores, ReadingResult, ReviewLog
    from ytterby.execution import Executor

MOST_REASONS = 3
"""Reasons why nothing is drafted that a message names."""


def read(
    paths: Sequence[Path], *, project: Path | None = None, workers: int = 1, llm: Endpoint | None = None, semantic: bool = False
) -> ReadingResult:
    """Documents, claims, events, relations, ledger and drafts of articles.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders; see :mod:`ytterby.evidence.readers` for the formats.
    project : Path, optional
        Project folder whose reviews apply and which keeps what was read; without it neither happens.
    workers : int
        Processes; results do not depend on it.
    llm : Endpoint, optional
        A model that is asked for more claims; by default none is, and nothing leaves the machine.
    semantic : bool
        Look for candidates across languages (extra ``[semantic]``).

    Raises
    ------
    InputError
        If a path does not exist or no document could be read.
    """
    from ytterby.store import ProjectStore

    log = ProjectStore(project) if project else None
    reading = evidence.read(paths, workers=workers, log=log)
    if llm is not None:
        reading = _ask(reading, llm, log)
    if semantic:
        alike = evidence.cross_language_candidates(reading.documents, reading.claims)
        reading = replace(reading, relations=(*reading.relations, *alike))
    return reading


def _ask(reading: ReadingResult, endpoint: Endpoint, log: ReviewLog | None) -> ReadingResult:
    """The reading with a model's claims beside those of the rules."""
    more, failed = evidence.add_model_claims(reading.documents, reading.claims, endpoint.ask, endpoint.model)
    documents = tuple(replace(d, notes=(*d.notes, failed[d.name])) if d.name in failed else d for d in reading.documents)
    by_doc: dict[str, list[Claim]] = {document.name: [] for document in documents}
    for claim in (*reading.claims, *more):
        by_doc[claim.doc].append(claim)
    return evidence.assemble([(document, by_doc[document.name]) for document in documents], log)


def read_archive(
    paths: Sequence[Path], out: Path, *, workers: int = 1, dask: str | None = None, progress: Callable[[int, int], None] | None = None
) -> evidence.ArchiveResult:
    """Read an archive too large for memory into a folder; see :func:`ytterby.evidence.read_archive`."""
    place: Executor = "dask" if dask else "processes" if workers > 1 else "serial"
    address = None if dask in {None, "local"} else dask
    return evidence.read_archive(paths, out, executor=place, workers=workers, address=address, progress=progress)


def score_reading(reading: ReadingResult, gold: Path) -> ClaimScores:
    """Scores of a reading against claims marked by hand; see :func:`ytterby.evidence.score_claims`."""
    return evidence.score_claims(reading.documents, reading.claims, gold, reading.relations)


def show_score(result: ClaimScores) -> str:
    """Scores as lines for a terminal."""
    counts = result.counts
    head = [
        f"articles     {', '.join(result.docs)}",
        f"recall       {result.recall:.3f}  ({counts.matched} of {counts.marked} marked core claims)",
        f"precision    {result.precision:.3f}  ({counts.matched} of {counts.found} found core claims)",
        f"offsets      {result.offsets:.3f}",
    ]
    if result.boilerplate_f1 is not None:
        head.append(f"boilerplate  {result.boilerplate_f1:.3f}  (F1 of characters)")
    fields = [f"  {name:<12}{value:.3f}" for name, value in result.fields.items()]
    parts = [f"  {row.name:<26}recall {row.recall:.3f}  precision {row.precision:.3f}" for row in (*result.by_language, *result.by_type)]
    origin = [f"  {row.field:<12}{row.provenance:<12}{row.right} of {row.of}" for row in result.by_provenance]
    mixed = [f"  {row.count} x {row.marked}: found {row.found or 'nothing'}" for row in result.confusion]
    related = [f"  {row.name:<26}recall {row.recall:.3f}  precision {row.precision:.3f}" for row in result.by_relation]
    fields += ["relations between claims", *related] if related else []
    fields += ["by language and type", *parts, "right by provenance", *origin, "missed, and what was found there", *mixed]
    missed = [f"  missed {row.event_type}: {row.quote}" for row in result.missed]
    extra = [f"  extra  {row.event_type}: {row.quote}" for row in result.extra]
    return "\n".join([*head, "fields (share of matched claims on which the whole field agrees)", *fields, *missed, *extra])


def write_draft(reading: ReadingResult, path: Path) -> Path:
    """Write the scenario drafted from a reading, once it is known to load.

    Raises
    ------
    InputError
        If the articles hold nothing that the model can carry; nothing is written.
    """
    from ytterby.scenario import load_text
    from ytterby.store import write_bytes

    if not reading.drafts:
        waiting, why = len(reading.to_confirm), dict.fromkeys(record.reason for record in reading.left_out)
        asked = f"; {waiting} claim{'s' if waiting > 1 else ''} to confirm: see 'ytterby read' and 'ytterby review'" if waiting else ""
        more = f" and {len(why) - MOST_REASONS} reasons more" if len(why) > MOST_REASONS else ""
        because = f" ({'; '.join(list(why)[:MOST_REASONS])}{more})" if why else ""
        raise InputError(f"{path}: not written; no event of these articles is a measure that the model knows{because}{asked}")
    draft = reading.drafts[0]
    load_text(draft.yaml, str(path))
    write_bytes(path, draft.yaml.encode())
    return path
