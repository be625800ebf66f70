"""Dated decisions on minerals and duties: ends of suspensions and pauses, deadlines, ministerials, court rulings, with their branches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ytterby.facts import periods, vocabulary
from ytterby.facts.register import later_facts
from ytterby.tables import records, rows

if TYPE_CHECKING:
    from ytterby.facts.load import Facts


@dataclass(frozen=True)
class DecisionRecord:
    """A decision with the day by which it falls (ISO), and the facts that say so and, once it fell, what it was.

    ``subject`` is a temporary state of ``schema/states.csv`` that ends on the day, ``scenario`` a bundled one with a fork on it,
    ``chain`` the minerals that a drafted scenario would be about.
    """

    id: str
    date: str
    kind: str
    decision: str
    by: str
    subject: str
    facts: tuple[str, ...]
    decided_by: tuple[str, ...]
    outcome: str
    scenario: str
    chain: str
    note: str

    @property
    def day(self) -> dt.date:
        """Day by which it falls."""
        return dt.date.fromisoformat(self.date)


@dataclass(frozen=True)
class DecisionBranch:
    """A way in which a decision can go.

    Its probability is assumed (`p` from `low` to `high`), or follows by `rule` from the recurrence of restrictions: terms
    ``COUNTRY FAMILY TARGET`` taken from one another. ``applies`` are orders of the register that are then in force.
    """

    decision: str
    label: str
    p: float | None
    low: float | None
    high: float | None
    rule: str
    applies: tuple[str, ...]


def decisions() -> tuple[DecisionRecord, ...]:
    """All decisions on record, oldest first."""
    return tuple(sorted(records("ytterby.facts", "data/register/decisions", DecisionRecord), key=lambda item: (item.date, item.id)))


@cache
def branches() -> dict[str, tuple[DecisionBranch, ...]]:
    """Branches by decision."""
    found: dict[str, list[DecisionBranch]] = {}
    for row in rows("ytterby.facts", "data/register/branches"):
        p, low, high = (float(row[name]) if row[name] else None for name in ("p", "low", "high"))
        branch = DecisionBranch(row["decision"], row["label"], p, low, high, row["rule"], tuple(row["applies"].split()))
        found.setdefault(branch.decision, []).append(branch)
    return {name: tuple(each) for name, each in found.items()}


def followed_by(decision: DecisionRecord, facts: Facts) -> tuple[str, ...]:
    """Facts that say how a decision went: packaged ones, or a user's row with ``state: SUBJECT`` or the decision's id."""
    states = [row for row in vocabulary.listed("states").values() if decision.subject and row["subject"] == decision.subject]
    packaged = (*decision.decided_by, *(name for row in states for name in row["followed_by"].split()))
    later = later_facts(facts)
    own = later[later["subject"].isin({decision.subject, decision.id} - {""})]
    starts = {str(id_): periods.start(period) for id_, period in own["period"].items()}
    return tuple(dict.fromkeys((*packaged, *(id_ for id_, start in starts.items() if start and start >= decision.day))))
