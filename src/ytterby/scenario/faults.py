"""Faults of a scenario file: collected, located by line, told in one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.errors import ScenarioError, UnknownNameError
from ytterby.scenario.distributions import DISTRIBUTIONS
from ytterby.scenario.measures import KINDS, Allocation, RateStep, TariffStep, Trigger, Window
from ytterby.scenario.scenario import Branch, Calendar, Fork, Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

MOST_LINES = 12
SHOWN = 60
"""Characters of a found value that are shown."""
BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}
PARTS: dict[str, type[BaseModel]] = {
    "forks": Fork,
    "branches": Branch,
    "calendar": Calendar,
    "allocations": Allocation,
    "suspended": Window,
    "trigger": Trigger,
}


def walk(document: Any, loc: Sequence[str | int]) -> tuple[int | None, list[str], Any]:
    """Line, key path and value of a place in a round-trip document; tags of unions are passed over."""
    line, path, node = _line(document, None), [], document
    for part in loc:
        inside = (isinstance(node, dict) and part in node) or (isinstance(node, list) and isinstance(part, int) and part < len(node))
        if inside:
            line, node = _line(node, part) or line, node[part]
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


def _model_of(path: Sequence[str], parent: Any) -> type[BaseModel] | None:
    """Which declared thing a mapping is, for the names of its keys."""
    words = [part for part in path if not part.isdigit()]
    kind, dist = (str(parent.get(tag)) if isinstance(parent, dict) else "" for tag in ("kind", "dist"))
    if kind in KINDS or dist in DISTRIBUTIONS:
        return KINDS.get(kind) or DISTRIBUTIONS[dist]
    if words and words[-1] == "steps":
        return TariffStep if isinstance(parent, dict) and "status" in parent else RateStep
    return PARTS.get(words[-1]) if words else Scenario


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [] if model is None else [field.alias or name for name, field in model.model_fields.items() if name != "source"]


def words_of(error: dict[str, Any], path: list[str], parent: Any, value: Any) -> str:
    """Words for what is wrong at a place and what is allowed, without file and line."""
    kind, context = error["type"], error.get("ctx") or {}
    key = str(error["loc"][-1])
    if kind == "missing":
        return f"'{key}' is missing"
    if kind == "extra_forbidden":
        model = _model_of(path[:-1], parent)
        return str(UnknownNameError("key", key, _keys(model))) if model else f"unknown key '{key}'"
    if kind == "union_tag_not_found":
        return f"{context['discriminator']} is missing"
    if kind == "union_tag_invalid":
        tag = context["discriminator"].strip("'")
        return str(UnknownNameError(tag, str(context["tag"]), KINDS if tag == "kind" else DISTRIBUTIONS))
    if kind in BOUNDS:
        words, bound = BOUNDS[kind]
        return f"found {_shown(value)}; must be {words} {context[bound]:g}"
    if kind == "literal_error":
        return f"found {_shown(value)}; allowed: {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"found {_shown(value)}; allowed are small letters, digits, '-' and '_'"
    if kind == "fault":
        message = str(error["msg"])
        short = isinstance(value, str | int | float) and f"'{value}'" not in message
        return f"found {_shown(value)}; {message}" if short else message
    found = f"found {_shown(value)}; " if not isinstance(value, dict | list) else ""
    return found + str(error["msg"])[0].lower() + str(error["msg"])[1:]


class Faults:
    """Faults of one file, each told once, in the order of their lines."""

    def __init__(self, where: str, document: Any) -> None:
        self.where, self.document = where, document
        self.found: dict[tuple[int, str], str] = {}

    def add(self, loc: Sequence[str | int], words: str) -> None:
        """Add words for a place."""
        line, path, _ = walk(self.document, loc)
        self._put(line, path, words)

    def add_error(self, error: dict[str, Any]) -> None:
        """Add a fault found by pydantic."""
        loc = tuple(part for part in error["loc"] if part != "[key]")
        line, path, value = walk(self.document, loc)
        _, _, parent = walk(self.document, loc[:-1])
        if error["type"] == "missing":
            parent = value
        self._put(line, path, words_of({**error, "loc": loc or ("",)}, path, parent, value))

    def _put(self, line: int | None, path: list[str], words: str) -> None:
        key = ".".join(path)
        self.found.setdefault((line or 0, f"{key}: {words}" if key else words), "")

    def raise_if_any(self) -> None:
        """Raise one error that tells all faults in at most a dozen lines."""
        if not self.found:
            return
        lines = [f"{self.where}{f', line {line}' if line else ''}: {words}" for line, words in sorted(self.found)]
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], f"{self.where}: and {len(lines) - MOST_LINES + 1} more faults"]
        raise ScenarioError("\n".join(lines))
