"""The browser code as built: file names with digests, from the manifest that the build writes."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

STATIC = Path(str(files("ytterby.web") / "static"))
"""Folder of the bundle; absent in a checkout where nothing was built."""
FOREVER = "public, max-age=31536000, immutable"
"""Files named by their digest never change."""


def is_built() -> bool:
    """Whether there is a bundle."""
    return (STATIC / "manifest.json").is_file()


@cache
def _manifest(_changed: float) -> dict[str, str]:
    found: dict[str, str] = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    return found


def address(name: str) -> str:
    """Address of a file of the bundle by its plain name, such as ``main.js``; empty where it was not built."""
    if not is_built():
        return ""
    file = _manifest((STATIC / "manifest.json").stat().st_mtime).get(name)
    return f"/static/{file}" if file else ""


def file_of(name: str, *, compressed: bool) -> tuple[Path, bool] | None:
    """File of the bundle by its name with digest, and whether it is the compressed twin; None where there is no such file.

    Only names of files directly in the folder are known, so no path from a request reaches another place.
    """
    if name not in {path.name for path in STATIC.iterdir()} if STATIC.is_dir() else True:
        return None
    twin = STATIC / f"{name}.gz"
    return (twin, True) if compressed and twin.is_file() else (STATIC / name, False)
