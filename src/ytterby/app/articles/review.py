"""Keep a person's judgement of a claim or event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from ytterby.evidence import judge
from ytterby.result_model import ResultModel
from ytterby.store import ProjectStore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class ReviewResult(ResultModel):
    """A person's judgement of a claim or event."""

    target: str
    """Id of the claim or event."""
    verdict: str
    """accept, correct, confirm or reject."""
    by: str
    """Who judges."""
    why: str
    """Reason."""
    correction: dict[str, JsonValue]
    """Fields and their right values."""
    record: dict[str, JsonValue]
    """The claim or event as it was read, keys as in ``ytterby read --json``."""


def review(
    target: str, verdict: str, *, project: Path, by: str = "", why: str = "", correction: Mapping[str, JsonValue] | None = None
) -> ReviewResult:
    """Accept, correct, confirm or reject a claim or event of a project.

    Parameters
    ----------
    target : str
        Id of a claim or event that ``ytterby read`` has put into the project.
    verdict : {"accept", "correct", "confirm", "reject"}
        The judgement.
    correction : mapping, optional
        Fields and their right values; only with ``correct``.

    Raises
    ------
    UnknownNameError
        If no reading of the project holds the id.
    InputError
        If the verdict or a corrected field is not allowed.
    """
    record = judge(ProjectStore(project), target, verdict, by, why, correction or {})
    return ReviewResult(target=target, verdict=verdict, by=by, why=why, correction=dict(correction or {}), record=record)
