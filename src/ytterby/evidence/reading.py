"""One sentence with all that was found in it, and the rules that fired on its clauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.evidence.dates import find as find_dates

if TYPE_CHECKING:
    from datetime import date

    from ytterby.evidence.attribution import Source
    from ytterby.evidence.dates import DateRef
    from ytterby.evidence.entities import Entity
    from ytterby.evidence.lexicon import Hit, Rule
    from ytterby.evidence.quantities import Quantity
    from ytterby.evidence.text import Clause, Sentence

CONTROLS = frozenset(
    ("ban", "export_control_imposed", "export_control_tightened", "export_control_eased", "export_control_suspended", "licence", "quota")
)
"""Types of acts at a border."""
SHARES = frozenset(("share_world", "share"))
"""Families of quantities that are shares of a market."""


@dataclass
class Reading:
    """One sentence with all that was found in it."""

    sentence: Sentence
    entities: list[Entity]
    quantities: list[Quantity]
    source: Source | None
    published: date | None = None
    ahead: bool = False

    @cached_property
    def dates(self) -> list[DateRef]:
        """Dates of the sentence; looked for when a claim needs them."""
        return find_dates(self.sentence, self.published)


@dataclass
class Found:
    """A rule that fired on a clause, before its fields are filled."""

    rule: Rule
    reading: Reading
    clause: Clause
    key: Hit
    quantity: Quantity | None = None
    extent: list[Clause] = field(default_factory=list)

    def holds(self, at: int) -> bool:
        """Whether a word stands in the clause or in those that hang on it."""
        return self.clause.holds(at) or any(clause.holds(at) for clause in self.extent)


def is_mining(sentence: Sentence, hit: Hit) -> bool:
    """``Förderung`` means mining unless *of* something that is no material follows: then it is promotion."""
    after = sentence.at("prep", hit.j)
    if after is None or after.value not in {"von", "of"}:
        return not sentence.at("det", hit.j)
    return any(h.kind in {"material", "element"} and h.i <= after.j + 1 and h.j > after.j for h in sentence.hits)
