"""Examples as percent scripts (``# %%``) rendered as pages: one source for the program and its explanation."""

from __future__ import annotations

import ast
import re

from doclib.cli_pages import MADE

CELL = re.compile(r"^# %%[ \t]*(?P<kind>\[markdown\])?[^\n]*\n", re.MULTILINE)


def page(script: str, name: str) -> str:
    """Markdown of a script: its docstring is the title, Markdown cells become text, the others Python blocks.

    Parameters
    ----------
    script : str
        Text of the script.
    name : str
        Its file name, for the reader.
    """
    title = ast.get_docstring(ast.parse(script)) or name
    head, *more = title.splitlines()
    parts = [MADE, f"# {head.rstrip('.')}\n", "\n".join(more).strip(), f"The code of this page is the script `examples/{name}`.\n"]
    cells = list(CELL.finditer(script))
    for i, cell in enumerate(cells):
        body = script[cell.end() : cells[i + 1].start() if i + 1 < len(cells) else len(script)].strip("\n")
        parts.append(_text(body) if cell["kind"] else f"```python\n{body}\n```\n")
    return "\n".join(part for part in parts if part)


def _text(body: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.splitlines()) + "\n"
