"""Base of what use cases return: frozen, typed and documented, so that command line, briefing and web API read the same fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, get_args, get_origin

from pydantic import ConfigDict

from ytterby.described_model import DescribedModel
from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

MAX_TEXT = 40
"""Longer texts are cut in the representation of a result [characters]."""


class ResultModel(DescribedModel):
    """A result or a part of one; the docstring of a field says what it holds and, in brackets, its unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; fields that were not asked for and so never set are left out."""
        return self.model_dump(mode="json", exclude_unset=True)

    @classmethod
    def from_records(cls, records: Iterable[Any]) -> tuple[Self, ...]:
        """Rows of a table (mappings of field to value), checked."""
        return tuple(cls.model_validate(record) for record in records)

    def table(self, name: str) -> pd.DataFrame:
        """Rows of a field that holds many results, as a table with one column a field of theirs.

        Parameters
        ----------
        name : str
            Name of the field, such as ``suppliers`` of an exposure.

        Raises
        ------
        UnknownNameError
            If the result has no such rows.
        """
        import pandas as pd

        models = tables_of(type(self))
        if name not in models:
            raise UnknownNameError("table", name, models)
        rows = [row.model_dump() for row in getattr(self, name)]
        return pd.DataFrame(rows, columns=list(models[name].model_fields))

    def __repr__(self) -> str:
        """One line: the class, its short fields, and how many rows the others hold."""
        return f"{type(self).__name__}({', '.join(f'{name}={_shown(value)}' for name, value in self)})"

    __str__ = __repr__
    """The same: pydantic would write every row."""


def tables_of(model: type[ResultModel]) -> dict[str, type[ResultModel]]:
    """Fields of a result that hold many results, with the model of their rows."""
    return {key: rows for key, field in model.model_fields.items() if (rows := _row_model(field.annotation))}


def _row_model(annotation: Any) -> type[ResultModel] | None:
    """Model of the rows of a field ``tuple[Model, ...]``; None for another field."""
    inside = get_args(annotation)
    found = inside[0] if get_origin(annotation) is tuple and len(inside) == 2 else None
    return found if isinstance(found, type) and issubclass(found, ResultModel) else None


def _shown(value: Any) -> str:
    """A value in few characters: numbers and short texts as they are, anything longer by its kind and length."""
    if isinstance(value, ResultModel):
        return type(value).__name__
    if isinstance(value, tuple | list | dict):
        return f"<{len(value)}>"
    text = repr(value)
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
