"""Inputs of this room's doors, for :mod:`tests.doors`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doors import samples
from ytterby.evidence.pipeline import read_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doors.samples import Attempt


def articles(ending: str) -> Attempt:
    """Articles with an ending; every quotation must be found where its claim says."""

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        for document, claims in read_file(place / name):
            assert "\n" not in (document.error or ""), f"several lines: {document.error}"
            assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims), "a quotation lies elsewhere"

    return samples.articles(ending), attempt
