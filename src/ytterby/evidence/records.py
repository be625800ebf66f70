"""Base of the frozen records of this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EvidenceRecord:
    """Base of the frozen records of this package; gives a dictionary for JSON."""

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain data; lists and mappings are copies."""
        return {name: _plain(value) for name, value in vars(self).items()}


def _plain(value: Any) -> Any:
    if value is None or type(value) is str:  # nearly all values, told by two quick looks
        return value
    if isinstance(value, EvidenceRecord):
        return value.to_dict()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_plain(item) for item in value)
    return value
