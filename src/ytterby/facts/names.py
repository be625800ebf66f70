"""What a person may call a country, an element or a family of materials, and the code that is meant.

Names are read in every language of the vocabulary, without regard to case, accents and punctuation. Each function gives the
code and, where it is not what was written, a note on how it was understood.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.errors import UnknownNameError
from ytterby.facts import reference_tables, vocabulary
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.facts.vocabulary import Term

EVERYWHERE = ("any", "all")
"""Words that stand for every country."""


class Understood(NamedTuple):
    """The code that a name stands for, and how it was understood; no note where the code itself was written."""

    code: str
    note: str = ""


def plain_name(text: str) -> str:
    """Name in lower case without accents and punctuation, for comparison."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())


@cache
def _aliases(kind: str) -> dict[str, str]:
    return {plain_name(row["name"]): row["code"] for row in rows("ytterby.facts", "data/vocabulary/aliases") if row["kind"] == kind}


def _by_name(terms: Mapping[str, Term]) -> dict[str, str]:
    return {plain_name(name): code for code, term in terms.items() for name in term.names.values()}


@cache
def country_codes() -> dict[str, str]:
    """English name of each country by its ISO 3166 alpha-2 code."""
    table = reference_tables.read("countries")
    listed = {code: term.name() for code, term in vocabulary.regions().items() if not term.members}
    return {code: listed.get(code, name) for code, name in zip(table["iso2"], table["name"], strict=True)}


@cache
def _countries() -> dict[str, str]:
    """ISO code by name, in the languages of the vocabulary."""
    from babel import Locale

    found = {plain_name(name): code for name, code in reference_tables.country_names().items()}
    found |= {plain_name(row["name"]): row["code"] for row in vocabulary.listed("country_names").values() if row["code"] in country_codes()}
    for lang in next(iter(vocabulary.regions().values())).names:
        territories = Locale(lang).territories
        found |= {plain_name(str(territories[code])): code for code in country_codes() if code in territories}
    return found | _by_name({code: term for code, term in vocabulary.regions().items() if not term.members}) | _aliases("country")


def _codes_of(text: str) -> tuple[str, str]:
    """What a text would be as an ISO alpha-2 and as an alpha-3 code."""
    return text.upper(), reference_tables.iso2(text)


def country(text: str, where: str = "") -> Understood:
    """Country by code or name.

    Raises
    ------
    UnknownNameError
        If no country is called so.
    """
    if text in country_codes():
        return Understood(text)
    code = _countries().get(plain_name(text)) or next((code for code in _codes_of(text) if code in country_codes()), "")
    if not code:
        raise UnknownNameError("country", text, country_codes(), where)
    return Understood(code, f"{text} is read as {code} ({country_codes()[code]})")


def place_codes() -> dict[str, str]:
    """Name of each region and group by its code, and ``all``."""
    return {code: term.name() for code, term in (vocabulary.regions() | vocabulary.groups()).items()} | {"all": "everywhere"}


def region(text: str, where: str = "", *, whole: bool = False) -> Understood:
    """Region or group by code or name; a country that is no region of its own stands for the region that it is part of.

    Parameters
    ----------
    text : str
        Code or name.
    where : str
        File, line or key, for the message.
    whole : bool
        Whether a part of a region is refused rather than taken for the region.

    Raises
    ------
    UnknownNameError
        If no place is called so.
    """
    codes = place_codes()
    if text in codes:
        return Understood(text)
    plain = plain_name(text)
    code = _by_name(vocabulary.regions() | vocabulary.groups()).get(plain) or _aliases("region").get(plain)
    code = code or (text.upper() if text.upper() in codes else "")
    if code:
        return Understood(code, f"{text} is read as {code} ({codes[code]})")
    try:
        iso = country(text).code
    except UnknownNameError:
        raise UnknownNameError("region", text, codes, where) from None
    code = vocabulary.region_of(iso)
    if code != iso and whole:
        raise UnknownNameError("region", text, {code: f"{codes[code]}, of which {country_codes()[iso]} is part"}, where)
    part = f"{country_codes()[iso]} ({iso}) is part of {code} ({codes[code]})"
    return Understood(code, part if code != iso else f"{text} is read as {code} ({codes[code]})")


def expand_regions(name: str, where: str = "") -> tuple[str, ...]:
    """Regions of a region, a group or ``all``, by code or by any name that :func:`region` understands.

    Raises
    ------
    UnknownNameError
        For any other name.
    """
    if name == "all":
        return tuple(vocabulary.regions())
    if name in vocabulary.regions():
        return (name,)
    if name in vocabulary.groups():
        return vocabulary.groups()[name].members
    return expand_regions(region(name, where).code)


@cache
def _elements() -> dict[str, str]:
    return {symbol.casefold(): symbol for symbol in vocabulary.symbols()} | _by_name(vocabulary.symbols())


def element(text: str, where: str = "") -> Understood:
    """Element of the model by symbol or name.

    Raises
    ------
    UnknownNameError
        If no element is called so.
    """
    if text in vocabulary.symbols():
        return Understood(text)
    symbol = _elements().get(plain_name(text), "")
    if not symbol:
        raise UnknownNameError("element", text, {code: term.name() for code, term in vocabulary.symbols().items()}, where)
    return Understood(symbol, f"{text} is read as {symbol} ({vocabulary.symbols()[symbol].name()})")


@cache
def _families() -> dict[str, str]:
    terms = vocabulary.families()
    symbols = {term.group.casefold(): code for code, term in terms.items() if term.group}
    return {plain_name(code): code for code in terms} | symbols | _by_name(terms) | _aliases("family")


def family(text: str, where: str = "", known: Iterable[str] | None = None) -> Understood:
    """Family of materials by code, name or symbol; each rare earth stands for all of them.

    Raises
    ------
    UnknownNameError
        If no family is called so, or it is not among those `known`.
    """
    codes = {code: term.name() for code, term in vocabulary.families().items() if known is None or code in set(known)}
    code = text if text in codes else _families().get(plain_name(text), "")
    if not code and _elements().get(plain_name(text)) in vocabulary.elements():
        symbol = _elements()[plain_name(text)]
        return Understood("rare_earths", f"{symbol} ({vocabulary.symbols()[symbol].name()}) is one of the rare earths")
    if code not in codes:
        raise UnknownNameError("family", text, codes, where)
    return Understood(code, "" if code == text else f"{text} is read as {code}")


def material(text: str, where: str = "") -> Understood:
    """Element of the model or else family of materials, by code or name.

    Raises
    ------
    UnknownNameError
        If neither is called so.
    """
    try:
        return element(text, where)
    except UnknownNameError:
        pass
    try:
        return family(text, where)
    except UnknownNameError:
        terms = vocabulary.symbols() | vocabulary.families()
        raise UnknownNameError("element or family of materials", text, {code: term.name() for code, term in terms.items()}, where) from None


def column_of_facts(column: str, text: str) -> Understood:
    """Element, country or region of the figures by code or name; what is neither stays as it is, such as ``TREO`` or ``WORLD``."""
    for read in (element,) if column == "element" else (country, region):
        try:
            return read(text)
        except UnknownNameError:
            continue
    return Understood(text)


@cache
def _stages() -> dict[str, str]:
    return {plain_name(code): code for code in vocabulary.stages()} | _by_name(vocabulary.stages())


def commodity(text: str) -> Understood:
    """Commodity ``stage.product`` with the element called by its name, such as ``oxide.dysprosium`` or ``dysprosium oxide``.

    What cannot be understood comes back as it is, for the check of the place that needs it.
    """
    stage, dot, product = text.partition(".")
    words = [stage, product] if dot else text.split()
    if len(words) != 2:  # noqa: PLR2004 (a stage and a product)
        symbol = _elements().get(plain_name(text), text)
        return Understood(symbol, "" if symbol == text else f"{text} is read as {symbol}")
    for first, last in (words, reversed(words)):
        at, of = _stages().get(plain_name(first)), _elements().get(plain_name(last))
        if at and of:
            code = f"{at}.{of}"
            return Understood(code, "" if code == text else f"{text} is read as {code}")
    return Understood(text)
