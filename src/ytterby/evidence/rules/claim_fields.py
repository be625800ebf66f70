"""Quantity, materials and stages of a claim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ytterby.evidence.claims import countries_and_groups
from ytterby.evidence.rules.materials import MATERIAL_KINDS, materials_in
from ytterby.evidence.rules.rule_matching import SHARE_FAMILIES, RuleMatch, is_mining

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.quantities import QuantityMention

STOPS_PLANT = "stops_plant"
"""Trait of types of acts by which a mine or plant stops."""


def split_by_quantity(match: RuleMatch) -> list[RuleMatch]:
    """One match for each quantity if the rule says so: ``60 % of mining and nearly all processing`` are two market shares."""
    fitting = _fitting(match) if "each" in match.rule.flags else []
    return [match] if len(fitting) < 2 else [replace(match, quantity=quantity, extent=[]) for quantity in fitting]


def _fitting(match: RuleMatch) -> list[QuantityMention]:
    """Quantities of the clause in a unit that the event type can have."""
    units = match.type.units
    return [
        q
        for q in match.parsed.quantities
        if match.clause.contains(q.i) and ({q.family, q.unit} & units or (q.family == "share_world" and "share_imports" in units))
    ]


def quantity_of(match: RuleMatch) -> dict[str, Any] | None:
    """Quantity of a claim: of those that fit its event type the one nearest to the key."""
    nearest = match.quantity or _nearest(match, _fitting(match))
    if nearest is None:
        return None
    result = nearest.to_dict()
    if nearest.unit == "share_world" and "share_imports" in match.type.units:
        result["unit"] = "share_imports"
    if nearest.unit == "count" and match.rule.type.startswith("agreement"):
        result["unit"] = "agreement"
    return result


def _nearest(match: RuleMatch, fitting: list[QuantityMention]) -> QuantityMention | None:
    """The nearest quantity; of a change in price its rate before the price that was reached."""
    told_as_share = match.rule.type in {"market_share", "price_change"}
    shares = [q for q in fitting if q.family in {"percent", *SHARE_FAMILIES}] if told_as_share else []
    numeric = [q for q in shares or fitting if q.value is not None or q.qualifier == "range"] or shares or fitting
    return min(numeric, key=lambda q: abs(q.i - match.key.i), default=None)


def materials_of(match: RuleMatch, context: DiscourseContext, places: Iterable[str] = ()) -> list[str]:
    """Materials named in the clause, else those that the event type takes over from its surroundings.

    Parameters
    ----------
    match : RuleMatch
        The claim's rule and clause.
    context : DiscourseContext
        What earlier sentences mentioned.
    places : iterable of str
        Where the act takes place, as far as the claim tells: a mine that stops elsewhere mines other things than those of the act told
        before, and one that the facts know yields what they say.
    """
    policy, sentence = match.type.materials, match.sentence
    if policy == "none":
        return []
    anaphor = next(iter(sentence.of("anaphor", match.clause)), None)
    if anaphor and match.rule.type == "end_use" and context.materials:
        named_before = any(h.kind in MATERIAL_KINDS and match.clause.i <= h.i < anaphor.i for h in sentence.hits)
        if not named_before:
            return list(context.materials)
    own = materials_in(sentence, match.clause) or [name for clause in match.extent[:1] for name in materials_in(sentence, clause)]
    if own or (own := list(_of_deposit(match))):
        return own
    if sentence.block.role == "headline":
        return list(context.main_materials) if "trade_control" in match.type.traits else []
    if (policy == "explicit" and not anaphor) or _has_sector_only(match):
        return []
    elsewhere = set(countries_and_groups(places)) if STOPS_PLANT in match.type.traits else set()
    if policy == "carry" and not anaphor and (nearby := _nearby_materials(match, elsewhere)):
        return nearby
    if context.is_of_others(elsewhere) or _is_at_site(match):
        return []
    return list(context.materials or context.main_materials) if anaphor or policy == "carry" else []


def _has_sector_only(match: RuleMatch) -> bool:
    """Whether the claim names a sector and its event type then concerns no material."""
    if "sector_or_material" not in match.type.traits:
        return False
    head = match.sentence.clause_before(match.clause)
    return any(match.contains(hit.i) or (head and head.contains(hit.i)) for hit in match.sentence.of("sector"))


def _of_deposit(match: RuleMatch) -> Iterable[str]:
    """What a deposit that the clause of a plant or mine names yields by the facts; nothing where they do not know the name."""
    is_placed = "placed" in match.type.traits
    return dict.fromkeys(name for hit in match.sentence.of("site") if is_placed and match.contains(hit.i) for name in hit.data if name)


def _is_at_site(match: RuleMatch) -> bool:
    """Whether a plant of its own name stops, about which the materials of earlier sentences say nothing."""
    return STOPS_PLANT in match.type.traits and any(match.contains(hit.i) for hit in match.sentence.of("site"))


def _nearby_materials(match: RuleMatch, elsewhere: set[str]) -> list[str]:
    """Materials of the nearest clause of the sentence that names any: two after this one, then those before.

    A clause is left out that tells of other countries than those in which a mine stops.
    """
    sentence, clauses = match.sentence, match.sentence.clauses
    at = clauses.index(match.clause)
    near = [*clauses[at + 1 : at + 3], *reversed(clauses[:at])]
    if elsewhere and _stops_mine(match):
        told = ({hit.value for hit in sentence.of("place", clause)} for clause in near)
        near = [clause for clause, named in zip(near, told, strict=True) if not named or named & elsewhere]
    return next((materials for clause in near if (materials := materials_in(sentence, clause))), [])


def _stops_mine(match: RuleMatch) -> bool:
    """Whether what stops is a mine, which needs nothing that others could withhold."""
    return any(hit.value == "mining" for hit in _stage_hits(match))


def stages_of(match: RuleMatch, materials: list[str]) -> list[str]:
    """Stages of the supply chain named in the clause, else those of the event type."""
    kind, is_magnets = match.rule.type, "ree_magnets" in materials
    default = match.type.stage.split()
    if default in (["trade"], ["end_use"]) and "own_stage" not in match.type.traits:
        return [*default, *(["magnets"] if is_magnets and default == ["trade"] else [])]
    hits = _stage_hits(match)
    if match.quantity is not None:
        after = sorted((h.i, h.value) for h in hits if h.i >= match.quantity.i)
        return [after[0][1]] if after else default
    if kind == "market_share" and any(h.i == match.key.i for h in hits):
        hits = [h for h in hits if h.i == match.key.i]
    named = list(dict.fromkeys(h.value for h in sorted(hits, key=lambda h: h.i)))
    if kind == "import_dependence":
        return [stage for stage in named if stage in {"mining", "processing"}] or default
    if named:
        return named
    if is_magnets and default == ["any"] and "magnet_stage" in match.type.traits:
        return ["magnets"]
    return default if materials or default == ["trade"] else []


def has_own_stage(match: RuleMatch) -> bool:
    """Whether the clause or its extent names a stage."""
    return bool(_stage_hits(match))


def _stage_hits(match: RuleMatch) -> list[LexiconHit]:
    """Stages in the clause, or in its extent if it names none."""
    sentence = match.sentence
    hits = [
        h for h in sentence.hits if match.clause.contains(h.i) and (h.kind == "stage" or (h.kind == "ambig" and is_mining(sentence, h)))
    ]
    if not hits or match.rule.type == "import_dependence":
        hits += [h for h in sentence.of("stage") if any(clause.contains(h.i) for clause in match.extent)]
    return hits
