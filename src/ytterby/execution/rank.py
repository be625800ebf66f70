"""The rank of a process: background work gives way to what somebody waits for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
"""Where Linux keeps the rank of a whole session among the others."""


def give_way(by: int) -> None:
    """Lower the rank of this process, and of its session if it leads one.

    Linux shares the processor among sessions first and within them by rank: at the lowest rank, a process with a session of its own would
    take as much as all commands of a terminal together.

    Parameters
    ----------
    by : int
        Steps down, as of ``nice``; 19 is the lowest rank.
    """
    if not hasattr(os, "nice"):
        return
    rank = os.nice(by)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            AUTOGROUP.write_text(str(rank))
