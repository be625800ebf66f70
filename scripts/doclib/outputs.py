"""Write what the blocks of a page print into the page."""

from __future__ import annotations

import tempfile
from pathlib import Path

from doclib.blocks import CUT, blocks
from doclib.runner import Session


def refresh(page: Path) -> bool:
    """Run a page and put the real outputs below its blocks; tell whether the page changed."""
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder), page.name)
        real = [(block, session.run(block)) for block in blocks(text)]
    new = text
    for block, output in reversed(real):
        if block.span:
            new = new[: block.span[0]] + shortened(output, int(block.options.get("show", "0"))) + new[block.span[1] :]
    if new != text:
        page.write_text(new, "utf-8")
    return new != text


def shortened(output: str, most: int) -> str:
    """First lines of an output, all for ``most`` 0."""
    lines = output.rstrip("\n").splitlines()
    if most and len(lines) > most:
        lines = [*lines[:most], CUT]
    return "\n".join(lines) + "\n"
