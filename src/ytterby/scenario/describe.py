"""Descriptions of measures and distributions, read from their classes: for lists and the reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticUndefined

from ytterby.described_model import meanings_of
from ytterby.measures import DISTRIBUTIONS, KINDS, SIMULATED, Measure, parts
from ytterby.scenario.forks import Branch, Calendar, Fork
from ytterby.scenario.scenario import Scenario

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

UNIT = re.compile(r"\s*\[([^\[\]]+)\]\.?$")
PARTS: dict[str, type[BaseModel]] = {
    "window": parts.Window,
    "allocation": parts.Allocation,
    "rate step": parts.RateStep,
    "tariff step": parts.TariffStep,
    "trigger": parts.Trigger,
    "fork": Fork,
    "branch": Branch,
    "calendar": Calendar,
}
"""Parts of measures and scenarios that are mappings."""


def fields_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Keys of a model: key, meaning, unit, whether it is required, default."""
    needs: frozenset[str] = getattr(model, "NEEDS", frozenset())
    uses: frozenset[str] = getattr(model, "USES", frozenset({"on", "from", "to"}))
    found, meanings = [], meanings_of(model)
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key in ("kind", "dist", "source") or (key in ("on", "from", "to") and key not in uses):
            continue
        found.append(_field(key, field, meanings.get(name, ""), needed=field.is_required() or key in needs))
    return found


def _field(key: str, field: FieldInfo, docstring: str, *, needed: bool) -> dict[str, Any]:
    meaning = " ".join(docstring.split())
    unit = UNIT.search(meaning)
    return {
        "key": key,
        "meaning": UNIT.sub("", meaning).rstrip(".") + "." if meaning else "",
        "unit": unit.group(1) if unit else "",
        "needed": needed,
        "default": None if needed else _default(field),
    }


def _default(field: FieldInfo) -> Any:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined or value is None or value in ((), {}, ""):
        return None
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return list(value) if isinstance(value, tuple) else value


def summary_of(model: type[BaseModel]) -> str:
    """First line of a class's docstring."""
    return (model.__doc__ or "").strip().splitlines()[0]


def kinds() -> list[dict[str, Any]]:
    """All kinds of measures: kind, summary, whether it is simulated, its keys."""
    return [{"kind": k, "summary": summary_of(m), "simulated": k in SIMULATED, "fields": fields_of(m)} for k, m in KINDS.items()]


def common_keys() -> frozenset[str]:
    """Keys common to all measures."""
    return frozenset(field.alias or name for name, field in Measure.model_fields.items())


def distributions() -> list[dict[str, Any]]:
    """All distributions: name, summary, keys."""
    return [{"dist": name, "summary": summary_of(model), "fields": fields_of(model)} for name, model in DISTRIBUTIONS.items()]


def reference() -> str:
    """Reference of scenario files as Markdown, generated from the classes."""
    shared = common_keys()
    by_kind = {"needed": False, "default": "by kind"}
    common = [field | (by_kind if field["key"] in Measure.USES else {}) for field in fields_of(Measure)]
    lines = ["# Scenario files: measures, distributions, parts", "", "Made from the classes; do not edit by hand.", ""]
    lines += ["## Scenario", "", *_table(fields_of(Scenario))]
    lines += ["## Every measure", "", *_table(common)]
    for entry in kinds():
        simulated = "" if entry["simulated"] else " Read and checked; not simulated yet."
        lines += [f"## {entry['kind']}", "", entry["summary"] + simulated, ""]
        lines += [_uses(KINDS[entry["kind"]]), "", *_table([field for field in entry["fields"] if field["key"] not in shared])]
    lines += ["## Distributions", "", "Written `{dist: triangular, low: 0.2, mode: 0.5, high: 0.9}`.", ""]
    for entry in distributions():
        lines += [f"### {entry['dist']}", "", entry["summary"], "", *_table(entry["fields"])]
    lines += ["## Parts", ""]
    for name, model in PARTS.items():
        lines += [f"### {name}", "", summary_of(model), "", *_table(fields_of(model))]
    return "\n".join(lines).rstrip() + "\n"


def _uses(model: type[Measure]) -> str:
    used = [f"`{key}`" + (" (needed)" if key in model.NEEDS else "") for key in ("on", "from", "to") if key in model.USES]
    return "Of `on`, `from` and `to` it uses " + ", ".join(used) + "."


def _table(fields: list[dict[str, Any]]) -> list[str]:
    rows = ["| key | meaning | unit | default |", "| --- | --- | --- | --- |"]
    for field in fields:
        default = "needed" if field["needed"] else ("" if field["default"] is None else f"`{_yaml(field['default'])}`")
        rows.append(f"| `{field['key']}` | {field['meaning'].replace('|', '/')} | {field['unit']} | {default} |")
    return [*rows, ""] if fields else []


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_yaml, value)) + "]" if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
