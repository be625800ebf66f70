"""Words in the cells of a list of parts: grades and materials, countries, states of a licence."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.errors import InputError, UnknownNameError
from ytterby.exposure.compounds import compound
from ytterby.exposure.parts_columns import folded
from ytterby.facts import regions, symbols
from ytterby.measures import resolve
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

LIGHT, HEAVY, SAMARIUM = "magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo"
MAGNET_GRADES = {"": LIGHT, "M": LIGHT, "H": HEAVY, "SH": HEAVY, "UH": HEAVY, "EH": HEAVY, "AH": HEAVY, "TH": HEAVY}
"""Commodity of a sintered grade by its heat suffix: from H upwards (120 degrees Celsius) it holds Dy or Tb."""
NAMED_NDFEB = re.compile(r"(?:NDFEB|NEFEB|NEODYMIUM|NEODYM)(?=N?\d)")
"""What the material is called before its grade, as in NdFeB 42SH."""
NAMED_SMCO = ("SMCO", "SM2CO17", "SAMARIUMCOBALT", "SAMARIUMKOBALT", "YX")
SINTERED = re.compile(r"(?P<n>N?)(?P<product>\d{2})(?P<heat>[A-Z]{0,2})")
MAX_CODE = 3
"""Letters of the longest code of a country."""
EXAMPLES = ("N42", "N42SH", "SmCo", "oxide.Dy", "Dy2O3", "GaAs", "Sb2O3")


@cache
def _words(topic: str) -> dict[str, str]:
    """Code by folded word, of one topic."""
    found = [row for row in rows("ytterby.exposure", "tables/parts_words") if row["topic"] == topic]
    return {folded(word): row["code"] for row in found for word in (row["code"], *row["words"].split("|"))}


def licence_of(text: str) -> str:
    """State of a licence by its word in some language; ``unknown`` where nothing is said.

    Raises
    ------
    UnknownNameError
        For any other word.
    """
    if not text:
        return "unknown"
    if folded(text) not in _words("licence"):
        raise UnknownNameError("licence", text, set(_words("licence").values()), "column 'licence'")
    return _words("licence")[folded(text)]


@cache
def _country_names() -> dict[str, str]:
    """ISO alpha-2 code by folded name, in the languages in which the regions are named."""
    from babel import Locale

    languages = {lang for term in regions().values() for lang in term.names}
    named = {folded(name): iso for lang in sorted(languages) for iso, name in Locale.parse(lang).territories.items() if len(iso) == 2}
    return named | {folded(word): row["code"] for row in _country_rows() for word in row["words"].split("|")}


def _country_rows() -> list[dict[str, str]]:
    return [row for row in rows("ytterby.exposure", "tables/parts_words") if row["topic"] == "country"]


def country_of(text: str, known: Mapping[str, str]) -> str:
    """ISO alpha-2 code of a country by its code (two or three letters) or its name.

    Parameters
    ----------
    text : str
    known : mapping of str to str
        ISO alpha-3 code by alpha-2 code.

    Raises
    ------
    InputError
        If there is no such country.
    """
    short = text.strip().upper()
    if short in known:
        return short
    found = _country_names().get(folded(text)) or {three: two for two, three in known.items()}.get(short)
    if found in known:
        return str(found)
    raise _unknown_country(text)


def _unknown_country(text: str) -> InputError:
    """Refusal of a country; a name is likened to names, a code to nothing: near codes are other countries."""
    from difflib import get_close_matches

    near = get_close_matches(folded(text), _country_names(), n=1, cutoff=0.7) if len(folded(text)) > MAX_CODE else []
    hint = f"; did you mean '{near[0].title()}' ({_country_names()[near[0]]})?" if near else ""
    return InputError(f"column 'country': found '{text}', allowed is a country's name or its code of two or three letters{hint}")


def outside_of_model(text: str) -> bool:
    """Whether a cell names a material that is well known and in no chain of the model, such as a hard ferrite."""
    return folded(text) in _words("outside")


class PartMaterial(NamedTuple):
    """What a cell names."""

    commodity: str
    content: float = 1.0
    """Mass that the model counts per mass of the material: less than 1 for a compound that is counted by what it holds [1]."""


def material_of(text: str, commodities: frozenset[str]) -> PartMaterial:
    """Commodity of a grade or material: a code of the model, a magnet grade such as N42SH, a formula such as GaAs, or words.

    Raises
    ------
    UnknownNameError
        If nothing of the kind is known.
    InputError
        If it holds a material of the model of which the name does not say how much.
    """
    held = _words("mixed").get(folded(text), text)
    if folded(held) != folded(text):
        raise InputError(f"column 'grade': '{text}' does not say how much {held} is in it; write {held} and the mass of that")
    if text in commodities:
        return PartMaterial(text)
    found = _magnet(text, commodities) or _words("trade").get(folded(text))
    named = PartMaterial(found) if found else _compound(text, commodities) or _worded(text, commodities)
    if named is None:
        raise UnknownNameError("grade or material", text, EXAMPLES, "column 'grade'")
    return named._replace(commodity=resolve([named.commodity], commodities)[0])


def _magnet(text: str, commodities: frozenset[str]) -> str | None:
    plain = re.sub(r"[\s\-–/]", "", text.upper())
    if plain.startswith(NAMED_SMCO):
        return SAMARIUM
    grade = NAMED_NDFEB.sub("", plain, count=1)
    match = SINTERED.fullmatch(grade)
    if match and (match["n"] or match["heat"] or grade != plain) and match["heat"] in MAGNET_GRADES:
        return MAGNET_GRADES[match["heat"]]
    inside = {folded(name.partition(".")[2]): name for name in commodities if name.startswith("magnet.")}
    return inside.get(_without_stage(folded(text), "magnet"))


def _without_stage(text: str, stage: str) -> str:
    for word, code in sorted(_words("stage").items(), key=lambda item: -len(item[0])):
        if code == stage and text.endswith(word):
            return text.removesuffix(word)
    return text


def _compound(text: str, commodities: frozenset[str]) -> PartMaterial | None:
    """A compound by formula or name: the oxide where the chain has one, else the metal, by what the compound holds of it."""
    found = compound(_words("formula").get(folded(text), text))
    if found is None:
        return None
    oxide = f"oxide.{found.element}"
    return PartMaterial(oxide if found.is_oxide and _held(oxide, commodities) else _made_of(found.element, commodities), found.content)


def _made_of(element: str, commodities: frozenset[str]) -> str:
    """Metal of an element, or its oxide where the chain has no metal of it."""
    return next((name for stage in ("metal", "oxide") if _held(name := f"{stage}.{element}", commodities)), f"metal.{element}")


def _held(name: str, commodities: frozenset[str]) -> bool:
    try:
        return bool(resolve([name], commodities))
    except UnknownNameError:
        return False


def _worded(text: str, commodities: frozenset[str]) -> PartMaterial | None:
    """Oxide or metal by the name or symbol of its element."""
    plain = folded(text)
    names = {folded(name): symbol for symbol, term in symbols().items() for name in (symbol, *term.names.values())}
    for stage in ("oxide", "metal"):
        symbol = names.get(_without_stage(plain, stage))
        if symbol and _without_stage(plain, stage) != plain:
            return PartMaterial(f"{stage}.{symbol}")
    if plain not in names:
        return None
    symbol = names[plain]
    held = [name for name in (f"oxide.{symbol}", f"metal.{symbol}") if _held(name, commodities)]
    if len(held) == 1:
        return PartMaterial(held[0])
    raise InputError(f"column 'grade': '{text}' may be oxide or metal; write oxide.{symbol} or metal.{symbol}")
