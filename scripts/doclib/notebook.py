"""A page as a Jupyter notebook: its text, its Python blocks, what they print and the pictures below them."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from doclib.blocks import FENCE

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = re.compile(r"\A\s*!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]+\.svg)\)\n?")
LINK = re.compile(r"\[(?P<text>[^\]]+)\]\(\.\./notebooks/[^)]+\)")


def notebook(page: Path) -> str:
    """Text of the notebook (format 4.5) of a page.

    Text blocks below a Python block are its output, a picture below is shown by it; relative links to the notebook itself fall away.
    """
    text, cells, place = page.read_text("utf-8"), [], 0
    for fence in FENCE.finditer(text):
        between = text[place : fence.start()]
        if cells and (found := PICTURE.match(between)):
            cells[-1]["outputs"].append(_picture(found, page.parent))
            between = between[found.end() :]
        if fence["language"] == "python":
            cells += [*_markdown(between), _code(fence["code"])]
        elif fence["language"] == "text" and cells and not between.strip():
            cells[-1]["outputs"].append({"name": "stdout", "output_type": "stream", "text": fence["code"].splitlines(keepends=True)})
        place = fence.end() + 1
    cells += _markdown(text[place:])
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}-{sha256(''.join(cell['source']).encode()).hexdigest()[:8]}"
    meta = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return (
        json.dumps({"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False, sort_keys=True)
        + "\n"
    )


def _code(code: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": code.rstrip("\n").splitlines(keepends=True),
    }


def _markdown(text: str) -> list[dict[str, Any]]:
    source = LINK.sub(lambda found: found["text"], text).strip("\n")
    return [{"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}] if source.strip() else []


def _picture(found: re.Match[str], folder: Path) -> dict[str, Any]:
    svg = (folder / found["path"]).read_text("utf-8")
    data = {"image/svg+xml": svg.splitlines(keepends=True), "text/plain": [found["alt"]]}
    return {"data": data, "metadata": {}, "output_type": "display_data"}
