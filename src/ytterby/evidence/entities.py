"""Who is named in a sentence and in which role: countries, groups, organisations, persons; and what pronouns refer to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.evidence.text import CLOSING, OPENING
from ytterby.facts.vocabulary import elements

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Hit, Lexicon
    from ytterby.evidence.text import Clause, Sentence

ADJECTIVE, GENITIVE, METONYM = "country_adj", "country_gen", "metonym"
COMMA = ","
MATTER = frozenset(("material", "element"))
QUOTES = (OPENING | CLOSING) - frozenset("()[]")


@dataclass
class Entity:
    """An actor at words ``i`` to ``j``; ``role`` is its place in the clause, ``owner`` a person's country."""

    value: str
    i: int
    j: int
    role: str = "subj"
    form: str = ""
    owner: str = ""
    article: str = ""

    @property
    def is_country(self) -> bool:
        """Country or group of countries."""
        return self.value.startswith(("country:", "group:"))


@dataclass
class Context:
    """What a reader of the document has in mind at a point: who acts, which pair, which people and materials."""

    focus: list[str] = field(default_factory=list)
    subject: list[str] = field(default_factory=list)
    pair: list[str] = field(default_factory=list)
    persons: dict[str, tuple[str, str]] = field(default_factory=dict)
    materials: list[str] = field(default_factory=list)
    main_materials: list[str] = field(default_factory=list)
    org: str = ""
    type: str = ""
    types: tuple[str, ...] = ()
    main_actor: str = ""
    speaker: str = ""
    bloc: str = ""
    tariff: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    due: str = ""
    deal: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    government: str = ""


def find(sentence: Sentence, lexicon: Lexicon, context: Context) -> list[Entity]:
    """All actors of a sentence in order of place, with their roles."""
    entities = _persons(sentence, lexicon, context)
    taken = {at for entity in entities for at in range(entity.i, entity.j)}
    for hit in sentence.of("place"):
        if hit.i not in taken:
            entities.append(Entity(hit.value, hit.i, hit.j, form=hit.data[0], article=hit.data[1]))
            taken.update(range(hit.i, hit.j))
    for hit in sentence.of("group"):
        if hit.i not in taken:
            entities.append(Entity(f"group:{hit.value}", hit.i, hit.j, form="group"))
            taken.update(range(hit.i, hit.j))
    entities += _prefixed(sentence, lexicon, taken)
    entities += _companies(sentence, lexicon, taken)
    entities += _governments(sentence, context, taken)
    entities.sort(key=lambda e: e.i)
    _roles(sentence, entities, lexicon)
    return _with_nationality(entities)


def _with_nationality(entities: list[Entity]) -> list[Entity]:
    """Firms said to be of a country stand for it: ``Indian companies``, ``Hersteller in Korea``."""
    kept: list[Entity] = []
    for index, entity in enumerate(entities):
        before = entities[index - 1] if index else None
        after = entities[index + 1] if index + 1 < len(entities) else None
        if entity.value == COMPANIES and before and before.form == ADJECTIVE and before.j == entity.i:
            before.form = "country"
            continue
        if entity.value == COMPANIES and after and after.role == "in" and after.i - entity.j <= 2 and after.is_country:
            after.role = entity.role
            continue
        kept.append(entity)
    return kept


COMPANIES = "group:companies"


def _prefixed(sentence: Sentence, lexicon: Lexicon, taken: set[int]) -> list[Entity]:
    """Countries that stand in front of a hyphen: ``US-Regierung``."""
    found = []
    for at, word in enumerate(sentence.words):
        for part in word.split("-") if "-" in word and at not in taken else ():
            named = [entry.value for entry in lexicon.labels(part) if entry.kind == "place" and entry.data[0] != METONYM]
            found += [Entity(value, at, at + 1, form=ADJECTIVE) for value in named[:1]]
    return found


def _is_name(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """Whether a word can be part of a proper name."""
    word = sentence.words[at] if at < len(sentence.words) else ""
    if not word[:1].isupper():
        return False
    return _NO_NAME.isdisjoint(lexicon.candidates(word).kinds)


_NO_NAME = frozenset(
    (
        "c",
        "place",
        "proper_block",
        "role",
        "opener",
        "det",
        "pronoun",
        "month",
        "weekday",
        "prep",
        "conj",
        "government",
        "finite",
        "material",
        "element",
        "sector",
        "product",
        "outlet",
        "org_head",
        "neg",
        "say",
        "report_v",
        "unnamed",
        "stage",
        "unit",
        "symbol",
        "number",
        "multiplier",
    )
)


def name_run(sentence: Sentence, lexicon: Lexicon, at: int, limit: int = 4) -> int:
    """End of a run of name words that begins at ``at``; initials count."""
    end = at
    while end < len(sentence.words) and end - at < 2 * limit:
        word = sentence.words[end]
        if _is_name(sentence, lexicon, end):
            end += 1
            if len(word) == 1 and end < len(sentence.words) and sentence.words[end] == ".":
                end += 1
        else:
            break
    return end


def _text(sentence: Sentence, i: int, j: int) -> str:
    return sentence.block.text[sentence.starts[i] : sentence.ends[j - 1]]


def _persons(sentence: Sentence, lexicon: Lexicon, context: Context) -> list[Entity]:
    found: list[Entity] = []
    taken: set[int] = set()
    ending = lexicon.settings["genitive"]
    for role in sentence.of("role"):
        start = role.j + (role.j < len(sentence.words) and sentence.words[role.j] == ",")
        end = name_run(sentence, lexicon, start)
        if end == start or role.i in taken:
            continue
        name = _text(sentence, start, end)
        owner = _owner(sentence, lexicon, role.i) or context.government or next((n for n in context.focus if n.startswith("country:")), "")
        known = context.persons.get(name.split()[-1])
        if known and len(name.split()) == 1:
            name, owner = known[0], owner or known[1]
        else:
            _remember(context, name, owner)
        begin = _phrase_start(sentence, role.i)
        found.append(Entity(f"person:{name}", begin, end, owner=owner or (known[1] if known else "")))
        taken.update(range(begin, end))
    for at, word in enumerate(sentence.words) if context.persons else ():
        known = context.persons.get(word) or (context.persons.get(word.removesuffix(ending)) if ending and word.endswith(ending) else None)
        if known and at not in taken:
            form = GENITIVE if word not in context.persons else ""
            begin = at
            while begin and sentence.words[begin - 1] in known[0].split() and begin - 1 not in taken:
                begin -= 1
            end = at + 1
            while end < len(sentence.words) and sentence.words[end] in known[0].split():
                end += 1
            found.append(Entity(f"person:{known[0]}", begin, end, form=form, owner=known[1]))
            taken.update(range(begin, end))
    return found


def _phrase_start(sentence: Sentence, at: int) -> int:
    """Where ``Chile's new premier`` begins: at the country that owns the office."""
    near = [hit for hit in sentence.of("place") if at - 4 <= hit.i and hit.j <= at]
    if near and not any(sentence.at("conj", k) or sentence.words[k] == "," for k in range(near[-1].j, at)):
        return near[-1].i
    return at


def _remember(context: Context, name: str, owner: str) -> None:
    parts = name.split()
    for part in {parts[0], parts[-1]}:
        if len(part) > 1:
            context.persons.setdefault(part, (name, owner))


def _owner(sentence: Sentence, lexicon: Lexicon, at: int) -> str:
    """Country of an office: ``US-Präsident``, ``Chiles neuer Premier``, ``the Indian minister``."""
    head = sentence.words[at].split("-")[0] if "-" in sentence.words[at] else ""
    for entry in lexicon.labels(head) if head else ():
        if entry.kind == "place":
            return entry.value
    near = [hit for hit in sentence.of("place") if at - 4 <= hit.i and hit.j <= at]
    if near and not any(sentence.at("conj", k) or sentence.words[k] == "," for k in range(near[-1].j, at)):
        return near[-1].value
    return ""


def _governments(sentence: Sentence, context: Context, taken: set[int]) -> list[Entity]:
    """Governments named without their country: the one spoken of last."""
    found = []
    for hit in sentence.of("government"):
        near = any(at in taken for at in range(hit.i - 2, hit.j + 3))
        value = context.government or next((name for name in context.focus if name.startswith("country:")), context.main_actor)
        if not near and hit.i not in taken and value:
            found.append(Entity(value, hit.i, hit.j, form="government"))
            taken.update(range(hit.i, hit.j))
    return found


def _companies(sentence: Sentence, lexicon: Lexicon, taken: set[int]) -> list[Entity]:
    """Firms named after a word such as ``Konzern`` or ``miner``."""
    found = []
    for head in sentence.of("org_head"):
        end = name_run(sentence, lexicon, head.j)
        if end > head.j and not taken.intersection(range(head.j, end)):
            found.append(Entity(f"org:{_text(sentence, head.j, end)}", head.j, end, form="company"))
            taken.update(range(head.j, end))
    return found


def _roles(sentence: Sentence, entities: list[Entity], lexicon: Lexicon) -> None:
    capital_nouns = bool(lexicon.settings["nouns_capital"])
    if not entities:
        return
    names = ("prep", "det", "conj", "dative", "finite", "genitive_det", "org_head", "opener", "owner_mark")
    kinds = {name: {at: hit for hit in sentence.of(name) for at in range(hit.i, hit.j)} for name in names}
    previous: Entity | None = None
    for entity in entities:
        entity.role = _role(sentence, entity, kinds, previous, capital_nouns)
        previous = entity


def _role(sentence: Sentence, entity: Entity, kinds: dict[str, dict[int, Hit]], previous: Entity | None, capital_nouns: bool) -> str:
    words, at, dative, genitive = sentence.words, entity.i - 1, False, False
    if at >= 0 and at in kinds["org_head"] and entity.value.startswith("org:"):
        at -= 1
    owns = entity.form.endswith("gen") or entity.j in kinds["owner_mark"]
    if owns and not (at >= 0 and at in kinds["prep"] and entity.form.endswith("gen")):
        return "gen"
    plain = entity.form in {"country", METONYM} and not entity.article
    skipped = 0
    while at >= 0 and skipped < 4:
        if at in kinds["opener"] and at not in kinds["det"] and at not in kinds["prep"]:
            return "subj"
        if at in kinds["dative"] and at not in kinds["prep"]:
            dative = True
        if at in kinds["genitive_det"] and (entity.article == "f" or entity.form == "group") and entity.value != "group:other countries":
            genitive = True
        if at in kinds["det"] and at not in kinds["prep"]:
            if plain and skipped == 0 and capital_nouns:
                return "subj"
        elif (
            not (words[at].islower() and at not in kinds["prep"] and at not in kinds["conj"] and at not in kinds["finite"])
            and not (previous and previous.i <= at < previous.j and previous.form == ADJECTIVE)
            or not capital_nouns
            and at not in kinds["det"]
            and skipped >= 2
        ):
            break
        at, skipped = at - 1, skipped + 1
    if at >= 0 and at in kinds["prep"]:
        return kinds["prep"][at].value
    linked = at >= 0 and (at in kinds["conj"] or words[at] == COMMA) and previous is not None and at - previous.j <= 1
    if linked and previous is not None:
        return previous.role if previous.role != "gen" or entity.form == GENITIVE else "subj"
    if genitive and entity.form != ADJECTIVE:
        return "gen"
    return "dat" if dative and entity.form != ADJECTIVE else "subj"


RARE = frozenset(("rare_earths", "heavy_rare_earths", "light_rare_earths", "ree_magnets", *elements()))
"""Materials of which several together mean rare earths at large."""


def prepass(text_sentences: list[Sentence]) -> tuple[list[str], list[str], list[str]]:
    """The document's most frequent coordinated pair, its main materials, and its countries by frequency."""
    pairs: Counter[tuple[str, ...]] = Counter()
    materials: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for sentence in text_sentences:
        places = [hit for hit in sentence.hits if hit.kind == "place" and hit.value.startswith("country:")]
        countries.update(hit.value for hit in places)
        names = tuple(sorted({hit.value for hit in places}))
        if len(names) == 2:
            pairs[names] += 1
        if MATTER & sentence.by_kind.keys():
            materials.update(hit.value for hit in sentence.hits if hit.kind in MATTER)
    pair = list(pairs.most_common(1)[0][0]) if pairs else []
    ranked = sorted(materials, key=lambda m: -materials[m])
    parts = [name for name in ranked if name in RARE and materials[name] == materials[ranked[0]]]
    if len(parts) > 1 and "rare_earths" not in parts:
        ranked = ["rare_earths", *ranked]
    return pair, ranked[:1], sorted(countries, key=lambda c: -countries[c])


def inside_quotes(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause begins within quotation marks opened in this sentence."""
    if QUOTES.isdisjoint(sentence.words):
        return False
    depth = 0
    for at in range(clause.i + 1):
        word = sentence.words[at]
        if word == '"':
            depth = 1 - depth
        elif word in OPENING and word not in "([" and (word not in CLOSING or depth == 0):
            depth = 1
        elif word in CLOSING and word not in ")]":
            depth = 0
    return depth == 1
