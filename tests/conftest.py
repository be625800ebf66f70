"""Fixtures that all rooms share."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small solves on busy cores are faster and steadier on one thread
os.environ["YTTERBY_READY"] = os.devnull  # tests work out what they look at, whatever was made when the package was set up
settings.register_profile("ytterby", suppress_health_check=[HealthCheck.too_slow])  # it times the machine, which may be busy, not the code
settings.load_profile("ytterby")


def pytest_configure() -> None:
    """Take Ctrl-C as a terminal gives it: a shell starts what runs in its background with that signal ignored, and children inherit it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        with suppress(ValueError):  # not in the main thread: then nothing can be set
            signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the gathered figures and articles beside the repository; skips where it is absent."""
    folder = Path(os.environ.get("YTTERBY_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "facts").is_dir():
        pytest.skip(f"the shared figures are not at {folder}; set YTTERBY_SHARED to find them")
    return folder
