"""What a claim is about: its quantity, materials and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence.entities import MATTER
from ytterby.evidence.lexicon import types
from ytterby.evidence.reading import CONTROLS, SHARES, Found, is_mining

if TYPE_CHECKING:
    from ytterby.evidence.entities import Context
    from ytterby.evidence.lexicon import Hit
    from ytterby.evidence.quantities import Quantity
    from ytterby.evidence.text import Clause, Sentence


def split_shares(found: Found) -> list[Found]:
    """One market share claim per quantity: ``60 % of mining and nearly all processing`` are two."""
    units = types()[found.rule.type].units
    fitting = [q for q in found.reading.quantities if found.clause.holds(q.i) and _fits(q, units)]
    if "each" not in found.rule.flags or len(fitting) < 2:
        return [found]
    return [Found(found.rule, found.reading, found.clause, found.key, quantity) for quantity in fitting]


def _fits(quantity: Quantity, units: frozenset[str]) -> bool:
    return bool({quantity.family, quantity.unit} & units) or (quantity.family == "share_world" and "share_imports" in units)


def quantity_of(found: Found) -> dict[str, Any] | None:
    """The quantity that belongs to a claim of this type."""
    units = types()[found.rule.type].units
    near = found.quantity or _nearest(found, [q for q in found.reading.quantities if found.clause.holds(q.i) and _fits(q, units)])
    if near is None:
        return None
    result = near.to_dict()
    if near.unit == "share_world" and "share_imports" in units:
        result["unit"] = "share_imports"
    if near.unit == "count" and found.rule.type.startswith("agreement"):
        result["unit"] = "agreement"
    return result


def _nearest(found: Found, fitting: list[Quantity]) -> Quantity | None:
    shares = [q for q in fitting if q.family in {"percent", *SHARES}] if found.rule.type == "market_share" else []
    numeric = [q for q in shares or fitting if q.value is not None or q.qualifier == "range"] or shares or fitting
    return min(numeric, key=lambda q: abs(q.i - found.key.i), default=None)


def materials_of(found: Found, context: Context) -> list[str]:
    """Materials named in the clause, else those that the type inherits."""
    policy, sentence = types()[found.rule.type].materials, found.reading.sentence
    if policy == "none":
        return []
    first = next((hit for hit in sentence.of("anaphor", found.clause)), None) if found.rule.type == "end_use" else None
    if (
        first
        and context.materials
        and not any(h.kind in {"material", "element"} and found.clause.i <= h.i < first.i for h in sentence.hits)
    ):
        return list(context.materials)
    own = materials_in(sentence, found.clause) or [name for clause in found.extent[:1] for name in materials_in(sentence, clause)]
    if own:
        return own
    if sentence.block.role == "headline":
        return list(context.main_materials) if found.rule.type in CONTROLS else []
    anaphora = any(found.clause.holds(hit.i) for hit in sentence.of("anaphor"))
    if policy == "explicit" and not anaphora:
        return []
    if found.rule.type in NO_MATERIAL_WITH_SECTOR and any(found.holds(hit.i) or _leads(found, hit.i) for hit in sentence.of("sector")):
        return []
    around = [] if anaphora else _around(found)
    if around and policy == "carry":
        return around
    if anaphora or policy == "carry":
        return list(context.materials if anaphora and context.materials else context.materials or context.main_materials)
    return []


NO_MATERIAL_WITH_SECTOR = frozenset(("market_share", "proposal", "cooperation", "investment", "policy_goal"))


def _leads(found: Found, at: int) -> bool:
    """Whether a word stands in the clause that a relative clause hangs on."""
    clauses = found.reading.sentence.clauses
    index = clauses.index(found.clause)
    return found.clause.relative and index > 0 and clauses[index - 1].holds(at)


def _around(found: Found) -> list[str]:
    """Materials of the clauses that follow and go before in the same sentence."""
    clauses = found.reading.sentence.clauses
    at = clauses.index(found.clause)
    for clause in (*clauses[at + 1 : at + 3], *reversed(clauses[:at])):
        named = materials_in(found.reading.sentence, clause)
        if named:
            return named
    return []


def materials_in(sentence: Sentence, clause: Clause | None) -> list[str]:
    """Materials named in a clause, or in the whole sentence."""
    listed = sentence.hits if MATTER & sentence.by_kind.keys() else []
    named = [hit.value for hit in listed if hit.kind in MATTER and (clause is None or clause.holds(hit.i))]
    symbols = [hit for hit in sentence.of("symbol", clause) if _is_symbol(sentence, hit)]
    return list(dict.fromkeys([*named, *(hit.value for hit in symbols)]))


def _is_symbol(sentence: Sentence, hit: Hit) -> bool:
    """A symbol that is also a word counts only beside another symbol or element."""
    if not hit.data[0]:
        return True
    near = range(hit.i - 3, hit.j + 3)
    return any(
        other.i in near and other is not hit and (other.kind == "element" or (other.kind == "symbol" and other.i != hit.i))
        for other in sentence.hits
    )


def stage_of(found: Found, materials: list[str]) -> list[str]:
    """Stages named in the clause, else the type's own."""
    info, sentence = types()[found.rule.type], found.reading.sentence
    default = info.stage.split()
    if info.stage in {"trade", "end_use"} and found.rule.type not in {"import_dependence", "supply_impact"}:
        return [*default, *(["magnets"] if "ree_magnets" in materials and info.stage == "trade" else [])]
    hits = [h for h in sentence.hits if found.clause.holds(h.i) and (h.kind == "stage" or (h.kind == "ambig" and is_mining(sentence, h)))]
    if not hits or found.rule.type == "import_dependence":
        hits += [h for h in sentence.of("stage") if any(clause.holds(h.i) for clause in found.extent)]
    if found.quantity is not None:
        after = sorted((h.i, h.value) for h in hits if h.i >= found.quantity.i)
        return [after[0][1]] if after else default
    if found.rule.type == "market_share" and any(h.i == found.key.i for h in hits):
        hits = [h for h in hits if h.i == found.key.i]
    named = list(dict.fromkeys(h.value for h in sorted(hits, key=lambda h: h.i)))
    if found.rule.type == "import_dependence":
        return [s for s in named if s in {"mining", "processing"}] or default
    if named:
        return named
    if (
        "ree_magnets" in materials
        and info.stage == "any"
        and found.rule.type in {"investment", "market_share", "procurement", "policy_goal"}
    ):
        return ["magnets"]
    return default if materials or info.stage == "trade" else []
