"""Actors that another clause or sentence lends a claim, where its own clause names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.claims import countries_and_groups
from ytterby.evidence.events import event_families
from ytterby.evidence.rules.mentions import ADJECTIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.mentions import EntityMention
    from ytterby.evidence.rules.rule_matching import RuleMatch

POINTERS = ("pronoun", "government", "demonstrative", "possessive", "pair", "joint")
"""Kinds of words that refer back to who acts."""
OF_STATES = frozenset(("trade_control", "duty"))
"""Traits of acts of states: a later sentence about such an act is about the state that the text last named as doing it."""
UNNAMED = frozenset(("group:companies", "group:other countries"))
"""Groups that no claim takes over from elsewhere."""


def names_of(entities: Sequence[EntityMention]) -> list[str]:
    """Names of entities, each person followed by the country of the office."""
    return list(dict.fromkeys(name for entity in entities for name in (entity.value, entity.owner) if name))


def inherited_actors(match: RuleMatch, context: DiscourseContext) -> list[str]:
    """Actors of the earlier clauses of the sentence, of the last act of the family, else of the sentences before.

    An act that needs an actor of its own takes none from afar: only from the sentence before, or where a word refers back. A plant that
    stands still takes a firm only, and what happens to supplies takes nobody. In marked articles these were wrong in most cases.
    """
    traits = match.type.traits
    if "no_lent_actor" in traits:
        return []
    if firm := firm_referred_to(match, context):
        return [firm]
    before = [e for e in match.parsed.entities if e.i < match.clause.i and e.role in {"subj", "by"} and e.form != ADJECTIVE]
    if not before and (owner := _of_last_act(match, context)):
        return owner
    if not before and "own_actor" in traits and not context.is_fresh and not any(match.has(kind) for kind in POINTERS):
        return []
    names = names_of(before) or _of_states(list(context.focus or context.pair))
    return [name for name in names if name not in UNNAMED and ("lent_by_firms" not in traits or name.startswith("org:"))]


def _of_states(names: list[str]) -> list[str]:
    """Names without those of holders of office where their states stand beside them."""
    return [name for name in names if not name.startswith("person:")] if countries_and_groups(names) else names


def firm_referred_to(match: RuleMatch, context: DiscourseContext) -> str:
    """The firm that *the company* in the clause, or *we* in its mouth, means, or the only one of the text; empty if there is none."""
    if "firm" not in match.type.traits:
        return ""
    if match.has("firm_ref") or match.has("first_person"):
        return context.company
    named = set(context.companies.values())
    is_alone = len(named) == 1 and not any(e.i < match.clause.i and e.role in {"subj", "by"} for e in match.parsed.entities)
    return f"org:{named.pop()}" if is_alone else ""


def _of_last_act(match: RuleMatch, context: DiscourseContext) -> list[str]:
    """Who did the last act of the same family, for acts of states."""
    family = event_families().get(match.rule.type) if OF_STATES & match.type.traits else None
    act = context.acts.get(family.name) if family else None
    return list(act["actors"]) if act else []
