"""Single deliberate errors in the text of a module: a comparison, an operation, a constant, a condition."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SWAPPED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in", ast.NotIn: "in",
    ast.Is: "is not", ast.IsNot: "is", ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.And: "or", ast.Or: "and",
}  # fmt: skip
SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in",
    ast.Is: "is", ast.IsNot: "is not", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.And: "and", ast.Or: "or",
}  # fmt: skip
TOLERANCE = 1e-4
"""Constants below this stand for rounding; twice of it is no error."""


@dataclass(frozen=True)
class DeliberateError:
    """A piece of a module's text and what stands in its place."""

    start: int
    end: int
    put: str
    line: int

    def applied(self, text: str) -> str:
        """Text with the error."""
        return text[: self.start] + self.put + text[self.end :]

    def shown(self, text: str) -> str:
        """Line with the error, and what stood there."""
        where = text.rfind("\n", 0, self.start) + 1
        line = text[where : text.find("\n", self.end)].strip()
        return f"{self.line}: {' '.join(line.split())[:110]}   [{text[self.start : self.end].strip()} -> {self.put.strip()}]"


class _Places:
    """Offsets of lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    def of(self, line: int, column: int) -> int:
        """Offset of a line and a column in bytes."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def sign(self, left: ast.expr, right: ast.expr, sign: str) -> tuple[int, int] | None:
        """Place of a sign between two expressions."""
        start = self.of(left.end_lineno or 0, left.end_col_offset or 0)
        end = self.of(right.lineno, right.col_offset)
        at = self.text[start:end].find(sign)
        return (start + at, start + at + len(sign)) if at >= 0 else None


def errors(text: str) -> list[DeliberateError]:
    """Every deliberate error of a module, in order of place; texts of messages, types and docstrings are left alone."""
    places = _Places(text)
    found = [error for node in _code(ast.parse(text)) for error in _of(node, places)]
    return sorted(set(found), key=lambda error: (error.start, error.put))


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that do something: no annotations, no messages of errors, no imports for types."""
    if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom | ast.JoinedStr):
        return
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "args"} and not isinstance(node, ast.Call):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _code(child)


def _of(node: ast.AST, places: _Places) -> Iterator[DeliberateError]:
    if isinstance(node, ast.Compare):
        for left, sign, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            yield from _swapped(left, sign, right, places)
    elif isinstance(node, ast.BinOp):
        yield from _swapped(node.left, node.op, node.right, places)
    elif isinstance(node, ast.BoolOp):
        yield from _swapped(node.values[0], node.op, node.values[1], places)
    elif isinstance(node, ast.AugAssign):
        yield from _swapped(node.target, node.op, node.value, places)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        start = places.of(node.lineno, node.col_offset)
        yield DeliberateError(start, start + len("not " if isinstance(node.op, ast.Not) else "-"), "", node.lineno)
    elif isinstance(node, ast.Constant) and type(node.value) in {int, float} and not 0.0 < abs(node.value) < TOLERANCE:
        start, end = places.of(node.lineno, node.col_offset), places.of(node.end_lineno or 0, node.end_col_offset or 0)
        yield DeliberateError(start, end, repr(node.value + 1 if node.value in {0, 1} else node.value * 2), node.lineno)


def _swapped(left: ast.expr, sign: ast.AST, right: ast.expr, places: _Places) -> Iterator[DeliberateError]:
    at = places.sign(left, right, SIGNS[type(sign)]) if type(sign) in SWAPPED else None
    if at:
        yield DeliberateError(*at, SWAPPED[type(sign)], left.end_lineno or 0)
