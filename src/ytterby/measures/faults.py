"""Faults of scenario files and models: collected, each with its line, its key and a message of one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from ytterby.errors import ScenarioError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError

MAX_LINES = 12
SHOWN = 60
"""Characters of a found value that are shown."""
BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}
LENGTHS = {
    "too_short": ("must have at least", "min_length"),
    "too_long": ("may have at most", "max_length"),
    "string_too_short": ("must have at least", "min_length"),
    "string_too_long": ("may have at most", "max_length"),
}
TAGS = ("kind", "dist")
"""Keys that say which of several classes a mapping is."""
Loc = tuple[str | int, ...]
Fault = tuple[Loc, str]
"""Place of a fault, and its words."""


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Classes that an annotation names, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def models_at(roots: Sequence[type[BaseModel]], loc: Sequence[str | int]) -> list[type[BaseModel]]:
    """Classes that may stand at a place of pydantic's, which holds the tags of unions beside the keys."""
    models = list(roots)
    for part in loc:
        tagged = [model for model in models if part in [tag_of(model, tag) for tag in TAGS]]
        fields = [field for model in models for name, field in model.model_fields.items() if part in (name, field.alias)]
        models = tagged or [inner for field in fields for inner in models_in(field.annotation)] or models
    return models


def tag_of(model: type[BaseModel], tag: str) -> str | None:
    """Word by which a class of a union is known, if it is of one."""
    return model.model_fields[tag].default if tag in model.model_fields else None


def _common(a: Sequence[str | int], b: Sequence[str | int]) -> int:
    """Length of the common beginning of two places."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def walk(document: Any, loc: Sequence[str | int]) -> tuple[int | None, list[str], Any]:
    """Line, key path and value of a place in a mapping or round-trip document; tags of unions are passed over."""
    line: int | None = _line(document, None)
    path: list[str] = []
    node, named = document, False
    for part in loc:
        if not named and isinstance(node, dict) and part in [node.get(tag) for tag in TAGS]:
            named = True  # one class of a union has the name of a key: the distribution beta
            continue
        key = f"{part}_" if isinstance(node, dict) and part not in node else part
        if (isinstance(node, dict) and key in node) or (isinstance(node, list | tuple) and isinstance(key, int) and key < len(node)):
            line = _line(node, key) or line
            named, node = False, node[key]  # type: ignore[index]
            path.append(str(part))
    return line, path, node


def _line(node: Any, part: Any) -> int | None:
    place = getattr(node, "lc", None)
    if place is None:
        return None
    try:
        if part is None:
            return int(place.line) + 1
        at = place.key(part) if isinstance(node, dict) else place.item(part)
        return int(at[0]) + 1
    except (KeyError, TypeError, AttributeError):
        return None


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."


def _keys(models: Sequence[type[BaseModel]]) -> list[str]:
    return [field.alias or name for model in models for name, field in model.model_fields.items() if name != "source"]


def words_of(error: dict[str, Any], models: Sequence[type[BaseModel]], value: Any) -> str:
    """Words for what is wrong at a place and what is allowed, without file and line.

    Parameters
    ----------
    error : dict
        One fault as pydantic lists it.
    models : sequence of type
        Classes that may hold the key at fault, for the names of their keys.
    value : object
        What was found.
    """
    kind, context = error["type"], error.get("ctx") or {}
    key = str(error["loc"][-1])
    if kind == "missing":
        return f"'{key}' is missing"
    if kind == "extra_forbidden":
        return str(UnknownNameError("key", key, _keys(models)))
    if kind == "union_tag_not_found":
        return f"{context['discriminator']} is missing"
    if kind == "union_tag_invalid":
        known = re.findall(r"'([^']*)'", context["expected_tags"])
        return str(UnknownNameError(context["discriminator"].strip("'"), str(context["tag"]), known))
    if kind in BOUNDS:
        words, bound = BOUNDS[kind]
        return f"found {_shown(value)}; must be {words} {context[bound]:g}"
    if kind == "literal_error":
        return f"found {_shown(value)}; allowed: {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"found {_shown(value)}; allowed are small letters, digits, '-' and '_'"
    if kind in LENGTHS:
        words, bound = LENGTHS[kind]
        unit = "characters" if "string" in kind else "entries"
        return f"has {context.get('actual_length', len(str(value)))} {unit}; {words} {context[bound]:,}"
    if kind == "fault":
        message = str(error["msg"])
        short = isinstance(value, str | int | float) and f"'{value}'" not in message
        return f"found {_shown(value)}; {message}" if short else message
    found = f"found {_shown(value)}; " if not isinstance(value, dict | list | tuple) else ""
    return found + str(error["msg"])[0].lower() + str(error["msg"])[1:]


class Faults:
    """Faults of one file or of one model built in Python, each once, in the order of their lines.

    Parameters
    ----------
    where : str
        What is read, such as the name of the file.
    document : object
        Its mapping; where it is a round-trip document, faults have their lines.
    roots : sequence of type
        Classes that the mapping may be.
    """

    def __init__(self, where: str, document: Any, roots: Sequence[type[BaseModel]]) -> None:
        self.where, self.document, self.roots = where, document, roots
        self.found: dict[tuple[int, str], str] = {}

    def add(self, loc: Sequence[str | int], words: str) -> None:
        """Add words for a place."""
        line, _, _ = walk(self.document, loc)
        self._put(line, [str(part) for part in loc], words)

    def add_errors(self, error: ValidationError) -> None:
        """Add all that pydantic found."""
        found = error.errors(include_url=False)
        unknown = {item["loc"] for item in found if item["type"] == "extra_forbidden"}
        for item in found:
            if item["loc"] in unknown and item["type"] != "extra_forbidden":  # the value of a key that is refused
                continue
            under = any(len(other["loc"]) > len(item["loc"]) == _common(item["loc"], other["loc"]) for other in found)
            if not (under and item["type"] == "too_short"):  # entries that are at fault themselves are not counted by pydantic
                self._add_error(dict(item))

    def _add_error(self, error: dict[str, Any]) -> None:
        placed = (error.get("ctx") or {}).get("placed")
        for loc, words in placed or ():
            self.add(loc, words)
        if placed:
            return
        loc = tuple(part for part in error["loc"] if part != "[key]") or ("",)
        line, path, value = walk(self.document, loc)
        value = loc[-1] if "[key]" in error["loc"] else value
        self._put(line, path, words_of({**error, "loc": loc}, models_at(self.roots, loc[:-1]), value))

    def _put(self, line: int | None, path: list[str], words: str) -> None:
        key = ".".join(path)
        self.found.setdefault((line or 0, f"{key}: {words}" if key else words), "")

    def error(self) -> ScenarioError:
        """All faults in at most a dozen lines."""
        lines = [f"{self.where}{f', line {line}' if line else ''}: {words}" for line, words in sorted(self.found)]
        if len(lines) > MAX_LINES:
            lines = [*lines[: MAX_LINES - 1], f"{self.where}: and {len(lines) - MAX_LINES + 1} more faults"]
        return ScenarioError("\n".join(lines))


def refusal(error: ValidationError, data: Any, roots: Sequence[type[BaseModel]], where: str) -> ScenarioError:
    """Error with all that pydantic found in data given in Python."""
    faults = Faults(where, data, roots)
    faults.add_errors(error)
    return faults.error()
