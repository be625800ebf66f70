"""The example project that comes with the package: under which digest it was made, and how a project takes it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from ytterby import app
from ytterby.errors import StoreError
from ytterby.facts import load
from ytterby.store import READY, read_json

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE, STAMP = "example", "example.json"
"""Folder of the example project, and the file with the digest under which it was made."""


def digest(project: Path) -> str:
    """Names the figures and the program that an example project is made by."""
    return app.answer_digest("example", load(project).digest)


def install(project: Path) -> bool:
    """Give a project that holds nothing yet the example project of the package; returns whether it did."""
    if any((project / name).exists() for name in ("project.sqlite", "jobs.sqlite", "runs")):
        return False
    with suppress(StoreError, OSError, KeyError):
        if read_json(READY / STAMP)["digest"] != digest(project):
            return False
        shutil.copytree(READY / EXAMPLE, project, dirs_exist_ok=True)
        return True
    return False
