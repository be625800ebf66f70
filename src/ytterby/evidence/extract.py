"""From sentences to claims: rules choose the event type, the sentence and its context fill the fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ytterby.evidence import attribution, entities
from ytterby.evidence.dates import find as find_dates
from ytterby.evidence.lexicon import rules, rules_by_key, types
from ytterby.evidence.modality import modality, polarity
from ytterby.evidence.roles import CONTROLS, actors_of, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ytterby.evidence.dates import DateRef
    from ytterby.evidence.entities import Context, Entity
    from ytterby.evidence.lexicon import Hit, Rule
    from ytterby.evidence.quantities import Quantity
    from ytterby.evidence.text import Clause, Sentence

PSEUDO = {"place": "country", "material": "material", "element": "material", "anaphor": "material", "stage": "stage", "product": "product"}
PSEUDO |= {"sector": "sector", "plan": "plan", "member": "member_n"}
SEEN = frozenset(("c", "ambig", *PSEUDO))
SHARES = frozenset(("share_world", "share"))


@dataclass
class Reading:
    """One sentence with all that was found in it."""

    sentence: Sentence
    entities: list[Entity]
    quantities: list[Quantity]
    source: attribution.Source | None
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
        if hit.kind == "ambig" and _is_mining(reading.sentence, hit):
            result.setdefault("stage", []).append(hit)
    for quantity in reading.quantities:
        if clause.holds(quantity.i):
            name = "share" if quantity.family in SHARES else "money" if quantity.family == "price" else quantity.family
            result.setdefault(name, []).append(None)
    return result


def _is_mining(sentence: Sentence, hit: Hit) -> bool:
    """``Förderung`` means mining unless *of* something that is no material follows: then it is promotion."""
    after = sentence.at("prep", hit.j)
    if after is None or after.value not in {"von", "of"}:
        return not sentence.at("det", hit.j)
    return any(h.kind in {"material", "element"} and h.i <= after.j + 1 and h.j > after.j for h in sentence.hits)


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
        key = _key(rule, present, used, reading)
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


def _key(rule: Rule, present: dict[str, list[Hit | None]], used: set[int], reading: Reading) -> Hit | None:
    for name in sorted(rule.when[0] & present.keys()):
        for hit in present[name]:
            if hit is not None and hit.i not in used and _apart(rule, present, hit):
                return hit
    del reading
    return None


def _apart(rule: Rule, present: dict[str, list[Hit | None]], key: Hit) -> bool:
    """Whether each further condition is met by other words than the key's."""
    return all(
        any(hit is None or hit.i >= key.j or hit.j <= key.i for name in names & present.keys() for hit in present[name])
        for names in rule.when[1:]
    )


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
    own = _materials(sentence, found.clause) or [name for clause in found.extent[:1] for name in _materials(sentence, clause)]
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
        named = _materials(found.reading.sentence, clause)
        if named:
            return named
    return []


def _materials(sentence: Sentence, clause: Clause | None) -> list[str]:
    named = [hit.value for hit in sentence.hits if hit.kind in {"material", "element"} and (clause is None or clause.holds(hit.i))]
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
    hits = [h for h in sentence.hits if found.clause.holds(h.i) and (h.kind == "stage" or (h.kind == "ambig" and _is_mining(sentence, h)))]
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


def dates_of(found: Found, mood: str, published: date | None, context: Context) -> list[dict[str, Any]]:
    """Dates of a claim, the main one first; the publication date for what the report itself announces."""
    info = types()[found.rule.type]
    own = [ref for ref in found.reading.dates if found.clause.holds(ref.i)]
    ahead = mood in {"planned", "proposed", "could"} or found.reading.ahead
    explicit = [ref for ref in own if ref.past or ref.future] or [ref for ref in found.reading.dates if not own and _lends(found, ref)]
    ranked = sorted(
        explicit or own, key=lambda ref: (ref.basis.startswith(("deictic", "vague", "event")), bool(ref.tag), abs(ref.i - found.key.i))
    )
    listed = [ref.to_dict(ahead) for ref in ranked]
    if not listed and published and info.dated != "no" and mood == "done":
        listed = [_publication(found, info.dated, published)]
    del context
    return listed


def _lends(found: Found, ref: DateRef) -> bool:
    """Whether a date of another clause of the sentence may date the claim: not the day on which someone said it."""
    source = found.reading.source
    speaking = source is not None and any(clause.holds(ref.i) and clause.holds(source.at) for clause in found.reading.sentence.clauses)
    return bool(ref.past or ref.future) and ref.kind != "until" and not ref.tag and not speaking


def _publication(found: Found, dated: str, published: date) -> dict[str, Any]:
    perfect = any(found.clause.holds(hit.i) for hit in found.reading.sentence.of("perfect"))
    if dated == "past" or (perfect and found.rule.type == "meeting_held"):
        return {"raw": None, "resolved": f"../{published.isoformat()}", "basis": "not after publication date", "kind": "at"}
    return {"raw": published.isoformat(), "resolved": published.isoformat(), "basis": "publication date", "kind": "at"}


def is_relevant(sentence: Sentence) -> bool:
    """Whether a word of the sentence can trigger a rule."""
    keys = rules_by_key()
    return any(hit.value in keys for hit in sentence.by_kind.get("c", ()))


def claims_of(reading: Reading, context: Context, published: date | None) -> list[dict[str, Any]]:
    """All claims of one sentence as field dictionaries, in order of place; moves the context on."""
    if not is_relevant(reading.sentence) or _is_label(reading):
        _move(reading, context, [])
        return []
    fired = {id(clause): fire(reading, clause) for clause in reading.sentence.clauses}
    result: list[dict[str, Any]] = []
    for at, clause in enumerate(reading.sentence.clauses):
        extent = _extent(reading.sentence, fired, at)
        for found in fired[id(clause)]:
            if "alone" in found.rule.flags and at and _in_scope(reading.sentence, fired, at):
                continue
            found.extent = extent
            for part in split_shares(found):
                claim = fill(part, context, published)
                if not (claim["event_type"] in ONCE and claim["event_type"] in [other["event_type"] for other in result]):
                    result.append(claim)
    result = _merge_shares(result)
    _move(reading, context, result)
    return result


def _is_label(reading: Reading) -> bool:
    """A heading too short to state anything or without anyone who acts."""
    sentence = reading.sentence
    return sentence.block.role == "headline" and (len(sentence.words) < LABEL_WORDS or not (sentence.of("place") or reading.entities))


LABEL_WORDS = 5


def _in_scope(sentence: Sentence, fired: dict[int, list[Found]], at: int) -> bool:
    """Whether a clause without a verb of its own hangs on one that an effect or a judgement took whole."""
    before, clause = sentence.clauses[at - 1], sentence.clauses[at]
    return any("whole" in found.rule.flags for found in fired[id(before)]) and not sentence.of("finite", clause)


def _extent(sentence: Sentence, fired: dict[int, list[Found]], at: int) -> list[Clause]:
    """Clauses after a clause that make no claim of their own: purposes, relative clauses, additions."""
    result = []
    for clause in sentence.clauses[at + 1 :]:
        core = any(types()[found.rule.type].tier == "core" for found in fired[id(clause)])
        if core or (fired[id(clause)] and not _is_purpose(sentence, clause)):
            break
        result.append(clause)
    return result


def _is_purpose(sentence: Sentence, clause: Clause) -> bool:
    return any(clause.i <= hit.i <= clause.i + 1 for hit in sentence.of("purpose"))


def _merge_shares(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop a dominance without figure where the same sentence gives the figure; its date is kept."""
    figured = [c for c in claims if c["event_type"] == "market_share" and c["quantity"]]
    result = []
    for claim in claims:
        twin = [c for c in figured if claim["event_type"] == "market_share" and not claim["quantity"] and c["actors"] == claim["actors"]]
        for other in twin:
            other.update({"start": min(other["start"], claim["start"]), "date": other["date"] or claim["date"]})
        if not twin:
            result.append(claim)
    return result


ONCE = frozenset(
    (
        "policy_goal",
        "negotiation",
        "cooperation",
        "meeting_held",
        "meeting_planned",
        "proposal",
        "security_alliance",
        "assessment",
        "risk",
        "membership",
    )
)
"""Types of which one sentence carries one claim."""


def fill(found: Found, context: Context, published: date | None) -> dict[str, Any]:
    """The fields of one claim."""
    reading, clause, kind = found.reading, found.clause, found.rule.type
    source = reading.source
    quoted = attribution.is_quoted(reading.sentence, clause)
    if source is not None and source.name in TEXTS and clause.holds(source.at):
        source = None
    mood = next((flag[5:] for flag in found.rule.flags if flag.startswith("mood=")), "") or modality(
        reading.sentence, clause, kind, source, quoted
    )
    kind = SHIFT.get((kind, mood), kind)
    materials = materials_of(found, context)
    actors = actors_of(found, context)
    targets = targets_of(found, actors, context)
    if "swap" in found.rule.flags and (buyers := [name for name in targets if name.startswith(("country:", "group:"))]):
        actors, targets = buyers, actors
    listed = dates_of(found, mood, published, context)
    name = source.name if source and not source.backward else None
    _earlier(listed, kind, context)
    start, end = reading.sentence.span(*_edges(reading.sentence, found))
    return {
        "start": start,
        "end": end,
        "event_type": kind,
        "polarity": polarity(reading.sentence, clause, found.key),
        "actors": actors,
        "targets": targets,
        "materials": materials,
        "stage": stage_of(found, materials),
        "quantity": quantity_of(found),
        "date": listed[0] if listed else None,
        "dates": listed,
        "modality": mood,
        "attributed_to": name,
        "rule": found.rule.id,
    }


SHIFT = {
    ("agreement_signed", "planned"): "agreement_planned",
    ("agreement_signed", "could"): "agreement_planned",
    ("agreement_reached", "planned"): "agreement_planned",
    ("agreement_reached", "could"): "agreement_planned",
    ("meeting_held", "planned"): "meeting_planned",
    ("meeting_held", "could"): "meeting_planned",
}
"""A signing that is planned is a planned agreement, a meeting to come a planned meeting."""


TEXTS = frozenset((attribution.AGREEMENT_TEXT, attribution.DECLARATION_TEXT))


def _earlier(listed: list[dict[str, Any]], kind: str, context: Context) -> None:
    """Resolve ``two years earlier`` against the goal it moves: the result is the former date."""
    for item in listed:
        months = str(item.pop("shift", ""))
        if months and context.due and kind in {"budget_target", "policy_goal", "investment"}:
            year, month = int(context.due[:4]), int(context.due[5:7] or 12)
            total = year * 12 + month - 1 + int(months)
            item.update(
                {"resolved": f"{total // 12:04d}-{total % 12 + 1:02d}", "basis": f"derived: {context.due[:7]} + P{months}M = former date"}
            )


def _edges(sentence: Sentence, found: Found) -> tuple[int, int]:
    """The clause and its extent without the commas, brackets and quotation marks at the ends."""
    i, j = found.clause.i, max([found.clause.last, *(clause.last for clause in found.extent)])
    while i < j - 1 and not sentence.words[i][0].isalnum():
        i += 1
    while j > i + 1 and not (sentence.words[j - 1][0].isalnum() or sentence.words[j - 1] in "%.!?"):
        j -= 1
    return i, j


GENERIC = frozenset(("critical_minerals", "strategic_raw_materials"))
"""Materials so general that a later *these metals* does not mean them where others are named."""


def _remember_acts(reading: Reading, context: Context, claims: Iterable[dict[str, Any]]) -> None:
    """Actors, duties and goals that later sentences take up."""
    blocs = [e.value for e in reading.entities if e.form == "group" and e.value.startswith("org:")]
    context.bloc = blocs[-1] if blocs else context.bloc
    for claim in claims:
        kind, actors, day = str(claim["event_type"]), claim["actors"], claim["date"]
        if kind.startswith("tariff") and actors and claim["targets"]:
            context.tariff = (
                [a for a in actors if str(a).startswith(("country:", "group:"))],
                [str(t) for t in claim["targets"] if str(t).startswith(("country:", "group:"))],
            )
        if kind in {"proposal", "agreement_signed", "agreement_reached"} and actors:
            context.deal = (list(actors), [str(t) for t in claim["targets"] if str(t).startswith(("country:", "group:"))])
        if kind in {"budget_target", "policy_goal", "investment"} and isinstance(day, dict) and day.get("resolved"):
            context.due = str(day["resolved"])


def _move(reading: Reading, context: Context, claims: Iterable[dict[str, Any]]) -> None:
    """What the next sentence can refer to."""
    named = [e for e in reading.entities if e.form != entities.ADJECTIVE and e.role in {"subj", "gen", "by", "von"}]
    subjects = [e.value for e in named if e.role == "subj"] or [e.value for e in named]
    if subjects:
        context.focus = list(dict.fromkeys([*subjects, *(e.owner for e in named if e.owner and e.value in subjects)]))
    pair = list(
        dict.fromkeys([e.value for e in reading.entities if e.value.startswith("country:") and e.role not in {"in", "to", "beside"}])
    )
    if len(pair) == 2:
        context.pair = pair
    companies = [e.value for e in reading.entities if e.form == "company"]
    if companies:
        context.org = companies[-1]
    materials = _materials(reading.sentence, None)
    specific = [name for name in materials if name not in GENERIC]
    if specific or (materials and set(context.main_materials) <= GENERIC):
        context.materials = specific or materials
    _remember_acts(reading, context, claims)
    offices = [e.owner or e.value for e in reading.entities if e.owner or e.form in {"country", "metonym", entities.ADJECTIVE}]
    if offices and (reading.sentence.of("government") or any(e.owner for e in reading.entities)):
        context.government = next((e.owner for e in reading.entities if e.owner), offices[0])
    if reading.source and reading.source.official:
        context.speaker = reading.source.name
    acting = [claim["actors"] for claim in claims if claim["actors"] and types()[str(claim["event_type"])].tier == "core"]
    if acting and not subjects:
        context.focus = list(acting[0])
