"""Drawn paths of shocks, kept under a digest of everything that they depend on.

Drawing thousands of histories from the posterior of the hazard takes longer than solving a plan for the few that are kept. They
depend on the figures, the base, the parties, the seed and the program, and on no budget or limit.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.execution import program_digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.execution import Checkpoint

ROOMS = ("plan", "validation/hazard", "scenario", "economy", "solver", "system")
"""Packages of Ytterby whose code and tables the paths depend on; figures and base have digests of their own."""
TABLES = ("*.csv", "*.csv.xz")
CALCULATORS = ("ytterby", "numpy", "scipy", "pandas", "highspy")
"""Distributions whose version may change them."""

Arrays = dict[str, Any]


def kept(checkpoint: Checkpoint[bytes] | None, asked: tuple[object, ...], draw: Callable[[], Arrays]) -> Arrays:
    """Arrays by name, from the checkpoint where the same program has drawn the same before.

    Parameters
    ----------
    checkpoint : Checkpoint, optional
        Persistent store; without it everything is drawn anew.
    asked : tuple
        All inputs: figures and base by their digests.
    draw : callable
        Draws the arrays.
    """
    if checkpoint is None:
        return draw()
    key = hashlib.sha256("\n".join(map(str, (*asked, tables_digest(), program_digest(ROOMS, CALCULATORS)))).encode()).hexdigest()
    content = checkpoint.get(key)
    found = None if content is None else from_bytes(content)
    if found is None:
        found = draw()
        checkpoint.put(key, to_bytes(found))
    return found


@cache
def tables_digest() -> str:
    """SHA-256 of the tables that come with the rooms: designed runs, table of shocks, assumptions."""
    total = hashlib.sha256()
    for room in ROOMS:
        root = Path(str(files("ytterby") / room))
        for path in sorted(file for pattern in TABLES for file in root.rglob(pattern)):
            total.update(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def to_bytes(arrays: Arrays) -> bytes:
    """Arrays as JSON after its SHA-256; numbers keep all digits."""
    body = json.dumps({name: [values.dtype.str, values.tolist()] for name, values in arrays.items()}).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def from_bytes(content: bytes) -> Arrays | None:
    """Arrays as :func:`to_bytes` wrote them; None if the content is damaged."""
    head, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != head:
        return None
    return {name: np.array(values, dtype) for name, (dtype, values) in json.loads(body).items()}
