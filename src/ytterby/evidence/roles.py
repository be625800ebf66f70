"""Who acts and who is meant: actors and targets of a claim from the roles in its clause and from the context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.entities import ADJECTIVE
from ytterby.evidence.lexicon import types
from ytterby.evidence.reading import CONTROLS

if TYPE_CHECKING:
    from ytterby.evidence.entities import Context, Entity
    from ytterby.evidence.reading import Found
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
    names = _actors(found, context)
    if found.rule.type in STATES and any(name.startswith(("country:", "group:")) for name in names):
        names = [name for name in names if not name.startswith("person:")]
    return names


def _actors(found: Found, context: Context) -> list[str]:
    policy, here = types()[found.rule.type].actors, _in(found, found.clause)
    if policy == "none":
        return []
    if policy == "subject":
        users = _names([e for e in here if e.value.startswith("country:") and e.role in {"subj", "against", "gen"}])[:2]
        owned = not users and bool(found.reading.sentence.of("possessive", found.clause)) and bool(_things(found, ("sector",)))
        return [name for name in context.focus if name.startswith("country:")][:1] if owned else users
    if policy == "org":
        named = [
            e.value for e in found.reading.entities if e.value.startswith("org:") or (e.value.startswith("group:") and e.form != "group")
        ]
        return named[:1] or ([context.bloc] if context.bloc else [])
    if found.reading.sentence.of("demonstrative", found.clause) and found.rule.type.startswith("tariff") and context.tariff[0] and not here:
        return list(context.tariff[0])
    if policy == "pair" and not (found.rule.id in DEAL_RULES and context.deal[0] and not here):
        return _pair(found, here, context)
    if found.rule.type in PLACED and (places := [e for e in here if e.role == "in" and e.is_country]):
        return _names(places)
    if found.rule.id in DEAL_RULES and context.deal[0] and not any(e.role == "subj" and e.form != ADJECTIVE for e in here):
        return list(context.deal[0])
    chosen = _owner_of_key(found, here) or _agent(found, here)
    if chosen:
        return _names(chosen)
    sentence = found.reading.sentence
    joint = sentence.of("joint", found.clause) and not any(e.role == "with" for e in here)
    if context.pair and (sentence.of("pair", found.clause) or joint):
        return list(context.pair)
    return _inherited(found, context)


PLACED = frozenset(("outage", "stockpile"))
"""Types whose actor is where the thing stands, if a place is named."""

STATES = frozenset(("market_share", "import_dependence", "quota", "licence", "membership"))
"""Types in which a person stands only for the country."""

DEAL_RULES = frozenset(("cooperation-foreseen", "initiative-planned"))
"""Rules whose subject is a proposal or agreement: they act who made it."""

OWNED = frozenset(("market_share", "proposal", "export_control_imposed"))


def _owner_of_key(found: Found, here: list[Entity]) -> list[Entity]:
    """Who owns the key noun: ``China's monopoly``, ``das Monopol Chinas``."""
    if found.rule.type not in OWNED:
        return []
    return [e for e in here if e.role == "gen" and (found.key.i - 2 <= e.j <= found.key.i or found.key.j <= e.i <= found.key.j + 1)][:1]


def _agent(found: Found, here: list[Entity]) -> list[Entity]:
    by = [e for e in here if e.role == "by" or (e.role == "von" and found.rule.type not in NOT_BY_VON)]
    subjects = [e for e in here if e.role == "subj" and e.form != ADJECTIVE]
    leaders = [e for e in here if e.role == "under" and e.value.startswith("person:")]
    owners = [e for e in here if e.role in {"gen", "of"}]
    paired = bool(found.reading.sentence.of("pair", found.clause))
    adjectives = [e for e in here if e.form == ADJECTIVE and e.role in {"subj", "by"} and not paired]
    if found.clause.relative and not subjects and not by and not owners:
        return _antecedent(found)
    first_verb = min((h.i for h in found.reading.sentence.of("finite", found.clause)), default=0)
    if any(e.role == "gen" and e.j <= first_verb for e in here) and not by and all(e.i > first_verb for e in subjects):
        subjects = [e for e in owners if e.j <= first_verb]
    chosen = by or subjects or adjectives or owners
    return [*chosen, *leaders] if chosen else []


def _antecedent(found: Found) -> list[Entity]:
    """The actor named last before a relative clause."""
    before = [e for e in found.reading.entities if e.j <= found.clause.i]
    return [e for e in before[-2:] if e is before[-1] or e.role == before[-1].role == "between"]


def _pair(found: Found, here: list[Entity], context: Context) -> list[str]:
    partners = [e for e in here if e.role in PAIR_ROLES and e.value.startswith(("country:", "person:", "group:", "org:"))]
    if found.rule.type in {"agreement_signed", "declaration_signed", "agreement_reached"} and any(
        e.value.startswith("person:") for e in partners
    ):
        return _names(
            [e for e in partners if e.value.startswith("person:")]
            + [e for e in partners if e.form != ADJECTIVE and not e.value.startswith("person:")]
        )
    names = _names(partners)
    if (
        (found.reading.sentence.of("pair", found.clause) or found.reading.sentence.of("joint", found.clause))
        and context.pair
        and len([n for n in names if n.startswith("country:")]) < 2
    ):
        return list(dict.fromkeys([*names, *context.pair]))
    if not names and (found.clause.head is not None or _starts_purpose(found)):
        return _inherited(found, context)
    if not names:
        return list(context.pair or context.focus)
    if len(names) == 1 and names[0].startswith("country:") and names[0] in context.pair and found.rule.type != "agreement_planned":
        return list(context.pair)
    return names


def _starts_purpose(found: Found) -> bool:
    clause = found.clause
    return any(clause.i <= hit.i <= clause.i + 1 for hit in found.reading.sentence.of("purpose"))


def _inherited(found: Found, context: Context) -> list[str]:
    """Actors of the sentence's other clauses, else of the sentence before."""
    before = [e for e in found.reading.entities if e.i < found.clause.i and e.role in {"subj", "by"} and e.form != ADJECTIVE]
    if before:
        return _names(before)
    return list(context.focus or context.pair)


def _is_led(found: Found, at: int) -> bool:
    """Whether a word stands in the clause on which a relative clause hangs."""
    clauses = found.reading.sentence.clauses
    index = clauses.index(found.clause)
    return found.clause.relative and index > 0 and found.rule.type == "market_share" and clauses[index - 1].holds(at)


def _things(found: Found, wanted: tuple[str, ...]) -> list[str]:
    """Labels of things named in the clause and its extent."""
    sentence = found.reading.sentence
    return [f"{hit.kind}:{hit.value}" for hit in sentence.hits if hit.kind in wanted and (found.holds(hit.i) or _is_led(found, hit.i))]


def targets_of(found: Found, actors: list[str], context: Context) -> list[str]:
    """Targets of a claim: those aimed at, and things named for types that have them."""
    here = [entity for entity in found.reading.entities if found.holds(entity.i)]
    kind, pair = found.rule.type, types()[found.rule.type].actors == "pair"
    aimed = [] if pair else [e for e in here if e.role in AIMED and not (e.role == "in" and kind not in {"investment", "outage"})]
    if kind in NOT_BY_VON:
        aimed += [e for e in here if e.role in {"von", "of", "with"}]
    aimed += [e for e in here if e.form == ADJECTIVE and kind.startswith("tariff") and e.value not in actors]
    if kind == "membership":
        aimed = [e for e in here if e.value.startswith("country:")]
    if kind == "import_dependence":
        aimed += [e for e in here if e.role == "in" or e.value == "group:other countries"]
    verb = min((h.i for h in found.reading.sentence.of("finite", found.clause)), default=0)
    if kind in AFFECTING:
        aimed += [e for e in here if e.role == "subj" and e.i > verb and e.is_country]
    if kind in CONTROLS:
        aimed += [e for e in here if e.role == "in" and e.is_country]
    if any(e.role in {"von", "by"} and e.value in actors for e in here) and kind not in NOT_BY_VON:
        aimed += [e for e in here if e.role == "subj" and e.value.startswith("country:")]
    if kind in {"proposal", "cooperation"} and not pair and not aimed:
        aimed = [e for e in found.reading.entities if e.role in {"to", "with", "dat"} and e.is_country]
    names = [name for name in _names(aimed) if name not in actors]
    if kind in {"technical_assistance", "cooperation"} and not names and not pair | (len(actors) > 1):
        names = [name for name in [*context.deal[1], *context.deal[0]] if name not in actors][:1]
    if kind.startswith("tariff") and not names and actors == context.tariff[0]:
        names = list(context.tariff[1])
    things = _things(found, THINGS.get(kind, ()))
    things = [name for name in things if not (name.startswith("sector:") and "product:" + name[7:] in things)]
    if "product:magnets" in things and not found.reading.sentence.of("anaphor", found.clause) and len(things) > 1:
        things.remove("product:magnets")
    return list(dict.fromkeys([*names, *things]))


AFFECTING = frozenset(("supply_impact", "threat"))
"""Types whose object is whoever is hit."""
