"""Hierarchy of exceptions.

YtterbyError
├── InputError            invalid input of the user (exit code 2)
│   ├── UnknownNameError  unknown name, with the nearest valid one
│   ├── FactError         row of figures with an invalid column, unit or range, or without a source
│   ├── ScenarioError     malformed or contradictory scenario file
│   └── DocumentError     unreadable article
├── NotSimulatedError     valid measure that the simulator does not support (exit code 2)
├── DataGapError          missing figures
├── BalanceError          base system that cannot be balanced
├── SimulationError       impossible state in the simulator
└── StoreError            project store that is locked, damaged or not of Ytterby
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class YtterbyError(Exception):
    """Base class of all exceptions that Ytterby raises; their messages are written for users."""

    exit_code = 1


class InputError(YtterbyError):
    """Invalid input of the user."""

    exit_code = 2


class UnknownNameError(InputError):
    """Unknown name; the message suggests the nearest valid one.

    Parameters
    ----------
    what : str
        Kind of name, such as ``"element"``.
    name : str
        The unknown name.
    known : iterable of str
        The valid names.
    where : str, optional
        File, line or key of the name.
    """

    def __init__(self, what: str, name: str, known: Iterable[str], where: str = "") -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
        super().__init__(f"{where + ': ' if where else ''}unknown {what} '{name}'{hint}")
        self.name, self.nearest = name, near[0] if near else None


class FactError(InputError):
    """Row of figures with an invalid column, unit or range, or without a source; its message is one line, whatever a cell holds."""

    def __init__(self, message: str) -> None:
        super().__init__("".join(char if char.isprintable() else " " for char in " ".join(message.split())))


class ScenarioError(InputError):
    """Malformed or contradictory scenario file."""


class DocumentError(InputError):
    """Unreadable article."""


class NotSimulatedError(YtterbyError):
    """Valid measure that the simulator does not support."""

    exit_code = 2


class DataGapError(YtterbyError):
    """Missing figures."""


class BalanceError(YtterbyError):
    """Base system that cannot be balanced."""


class SimulationError(YtterbyError):
    """Impossible state in the simulator."""


class StoreError(YtterbyError):
    """Project store that is locked, damaged or not of Ytterby."""

    exit_code = 2
