"""Answers that take seconds, kept under a digest of everything that they depend on: in the project, or in the package as built."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from ytterby.execution import program_digest
from ytterby.store import READY, AnswerCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
ROOMS = (
    "app", "ensembles", "validation", "economy", "exposure", "simulation", "scenario", "measures", "system", "facts", "solver", "execution",
)  # fmt: skip
"""Packages of Ytterby whose code and tables such an answer may depend on."""
CALCULATORS = ("ytterby", "numba", "numpy", "pandas", "scipy", "highspy")
"""Distributions whose version may change one."""
ENDINGS = (".py", ".csv", ".yaml")


def answer_digest(name: str, *inputs: str) -> str:
    """SHA-256 of a question, of the inputs of its answer, and of the program."""
    return hashlib.sha256(json.dumps([name, *inputs, _program()]).encode()).hexdigest()


@cache
def _program() -> str:
    return program_digest(ROOMS, CALCULATORS, ENDINGS)


def kept_answer(digest: str, project: Path | None, type_: type[T], make: Callable[[], T]) -> T:
    """The kept answer of a digest, or a new one that is kept from now on.

    Parameters
    ----------
    digest : str
        Of :func:`answer_digest`.
    project : Path, optional
        Project folder that keeps it; without it only what the package brings is found.
    type_ : type
        What the answer is; pydantic writes and reads it as JSON.
    make : callable
        Works the answer out.
    """
    cache, form = AnswerCache(project or READY), TypeAdapter(type_)
    content = cache.get(digest)
    if content is not None:
        try:
            return form.validate_json(content)
        except ValidationError:  # damaged
            pass
    found = make()
    if project is not None:
        cache.put(digest, form.dump_json(found, exclude_unset=True))
    return found


def is_kept(digest: str, project: Path) -> bool:
    """Whether there is an answer of that digest."""
    return AnswerCache(project).get(digest) is not None
