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
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONG_ENOUGH = 4
"""Shortest name for which a likeness of letters says something about its meaning."""
MOST_SHOWN = 40
"""Largest number of names or codes that a message lists."""
FEW_OF_MANY = 12
"""Names that a message lists where there are more than that."""


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
    known : iterable of str, or mapping of str to str
        The valid names, or valid codes with their meaning: then a hint goes by the meaning, and the list is given in full.
    where : str, optional
        File, line or key of the name.
    """

    def __init__(self, what: str, name: str, known: Iterable[str] | Mapping[str, str], where: str = "") -> None:
        if isinstance(known, Mapping) and all(isinstance(meaning, str) for meaning in known.values()):
            self.nearest, hint = _by_meaning(name, known)
        else:
            self.nearest, hint = _by_letters(name, sorted(known))
        super().__init__(f"{where + ': ' if where else ''}unknown {what} '{name}'{hint}")
        self.name = name


def _by_letters(name: str, names: list[str]) -> tuple[str | None, str]:
    """Nearest name and the hint that says so, or the first names."""
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return near[0], f"; did you mean '{near[0]}'?"
    few = names if len(names) <= MOST_SHOWN else names[:FEW_OF_MANY]
    return None, f"; known: {', '.join(few)}{'' if few is names else f', ... ({len(names):,} in all)'}"


def _by_meaning(name: str, known: Mapping[str, str]) -> tuple[str | None, str]:
    """Code whose meaning is spelled most alike and the hint that says so, or all codes; codes that look alike mean nothing.

    A code with one letter struck twice is no other code but a slip.
    """
    struck = [code for code in known if code in _without_a_double(name.upper())]
    if len(struck) == 1:
        return struck[0], f"; did you mean '{struck[0]}' ({known[struck[0]]})?"
    names = {meaning.casefold(): code for code, meaning in known.items()} | {code: code for code in known if len(code) >= LONG_ENOUGH}
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.75) if len(name) >= LONG_ENOUGH else []
    if near:
        code = names[near[0]]
        return code, f"; did you mean '{code}'{'' if code == known[code] else f' ({known[code]})'}?"
    shown = [f"{code} ({meaning})" for code, meaning in known.items()]
    more = f", ... ({len(shown)} in all)" if len(shown) > MOST_SHOWN else ""
    return None, f"; known: {', '.join(shown[:MOST_SHOWN])}{more}"


def _without_a_double(text: str) -> set[str]:
    """Text without one of two equal letters that stand side by side, for each such pair."""
    return {text[:at] + text[at + 1 :] for at in range(len(text) - 1) if text[at] == text[at + 1]}


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
