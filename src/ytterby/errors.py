"""The tree of Ytterby's exceptions.

YtterbyError
├── InputError            what a user gave cannot be used (exit code 2)
│   ├── UnknownNameError  a name that does not exist; carries the nearest valid one
│   ├── FactError         a row of figures breaks the schema, a unit, a range or lacks a source
│   ├── ScenarioError     a scenario file is malformed or contradicts itself
│   └── DocumentError     an article cannot be read
├── NotSimulatedError     a valid measure that the simulator does not know yet (exit code 2)
├── DataGapError          figures needed for the answer are missing
├── BalanceError          the base system cannot be closed
├── SimulationError       the simulator met an impossible state
└── StoreError            the project store is locked, foreign or damaged
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class YtterbyError(Exception):
    """Base of everything that Ytterby raises on purpose; its text is fit for a user."""

    exit_code = 1


class InputError(YtterbyError):
    """What the user gave cannot be used."""

    exit_code = 2


class UnknownNameError(InputError):
    """A name that does not exist.

    Parameters
    ----------
    what : str
        The kind of name, such as ``"element"``.
    name : str
        The name found.
    known : iterable of str
        The valid names; the nearest is suggested.
    where : str, optional
        File, line or key in which the name stood.
    """

    def __init__(self, what: str, name: str, known: Iterable[str], where: str = "") -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
        super().__init__(f"{where + ': ' if where else ''}unknown {what} '{name}'{hint}")
        self.name, self.nearest = name, near[0] if near else None


class FactError(InputError):
    """A row of figures breaks the schema, a unit, a range or lacks a source."""


class ScenarioError(InputError):
    """A scenario file is malformed or contradicts itself."""


class DocumentError(InputError):
    """An article cannot be read."""


class NotSimulatedError(YtterbyError):
    """A valid measure that the simulator does not know yet."""

    exit_code = 2


class DataGapError(YtterbyError):
    """Figures needed for the answer are missing."""


class BalanceError(YtterbyError):
    """The base system cannot be closed."""


class SimulationError(YtterbyError):
    """The simulator met an impossible state."""


class StoreError(YtterbyError):
    """The project store is locked, foreign or damaged."""
