"""The scenario of a dated decision as a file: a copy of the bundled one, or a draft with a fork on the day after."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.facts import branches, control_lines, decisions

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.app.dates.rows import CalendarRow
    from ytterby.facts import ControlOrder, Facts
    from ytterby.scenario import Scenario

WEEKS = 52
WORKING_DAYS = 45
"""Time that an authority takes to decide a licence, where the record states no other [working days]."""
APPROVAL = 0.6
"""Share of applications approved (assumed, as in the bundled scenarios of Chinese licences)."""
RANGES = {
    "processing_days": {"dist": "triangular", "low": 20, "mode": WORKING_DAYS, "high": 90},
    "approval_rate": {"dist": "uniform", "low": 0.3, "high": 0.95},
}
"""Ranges of what is assumed of a licence, as in the bundled scenarios."""
CARRIERS = ("component.*",)
"""Goods that stand for all goods that a duty on everything hits, minerals being exempt (assumed)."""


def write_calendar_draft(path: Path, row: CalendarRow, facts: Facts) -> Path:
    """Write the scenario of a decision, once it is known to load.

    Raises
    ------
    InputError
        If nothing of the decision can be simulated, or the folder does not exist; nothing is written.
    """
    from ytterby.scenario import dump, load_scenario, load_text
    from ytterby.store import write_bytes

    if not path.parent.is_dir():
        raise InputError(f"{path}: not written; there is no folder {path.parent}")
    if row.scenario is None:
        raise InputError(f"{path}: not written; '{row.decision}' hits no minerals of the model")
    text = dump(load_scenario(row.scenario) if not row.draft else drafted_scenario(row, facts))
    load_text(text, str(path))
    write_bytes(path, text.encode())
    return path


def drafted_scenario(row: CalendarRow, facts: Facts) -> Scenario:
    """Scenario of a decision: what is in force beside it, and a fork on the day after with its branches."""
    from ytterby.scenario import Scenario

    decision = next(item for item in decisions() if item.id == row.id)
    after = decision.day + dt.timedelta(days=1)
    fork: dict[str, Any] = {
        "date": after,
        "label": row.decision,
        "facts": list(row.facts),
        "assumed": ["p"],
        "note": "; ".join(dict.fromkeys(branch.basis for branch in row.branches)),
        "branches": [
            {"p": branch.p, "label": branch.label, "measures": _measures(facts, applies, after, decision.chain)}
            for branch, applies in zip(row.branches, (item.applies for item in branches()[row.id]), strict=True)
        ],
    }
    standing = _standing(decision.day, decision.chain, facts)
    chosen = {"base_year": 2024, "roll": {"path": "announced-pledges"}} if decision.chain == "rare-earths" else _chain_base(decision.chain)
    return Scenario.model_validate(
        {
            "name": row.id,
            "title_en": row.decision,
            "start": after - dt.timedelta(days=after.weekday()),
            "weeks": WEEKS,
            **chosen,
            "measures": standing,
            "forks": [fork],
            "draws": _draws(standing, fork["branches"]),
            "facts": list(row.facts),
            "note": decision.note or "A branch without measures is what is in force; add what the decision would change.",
        }
    )


def _draws(standing: list[dict[str, Any]], branches_: list[dict[str, Any]]) -> dict[str, Any]:
    """Ranges of the licences that stand or come in a branch, by key."""
    named = [("measures", measure) for measure in standing]
    named += [(f"forks.0.branches.{i}.measures", measure) for i, branch in enumerate(branches_) for measure in branch["measures"]]
    licences = [(place, measure) for place, measure in named if measure["kind"] == "licence"]
    return {f"{place}.{measure['name']}.{key}": spread for place, measure in licences for key, spread in RANGES.items()}


def _chain_base(chain: str) -> dict[str, Any]:
    from ytterby.system import newest_base_year

    return {"base_year": newest_base_year(chain), "chain": chain}


def _standing(day: dt.date, chain: str, facts: Facts) -> list[dict[str, Any]]:
    """Measures in force on the eve: recorded ones of the rare earths, else the licences of the register."""
    from ytterby.scenario import standing_measures

    if chain == "rare-earths":
        forced = [each.measure for each in standing_measures(day) if each.suspended_until is None]
        return [measure.model_dump(by_alias=True, exclude_unset=True) for measure in forced]
    held = _elements_of_chain(chain)
    lines = [
        line for line in control_lines(facts) if (state := line.on(day)) and state.state == "in force" and line.order.kind == "licence"
    ]
    orders = {line.order.id: line.order for line in lines if held & set(line.good.materials)}
    return [_measure(order, facts, dt.date.fromisoformat(order.start), chain) for order in orders.values()]


def _measures(facts: Facts, applies: tuple[str, ...], start: dt.date, chain: str) -> list[dict[str, Any]]:
    orders = {line.order.id: line.order for line in control_lines(facts)}
    return [_measure(orders[name], facts, max(start, dt.date.fromisoformat(orders[name].start)), chain) for name in applies]


def _measure(order: ControlOrder, facts: Facts, start: dt.date, chain: str) -> dict[str, Any]:
    """Measure of an order on the elements of the chain that it names."""
    own = [name for line in control_lines(facts) if line.order.id == order.id for name in line.good.materials]
    named = [name for name in dict.fromkeys(own) if name in _elements_of_chain(chain)]
    common = {"name": order.id, "on": named, "from": order.by, "to": order.to, "start": start, "facts": list(order.facts)}
    if order.kind == "ban":
        return {"kind": "ban", **common}
    if order.kind == "tariff":
        rate = float(order.rate.split()[0]) / 100.0
        return {"kind": "tariff", **common, "on": list(CARRIERS), "from": "all", "to": order.by, "rate": rate, "assumed": ["on"]}
    rules = {"processing_days": WORKING_DAYS, "days": "working", "approval_rate": APPROVAL}
    return {"kind": "licence", **common, **rules, "assumed": ["processing_days", "approval_rate"]}


def _elements_of_chain(chain: str) -> frozenset[str]:
    from ytterby.facts import vocabulary

    parts = {"gallium-germanium": ("Ga", "Ge"), "antimony": ("Sb",)}
    return frozenset(parts.get(chain, tuple(vocabulary.elements())))
