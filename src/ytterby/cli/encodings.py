"""What a terminal or file of an older encoding gets for letters that it lacks: plain ones, else their numbers."""

from __future__ import annotations

import codecs
import unicodedata

NAME = "ytterby-plain"
ALIKE = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2026": "...",
    "\u00d7": "x", "\u00b7": "*", "\u2192": "->", "\u2264": "<=", "\u2265": ">=", "\u2248": "~", "\u20ac": "EUR",
    "\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00c4": "Ae", "\u00d6": "Oe", "\u00dc": "Ue", "\u00df": "ss",
})  # fmt: skip
"""Blanks, dashes, quotation marks, signs and German letters by what stands in for them."""


def plain_errors() -> str:
    """Name of the error handler for streams, which is registered."""
    codecs.register_error(NAME, _replaced)
    return NAME


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    """A plain sign that is alike, the letter without its accents, else its number as Python writes it."""
    alike = letter.translate(ALIKE)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", alike) if not unicodedata.combining(sign))
    return bare if bare.isascii() else letter.encode("ascii", "backslashreplace").decode("ascii")
