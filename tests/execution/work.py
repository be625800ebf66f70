"""Functions that worker processes can import."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path


def simulate(chunk: tuple[int, int]) -> np.ndarray:
    """Some digits that depend on every bit of the chunk."""
    return np.random.default_rng(chunk).normal(size=500).cumsum()


def uneven(i: int) -> int:
    time.sleep(0.02 * (i % 3 == 0))
    return i * i


def fails_at_three(i: int) -> int:
    if i == 3:
        raise UnknownNameError("element", "Dz", ["Dy"])
    return i


class OddError(Exception):
    def __init__(self, a: int, b: int) -> None:
        super().__init__(f"odd {a} {b}")


def fails_oddly(i: int) -> int:
    raise OddError(i, i)


class KilledOnce:
    """Kills its process the first time that chunk 2 is worked."""

    def __init__(self, marker: Path, *, hard: bool = True) -> None:
        self.marker, self.hard = marker, hard

    def __call__(self, chunk: tuple[int, int]) -> np.ndarray:
        if chunk[0] == 2 and not self.marker.exists():
            self.marker.touch()
            if self.hard:
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(3)
        return simulate(chunk)


class KilledWhileSending:
    """Has its process killed while the result of chunk 0 is on its way, the first time."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __call__(self, chunk: int) -> bytes:
        if chunk == 0 and not self.marker.exists():
            self.marker.touch()
            threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
        return bytes([chunk]) * 100_000_000


def always_killed(i: int) -> int:
    if i == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return i


def slow(i: int) -> int:
    time.sleep(30)
    return i


def whose(_: int) -> int:
    time.sleep(0.1)
    return os.getpid()


def lock(_: int) -> object:
    return threading.Lock()
