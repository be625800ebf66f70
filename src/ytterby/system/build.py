"""Builds a System from the facts: draft network, prior flows, reconciliation, tables."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ytterby.errors import StoreError
from ytterby.system.bases import RARE_EARTHS, base_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from importlib.resources.abc import Traversable

    from ytterby.execution import Checkpoint
    from ytterby.facts import Facts
    from ytterby.system.bases import Base
    from ytterby.system.system import System

CALCULATORS = ("ytterby", "numpy", "pandas", "scipy")
"""Packages whose version may change the numbers of a base."""
ROOMS = ("system", "facts")
"""Packages of Ytterby whose code and tables a base depends on."""
_BUILT: WeakKeyDictionary[Facts, dict[Base, System]] = WeakKeyDictionary()
"""Bases built in this process, by their facts."""
_ROLLED: WeakKeyDictionary[System, dict[tuple[dt.date, str], System]] = WeakKeyDictionary()
"""Bases rolled in this process, by the base of the year."""


def build(year: int = 2024, facts: Facts | None = None, chain: str = RARE_EARTHS, checkpoint: Checkpoint[bytes] | None = None) -> System:
    """Balanced base system of a year, built once per process for the same facts.

    Parameters
    ----------
    year : int
        A base year of the chain, see :func:`ytterby.system.bases.bases`.
    facts : Facts, optional
        The figures; the packaged ones by default.
    chain : str
        Mineral chain, such as ``rare-earths``.
    checkpoint : Checkpoint, optional
        Persistent store of built bases, with :func:`base_digest` as key.

    Raises
    ------
    UnknownNameError
        For an unknown chain, or a year without a base.
    BalanceError
        If the facts cannot be reconciled.
    """
    from ytterby.facts import load

    base = base_of(year, chain)
    chosen = load() if facts is None else facts
    built = _BUILT.setdefault(chosen, {})
    if base not in built:
        built[base] = _build(base, chosen) if checkpoint is None else _from_checkpoint(base, chosen, checkpoint)
    return built[base]


def rolled(base: System, facts: Facts, at: dt.date, path: str, checkpoint: Checkpoint[bytes] | None = None) -> System:
    """Base rolled forward to a day on a path of demand, once per process.

    Parameters
    ----------
    base : System
        The base of a year.
    facts : Facts
        Figures of the plants and of the growth.
    at : date
        The day.
    path : str
        One of :func:`ytterby.system.demand_paths`.
    checkpoint : Checkpoint, optional
        Persistent store of bases, for a base that :func:`build` gives for the same figures.

    Raises
    ------
    UnknownNameError
        If there is no such path.
    InputError
        If the day lies before the base year.
    DataGapError
        If the chain has no dated changes.
    """
    known = _ROLLED.setdefault(base, {})
    if (at, path) not in known:

        def make() -> System:
            from ytterby.system.dated_changes import changes_until
            from ytterby.system.roll import roll

            return roll(base, changes_until(base, facts, at, path))

        known[at, path] = make() if checkpoint is None else _kept(_rolled_digest(base, facts, at, path), checkpoint, make)
    return known[at, path]


def base_digest(year: int, facts: Facts, chain: str) -> str:
    """SHA-256 of all inputs of a base: figures, code, tables of assumptions and major versions of packages."""
    total = hashlib.sha256(f"{chain} {year} {facts.digest} {_code_digest()}".encode())
    total.update(" ".join(f"{name} {version(name).partition('.')[0]}" for name in CALCULATORS).encode())
    return total.hexdigest()


def _rolled_digest(base: System, facts: Facts, at: dt.date, path: str) -> str:
    """SHA-256 of all inputs of a base that was rolled forward."""
    return hashlib.sha256(f"{base_digest(base.year, facts, base.chain)} {at} {path}".encode()).hexdigest()


@cache
def _code_digest() -> str:
    """SHA-256 of the code and tables of :data:`ROOMS` and of the top-level modules of Ytterby."""
    total = hashlib.sha256()
    for name, file in sorted(_sources(), key=lambda item: item[0]):
        total.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _sources() -> Iterator[tuple[str, Traversable]]:
    root = files("ytterby")
    yield from ((entry.name, entry) for entry in root.iterdir() if entry.is_file())
    folders = [(room, root / room) for room in ROOMS]
    while folders:
        name, folder = folders.pop()
        for entry in folder.iterdir():
            if entry.is_file():
                yield f"{name}/{entry.name}", entry
            elif entry.name != "__pycache__":
                folders.append((f"{name}/{entry.name}", entry))


def _from_checkpoint(base: Base, facts: Facts, checkpoint: Checkpoint[bytes]) -> System:
    """Base from the checkpoint; built and stored there if it is absent or damaged."""
    return _kept(base_digest(base.year, facts, base.chain), checkpoint, lambda: _build(base, facts))


def _kept(key: str, checkpoint: Checkpoint[bytes], make: Callable[[], System]) -> System:
    """System from the checkpoint; made and stored there if it is absent or damaged."""
    from ytterby.system.system import System

    content = checkpoint.get(key)
    if content is not None:
        try:
            return System.from_bytes(content)
        except StoreError:
            pass
    system = make()
    checkpoint.put(key, system.to_bytes())
    return system


def _build(base: Base, facts: Facts) -> System:
    from ytterby.system import assemble, substitutes, tables
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.layouts import by_product_chain, full_chain, reduced_chain

    layouts = {"full_chain": full_chain, "reduced_chain": reduced_chain, "by_product_chain": by_product_chain}
    inputs = FigureExpressions(facts, base.year, chain=base.chain)
    composition, layout = layouts[base.layout].layout(inputs)
    return tables.system_tables(inputs, composition, substitutes.divided(assemble.solve(inputs, layout)))
