"""Run the blocks of a page one after the other, in a folder of their own, as a reader would."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doclib.blocks import Block

ROOT = Path(__file__).resolve().parents[2]
MAKE = re.compile(r"^make\s+([a-z]+)\s*$", re.MULTILINE)
LONGEST = 600.0
"""Seconds after which a command is given up."""


class Session:
    """Blocks of one page share a folder, and its Python blocks their names.

    Parameters
    ----------
    folder : Path
        Empty folder to run in; the examples of the repository are linked into it.
    page : str
        Name of the page, for messages.
    """

    def __init__(self, folder: Path, page: str) -> None:
        self.folder, self.page = folder, page
        self.names: dict[str, Any] = {"__name__": "__page__"}
        with contextlib.suppress(FileExistsError):
            (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)

    def run(self, block: Block) -> str:
        """Run a block and return what it prints.

        Raises
        ------
        AssertionError
            If a command ends with another exit code than the page says.
        """
        return self._python(block) if block.language == "python" else self._shell(block)

    def _python(self, block: Block) -> str:
        """Execute in this process; line numbers are those of the page."""
        code = compile("\n" * (block.line - 1) + block.code, self.page, "exec")
        printed, before = io.StringIO(), Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed):
                exec(code, self.names)
        finally:
            os.chdir(before)
        return printed.getvalue()

    def _shell(self, block: Block) -> str:
        """Execute by bash; ``make`` is only asked what it would do, for its targets are what runs this."""
        code = MAKE.sub(rf"make --dry-run --always-make -C '{ROOT}' \1 >/dev/null", block.code)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", code],
            cwd=self.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == block.exit_code, (
            f"{self.page}, line {block.line}: exit code {done.returncode} instead of {block.exit_code}\n{block.code}\n{done.stdout}"
        )
        return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def environment() -> dict[str, str]:
    """Environment of a reader: our programs first, a terminal of 100 columns without colours."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    return {**kept, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8", "YTTERBY_CHECKOUT": str(ROOT)}
