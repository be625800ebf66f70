"""Dotted keys such as `measures.announcement-18.approval_rate`, to set values in plain data."""

from __future__ import annotations

import re
from typing import Any

from ytterby.errors import UnknownNameError

OF_MEASURE = re.compile(r"((?:forks\.\d+\.branches\.\d+\.)?measures\.[^.]+)\.(.+)")


def measure_key(key: str) -> tuple[str, str]:
    """Key of a measure and key within it; empty if the key is not that of a measure."""
    found = OF_MEASURE.fullmatch(key)
    return (found[1], found[2]) if found else ("", "")


def with_tags(data: Any, full: Any) -> Any:
    """Restore `kind` and `dist`, which may be missing as class defaults, as the first keys."""
    if isinstance(data, dict):
        tags = {tag: full[tag] for tag in ("kind", "dist") if tag in full}
        return tags | {key: with_tags(value, full[key]) for key, value in data.items() if key not in tags}
    if isinstance(data, list | tuple):
        return [with_tags(item, whole) for item, whole in zip(data, full, strict=True)]
    return data


def put(data: Any, full: Any, key: str, value: Any) -> None:
    """Set the value at a dotted key of `data`; `full` has all keys with defaults. Measures are identified by number or name."""
    parts = key.split(".")
    for here, part in enumerate(parts):
        place = _place(full, part)
        if place is None:
            raise UnknownNameError("key", key, _keys(full, ".".join(parts[:here])))
        if here == len(parts) - 1:
            data[place] = value
        else:
            if isinstance(data, dict) and place not in data:
                data[place] = with_tags(full[place], full[place])
            data, full = data[place], full[place]


def _place(full: Any, part: str) -> Any:
    """Key or index denoted by a part of a dotted key, or None."""
    if isinstance(full, dict):
        return part if part in full else None
    if not isinstance(full, list | tuple):
        return None
    if part.isdigit():
        return int(part) if int(part) < len(full) else None
    return next((i for i, item in enumerate(full) if isinstance(item, dict) and item.get("name") == part), None)


def _keys(data: Any, stem: str) -> list[str]:
    if isinstance(data, dict):
        return [f"{stem}.{key}" for key in data]
    if isinstance(data, list | tuple):
        return [f"{stem}.{(item.get('name') if isinstance(item, dict) else None) or i}" for i, item in enumerate(data)]
    return []
