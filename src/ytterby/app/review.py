"""Keep a person's judgement of a claim or event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence import judge
from ytterby.store.project import ProjectStore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def review(
    target: str, verdict: str, *, project: Path, by: str = "", why: str = "", correction: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Accept, correct or reject a claim or event of a project.

    Parameters
    ----------
    target : str
        Id of a claim or event that ``ytterby read`` has put into the project.
    verdict : {"accept", "correct", "reject"}
        The judgement.
    correction : mapping, optional
        Fields and their right values; only with ``correct``.

    Returns
    -------
    dict
        ``target``, ``verdict``, ``by``, ``why``, ``correction`` and the ``record`` judged.
    """
    record = judge(ProjectStore(project), target, verdict, by, why, correction or {})
    return {"target": target, "verdict": verdict, "by": by, "why": why, "correction": dict(correction or {}), "record": record}


def reviews(*, project: Path, target: str | None = None) -> list[dict[str, Any]]:
    """Judgements of a project in the order they were made."""
    return ProjectStore(project).reviews(target)
