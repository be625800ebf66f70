"""Inputs of this room's doors, for :mod:`tests.doors`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.doors import samples
from ytterby.evidence.pipeline import read_file
from ytterby.evidence.score import score_claims

if TYPE_CHECKING:
    from tests.doors.samples import Attempt


def articles(ending: str) -> Attempt:
    """Articles with an ending; every quotation must be found where its claim says."""

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        for document, claims in read_file(place / name):
            assert "\n" not in (document.error or ""), f"several lines: {document.error}"
            assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims), "a quotation lies elsewhere"

    return samples.articles(ending), attempt


def marks() -> Attempt:
    """Claims marked by hand, with their boilerplate, against a reading."""
    folder = Path(tempfile.mkdtemp())
    (folder / "a.txt").write_text(f"{samples.BAN} {samples.MORE}", "utf-8")
    ((document, claims),) = read_file(folder / "a.txt")

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        (place / "boilerplate.jsonl").write_bytes(content)
        (place / "relations.jsonl").write_bytes(content.replace(b'"doc"', b'"kind"').replace(b'"start"', b'"a"').replace(b'"end"', b'"b"'))
        found = score_claims([document], claims, place / name)
        assert 0.0 <= found.recall <= 1.0, "recall"

    marked = {"doc": "a.txt", "start": 0, "end": 95, "quote": samples.BAN, "event_type": "ban", "tier": "core", "modality": "done"}
    marked |= {"actors": ["country:CN"], "targets": ["country:JP"], "materials": ["Ho"], "date": {"resolved": "2025-02-04"}, "id": "1"}
    rows = [marked, {**marked, "id": "2", "quantity": {"value": 1200, "unit": "t", "lo": 1200.0, "hi": None}}]
    return [("gold.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in rows))], attempt
