"""Facts to System: draft, prior flows, reconciliation, tables."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ytterby.errors import StoreError, UnknownNameError
from ytterby.system.assumptions import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from ytterby.execution.checkpoint import Checkpoint
    from ytterby.facts.load import Facts
    from ytterby.system.assemble import Layout
    from ytterby.system.composition import Contained
    from ytterby.system.inputs import FigureExpressions
    from ytterby.system.system import System

BASES = {RARE_EARTHS: (2009, 2024), "gallium-germanium": (2022,), "antimony": (2023,)}
"""Base years that can be built, by chain."""
YEARS = BASES[RARE_EARTHS]
"""Base years of the rare earths."""
CALCULATORS = ("ytterby", "numpy", "pandas", "scipy")
"""Packages whose version may change a figure."""
ROOMS = ("system", "facts")
"""Rooms whose code and tables build a base."""
_BUILT: WeakKeyDictionary[Facts, dict[tuple[int, str], System]] = WeakKeyDictionary()
"""Bases of this process; they go with their facts."""


def build(year: int = 2024, facts: Facts | None = None, chain: str = RARE_EARTHS, checkpoint: Checkpoint | None = None) -> System:
    """Balanced base system of a year, built once per process for the same facts.

    Parameters
    ----------
    year : int
        Rare earths: 2024 (full network) or 2009 (reduced network); gallium and germanium: 2022; antimony: 2023.
    facts : Facts, optional
        Figures; the packaged ones by default.
    chain : str
        Which minerals: a key of :data:`BASES`.
    checkpoint : Checkpoint, optional
        Where bases outlast the process, by :func:`base_digest`.

    Raises
    ------
    UnknownNameError
        For a chain or a year without a base.
    BalanceError
        If the facts cannot be reconciled.
    """
    from ytterby.facts.load import load

    require_base(year, chain)
    chosen = load() if facts is None else facts
    built = _BUILT.setdefault(chosen, {})
    if (year, chain) not in built:
        built[year, chain] = _build(year, chosen, chain) if checkpoint is None else _remembered(year, chosen, chain, checkpoint)
    return built[year, chain]


def base_digest(year: int, facts: Facts, chain: str) -> str:
    """SHA-256 of all that a base is built from: figures, code, tables of assumptions, versions."""
    total = hashlib.sha256(f"{chain} {year} {facts.digest} {_code_digest()}".encode())
    total.update(" ".join(f"{name} {version(name)}" for name in CALCULATORS).encode())
    return total.hexdigest()


@cache
def _code_digest() -> str:
    """SHA-256 of the files that build a base: code and tables of :data:`ROOMS`, and the modules beside the rooms."""
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


def _remembered(year: int, facts: Facts, chain: str, checkpoint: Checkpoint) -> System:
    """Base from the checkpoint; built and put there if it is absent or damaged."""
    from ytterby.system.system import System

    key = base_digest(year, facts, chain)
    content = checkpoint.get(key)
    if content is not None:
        try:
            return System.from_bytes(content)
        except StoreError:
            pass
    system = _build(year, facts, chain)
    checkpoint.put(key, system.to_bytes())
    return system


def newest(chain: str) -> int:
    """Newest base year of a chain.

    Raises
    ------
    UnknownNameError
        For an unknown chain.
    """
    if chain not in BASES:
        raise UnknownNameError("chain", chain, list(BASES))
    return max(BASES[chain])


def require_base(year: int, chain: str) -> None:
    """Refuse a chain or a year without a base.

    Raises
    ------
    UnknownNameError
        With the nearest name that there is.
    """
    newest(chain)
    if year not in BASES[chain]:
        raise UnknownNameError("base year" if chain == RARE_EARTHS else f"base year of {chain}", str(year), [str(y) for y in BASES[chain]])


def _build(year: int, facts: Facts, chain: str) -> System:
    from ytterby.system import assemble, tables
    from ytterby.system.inputs import FigureExpressions

    inputs = FigureExpressions(facts, year, chain=chain)
    composition, layout = _laid_out(inputs)
    return tables.lay_out(inputs, composition, assemble.solve(inputs, layout))


def _laid_out(inputs: FigureExpressions) -> tuple[Contained, Layout]:
    """What the commodities contain, and the layout of the base."""
    from ytterby.system.composition import Composition
    from ytterby.system.layouts import by_product_chain, full_chain, reduced_chain

    if inputs.chain != RARE_EARTHS:
        return by_product_chain.Elements(), by_product_chain.layout(inputs)
    composition = Composition(inputs)
    return composition, (reduced_chain if inputs.year == 2009 else full_chain).layout(inputs, composition)
