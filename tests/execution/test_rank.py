"""Background work gives way, from a session of its own too."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ytterby.execution.rank import AUTOGROUP

TOLD = """
import os
from pathlib import Path
from ytterby.execution import give_way
give_way(19)
print(os.nice(0), Path("/proc/self/autogroup").read_text().split()[-1])
"""


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="this system shares the processor among processes, not sessions")
@pytest.mark.parametrize(("own", "wanted"), [(True, "19 19"), (False, "19 0")], ids=["a session of its own", "a session of others"])
def test_the_session_of_background_work_has_its_rank(own, wanted):
    """The session of a terminal, or of a server, keeps its rank where one of its processes gives way."""
    asked = [sys.executable, "-c", TOLD]
    if not own:  # within a session that is this test's alone
        asked = [sys.executable, "-c", f"import subprocess; subprocess.run({asked!r}, check=True)"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, start_new_session=True, timeout=60)  # noqa: S603 (own words)
    assert done.stdout.strip() == wanted
