"""The chain for the browser: nodes by stage and the ribbons between them, each with its mass in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report import plain_place
from ytterby.report.charts import ink_of

if TYPE_CHECKING:
    from ytterby.report import Words
    from ytterby.web.live.plain import Parts

BREAKS = str.maketrans("", "", "\u00ad\u200b")
"""Soft hyphen and empty space: places where a word may be broken, with and without a hyphen."""


def sankey(words: Words, parts: Parts) -> dict[str, Any]:
    """Nodes by column, and the ribbons between them."""
    nodes = [
        {
            "id": f"{column}:{group}",
            "column": column,
            "name": parts["name"](group),
            "breaks": _broken(words, parts["name"](group)),
            "share": parts["label"](column, group, mass),
            "told": _tonnes(words, mass),
            "ink": ink_of(group),
        }
        for column, groups in enumerate(parts["masses"])
        for group, mass in groups.items()
    ]
    ribbons = [
        {
            "from": f"{row.column}:{row.source}",
            "to": f"{row.column + 1}:{row.target}",
            "value": row.value,
            "told": _tonnes(words, row.value),
        }
        for row in parts["ribbons"]
    ]
    return {"heads": list(parts["heads"]), "nodes": nodes, "ribbons": ribbons}


def _tonnes(words: Words, mass: float) -> str:
    return f"{words.number(mass, min(plain_place(mass, 3), 0))}\u00a0t"


def _broken(words: Words, name: str) -> str:
    """Name with the places where a narrow picture may break it."""
    return next((found for found in words.plain("web-breaks").split() if found.translate(BREAKS) == name), name)
