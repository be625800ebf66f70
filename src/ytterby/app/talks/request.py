"""What talks are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class NegotiateRequest:
    """Which talks, seen from which day, with which weights."""

    parties: tuple[str, ...] = ()
    """Parties; those of the talks by default."""
    talks: str = "us-japan-2025"
    weights: str | None = None
    """Weights of terms, ``JP.jobs=2,US.revenue=0.5``."""
    as_of: dt.date | None = None
    """Day of the talks; that of the file by default."""
    draws: int = 50
    """Draws of the bands; 0 for none."""
    scenarios: int = 4
    """Weighted paths of restrictions that programmes on minerals are made for."""
    seed: int = 1
    each_day: bool = False
    """Also the room on each day that the talks compare, with programmes on minerals of that day."""
    without_minerals: bool = False
    """Leaves programmes on minerals out, which takes a second instead of minutes."""
    also: tuple[str, ...] = ()
    """Issues that the talks leave out unless they are asked for, such as ``standard``."""
    project: Path = Path(".ytterby")
