"""Which rules hold in a clause: concepts of its words decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.lexicon import rules, rules_by_key, types
from ytterby.evidence.reading import SHARES, Found, is_mining

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Hit, Rule
    from ytterby.evidence.reading import Reading
    from ytterby.evidence.text import Clause, Sentence

PSEUDO = {"place": "country", "material": "material", "element": "material", "anaphor": "material", "stage": "stage", "product": "product"}
PSEUDO |= {"sector": "sector", "plan": "plan", "member": "member_n"}
SEEN = frozenset(("c", "ambig", *PSEUDO))


def is_relevant(sentence: Sentence) -> bool:
    """Whether a word of the sentence can trigger a rule."""
    keys = rules_by_key()
    return any(hit.value in keys for hit in sentence.by_kind.get("c", ()))


def concepts(reading: Reading, clause: Clause) -> dict[str, list[Hit | None]]:
    """Concepts of a clause with their hits; places, materials and quantities count as concepts too."""
    result: dict[str, list[Hit | None]] = {}
    whole = len(reading.sentence.clauses) == 1
    for hit in reading.sentence.hits:
        if hit.kind not in SEEN or not (whole or clause.holds(hit.i)):
            continue
        name = hit.value if hit.kind == "c" else PSEUDO.get(hit.kind)
        if name:
            result.setdefault(name, []).append(hit)
        if hit.kind == "place" and hit.value.startswith("org:"):
            result.setdefault("org", []).append(hit)
        if hit.kind == "ambig" and is_mining(reading.sentence, hit):
            result.setdefault("stage", []).append(hit)
    for quantity in reading.quantities:
        if clause.holds(quantity.i):
            name = "share" if quantity.family in SHARES else "money" if quantity.family == "price" else quantity.family
            result.setdefault(name, []).append(None)
    return result


def fire(reading: Reading, clause: Clause) -> list[Found]:
    """Rules that hold in a clause; a word that triggered one does not trigger a later one."""
    present = concepts(reading, clause)
    if not present:
        return []
    found: list[Found] = []
    used: set[int] = set()
    index, ordered = rules_by_key(), rules()
    for number in sorted({number for name in present for number in index.get(name, ())}):
        rule = ordered[number]
        if not all(names & present.keys() for names in rule.when[1:]):
            continue
        if any(names <= present.keys() for names in rule.unless):
            continue
        key = _key(rule, present, used)
        if key is None or rule.type in {other.rule.type for other in found} or _barred(rule, reading, clause, key, found, present):
            continue
        found.append(Found(rule, reading, clause, key))
        used.update(range(key.i, key.j))
        used.add(key.last)
        if "whole" in rule.flags:
            break
    return found


def _barred(rule: Rule, reading: Reading, clause: Clause, key: Hit, found: list[Found], present: dict[str, list[Hit | None]]) -> bool:
    """Whether one of the rule's flags forbids it here."""
    sentence, flags = reading.sentence, rule.flags
    if "alone" in flags and any(types()[other.rule.type].tier == "core" for other in found):
        return True
    if "norel" in flags and clause.relative:
        return True
    if "country" in flags and "country" not in present:
        return True
    if "alone" in flags and rule.type == "cooperation" and sentence.at("demonstrative", key.i - 1):
        return True
    return rule.type == "negotiation" and any(key.i - 5 < hit.i < key.i for hit in sentence.of("anchor"))


def _key(rule: Rule, present: dict[str, list[Hit | None]], used: set[int]) -> Hit | None:
    for name in sorted(rule.when[0] & present.keys()):
        for hit in present[name]:
            if hit is not None and hit.i not in used and _apart(rule, present, hit):
                return hit
    return None


def _apart(rule: Rule, present: dict[str, list[Hit | None]], key: Hit) -> bool:
    """Whether each further condition is met by other words than the key's."""
    return all(
        any(hit is None or hit.i >= key.j or hit.j <= key.i for name in names & present.keys() for hit in present[name])
        for names in rule.when[1:]
    )
