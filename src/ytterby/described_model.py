"""Base of models whose fields are described by the docstring below each: read from the source when a schema or a reference asks for it.

pydantic's own option reads and parses the source of every model when it is imported: a seventh of the start of the web server.
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class DescribedModel(BaseModel):
    """A model whose JSON schema describes each field by the docstring below it."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(core_schema)
        properties = handler.resolve_ref_schema(found).get("properties", {})
        for name, meaning in meanings_of(cls).items():
            key = name if name in properties else cls.model_fields[name].alias
            if key in properties:
                properties[key].setdefault("description", meaning)
        return found


def meanings_of(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a model holds, by the docstring below it; a field without one is left out."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        module = sys.modules.get(base.__module__)
        source = getattr(module, "__file__", None) if issubclass(base, BaseModel) else None
        found |= _documented(source).get(base.__qualname__, {}) if source else {}
    return {name: found[name] for name in model.model_fields if found.get(name)}


@cache
def _documented(source: str) -> dict[str, dict[str, str]]:
    """Docstrings of the fields of all classes of a module by qualified name; empty for a field without one."""
    return dict(_classes(ast.parse(Path(source).read_bytes()), ""))


def _classes(node: ast.AST, inside: str) -> Iterator[tuple[str, dict[str, str]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield f"{inside}{child.name}", _fields(child.body)
            yield from _classes(child, f"{inside}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            yield from _classes(child, f"{inside}{child.name}.<locals>.")


def _fields(body: list[ast.stmt]) -> dict[str, str]:
    """Docstrings of the fields that are declared in the body of a class."""
    found = {}
    for statement, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = _text(below)
    return found


def _text(statement: ast.stmt | None) -> str:
    """Text of a docstring; empty for another statement."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return cleandoc(value.value) if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
