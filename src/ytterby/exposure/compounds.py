"""Compounds in the cells of a list of parts: which element of the model they hold, and how much of it.

Atomic weights are the abridged standard ones of IUPAC (2021); of an element without a stable isotope, the mass number of the longest-lived.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.facts import elements, symbols
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

ATOM = re.compile(r"([A-Z][a-z]?)(\d*)")
GROUP = re.compile(r"\(((?:[A-Z][a-z]?\d*)+)\)(\d+)")
PLAIN = re.compile(r"(?:[A-Z][a-z]?\d*){2,}")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
OXIDES = {"Ce": "CeO2", "Pr": "Pr6O11", "Tb": "Tb4O7"}
"""Oxides that are traded in another form than two atoms with three of oxygen."""


class Compound(NamedTuple):
    """What of an element of the model a compound holds."""

    element: str
    content: float
    """Tonnes in which the model counts the element (oxide of a rare earth, else the element itself) per tonne of the compound [1]."""
    is_oxide: bool


@cache
def weights() -> dict[str, float]:
    """Standard atomic weight by symbol [u]."""
    return {row["symbol"]: float(row["weight"]) for row in rows("ytterby.exposure", "tables/atomic_weights")}


def compound(text: str) -> Compound | None:
    """A compound by its formula, such as GaAs or Sb2O3; None where it is no formula or holds none or several elements of the model."""
    atoms = _atoms(text.strip().translate(SUBSCRIPTS))
    held = [symbol for symbol in atoms if symbol in symbols()]
    if len(held) != 1 or len(atoms) == 1:
        return None
    element = held[0]
    content = _share(element, atoms)
    if element in elements():
        content /= _share(element, _atoms(OXIDES.get(element, f"{element}2O3")))
    return Compound(element, content, set(atoms) == {element, "O"})


def _share(element: str, atoms: Mapping[str, int]) -> float:
    """Share of an element in the mass of a compound [1]."""
    return weights()[element] * atoms[element] / sum(weights()[symbol] * count for symbol, count in atoms.items())


def _atoms(text: str) -> dict[str, int]:
    """Atoms of a formula by symbol; empty where it is none, or holds an atom that no compound here has."""
    flat = GROUP.sub(lambda group: group[1] * int(group[2]), text)
    if not PLAIN.fullmatch(flat):
        return {}
    found: dict[str, int] = {}
    for symbol, count in ATOM.findall(flat):
        found[symbol] = found.get(symbol, 0) + int(count or 1)
    return found if all(symbol in weights() for symbol in found) else {}
