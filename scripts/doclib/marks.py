"""The part of a page that a script writes anew, between two marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def rewritten(text: str, begin: str, end: str, paragraphs: Sequence[str]) -> str:
    """A page with other paragraphs between its marks, each of which it has once."""
    before, rest = text.split(begin)
    return f"{before}{begin}\n\n" + "\n\n".join(paragraphs) + f"\n\n{end}" + rest.split(end)[1]
