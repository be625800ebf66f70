"""Base of what use cases return: frozen, typed and documented, so that command line, briefing and web API read the same fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable


class ResultModel(BaseModel):
    """A result or a part of one; the docstring of a field says what it holds and, in brackets, its unit."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; fields that were not asked for and so never set are left out."""
        return self.model_dump(mode="json", exclude_unset=True)

    @classmethod
    def from_records(cls, records: Iterable[Any]) -> tuple[Self, ...]:
        """Rows of a table (mappings of field to value), checked."""
        return tuple(cls.model_validate(record) for record in records)
