"""Which kinds of measures there are: the modules of this room that declare a class with a `kind`.

A new kind is a new module. The union type of all measures, the list of kinds and of those that are simulated follow from it.
"""

from __future__ import annotations

import sys
from functools import reduce
from importlib import import_module
from operator import or_
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from ytterby.errors import NotSimulatedError
from ytterby.measures.base import Measure
from ytterby.measures.faults import refusal, tag_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOM = __name__.rpartition(".")[0]


def _declared() -> Iterator[tuple[str, type[Measure]]]:
    """Kind and class of each measure that a module of this room declares."""
    for found in iter_modules(sys.modules[ROOM].__path__):
        module = import_module(f"{ROOM}.{found.name}")
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, Measure) and item.__module__ == module.__name__:
                kind = tag_of(item, "kind")
                if isinstance(kind, str):
                    yield kind, item


KINDS: dict[str, type[Measure]] = dict(sorted(_declared()))
"""Class of each kind of measure, in alphabetical order."""
SIMULATED = frozenset(kind for kind, model in KINDS.items() if model.effects is not Measure.effects)
"""Kinds that say what they do; the others are read and checked, and refused at a run."""
if TYPE_CHECKING:
    AnyMeasure = Measure
else:
    AnyMeasure = Annotated[reduce(or_, KINDS.values()), Field(discriminator="kind")]
    """A measure of any kind, which pydantic tells by its key `kind`."""
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyMeasure)


def measure(**keys: Any) -> AnyMeasure:
    """Measure from the keys of a scenario file (``from_`` serves for ``from``).

    Raises
    ------
    ScenarioError
        With every fault of the keys, one a line.
    """
    try:
        return _ADAPTER.validate_python(keys)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise refusal(error, keys, list(KINDS.values()), keys["kind"] if keys.get("kind") in KINDS else "measure") from None


def require_simulated(measures: Iterable[Measure]) -> None:
    """Refuse measures that the simulator does not know yet.

    Raises
    ------
    NotSimulatedError
        With the kinds found and those that are simulated.
    """
    unknown = sorted({m.kind for m in measures} - SIMULATED)
    if unknown:
        known = ", ".join(sorted(SIMULATED))
        raise NotSimulatedError(f"measures of kind {', '.join(unknown)} are valid but not simulated yet; simulated are: {known}")
