"""Message catalogues of the briefing: one gettext file per language, read at run time.

A language exists when ``locale/<language>.po`` does. The header of the file declares the CLDR locale
(``Language``) and the plural rule (``Plural-Forms``). The ``msgid`` of a text of the briefing is its dotted key;
texts of bundled scenarios have the context ``scenario`` and their English wording as ``msgid``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from babel import Locale
    from babel.messages.catalog import Catalog

FOLDER = files("ytterby.report") / "locale"
SUFFIX = ".po"
REFERENCE = "en"
"""Fallback language for names and texts that another language lacks."""
SCENARIO = "scenario"
"""Context of the texts of bundled scenarios."""


@dataclass(frozen=True)
class Catalogue:
    """All texts of a language.

    Attributes
    ----------
    locale : babel.Locale
        Locale for numbers, dates, lists and names of countries.
    messages : mapping
        Plural forms of each text by its dotted key; a single form for texts without a count.
    scenarios : mapping
        Texts of bundled scenarios by their English wording.
    plural_form : callable
        Index of the plural form for a number.
    """

    locale: Locale
    messages: Mapping[str, tuple[str, ...]]
    scenarios: Mapping[str, str]
    plural_form: Callable[[int], int]


def languages() -> tuple[str, ...]:
    """Languages that have a catalogue, English first."""
    found = {entry.name.removesuffix(SUFFIX) for entry in FOLDER.iterdir() if entry.name.endswith(SUFFIX)}
    return tuple(sorted(found, key=lambda lang: (lang != REFERENCE, lang)))


@cache
def catalogue(lang: str) -> Catalogue:
    """Catalogue of a language.

    Raises
    ------
    UnknownNameError
        If there is no catalogue of that language.
    """
    if lang not in languages():
        raise UnknownNameError("language", lang, languages(), "--lang")
    from gettext import c2py  # the compiler of plural rules that gettext itself uses

    from babel.messages.pofile import read_po

    with (FOLDER / f"{lang}{SUFFIX}").open("rb") as file:
        read = read_po(file, abort_invalid=True)
    if read.locale is None:
        raise ValueError(f"{lang}{SUFFIX}: the header declares no locale of CLDR as Language")
    return Catalogue(read.locale, dict(_messages(read)), dict(_scenarios(read)), c2py(read.plural_expr))


def _messages(read: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    for message in read:
        if message.id and not message.context:
            key = message.id if isinstance(message.id, str) else message.id[0]
            yield key, (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _scenarios(read: Catalog) -> Iterator[tuple[str, str]]:
    return ((str(message.id), str(message.string)) for message in read if message.context == SCENARIO)
