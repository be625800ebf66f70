"""Actors and targets of a claim, from the roles of the entities in its clause and from the context."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.evidence.claims import countries_and_groups
from ytterby.evidence.rules.entities import COMPANIES
from ytterby.evidence.rules.inherited_actors import inherited_actors, names_of
from ytterby.evidence.rules.mentions import ADJECTIVE, GOVERNMENT, METONYM
from ytterby.evidence.rules.modality import is_future
from ytterby.evidence.tables import host_of_firms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.mentions import EntityMention
    from ytterby.evidence.rules.rule_matching import RuleMatch

PARTNER_ROLES = frozenset(("subj", "obj", "with", "between", "gen", "of_or_by", "of", "dat", "by", "to", "under"))
TARGET_ROLES = frozenset(("obj", "against", "with", "dat", "to", "from", "in"))
ACTS_ON_OTHERS = frozenset(("trade_control", "duty"))
"""Traits of acts that aim at somebody: the subject of their passive is never who acts."""
STOPS_PLANT = "stops_plant"
"""Trait of acts that stop a plant: its country is the target."""
SITED = frozenset(("in", "gen", "of", "from", "of_or_by"))
"""Roles of the country of a plant."""
MAX_ADVERBS = 2
"""Words between an auxiliary and its participle."""
DEAL_RULES = frozenset(("cooperation-foreseen", "initiative-planned"))
"""Rules whose subject is a proposal or an agreement: the actors are those who made it."""


def actors_of(match: RuleMatch, context: DiscourseContext) -> list[str]:
    """Actors of a claim; empty if its event type has none."""
    names = _actors(match, context)
    if "of_states" in match.type.traits and countries_and_groups(names):
        names = [name for name in names if not name.startswith("person:")]
    return names


def _actors(match: RuleMatch, context: DiscourseContext) -> list[str]:
    policy, here = match.type.actors, [e for e in match.parsed.entities if match.clause.contains(e.i)]
    if policy == "none":
        return []
    if policy == "subject":
        return _users(match, here, context)
    if policy == "org":
        named = [
            e.value for e in match.parsed.entities if e.value.startswith("org:") or (e.value.startswith("group:") and e.form != "group")
        ]
        return named[:1] or ([context.organisation] if context.organisation else [])
    if match.rule.type.startswith("tariff") and match.has("demonstrative") and context.tariff[0] and not here:
        return list(context.tariff[0])
    concerns_deal = match.rule.id in DEAL_RULES and bool(context.deal[0])
    if policy == "pair" and not (concerns_deal and not here):
        return _partners(match, here, context)
    if "located" in match.type.traits and (firms := [e for e in here if e.form == "company"]):
        return names_of(firms[:1])
    if STOPS_PLANT in match.type.traits:
        return names_of(_who_orders(match, here)) or inherited_actors(match, context)
    if "located" in match.type.traits and (places := [e for e in here if e.role == "in" and e.is_country]):
        return names_of(places)
    if concerns_deal and not any(e.role == "subj" and e.form != ADJECTIVE for e in here):
        return list(context.deal[0])
    chosen = _owner_of_key(match, here) or _agents(match, here)
    if chosen and not all(e.value == COMPANIES for e in chosen):
        return names_of(chosen)
    is_joint = match.has("joint") and not any(e.role == "with" for e in here)
    if context.pair and (match.has("pair") or is_joint):
        return list(context.pair)
    return inherited_actors(match, context)


def _who_orders(match: RuleMatch, here: list[EntityMention]) -> list[EntityMention]:
    """Who stops a plant by an act of his own: a state, an office or an authority, not the place of the plant."""
    acting = [e for e in _agents(match, here) if e.form in {"country", METONYM, GOVERNMENT} and e.role in {"subj", "by"}]
    return acting or [e for e in here if e.role in {"subj", "by"} and e.value.startswith("org:")]


def _users(match: RuleMatch, here: list[EntityMention], context: DiscourseContext) -> list[str]:
    """Countries that use a material: those in the clause, or the one to which a possessive refers."""
    users = names_of([e for e in here if e.value.startswith("country:") and e.role in {"subj", "against", "gen"}])[:2]
    is_owned = not users and match.has("possessive") and bool(_things(match, frozenset(("sector",))))
    return [context.country] if is_owned and context.country else users


def _owner_of_key(match: RuleMatch, here: list[EntityMention]) -> list[EntityMention]:
    """Owner of the key noun: ``China's monopoly``, ``das Monopol Chinas``."""
    if "owned" not in match.type.traits:
        return []
    key = match.key
    return [e for e in here if e.role == "gen" and (key.i - 2 <= e.j <= key.i or key.j <= e.i <= key.j + 1)][:1]


def _agents(match: RuleMatch, here: list[EntityMention]) -> list[EntityMention]:
    """Who acts: the agent of a passive, else the subject, an adjective or a genitive."""
    by = [e for e in here if e.role == "by" or (e.role == "of_or_by" and "of_names_target" not in match.type.traits)]
    subjects = [e for e in here if e.role == "subj" and e.form != ADJECTIVE]
    if ACTS_ON_OTHERS & match.type.traits and is_passive(match):
        subjects = [e for e in subjects if is_speaker(match, e) and match.has("possessive")]
    leaders = [e for e in here if e.role == "under" and e.is_person]
    owners = [e for e in here if e.role in {"gen", "of"}]
    adjectives = [e for e in here if e.form == ADJECTIVE and e.role in {"subj", "by"} and not match.has("pair")]
    if match.clause.relative and not subjects and not by and not owners:
        return antecedents(match)
    if not subjects and not by and not owners and ACTS_ON_OTHERS & match.type.traits:
        owners = [e for e in here if e.role == "in" and e.form == METONYM]
    verb = _first_verb(match)
    if any(e.role == "gen" and e.j <= verb for e in here) and not by and all(e.i > verb for e in subjects):
        subjects = [e for e in owners if e.j <= verb]
    chosen = by or subjects or adjectives or owners
    return [*chosen, *leaders] if chosen else []


def is_speaker(match: RuleMatch, entity: EntityMention) -> bool:
    """Whether a subject only says what the rest of the clause tells: ``Chile said its quota was cut``."""
    sentence = match.sentence
    said = [hit.i for kind in ("say", "report_v") for hit in sentence.of(kind, match.clause) if hit.i >= entity.j]
    auxiliaries = [hit.i for hit in sentence.of("passive", match.clause)]
    return bool(said and auxiliaries) and min(said) < max(auxiliaries)


def is_passive(match: RuleMatch) -> bool:
    """Whether the clause is passive in the verb of its act, so that its subject is not who acts: ``Japan was hit by a ban``."""
    sentence, clause, pattern = match.sentence, match.clause, match.sentence.settings["past_participle"]
    auxiliaries = [hit.i for hit in sentence.of("passive", clause)]
    if not auxiliaries:
        return False
    verbs = [hit.i for hit in sentence.of("concept", clause) if re.search(pattern, sentence.lows[hit.i])]
    if sentence.settings["nouns_capital"]:
        return bool(verbs) and not is_future(sentence, clause)
    return any(0 < verb - aux <= MAX_ADVERBS + 1 for verb in verbs for aux in auxiliaries)


def _first_verb(match: RuleMatch) -> int:
    return min((h.i for h in match.sentence.of("finite", match.clause)), default=0)


def antecedents(match: RuleMatch) -> list[EntityMention]:
    """The entity named last before a relative clause, or both of ``between A and B``."""
    before = [e for e in match.parsed.entities if e.j <= match.clause.i]
    return [e for e in before[-2:] if e is before[-1] or e.role == before[-1].role == "between"]


def _partners(match: RuleMatch, here: list[EntityMention], context: DiscourseContext) -> list[str]:
    """Parties of an agreement or talks; the pair of countries in the context completes them."""
    partners = [e for e in here if e.role in PARTNER_ROLES and e.value.startswith(("country:", "person:", "group:", "org:"))]
    persons = [e for e in partners if e.is_person]
    if "signed" in match.type.traits and persons:
        return names_of(persons + [e for e in partners if e.form != ADJECTIVE and not e.is_person])
    names = names_of(partners)
    countries = [name for name in names if name.startswith("country:")]
    if context.pair and len(countries) < 2 and (match.has("pair") or match.has("joint")):
        return list(dict.fromkeys([*names, *context.pair]))
    if not names and (match.clause.head is not None or match.sentence.is_purpose(match.clause)):
        return inherited_actors(match, context)
    if not names:
        return list(context.pair or context.focus)
    if len(names) == 1 and countries and partners[0].role == "with" and (host := context.power) and host not in names:
        return [*names, host]
    if len(names) == 1 and countries and names[0] in context.pair and match.rule.type != "agreement_planned":
        return list(context.pair)
    return names


def _things(match: RuleMatch, kinds: frozenset[str]) -> list[str]:
    """Products, sectors and topics named in the clause and its extent."""
    head = match.sentence.clause_before(match.clause) if match.rule.type == "market_share" else None
    hits = [hit for hit in match.sentence.hits if hit.kind in kinds]
    return [f"{hit.kind}:{hit.value}" for hit in hits if match.contains(hit.i) or (head and head.contains(hit.i))]


def targets_of(match: RuleMatch, actors: list[str], context: DiscourseContext) -> list[str]:
    """Targets of a claim: countries and organisations at which it aims, and things if its event type has them."""
    names = [name for name in names_of(_targeted(match, actors)) if name not in actors or STOPS_PLANT in match.type.traits]
    kind, is_pair = match.rule.type, match.type.actors == "pair"
    if kind in {"technical_assistance", "cooperation"} and not names and not is_pair and len(actors) <= 1:
        names = [name for name in [*context.deal[1], *context.deal[0]] if name not in actors][:1]
    if kind.startswith("tariff") and not names and actors == context.tariff[0]:
        names = list(context.tariff[1])
    if not names and "placed" in match.type.traits:
        names = _host_of_plant(match, actors) or (_home_of_firms(context) if _firms(actors) else [])
    things = _things(match, match.type.things)
    if kind.startswith("tariff") and match.has("material"):
        things = [name for name in things if name != "product:magnets"]
    things = [name for name in things if not (name.startswith("sector:") and "product:" + name[7:] in things)]
    if "product:magnets" in things and len(things) > 1 and not match.has("anaphor"):
        things.remove("product:magnets")
    return list(dict.fromkeys([*names, *things]))


def _firms(names: Iterable[str]) -> list[str]:
    return [name.partition(":")[2] for name in names if name.startswith("org:")]


def _host_of_plant(match: RuleMatch, actors: list[str]) -> list[str]:
    """The country of a site that the clause names, else that of the plants of the firm that acts, as the facts have them."""
    sites = [hit.value for hit in match.sentence.of("site") if match.contains(hit.i)]
    named = [e.value for e in match.parsed.entities if e.form == "company" and match.contains(e.i)]
    known = (host_of_firms().get(name, "") for name in _firms([*actors, *named]))
    return list(dict.fromkeys(sites))[:1] or [host for host in known if host][:1]


def _home_of_firms(context: DiscourseContext) -> list[str]:
    """The country that the text names far more often than others, unless it does so for that country's controls or duties."""
    restricts = any(context.home in act["actors"] for act in context.acts.values())
    return [context.home] if context.home and not restricts else []


def _targeted(match: RuleMatch, actors: list[str]) -> list[EntityMention]:
    """Entities at which a claim aims, by their roles."""
    here = [e for e in match.parsed.entities if match.contains(e.i) and not (e.guessed and e.form == GOVERNMENT)]
    kind, traits, is_pair = match.rule.type, match.type.traits, match.type.actors == "pair"
    places = {"investment", "outage"}
    found = [] if is_pair else [e for e in here if e.role in TARGET_ROLES and (e.role != "in" or kind in places)]
    if "of_names_target" in traits:
        found += [e for e in here if e.role in {"of_or_by", "of", "with"}]
    found += [e for e in here if e.form == ADJECTIVE and kind.startswith("tariff") and e.value not in actors]
    if kind == "membership":
        found = [e for e in here if e.value.startswith("country:")]
    if kind == "import_dependence":
        found += [e for e in here if e.role == "in" or e.value == "group:other countries"]
    if STOPS_PLANT in traits:
        found += [e for e in here if e.is_country and (e.role in SITED or e.form == ADJECTIVE)] or [
            e for e in here if e.is_country and e.role == "subj"
        ]
    if "affecting" in traits:
        found += [e for e in here if e.role == "subj" and e.i > _first_verb(match) and e.is_country]
    if "trade_control" in traits:
        found += [e for e in here if e.role == "in" and e.is_country]
    if ACTS_ON_OTHERS & traits and is_passive(match):
        found += [e for e in here if e.role == "subj" and e.form != ADJECTIVE and e.is_country and not is_speaker(match, e)]
    has_agent = any(e.role in {"of_or_by", "by"} and e.value in actors for e in here)
    if has_agent and "of_names_target" not in traits:
        found += [e for e in here if e.role == "subj" and e.value.startswith("country:")]
    if kind in {"proposal", "cooperation"} and not is_pair and not found:
        found = [e for e in match.parsed.entities if e.role in {"to", "with", "dat"} and e.is_country]
    return found
