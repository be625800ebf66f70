"""PDF files, read by pypdfium2: the raw text is that of all pages, separated by blank lines."""

from __future__ import annotations

import json
import os
import subprocess  # noqa: S404 (this interpreter, with a module of this package)
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ytterby.errors import DocumentError
from ytterby.evidence.readers.pdf_pages import MAX_MEMORY, MAX_SECONDS
from ytterby.evidence.readers.raw_text import MAX_BYTES, RawText, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 2.0
"""Times the limit of computing after which the process is stopped on a busy machine."""


def read_pdf(data: bytes, path: Path) -> Iterator[RawText]:
    """Raw text of a PDF file, read in a process of its own, so that a hostile file takes neither memory nor time from the others.

    Raises
    ------
    DocumentError
        If the file is damaged, locked, too long, takes too much memory or time, or is without text.
    ModuleNotFoundError
        If pypdfium2 is not installed; here, because the process that reads has no way to say so.
    """
    if find_spec("pypdfium2") is None:
        raise ModuleNotFoundError("No module named 'pypdfium2'", name="pypdfium2")
    found = _pages(data)
    if found.get("error"):
        raise DocumentError(str(found["error"]))
    text, lost = str(found["text"]), found["lost"]
    if not text.strip():
        raise DocumentError("PDF without text (scanned pages?); run a text recognition first")
    notes = (f"{len(lost)} pages do not load ({', '.join(map(str, lost[:5]))})",) if lost else ()
    yield RawText(path.name, str(path), text, "application/pdf", sha256(data), {"title": str(found["title"])}, notes)


def _pages(data: bytes) -> dict[str, Any]:
    """What the process that reads the pages says; a reason if it was stopped."""
    command = [sys.executable, "-m", "ytterby.evidence.readers.pdf_pages", str(MAX_BYTES)]
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=surroundings, timeout=PATIENCE * MAX_SECONDS, check=False)  # noqa: S603
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"error": f"PDF that takes more than {MAX_SECONDS} s"}
    except ValueError:
        return {"error": f"PDF that takes more than {MAX_SECONDS} s or {MAX_MEMORY // 2**30} GB of memory"}
    return found
