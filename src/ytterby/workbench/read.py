"""Read articles: the one door for the command line, the briefing and the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence import desk, score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ytterby.evidence.desk import Reading


def read(paths: Sequence[Path], *, project: Path | None = None, workers: int = 1) -> Reading:
    """Documents, claims, events, relations, ledger and drafts of articles.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders; see :mod:`ytterby.evidence.readers` for the formats.
    project : Path, optional
        Project folder whose reviews apply; without it none do.
    workers : int
        Processes; results do not depend on it.

    Raises
    ------
    InputError
        If a path does not exist or no document could be read.
    """
    del project
    return desk.read(paths, workers=workers)


def score_reading(reading: Reading, gold: Path) -> dict[str, Any]:
    """Scores of a reading against claims marked by hand; see :func:`ytterby.evidence.score.score`."""
    return score.score(reading.documents, reading.claims, gold)


def show_score(result: dict[str, Any]) -> str:
    """Scores as lines for a terminal."""
    counts = result["counts"]
    head = [
        f"articles     {', '.join(result['docs'])}",
        f"recall       {result['recall']:.3f}  ({counts['matched']} of {counts['marked']} marked core claims)",
        f"precision    {result['precision']:.3f}  ({counts['matched']} of {counts['found']} found core claims)",
        f"offsets      {result['offsets']:.3f}",
    ]
    if result["boilerplate_f1"] is not None:
        head.append(f"boilerplate  {result['boilerplate_f1']:.3f}  (F1 of characters)")
    fields = [f"  {name:<12}{value:.3f}" for name, value in result["fields"].items()]
    missed = [f"  missed {row['event_type']}: {row['quote']}" for row in result["missed"]]
    extra = [f"  extra  {row['event_type']}: {row['quote']}" for row in result["extra"]]
    return "\n".join([*head, "fields (share of matched claims on which the whole field agrees)", *fields, *missed, *extra])


def show(reading: Reading) -> str:
    """A reading as lines for a terminal: each document with its claims."""
    lines = []
    for document in reading.documents:
        dated = f"{document.published} ({document.published_from})" if document.published else "no date"
        lines.append(f"{document.name}  {document.error or f'{document.language}, {dated}'}")
        for claim in reading.claims:
            if claim.doc == document.name:
                who = ", ".join(name.partition(":")[2] for name in claim.actors) or "-"
                lines.append(f"  {claim.event_type:<26}{claim.modality:<10}{who}: {' '.join(claim.quote.split())[:100]}")
    return "\n".join(lines)
