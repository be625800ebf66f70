"""Finished examples, so that no page is empty on the first day; each is marked as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LIST = "examples.json"
"""File of a project that names what was put there as an example."""


def is_example(project: Path, id_: str) -> bool:
    """Whether a run was put into the project as an example."""
    return id_ in _listed(project)


def _listed(project: Path) -> tuple[str, ...]:
    try:
        found = json.loads((project / LIST).read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(str(name) for name in found) if isinstance(found, list) else ()
