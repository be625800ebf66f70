"""What a project folder holds, and what of it can be freed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.result_model import ResultModel
from ytterby.store import clean, holdings

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.store import Holding


class ProjectHolding(ResultModel):
    """What a project holds of one kind."""

    kind: str
    """Runs, screens, facts, store, bases, chunks or left-overs."""
    what: str
    entries: int
    size: int
    """[bytes]"""
    freed: bool
    """Whether ``ytterby project clean`` removes it."""


class ProjectResult(ResultModel):
    """What a project folder holds, or what was freed in it."""

    project: str
    held: tuple[ProjectHolding, ...]
    size: int
    """Of all of it [bytes]."""
    freed: int
    """What cleaning frees, or has freed [bytes]."""


def project_info(project: Path) -> ProjectResult:
    """Return what a project folder holds, by kind.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    return _result(_known(project), holdings(project))


def project_clean(project: Path) -> ProjectResult:
    """Remove what can be freed without losing a result, and return it; what another process works on stays.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    return _result(_known(project), clean(project))


def _known(project: Path) -> Path:
    if not project.is_dir():
        raise InputError(f"{project}: no such project folder")
    return project


def _result(project: Path, found: list[Holding]) -> ProjectResult:
    return ProjectResult(
        project=str(project),
        held=ProjectHolding.from_records(map(asdict, found)),
        size=sum(each.size for each in found),
        freed=sum(each.size for each in found if each.freed),
    )
