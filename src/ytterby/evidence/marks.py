"""What people marked by hand in articles: claims, relations and boilerplate, as lines of JSONL files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ytterby.errors import InputError
from ytterby.given_files import first_fault, given_text, parsed_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

MarkedClaim = dict[str, Any]
"""A claim marked by hand, as a line of a JSONL file."""

MARKED_KEYS = ("doc", "start", "end", "event_type")
RELATED_KEYS = ("kind", "a", "b")
SPAN_KEYS = ("doc", "start", "end")
RELATIONS = "relations.jsonl"
"""File beside the marked claims with marked relations: ``kind`` and the ids ``a`` and ``b`` of two marks."""
BOILERPLATE = "boilerplate.jsonl"
"""File beside the marked claims with the marked spans of boilerplate."""


class _Quantity(BaseModel):
    """Amount of a mark; bounds that are open are absent."""

    value: float | str | None = None
    lo: float | None = None
    hi: float | None = None
    unit: str | None = None


class _Mark(BaseModel):
    """What a mark may say; other keys are notes of the marker."""

    id: str = ""
    doc: str
    start: int
    end: int
    event_type: str
    type_also: list[str] = []
    quote: str = ""
    tier: str = ""
    modality: str = ""
    modality_also: list[str] = []
    actors: list[str] | None = None
    targets: list[str] | None = None
    materials: list[str] | None = None
    stage: list[str] | None = None
    quantity: _Quantity | None = None
    date: dict[str, Any] | None = None
    attributed_to: str | None = None


def load_gold(path: Path) -> list[MarkedClaim]:
    """Marked claims of a JSONL file.

    Raises
    ------
    InputError
        If the file cannot be read or a line is not a marked claim.
    """
    rows = list(marked_rows(path, MARKED_KEYS, "a marked claim"))
    for where, row in rows:
        try:
            _Mark.model_validate(row, strict=True)
        except ValidationError as error:
            raise InputError(f"{where}: no marked claim ({first_fault(error)})") from None
    return [row for _, row in rows]


def marked_rows(path: Path, keys: Collection[str], what: str) -> Iterator[tuple[str, MarkedClaim]]:
    """Objects of a JSONL file with their places; each has the keys of what it is."""
    for number, line in enumerate(given_text(path).splitlines(), 1):
        where = f"{path}, line {number}"
        if not line.strip():
            continue
        row = parsed_json(line, f"{where}: cannot be read")
        if not isinstance(row, dict) or not row.keys() >= set(keys):
            raise InputError(f"{where}: {what} needs {', '.join(keys)}")
        yield where, row


def allowed_types(marked: MarkedClaim) -> set[str]:
    """The type of a marked claim, and those that its marker would accept as well (``type_also``)."""
    return {str(marked["event_type"]), *marked.get("type_also", ())}


def is_core(row: MarkedClaim) -> bool:
    """Whether a claim is among those that a reading must find."""
    return bool(row.get("tier", "core") == "core")
