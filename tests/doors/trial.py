"""Inputs tried at a door, counted: taken, refused in clear words, lost."""

from __future__ import annotations

import random
import signal
import tempfile
import time
import traceback
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.doors.attempts import DOORS
from tests.doors.mutation import mutated
from ytterby.errors import YtterbyError

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60.0
"""Longest processor time of an input; three times as much by the clock, for what waits."""
LISTS = ("scenarios", "duties", "tables", "parts")
"""Doors that name all faults of a file together, a line each."""


@dataclass
class Told:
    """What became of the inputs of a door."""

    tried: int = 0
    taken: int = 0
    refused: int = 0
    slowest: float = 0.0
    """CPU seconds of the slowest."""
    lost: list[str] = field(default_factory=list)
    """Number of the input, its sample and what happened."""


class TooLongError(BaseException):
    """An input takes longer than it may; no handler of the program catches it."""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def tried(door: str, numbers: range, kept: Path | None = None) -> Told:
    """What became of inputs of a door, by their numbers; the same number is the same input always.

    Parameters
    ----------
    door : str
    numbers : range
    kept : Path, optional
        Folder into which inputs are written that were lost.
    """
    found, attempt = DOORS[door]()
    told = Told()
    for number in numbers:
        chance = random.Random(f"{door} {number}")
        name, content = chance.choice(found)
        changed = mutated(content, chance)
        before = len(told.lost)
        began = time.process_time()
        with tempfile.TemporaryDirectory() as place:
            _try(told, f"{door} {number} ({name})", door, partial(attempt, name, changed, Path(place)))
        told.tried += 1
        told.slowest = max(told.slowest, time.process_time() - began)
        if kept and len(told.lost) > before:
            (kept / f"{door}-{number}-{name}").write_bytes(changed)
    return told


def _try(told: Told, label: str, door: str, attempt) -> None:
    try:
        with _alarm(3.0 * SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            began = time.process_time()
            attempt()
        told.taken += 1
        if time.process_time() - began > SECONDS:
            told.lost.append(f"{label}: longer than {SECONDS:g} s")
    except YtterbyError as error:
        told.refused += 1
        if door not in LISTS and "\n" in str(error).strip():
            told.lost.append(f"{label}: several lines: {error}")
    except (Exception, TooLongError):  # what is looked for
        told.lost.append(f"{label}: {traceback.format_exc()}")
