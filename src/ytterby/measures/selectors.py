"""Commodity selectors: short words for the goods that a measure is on.

=====================  =========================================================================
selector               means
=====================  =========================================================================
``oxide.Dy``           that commodity; ``oxide.Nd`` is ``oxide.NdPr`` where the two are merged
``oxide.*``            every commodity of the stage; ``magnet.NdFeB*`` those that begin so
``oxide.heavy``        the stage's commodities of a group of elements: light, medium, heavy
``Dy``                 mine, oxide, metal, alloy and magnet commodities that contain it materially
``heavy``              the same for each element of the group
``rare_earths``        everything from mine to alloy, as customs count rare earths (no magnets)
``all``                everything
=====================  =========================================================================

Products that begin with a capital are formulas and must name elements; others are words.

Scrap, components and products are never meant by an element: name them (``scrap.*``).
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError
from ytterby.facts import STAGES, elements, symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MATERIAL = 0.005
"""Share of a commodity's mass from which an element counts as contained (half a percent)."""
ELEMENT_STAGES = ("mine", "oxide", "metal", "alloy", "magnet")
RAW_STAGES = ("mine", "oxide", "metal", "alloy")
COMPANIONS = ("Fe", "B", "Co", "Cu", "Zr", "Ni", "Al", "Mg", "Mn", "Si", "Ti", "W", "Bi", "In", "O", "F", "Cl")
"""Symbols that stand beside rare earths in the names of alloys and magnets."""
MIXTURES = {"SEG": ("Sm", "Eu", "Gd"), "NdFeB": ("Nd", "Pr"), "NdPr": ("Nd", "Pr"), "DyTb": ("Dy", "Tb")}
"""Trade names of mixtures, with the elements they stand for."""


@cache
def _symbols() -> tuple[str, ...]:
    return tuple(symbols())


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for symbol, term in elements().items():
        if term.group != "other":
            found[term.group] = (*found.get(term.group, ()), symbol)
    return found


@cache
def formula(product: str) -> tuple[str, ...] | None:
    """Elements named by a product such as ``NdFeB-Dy``; None where it is a word, not a formula."""
    known = "|".join(sorted((*_symbols(), *COMPANIONS, *MIXTURES), key=len, reverse=True))
    named: list[str] = []
    for token in product.split("-"):
        if not re.fullmatch(rf"(?:(?:{known})\d*)+", token):
            return None
        for symbol in re.findall(known, token):
            named.extend(MIXTURES.get(symbol, (symbol,) if symbol in _symbols() else ()))
    return tuple(dict.fromkeys(named))


def check_selector(text: str, where: str = "") -> None:
    """Refuse a selector that can mean nothing in any network.

    Raises
    ------
    UnknownNameError
        For an unknown stage, element or word.
    """
    stage, dot, product = text.partition(".")
    if not dot:
        known = [*_symbols(), *_groups(), "rare_earths", "all"]
        if text not in known:
            raise UnknownNameError("commodity, element or group", text, known, where)
        return
    if stage not in STAGES:
        raise UnknownNameError("stage", stage, STAGES, where)
    if not product or product.strip("*.") != product.strip("*") or not re.fullmatch(r"[A-Za-z0-9_*-]+", product):
        raise UnknownNameError("commodity", text, [f"{stage}.*"], where)
    if product[0].isupper() and "*" not in product and formula(product) is None:
        raise UnknownNameError("element", product, _symbols(), where)


def _contains(commodity: str, symbol: str, contents: Mapping[str, Mapping[str, float]]) -> bool:
    if commodity in contents:
        return contents[commodity].get(symbol, 0.0) >= MATERIAL
    return symbol in (formula(commodity.partition(".")[2]) or ())


def _of_elements(
    symbols: Iterable[str], stages: Iterable[str], commodities: Sequence[str], contents: Mapping[str, Mapping[str, float]]
) -> list[str]:
    return [c for c in commodities if c.partition(".")[0] in stages and any(_contains(c, s, contents) for s in symbols)]


def _matches(text: str, commodities: Sequence[str], contents: Mapping[str, Mapping[str, float]]) -> list[str]:
    stage, dot, product = text.partition(".")
    if text == "all":
        return list(commodities)
    if text == "rare_earths":
        return [c for c in commodities if c.partition(".")[0] in RAW_STAGES]
    if not dot:
        return _of_elements(_groups().get(text, (text,)), ELEMENT_STAGES, commodities, contents)
    if product in _groups():
        return _of_elements(_groups()[product], (stage,), commodities, contents)
    if "*" in product:
        return [c for c in commodities if fnmatchcase(c, text)]
    if text in commodities:
        return [text]
    merged = f"{stage}.NdPr"
    return [merged] if product in ("Nd", "Pr") and merged in commodities else []


def resolve(
    selectors: Iterable[str],
    commodities: Iterable[str],
    contents: Mapping[str, Mapping[str, float]] | None = None,
    where: str = "",
) -> tuple[str, ...]:
    """Commodities meant by the selectors, each once, in the order of `commodities`.

    Parameters
    ----------
    selectors : iterable of str
        See the table of this module.
    commodities : iterable of str
        What the network holds, ``stage.product``.
    contents : mapping of commodity to {symbol: share of mass}, optional
        The System's contents [t/t]; a commodity without a row is judged by its name.
    where : str, optional
        File and key, for the message.

    Raises
    ------
    UnknownNameError
        If a selector is malformed or means nothing in this network.
    """
    held = tuple(dict.fromkeys(commodities))
    wanted: set[str] = set()
    for text in selectors:
        check_selector(text, where)
        found = _matches(text, held, contents or {})
        if not found:
            raise UnknownNameError("commodity", text, held, where)
        wanted.update(found)
    return tuple(c for c in held if c in wanted)
