"""What governments have promised each other already, as a packaged table with sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ytterby import tables
from ytterby.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOM = "ytterby.cooperation"


@dataclass(frozen=True)
class RecordedCommitment:
    """A project, pact or contract that is on record."""

    project: str
    parties: str
    """Who is part of it, codes separated by spaces."""
    published: str
    """Who pays or gets what."""
    paid: str
    """Amounts in one unit by payer, ``EU:106 JP:110``; empty where none are named."""
    facts: str
    """Ids of the figures and events."""
    why: str
    """Why shares of the model differ."""

    @property
    def shares(self) -> dict[str, float]:
        """Share of each payer [1]; empty where none are named."""
        amounts = {code: float(amount) for code, _, amount in (part.partition(":") for part in self.paid.split())}
        total = sum(amounts.values())
        return {code: amount / total for code, amount in amounts.items()}


@cache
def all_commitments() -> tuple[RecordedCommitment, ...]:
    """All that are on record.

    Raises
    ------
    FactError
        If a row names no figure, or a payer that is no party of it.
    """
    found = tables.records(ROOM, "tables/commitments", RecordedCommitment)
    for line, row in enumerate(found, start=2):
        if not row.facts.strip() or not set(row.shares) <= set(row.parties.split()):
            raise FactError(f"commitments.csv line {line}: '{row.project}' names no figure, or a payer that is no party of it")
    return found


def commitments_of(codes: Sequence[str]) -> list[RecordedCommitment]:
    """Commitments that some of these parties are part of; those of most of them first."""
    parties = set(codes)
    rows = [row for row in all_commitments() if parties & set(row.parties.split())]
    return sorted(rows, key=lambda row: -len(parties & set(row.parties.split())))
