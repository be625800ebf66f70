"""Who acts and who is meant: actors and targets of a claim from the roles in its clause and from the context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.entities import ADJECTIVE
from ytterby.evidence.lexicon import types

if TYPE_CHECKING:
    from ytterby.evidence.entities import Context, Entity
    from ytterby.evidence.extract import Found
    from ytterby.evidence.text import Clause

PAIR_ROLES = frozenset(("subj", "with", "between", "gen", "von", "of", "dat", "by", "to", "under"))
AIMED = frozenset(("against", "with", "dat", "to", "from", "in"))
NOT_BY_VON = frozenset(("import_dependence", "reduce_dependence", "demand", "diversification"))
THINGS = {
    "end_use": ("product", "sector"),
    "tariff_imposed": ("product",),
    "tariff_paused": ("product",),
    "tariff_reduced": ("product",),
    "market_share": ("sector",),
    "cooperation": ("sector",),
    "proposal": ("sector",),
    "policy_goal": ("sector",),
    "negotiation": ("topic",),
    "assessment": ("sector",),
    "expected_effect": ("topic",),
    "investment": ("group",),
    "diversification": ("group",),
    "import_dependence": ("group",),
    "demand": ("group",),
}
"""Kinds of things that are targets of a type."""


def _in(found: Found, clause: Clause) -> list[Entity]:
    return [entity for entity in found.reading.entities if clause.holds(entity.i)]


def _names(chosen: list[Entity]) -> list[str]:
    names: list[str] = []
    for entity in chosen:
        names.append(entity.value)
        if entity.owner:
            names.append(entity.owner)
    return list(dict.fromkeys(names))


def actors_of(found: Found, context: Context) -> list[str]:
    """Actors of a claim; empty where the type has none."""
    policy, here = types()[found.rule.type].actors, _in(found, found.clause)
    if policy == "none":
        return []
    if policy == "subject":
        return _names([e for e in here if e.is_country and (e.role in {"subj", "against", "gen"})])[:2]
    if policy == "pair":
        return _pair(found, here, context)
    chosen = _agent(found, here)
    if chosen:
        return _names(chosen)
    if found.reading.sentence.of("pair", found.clause) and context.pair:
        return list(context.pair)
    return _inherited(found, context)


def _agent(found: Found, here: list[Entity]) -> list[Entity]:
    by = [e for e in here if e.role == "by" or (e.role == "von" and found.rule.type not in NOT_BY_VON)]
    subjects = [e for e in here if e.role == "subj" and e.form != ADJECTIVE]
    leaders = [e for e in here if e.role == "under" and e.value.startswith("person:")]
    owners = [e for e in here if e.role in {"gen", "of"}]
    adjectives = [e for e in here if e.form == ADJECTIVE and e.role in {"subj", "von", "by"}]
    if found.clause.relative and not subjects and not by and found.reading.sentence.at("opener", found.clause.i):
        return _antecedent(found)
    chosen = by or subjects or adjectives or owners
    return [*chosen, *leaders] if chosen else []


def _antecedent(found: Found) -> list[Entity]:
    """The actor named last before a relative clause."""
    before = [e for e in found.reading.entities if e.j <= found.clause.i]
    return before[-1:]


def _pair(found: Found, here: list[Entity], context: Context) -> list[str]:
    partners = [e for e in here if e.role in PAIR_ROLES and e.value.startswith(("country:", "person:", "group:", "org:"))]
    if found.rule.type in {"agreement_signed", "declaration_signed", "agreement_reached"} and any(e.value.startswith("person:") for e in partners):
        return _names([e for e in partners if e.value.startswith("person:")] + [e for e in partners if e.form != ADJECTIVE and not e.value.startswith("person:")])
    names = _names(partners)
    if found.reading.sentence.of("pair", found.clause) and context.pair and len([n for n in names if n.startswith("country:")]) < 2:
        return list(dict.fromkeys([*names, *context.pair]))
    if not names:
        return list(context.pair or context.focus)
    if len(names) == 1 and names[0].startswith("country:") and names[0] in context.pair and found.rule.type != "agreement_planned":
        return list(context.pair)
    return names


def _inherited(found: Found, context: Context) -> list[str]:
    """Actors of the sentence's other clauses, else of the sentence before."""
    before = [e for e in found.reading.entities if e.i < found.clause.i and e.role in {"subj", "by"} and e.form != ADJECTIVE]
    if before:
        return _names(before)
    return list(context.focus or context.pair)


def targets_of(found: Found, actors: list[str]) -> list[str]:
    """Targets of a claim: those aimed at, and things named for types that have them."""
    here = _in(found, found.clause)
    kind, pair = found.rule.type, types()[found.rule.type].actors == "pair"
    aimed = [] if pair else [e for e in here if e.role in AIMED and not (e.role == "in" and kind not in {"investment", "outage"})]
    if kind in NOT_BY_VON:
        aimed += [e for e in here if e.role in {"von", "of", "with"}]
    aimed += [e for e in here if e.form == ADJECTIVE and kind.startswith("tariff") and e.value not in actors]
    names = [name for name in _names(aimed) if name not in actors]
    sentence, wanted = found.reading.sentence, THINGS.get(kind, ())
    things = [f"{hit.kind}:{hit.value}" for hit in sentence.hits if hit.kind in wanted and found.clause.holds(hit.i)]
    return list(dict.fromkeys([*names, *things]))
