"""Matching of rules to clauses: the concepts that a clause mentions decide which event types it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from ytterby.evidence.clause_model import clause_model
from ytterby.evidence.rules.dates import find_dates
from ytterby.evidence.rules.quantities import FAMILIES, find_quantities
from ytterby.evidence.tables import claim_rules, event_types, rules_by_trigger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ytterby.evidence.lexicon import Lexicon, LexiconHit
    from ytterby.evidence.rules.dates import DateMention
    from ytterby.evidence.rules.mentions import ClaimSource, EntityMention
    from ytterby.evidence.rules.quantities import QuantityMention
    from ytterby.evidence.rules.sentences import Clause, ClauseReading, Sentence
    from ytterby.evidence.tables import ClaimRule, EventType

Concepts = dict[str, list["LexiconHit | None"]]
"""Concepts of a clause with their hits; None stands for a quantity, which is no hit of the lexicon."""

SHARE_FAMILIES = frozenset(("share_world", "share"))
"""Families of quantities that are shares of a market."""
CONCEPT_OF_KIND = {
    "place": "country",
    "material": "material",
    "element": "material",
    "anaphor": "material",
    "stage": "stage",
    "product": "product",
    "sector": "sector",
    "plan": "plan",
    "member": "member_n",
    "neg": "neg",
    "role": "role_n",
    "pair": "pair_n",
}
"""Kinds of hits that count as a concept of their own."""
WIDE, NEAR = "wide", 1
"""Flag of rules of which only so many further conditions must hold in the clause itself, the rest in its sentence."""
FIGURES = frozenset(("number", "vague", "unit"))
"""Kinds of hits that make figures."""
QUANTITIES = frozenset((*FAMILIES.values(), *SHARE_FAMILIES, "money", "price", "count", "degree", "times", "amount", "tariff_rate"))
"""Families of quantities, which are only found in sentences where a rule may hold."""
MAX_SETS = 20_000
"""Sets of concepts for which it is kept whether a rule may hold."""
MATCHED_KINDS = frozenset(("concept", "ambig", *CONCEPT_OF_KIND))


@dataclass
class ParsedSentence:
    """A sentence with its entities, quantities, dates and source."""

    sentence: Sentence
    entities: list[EntityMention]
    lexicon: Lexicon
    source: ClaimSource | None
    published: date | None = None

    @cached_property
    def quantities(self) -> list[QuantityMention]:
        """Quantities of the sentence, found when a rule or a claim first needs them."""
        return find_quantities(self.sentence, self.lexicon)

    @cached_property
    def dates(self) -> list[DateMention]:
        """Dates of the sentence, found when a claim first needs them."""
        return find_dates(self.sentence, self.published)

    def reading(self, clause: Clause) -> ClauseReading:
        """What the clause model makes of a clause of the sentence, read once."""
        if clause.reading is None:
            (clause.reading,) = clause_model().read([(self.sentence, clause)])
        return clause.reading


@dataclass
class RuleMatch:
    """A rule that holds in a clause; ``key`` is the word that triggered it.

    ``extent`` lists the following clauses that belong to the claim, and ``quantity`` the quantity of a claim that was split
    by quantities. ``act`` are the fields of the claim that a general noun takes up, ``probability`` is that of the clause model.
    """

    rule: ClaimRule
    parsed: ParsedSentence
    clause: Clause
    key: LexiconHit
    quantity: QuantityMention | None = None
    extent: list[Clause] = field(default_factory=list)
    act: Mapping[str, Any] | None = None
    probability: float | None = None

    @property
    def type(self) -> EventType:
        """The event type that the rule reports."""
        return event_types()[self.rule.type]

    @property
    def sentence(self) -> Sentence:
        """The sentence of the clause."""
        return self.parsed.sentence

    def contains(self, at: int) -> bool:
        """Whether word ``at`` belongs to the clause or to its extent."""
        return self.clause.contains(at) or any(clause.contains(at) for clause in self.extent)

    def has(self, kind: str) -> bool:
        """Whether the clause holds a hit of a kind."""
        return bool(self.sentence.of(kind, self.clause))


def is_mining(sentence: Sentence, hit: LexiconHit) -> bool:
    """Whether an ambiguous word such as German ``Förderung`` means mining; before *of* and no material it means promotion."""
    after = sentence.at("prep", hit.j)
    if after is None or after.value not in {"of_or_by", "of"}:
        return not sentence.at("det", hit.j)
    return any(h.kind in {"material", "element"} and h.i <= after.j + 1 and h.j > after.j for h in sentence.hits)


def can_match(sentence: Sentence) -> bool:
    """Whether a rule may hold in the sentence: one whose concepts it mentions, figures taken on trust."""
    if sentence.may_match is None:
        sentence.may_match = _may_match(sentence)
    return sentence.may_match


def _may_match(sentence: Sentence) -> bool:
    by_kind = sentence.by_kind
    present = {hit.value for hit in by_kind.get("concept", ())}
    if rules_by_trigger().keys().isdisjoint(present):
        return False
    present.update([CONCEPT_OF_KIND[kind] for kind in by_kind.keys() & CONCEPT_OF_KIND.keys()])
    if "ambig" in by_kind:
        present.add("stage")
    if "place" in by_kind:
        present.add("org")
    if sentence.digits or not FIGURES.isdisjoint(by_kind):
        present |= QUANTITIES
    return _is_enough(frozenset(present))


@lru_cache(MAX_SETS)
def _is_enough(present: frozenset[str]) -> bool:
    """Whether a set of concepts meets all conditions of a rule."""
    triggers, rules = rules_by_trigger(), claim_rules()
    numbers = {number for name in present if name in triggers for number in triggers[name]}
    return any(all(not present.isdisjoint(names) for names in rules[number].when[1:]) for number in numbers)


def match_rules(parsed: ParsedSentence, clause: Clause) -> list[RuleMatch]:
    """Rules that hold in a clause, in order of priority; a word that triggered one rule triggers no other."""
    present = _concepts(parsed, clause)
    if not present:
        return []
    whole: Concepts = {}
    found: list[RuleMatch] = []
    used: set[int] = set()
    triggers, rules = rules_by_trigger(), claim_rules()
    for number in sorted({number for name in present for number in triggers.get(name, ())}):
        rule = rules[number]
        if WIDE in rule.flags and not whole:
            whole = _concepts(parsed, None)
        reach = whole if WIDE in rule.flags else present
        if not all(names & (present if at < NEAR else reach).keys() for at, names in enumerate(rule.when[1:])) or any(
            names <= present.keys() for names in rule.unless
        ):
            continue
        key = _key(rule, present, used, reach)
        if key is None or rule.type in {other.rule.type for other in found} or _is_barred(rule, parsed, clause, key, found, present):
            continue
        found.append(RuleMatch(rule, parsed, clause, key))
        used.update(range(key.i, key.j))
        used.add(key.last)
        if "whole" in rule.flags:
            break
    return found


def _concepts(parsed: ParsedSentence, clause: Clause | None) -> Concepts:
    """Concepts of a clause, of the whole sentence for None; places, materials and quantities count as concepts too."""
    result: Concepts = {}
    is_whole = clause is None or len(parsed.sentence.clauses) == 1
    for hit in parsed.sentence.hits:
        if hit.kind not in MATCHED_KINDS or not (is_whole or clause is None or clause.contains(hit.i)):
            continue
        name = hit.value if hit.kind == "concept" else CONCEPT_OF_KIND.get(hit.kind)
        if name:
            result.setdefault(name, []).append(hit)
        if hit.kind == "place" and hit.value.startswith("org:"):
            result.setdefault("org", []).append(hit)
        if hit.kind == "ambig" and is_mining(parsed.sentence, hit):
            result.setdefault("stage", []).append(hit)
    for quantity in parsed.quantities:
        if clause is None or clause.contains(quantity.i):
            family = quantity.family
            for name in {"price": ("price", "money"), **dict.fromkeys(SHARE_FAMILIES, ("share",))}.get(family, (family,)):
                result.setdefault(name, []).append(None)
    return result


def _is_barred(rule: ClaimRule, parsed: ParsedSentence, clause: Clause, key: LexiconHit, found: list[RuleMatch], present: Concepts) -> bool:
    """Whether one of the rule's flags forbids it in this clause."""
    sentence, flags = parsed.sentence, rule.flags
    if "alone" in flags and any(other.type.tier == "core" for other in found):
        return True
    if ("norel" in flags and clause.relative) or ("country" in flags and "country" not in present):
        return True
    if "alone" in flags and rule.type == "cooperation" and sentence.at("demonstrative", key.i - 1):
        return True
    return rule.type == "negotiation" and bool(sentence.within("anchor", key.i - 4, key.i))


def _key(rule: ClaimRule, present: Concepts, used: set[int], reach: Concepts) -> LexiconHit | None:
    """First unused word of the clause that triggers the rule; the further conditions hold within ``reach``."""
    for name in sorted(rule.when[0] & present.keys()):
        for hit in present[name]:
            if hit is not None and hit.i not in used and _others_hold(rule, reach, hit):
                return hit
    return None


def _others_hold(rule: ClaimRule, present: Concepts, key: LexiconHit) -> bool:
    """Whether each further condition of the rule is met by other words than the key."""
    return all(
        any(hit is None or hit.i >= key.j or hit.j <= key.i for name in names & present.keys() for hit in present[name])
        for names in rule.when[1:]
    )
