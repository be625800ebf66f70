"""Short ways to read a text in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.pipeline import read_raw
from ytterby.evidence.readers.raw_text import RawText

if TYPE_CHECKING:
    from ytterby.evidence import Claim, Document


def read_text(text: str, name: str = "a.txt", media: str = "text/plain", **meta: str) -> tuple[Document, list[Claim]]:
    return read_raw(RawText(name, name, text, media, "0", meta))


def claims(text: str, **meta: str) -> list[Claim]:
    document, found = read_text(text, **meta)
    assert not document.error
    for claim in found:
        assert document.text[claim.start : claim.end] == claim.quote
    return found


def one(text: str, kind: str, **meta: str) -> Claim:
    found = [claim for claim in claims(text, **meta) if claim.event_type == kind]
    assert found, f"no {kind} in {text!r}: {[c.event_type for c in claims(text, **meta)]}"
    return found[0]
