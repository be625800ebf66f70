"""What came of a chunk: a value or an error, fit to travel between processes."""

from __future__ import annotations

import pickle
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.errors import YtterbyError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Outcome:
    """A value, or the error that took its place."""

    value: Any = None
    error: BaseException | None = None

    def get(self) -> Any:
        """Return the value or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value


def attempt(function: Callable[[Any], Any], chunk: Any) -> Outcome:
    """Outcome of a function on a chunk, in this process; errors as they are."""
    try:
        return Outcome(function(chunk))
    except Exception as error:  # noqa: BLE001 - whatever the work raises is told at its turn
        return Outcome(error=error)


def attempt_away(function: Callable[[Any], Any], chunk: Any) -> Outcome:
    """Outcome that can be sent to another process; the traceback goes along as a note."""
    outcome = attempt(function, chunk)
    if outcome.error is None:
        return outcome
    note = "".join(traceback.format_exception(outcome.error))
    error = _portable(outcome.error)
    error.add_note(note)
    return Outcome(error=error)


def _portable(error: BaseException) -> BaseException:
    """Give the error itself if it survives pickling, else the nearest base class that does, with its words."""
    try:
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - our own bytes
            return error
    except Exception:  # noqa: BLE001, S110 - any failure means that it does not survive
        pass
    for base in type(error).__mro__[1:]:
        if base is YtterbyError or (issubclass(base, YtterbyError) and base is not type(error)):
            return base(str(error))
    return RuntimeError(f"{type(error).__name__}: {error}")
