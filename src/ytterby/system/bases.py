"""Base networks that can be built: one row of ``bases.csv`` and one folder of ``bases/`` each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ytterby.errors import UnknownNameError
from ytterby.tables import records

RARE_EARTHS = "rare-earths"
"""The default chain."""


@dataclass(frozen=True)
class Base:
    """A base network: a chain in a year."""

    chain: str
    """Name of the mineral chain."""
    year: int
    folder: str
    """Folder below ``bases/`` with its tables of assumptions."""
    inherits: str
    """Folder with the tables missing in ``folder``, searched before ``common``; may be empty."""
    layout: str
    """Module of ``layouts`` that sets up processes, markets and links."""
    prices: str
    """``nominal`` in replays of history, else ``real`` (USD of the base year)."""
    elements: str
    """Symbols of the chain's elements, parted by bars; empty for the rare earths."""

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders searched for a table, in this order."""
        return tuple(name for name in (self.folder, self.inherits, "common") if name)


@cache
def bases() -> tuple[Base, ...]:
    """All base networks, in the order of ``bases.csv``."""
    return records("ytterby.system", "bases", Base)


def chains() -> tuple[str, ...]:
    """Chains with a base, in the order of ``bases.csv``."""
    return tuple(dict.fromkeys(base.chain for base in bases()))


def chain_of(element: str) -> str:
    """Chain of an element by its symbol; that of the rare earths for any that no other chain has."""
    return next((base.chain for base in bases() if element in base.elements.split("|")), RARE_EARTHS)


def base_years(chain: str = RARE_EARTHS) -> tuple[int, ...]:
    """Years for which a chain has a base, in ascending order.

    Raises
    ------
    UnknownNameError
        For an unknown chain.
    """
    if chain not in chains():
        raise UnknownNameError("chain", chain, list(chains()))
    return tuple(sorted(base.year for base in bases() if base.chain == chain))


def newest_base_year(chain: str = RARE_EARTHS) -> int:
    """Newest base year of a chain.

    Raises
    ------
    UnknownNameError
        For an unknown chain.
    """
    return base_years(chain)[-1]


def base_of(year: int, chain: str = RARE_EARTHS) -> Base:
    """Base of a chain and year.

    Raises
    ------
    UnknownNameError
        For an unknown chain, or a year without a base; suggests the nearest name.
    """
    years = base_years(chain)
    if year not in years:
        raise UnknownNameError("base year" if chain == RARE_EARTHS else f"base year of {chain}", str(year), [str(y) for y in years])
    return next(base for base in bases() if (base.chain, base.year) == (chain, year))
