"""Works out, in a process of its own, what takes seconds of a run: ``python -m ytterby.web.gathering PROJECT RUN IMPORTER``.

The simulator and its compiled code take more memory than all pages together; so they stay out of the server, and leave with the process.
What was worked out is kept in the project, where the server finds it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ytterby.app import gather_run, run_of
from ytterby.execution import give_way

LONGEST = 300.0
"""Longest time that it may take [s]."""
NICE = 3
"""By how much it gives way to the answers of the server."""


def gather(project: Path, id_: str, importer: str) -> None:
    """Let another process work it out and keep it; whatever it could not, the server works out itself when it needs it."""
    command = [sys.executable, "-m", __name__, str(project), id_, importer]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(command, check=False, timeout=LONGEST, stdin=subprocess.DEVNULL, env=environment)  # noqa: S603 (our own module)


def main() -> None:
    """Work out what the arguments name: project folder, id of a run, importer."""
    give_way(NICE)
    project, id_, importer = Path(sys.argv[1]), *sys.argv[2:4]
    gather_run(run_of(id_, project).folder, importer, project)


if __name__ == "__main__":
    main()
