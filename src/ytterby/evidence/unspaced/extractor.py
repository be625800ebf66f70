"""The extractor of claims for languages without spaces: clause by clause, concepts by signs, roles by particles."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.evidence.claims import ENDED, GENERIC_MATERIALS, LISTS, Claim, claim_id, countries_and_groups
from ytterby.evidence.clause_model import MODEL, NONE
from ytterby.evidence.rules.discourse import RARE_EARTH_MATERIALS
from ytterby.evidence.rules.provenance import ASSUMED, EXPLICIT, INHERITED
from ytterby.evidence.sign_model import read_signs
from ytterby.evidence.tables import event_types
from ytterby.evidence.unspaced.days import dates_of
from ytterby.evidence.unspaced.figures import quantities_of
from ytterby.evidence.unspaced.mentions import SUBJECT, entities_of, named
from ytterby.evidence.unspaced.moods import modality_of, polarity_of, renewal_of, source_of
from ytterby.evidence.unspaced.signs import UNSPACED, UnspacedRule, sign_lexicon
from ytterby.evidence.unspaced.sites import names_plant, sites_of
from ytterby.evidence.unspaced.text import sentences_of

if TYPE_CHECKING:
    from ytterby.evidence.clean_view import CleanView
    from ytterby.evidence.documents import Document
    from ytterby.evidence.rules.dates import DateMention
    from ytterby.evidence.rules.quantities import QuantityMention
    from ytterby.evidence.tables import EventType
    from ytterby.evidence.unspaced.mentions import SignEntity
    from ytterby.evidence.unspaced.signs import SignLexicon
    from ytterby.evidence.unspaced.text import SignSentence

VERSION = "signs:1"
MAX_CLAIMS = 2
"""Claims that one clause can give."""
PARTNERS = (SUBJECT, "with", "gen", "by", "target", "dative")
AIMED = ("target",)
PLACED = frozenset(("investment", "outage"))
"""Types whose place is a target."""
SUPPLIED = frozenset(("import_dependence", "reduce_dependence"))
"""Types whose target is a supplier."""
MIN_PROBABILITY, MIN_SIGNS = 0.5, 8
"""Probability from which the clause model's type is taken where no rule holds, and signs of a clause that can report anything."""
DUTIES = "tariff"
TRADE = "trade_control"
STOPS_PLANT = "stops_plant"


@dataclass
class _Context:
    """What earlier sentences mentioned: the last subjects, the states named last, and materials.

    ``is_fresh`` says that the last sentence set the focus, ``owners`` are the countries of the act that named the materials.
    """

    focus: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    is_fresh: bool = False
    materials: list[str] = field(default_factory=list)
    owners: frozenset[str] = frozenset()


@dataclass
class _Parsed:
    """A sentence with all that is found in it."""

    sentence: SignSentence
    entities: list[SignEntity]
    quantities: list[QuantityMention]
    dates: list[DateMention]
    source: str | None


class _Match(NamedTuple):
    """A rule that holds in a clause; ``key`` is the place of the first word that it takes."""

    rule: UnspacedRule
    clause: tuple[int, int]
    key: int

    @property
    def type(self) -> EventType:
        return event_types()[self.rule.event_type]


class UnspacedExtractor:
    """Finds claims in languages without spaces; see :class:`ytterby.evidence.claims.Extractor`."""

    def supports(self, language: str) -> bool:
        """Whether there is a lexicon for the language."""
        return language in UNSPACED

    def extract(self, document: Document, view: CleanView) -> list[Claim]:
        """Claims of a document in order of place."""
        lexicon = sign_lexicon(document.language)
        published = date.fromisoformat(document.published) if document.published else None
        context = _Context()
        found: list[dict[str, Any]] = []
        sentences = sentences_of(view, lexicon)
        context.materials = _main_material(sentences)
        for sentence in sentences:
            entities = entities_of(sentence, lexicon)
            dates = dates_of(sentence, lexicon, published)
            parsed = _Parsed(sentence, entities, quantities_of(sentence), dates, source_of(sentence, entities))
            claims = _claims(parsed, lexicon, context)
            found += claims
            _take_up(context, parsed, claims)
        numbers: Counter[tuple[str, int]] = Counter()
        return [_claim(fields, numbers, document) for fields in found]


def _main_material(sentences: list[SignSentence]) -> list[str]:
    """The material named most often in a document."""
    counts = Counter(hit.value for sentence in sentences for hit in sentence.of("material") if hit.value not in GENERIC_MATERIALS)
    ranked = [name for name, _ in counts.most_common()]
    equal = [name for name in ranked if name in RARE_EARTH_MATERIALS and counts[name] == counts[ranked[0]]]
    return ["rare_earths"] if len(equal) > 1 else ranked[:1]


def _take_up(context: _Context, parsed: _Parsed, claims: list[dict[str, Any]]) -> None:
    subjects = named(parsed.entities, SUBJECT, "by") or named(parsed.entities, "gen")[:1]
    context.is_fresh = bool(subjects)
    if subjects:
        context.focus = subjects
    context.states = _latest(context, parsed)
    materials = _materials(parsed.sentence)
    if materials:
        context.materials = materials
        context.owners = frozenset(countries_and_groups(name for claim in claims for name in (*claim["actors"], *claim["targets"])))


def _latest(context: _Context, parsed: _Parsed) -> list[str]:
    """The two states named last, those of a sentence before those of earlier ones."""
    named_here = [entity.value for entity in parsed.entities if entity.value.startswith("country:") and entity.role != "in"]
    return list(dict.fromkeys([*named_here, *context.states]))[:2]


def _claims(parsed: _Parsed, lexicon: SignLexicon, context: _Context) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for clause in parsed.sentence.clauses:
        for match in _matches(parsed, clause, lexicon) or _proposed(parsed, clause):
            if match.rule.event_type not in {other["event_type"] for other in found} or "once" not in match.type.traits:
                found.append(_fields(parsed, match, context))
    return found


def _matches(parsed: _Parsed, clause: tuple[int, int], lexicon: SignLexicon) -> list[_Match]:
    """Rules that hold in a clause, in order of priority; a word that one rule takes serves no other."""
    present = _concepts(parsed, clause)
    known = frozenset(present)
    used: set[int] = set()
    found: list[_Match] = []
    for rule in lexicon.rules:
        if known.isdisjoint(rule.when[0]) or not known.isdisjoint(rule.unless) or any(known.isdisjoint(names) for names in rule.when[1:]):
            continue
        if any(match.rule.event_type == rule.event_type for match in found):
            continue
        words = _words(rule, present, used)
        if words is not None:
            used |= {at for i, j in words for at in range(i, j)}
            found.append(_Match(rule, clause, min((i for i, _ in words), default=clause[0])))
            if len(found) == MAX_CLAIMS:
                break
    return found


def _proposed(parsed: _Parsed, clause: tuple[int, int]) -> list[_Match]:
    """The claim that the clause model reads where no rule holds, if it is sure enough."""
    if clause[1] - clause[0] < MIN_SIGNS:
        return []
    reading = read_signs(parsed.sentence, clause)
    if reading.event_type == NONE or reading.probability < MIN_PROBABILITY:
        return []
    return [_Match(UnspacedRule(MODEL, reading.event_type, (), frozenset()), clause, clause[0])]


def _concepts(parsed: _Parsed, clause: tuple[int, int]) -> dict[str, list[tuple[int, int]]]:
    """Concepts of a clause with their places; names, materials and figures count as concepts too."""
    result: dict[str, list[tuple[int, int]]] = {}
    for hit in parsed.sentence.hits:
        if clause[0] <= hit.i and hit.j <= clause[1]:
            name = hit.value if hit.kind == "concept" else hit.kind
            result.setdefault(name, []).append((hit.i, hit.j))
    for entity in parsed.entities:
        if clause[0] <= entity.i < clause[1]:
            result.setdefault(entity.value.partition(":")[0], []).append((entity.i, entity.j))
    for quantity in parsed.quantities:
        if clause[0] <= quantity.i < clause[1]:
            kinds = {"share_world": "share", "member": "member_n", "price": "per_price"}
            result.setdefault(kinds.get(quantity.family, quantity.family), []).append((quantity.i, quantity.j))
    return result


def _words(rule: UnspacedRule, present: dict[str, list[tuple[int, int]]], used: set[int]) -> list[tuple[int, int]] | None:
    """Places of words that meet each condition of a rule, none of which overlaps another; None if it does not hold."""
    taken: list[tuple[int, int]] = []
    for names in rule.when:
        spans = (span for name in sorted(names & present.keys()) for span in present[name])
        free = (span for span in spans if used.isdisjoint(range(*span)) and all(span[1] <= i or j <= span[0] for i, j in taken))
        chosen = next(free, None)
        if chosen is None:
            return None
        taken.append(chosen)
    return taken


def _fields(parsed: _Parsed, match: _Match, context: _Context) -> dict[str, Any]:
    """Fields of one claim."""
    sentence, clause, info = parsed.sentence, match.clause, match.type
    modality = modality_of(sentence, clause, match.rule.event_type, parsed.source)
    kind = (info.planned_as if modality in {"planned", "could"} else "") or match.rule.event_type
    actors, actors_from = _actors(parsed, match, context)
    targets = [name for name in _targets(parsed, match) if name not in actors]
    materials, materials_from = _materials_of(parsed, match, context, {*actors, *targets})
    stages, stages_from = _stages(parsed, match, materials)
    dates = [day.to_dict(modality in {"planned", "proposed", "could"}) for day in _dates(parsed, clause)]
    start, end = sentence.span(*clause)
    renewal = renewal_of(sentence, clause, kind)
    polarity = polarity_of(sentence, clause) if renewal is None else "neg" if renewal == ENDED else "pos"
    provenance = {"actors": actors_from, "targets": EXPLICIT, "materials": materials_from, "stage": stages_from, "date": EXPLICIT}
    values = {"actors": actors, "targets": targets, "materials": materials, "stage": stages, "date": dates}
    return {
        **{name: values[name] for name in ("actors", "targets", "materials", "stage")},
        **{"start": start, "end": end, "event_type": kind, "polarity": polarity, "modality": modality},
        **{"quantity": _quantity(parsed, match), "date": dates[0] if dates else None, "dates": dates},
        **{"attributed_to": parsed.source, "rule": match.rule.id, "renewal": renewal},
        "provenance": {name: where for name, where in provenance.items() if values[name]},
    }


def _dates(parsed: _Parsed, clause: tuple[int, int]) -> list[DateMention]:
    own = [day for day in parsed.dates if clause[0] <= day.i < clause[1]]
    return sorted(
        own or parsed.dates[:1], key=lambda day: (day.past is None, day.kind == "at" and any(other.kind != "at" for other in own))
    )


def _actors(parsed: _Parsed, match: _Match, context: _Context) -> tuple[list[str], str]:
    """Who acts, and where that stands; the topic of a sentence holds for all of its clauses."""
    policy, (i, j) = match.type.actors, match.clause
    if policy == "none":
        return [], ""
    sentence = parsed.sentence
    if policy == "subject":
        users = [name for name in named(parsed.entities, SUBJECT, i=i, j=j) if name.startswith("country:")]
        return users, EXPLICIT
    if policy in {"pair", "org"} or "deal" in match.type.traits or match.rule.event_type.startswith("meeting"):
        if sentence.of("pair", i, j) and len(both := _latest(context, parsed)) == 2:
            return both, INHERITED
        partners = named(parsed.entities, *PARTNERS, i=i, j=j)
        if partners:
            return partners, EXPLICIT
    own = named(parsed.entities, SUBJECT, "by", i=i, j=j)
    before = named(parsed.entities, SUBJECT, "by", j=i)
    owners = named(parsed.entities, "gen", i=i, j=j)
    if "stops_plant" in match.type.traits:
        owners = []
    if chosen := own or before or owners[:1]:
        return _acting(chosen, match), EXPLICIT
    points_back = any(sentence.of(kind, i, j) for kind in ("same_country", "same_office", "same_firm"))
    may_lend = points_back or "own_actor" not in match.type.traits or (context.is_fresh and not _is_named_plant(parsed, match))
    return (list(context.focus), INHERITED) if may_lend else ([], "")


def _is_named_plant(parsed: _Parsed, match: _Match) -> bool:
    """Whether a plant of its own name or in a place of its own stops: who acts in earlier sentences has no part in it."""
    return STOPS_PLANT in match.type.traits and (names_plant(parsed.sentence, *match.clause) or bool(_targets(parsed, match)))


def _acting(names: list[str], match: _Match) -> list[str]:
    """States where only states act."""
    states = [name for name in names if name.startswith(("country:", "group:"))]
    return states if states and "of_states" in match.type.traits else names


def _targets(parsed: _Parsed, match: _Match) -> list[str]:
    """At whom it aims, by the particles of its clause."""
    kind, (i, j) = match.rule.event_type, match.clause
    roles = [*AIMED]
    if kind in PLACED:
        roles += ["in", "dative", "gen"]
    if kind in SUPPLIED:
        roles += ["dative", "from", "gen"]
    if kind.startswith(DUTIES):
        roles += ["made", "from", "dative"]
    if match.type.actors != "pair" and TRADE not in match.type.traits:
        roles += ["dative"]
    if match.type.actors == "pair":
        return []
    sites = [site.country for site in sites_of(parsed.sentence, i, j)] if kind in PLACED else []
    return list(dict.fromkeys(countries_and_groups([*named(parsed.entities, *roles, i=i, j=j), *sites])))


def _materials(sentence: SignSentence, i: int = 0, j: int | None = None) -> list[str]:
    return list(dict.fromkeys(hit.value for hit in sentence.of("material", i, j)))


def _materials_of(parsed: _Parsed, match: _Match, context: _Context, parties: set[str]) -> tuple[list[str], str]:
    """Materials of the clause, else of a deposit that it names, else of the sentence, else those that the type takes over from before.

    A plant of its own name takes over none, nor does one in another country those of an act told before.
    """
    policy = match.type.materials
    if policy == "none":
        return [], ""
    sites = sites_of(parsed.sentence, *match.clause) if match.rule.event_type in PLACED else []
    mined = list(dict.fromkeys(name for site in sites for name in site.materials))
    own = _materials(parsed.sentence, *match.clause) or mined or (_materials(parsed.sentence) if policy != "explicit" else [])
    if own:
        return own, EXPLICIT
    if STOPS_PLANT in match.type.traits:
        places = frozenset(countries_and_groups(parties))
        is_elsewhere = bool(places and context.owners) and context.owners.isdisjoint(places)
        if is_elsewhere or (context.owners and names_plant(parsed.sentence, *match.clause)):
            return [], ""
    return (list(context.materials), INHERITED) if policy == "carry" and context.materials else ([], "")


def _stages(parsed: _Parsed, match: _Match, materials: list[str]) -> tuple[list[str], str]:
    default = match.type.stage.split()
    fixed = default in (["trade"], ["end_use"]) and "own_stage" not in match.type.traits
    stages = [] if fixed else list(dict.fromkeys(hit.value for hit in parsed.sentence.of("stage", *match.clause)))
    if stages:
        return stages, EXPLICIT
    return (default, ASSUMED) if materials or fixed else ([], "")


def _quantity(parsed: _Parsed, match: _Match) -> dict[str, Any] | None:
    """Of the quantities of the clause that fit the type the one nearest to its first word."""
    (i, j), units = match.clause, match.type.units
    fitting = [
        q
        for q in parsed.quantities
        if i <= q.i < j and ({q.family, q.unit} & units or (q.family == "share_world" and "share_imports" in units))
    ]
    nearest = min(fitting, key=lambda q: (q.value is None, abs(q.i - match.key)), default=None)
    if nearest is None:
        return None
    shown = nearest.to_dict()
    return {**shown, "unit": "share_imports"} if nearest.unit == "share_world" and "share_imports" in units else shown


def _claim(fields: dict[str, Any], numbers: Counter[tuple[str, int]], document: Document) -> Claim:
    start, end, kind, rule = fields["start"], fields["end"], fields["event_type"], fields.pop("rule")
    while end < len(document.text) and unicodedata.combining(document.text[end]):
        end += 1
    numbers[kind, start] += 1
    quote = document.text[start:end]
    values: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in fields.items()} | {"end": end}
    name = claim_id(document.name, quote, kind, numbers[kind, start])
    return Claim(id=name, doc=document.name, quote=quote, tier=event_types()[kind].tier, extractor=f"{VERSION}:{rule}", **values)
