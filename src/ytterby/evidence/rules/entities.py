"""Entities of a sentence with their grammatical roles: countries, groups, organisations and persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.rules.mentions import ADJECTIVE, GENITIVE, GOVERNMENT, METONYM, EntityMention

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Lexicon, LexiconHit
    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.sentences import Sentence

COMPANIES = "group:companies"
NOT_IN_NAMES = (
    frozenset(("concept", "place", "proper_block", "role", "opener", "det", "pronoun", "month", "weekday", "prep", "conj", "government"))
    | {"finite", "material", "element", "sector", "product", "outlet", "org_head", "neg", "say", "report_v", "unnamed", "stage"}
    | {"unit", "symbol", "number", "multiplier", "not_name"}
)
"""Kinds of lexicon entries that cannot be part of a proper name."""
ENDS_NAME = frozenset(("place", "det", "prep", "conj", "role", "opener", "month", "weekday", "finite", "government", "org_head", "pronoun"))
"""Kinds of lexicon entries before which a name with a legal form begins; others, such as minerals, may be part of it."""
MAX_OPENING = 3
"""Words of a sentence at which its subject begins."""
MAX_NAME = 4
"""Words of a name before its legal form."""
MIN_SUBJECT = 2
"""Words of a name that only its place as the subject shows."""
GOODS = ("material", "element", "stage", "product")
"""Kinds of words that end the name of a firm: ``Norva Graphite``."""
ROLE_KINDS = ("prep", "det", "conj", "dative", "finite", "genitive_det", "org_head", "opener", "owner_mark")
"""Kinds of hits that show the grammatical role of the entity after them."""


def find_entities(sentence: Sentence, lexicon: Lexicon, context: DiscourseContext) -> list[EntityMention]:
    """All entities of a sentence in order of place; new persons are added to the context."""
    entities = _persons(sentence, lexicon, context)
    taken = {at for entity in entities for at in range(entity.i, entity.j)}
    named = [EntityMention(hit.value, hit.i, hit.j, form=hit.data[0], article=hit.data[1]) for hit in sentence.of("place")]
    named += [EntityMention(f"group:{hit.value}", hit.i, hit.j, form="group") for hit in sentence.of("group")]
    for entity in named:
        if entity.i not in taken:
            entities.append(entity)
            taken.update(range(entity.i, entity.j))
    entities += _prefixes(sentence, lexicon, taken)
    entities += _companies(sentence, lexicon, taken, context)
    entities.sort(key=lambda e: e.i)
    if governments := _governments(sentence, context, taken, entities):
        entities = sorted([*entities, *governments], key=lambda e: e.i)
    _assign_roles(sentence, entities, lexicon)
    return _with_nationality(sentence, entities)


def _join_nationality(sentence: Sentence, entities: list[EntityMention]) -> None:
    """Let the first of two nationalities of firms stand for its country too: ``Polish and German makers``."""
    if (
        len(entities) > 1
        and entities[-2].form == ADJECTIVE
        and sentence.at("conj", entities[-2].j)
        and entities[-2].j + 1 == entities[-1].i
    ):
        entities[-2].form = "country"


def _with_nationality(sentence: Sentence, entities: list[EntityMention]) -> list[EntityMention]:
    """Replace companies by their country where it is named: ``Indian companies``, ``Hersteller in Korea``."""
    result: list[EntityMention] = []
    for index, entity in enumerate(entities):
        before = entities[index - 1] if index else None
        after = entities[index + 1] if index + 1 < len(entities) else None
        if entity.value == COMPANIES and before and before.form == ADJECTIVE and before.j == entity.i:
            before.form = "country"
            _join_nationality(sentence, entities[:index])
            continue
        if entity.value == COMPANIES and after and after.role == "in" and after.i - entity.j <= 2 and after.is_country:
            after.role = entity.role
            continue
        result.append(entity)
    return result


def _prefixes(sentence: Sentence, lexicon: Lexicon, taken: set[int]) -> list[EntityMention]:
    """Countries before a hyphen: ``US-Regierung``."""
    found = []
    joined = [at for at, word in enumerate(sentence.words) if "-" in word] if "-" in sentence.text(0, len(sentence.words)) else ()
    for at in joined:
        is_sum = any(entry.kind == "unit" for entry in lexicon.labels(sentence.words[at]))  # of US-Dollar the country is no party
        for part in sentence.words[at].split("-") if at not in taken and not is_sum else ():
            named = [entry.value for entry in lexicon.labels(part) if entry.kind == "place" and entry.data[0] != METONYM]
            found += [EntityMention(value, at, at + 1, form=ADJECTIVE) for value in named[:1]]
    return found


def name_end(sentence: Sentence, lexicon: Lexicon, at: int, limit: int = 4) -> int:
    """Index after the proper name that begins at word ``at``; ``at`` itself if none does. Initials count."""
    end, words = at, sentence.words
    while end < len(words) and end - at < 2 * limit:
        word = words[end]
        if not word[:1].isupper() or not NOT_IN_NAMES.isdisjoint(lexicon.entries(word).kinds):
            break
        end += 1
        if len(word) == 1 and end < len(words) and words[end] == ".":
            end += 1
    return end


def _persons(sentence: Sentence, lexicon: Lexicon, context: DiscourseContext) -> list[EntityMention]:
    """Persons named after their office, and persons whom the text has introduced before."""
    found: list[EntityMention] = []
    taken: set[int] = set()
    for role in sentence.of("role"):
        start = role.j + (role.j < len(sentence.words) and sentence.words[role.j] == ",")
        end = name_end(sentence, lexicon, start)
        if end == start or role.i in taken:
            continue
        name = sentence.text(start, end)
        said = _country_of_office(sentence, lexicon, role.i)
        owner = said or context.government or context.country
        known = context.persons.get(name.split()[-1])
        if known and len(name.split()) == 1:
            name, owner = known[0], owner or known[1]
        else:
            _remember(context, name, owner)
        place = _country_before(sentence, role.i)
        begin = place.i if place else role.i
        owner = owner or (known[1] if known else "")
        found.append(EntityMention(f"person:{name}", begin, end, owner=owner, guessed=not said and not known))
        taken.update(range(begin, end))
        found += _second_person(sentence, lexicon, context, found[-1], taken)
    return found + (_known_persons(sentence, lexicon, context, taken) if context.persons else [])


def _second_person(
    sentence: Sentence, lexicon: Lexicon, context: DiscourseContext, first: EntityMention, taken: set[int]
) -> list[EntityMention]:
    """The second of two holders of one office: ``the ministers A B and C D``; of the pair of countries in focus it has the other one."""
    link = sentence.at("conj", first.j)
    end = name_end(sentence, lexicon, link.j) if link else 0
    if link is None or end - link.j < 2 or link.j in taken:
        return []
    name = sentence.text(link.j, end)
    owner = next((country for country in context.pair if country != first.owner), "") if first.owner in context.pair else ""
    _remember(context, name, owner)
    taken.update(range(link.j, end))
    return [EntityMention(f"person:{name}", link.j, end, owner=owner, guessed=True)]


def _known_persons(sentence: Sentence, lexicon: Lexicon, context: DiscourseContext, taken: set[int]) -> list[EntityMention]:
    found: list[EntityMention] = []
    words, ending = sentence.words, lexicon.settings["genitive"]
    for at, word in enumerate(words):
        known = context.persons.get(word) or (context.persons.get(word.removesuffix(ending)) if ending and word.endswith(ending) else None)
        if not known or at in taken:
            continue
        parts, begin, end = known[0].split(), at, at + 1
        while begin and words[begin - 1] in parts and begin - 1 not in taken:
            begin -= 1
        while end < len(words) and words[end] in parts:
            end += 1
        form = GENITIVE if word not in context.persons else ""
        found.append(EntityMention(f"person:{known[0]}", begin, end, form=form, owner=known[1]))
        taken.update(range(begin, end))
    return found


def _remember(context: DiscourseContext, name: str, owner: str) -> None:
    parts = name.split()
    for part in {parts[0], parts[-1]}:
        if len(part) > 1:
            context.persons.setdefault(part, (name, owner))


def _country_before(sentence: Sentence, at: int) -> LexiconHit | None:
    """The country to which an office at word ``at`` belongs: ``Chile's new premier``."""
    near = [hit for hit in sentence.of("place") if at - 4 <= hit.i and hit.j <= at]
    if near and not any(sentence.at("conj", k) or sentence.words[k] == "," for k in range(near[-1].j, at)):
        return near[-1]
    return None


def _country_of_office(sentence: Sentence, lexicon: Lexicon, at: int) -> str:
    """Country of an office: ``US-Präsident``, ``Chiles neuer Premier``, ``the Indian minister``."""
    head = sentence.words[at].split("-")[0] if "-" in sentence.words[at] else ""
    named = next((entry.value for entry in lexicon.labels(head) if entry.kind == "place"), "") if head else ""
    before = _country_before(sentence, at)
    return named or (before.value if before else "")


def _governments(sentence: Sentence, context: DiscourseContext, taken: set[int], entities: list[EntityMention]) -> list[EntityMention]:
    """Governments named without their country: that with which the sentence begins, else that of the country mentioned last."""
    found = []
    fallback = context.government or context.country or context.main_actor
    for hit in sentence.of("government"):
        near = any(at in taken for at in range(hit.i - 2, hit.j + 3))
        value = next((e.value for e in entities if e.is_country and e.j <= hit.i and _is_told_by(sentence, e, hit)), fallback)
        if not near and hit.i not in taken and value:
            found.append(EntityMention(value, hit.i, hit.j, form=GOVERNMENT, guessed=True))
            taken.update(range(hit.i, hit.j))
    return found


def _is_told_by(sentence: Sentence, entity: EntityMention, hit: LexiconHit) -> bool:
    """Whether a country opens the first clause and the government is named in a later one: ``Peru bans exports, the ministry said``."""
    first = sentence.clauses[0]
    return first.contains(entity.i) and not first.contains(hit.i) and entity.i <= first.i + MAX_OPENING


def _companies(sentence: Sentence, lexicon: Lexicon, taken: set[int], context: DiscourseContext) -> list[EntityMention]:
    """Companies that no list knows, each kept for the rest of the text.

    Named after a word such as ``Konzern`` or ``miner``, by a legal form at their end, or as a run of capitalised words before the
    verb, where nouns have no capitals also before the name of a good (``Norva Graphite``); and those that the text has named before, by
    their first word too.
    """
    spans = [(head.j, name_end(sentence, lexicon, head.j)) for head in sentence.of("org_head")]
    spans += [(_name_start(sentence, lexicon, form.i), form.j) for form in sentence.of("legal_form")]
    if sentence.block.role != "headline":
        spans += [(clause.i, end) for clause in sentence.clauses if (end := _subject_end(sentence, lexicon, clause.i)) > clause.i]
        spans += [] if lexicon.settings["nouns_capital"] else _trade_names(sentence, lexicon)
    found = []
    for i, j in spans:
        if j > i and taken.isdisjoint(range(i, j)):
            name = sentence.text(i, _suffix_start(sentence, i, j))
            context.companies.setdefault(sentence.words[i], name)
            found.append(EntityMention(f"org:{name}", i, j, form="company"))
            taken.update(range(i, j))
    is_known = bool(context.companies) and not context.companies.keys().isdisjoint(sentence.words)
    for at, word in enumerate(sentence.words) if is_known else ():
        if word in context.companies and at not in taken:
            name = context.companies[word]
            end = at + (len(name.split()) if sentence.text(at, min(at + len(name.split()), len(sentence.words))) == name else 1)
            found.append(EntityMention(f"org:{name}", at, end, form="company"))
            taken.update(range(at, end))
    return found


def _suffix_start(sentence: Sentence, i: int, j: int) -> int:
    """Index after a name without its legal form: an article that says ``Norva SE`` once calls the firm ``Norva`` afterwards."""
    return j - 1 if j - i > 1 and sentence.at("legal_suffix", j - 1) else j


def _name_start(sentence: Sentence, lexicon: Lexicon, at: int) -> int:
    """First word of the name that ends before a legal form; the index after the form if no name stands there."""
    begin = at
    while begin and at - begin < MAX_NAME and sentence.words[begin - 1][:1].isupper():
        if not ENDS_NAME.isdisjoint(lexicon.entries(sentence.words[begin - 1]).kinds):
            break
        begin -= 1
    is_known = begin < at and not NOT_IN_NAMES.isdisjoint(lexicon.entries(sentence.words[begin]).kinds)
    return at + 1 if begin == at or is_known else begin


def _subject_end(sentence: Sentence, lexicon: Lexicon, at: int) -> int:
    """Index after a name of several words that is the subject of the verb, or has the apposition, right after it; ``at`` if none is."""
    words = sentence.words
    if not words[at][:1].isupper() or not NOT_IN_NAMES.isdisjoint(lexicon.entries(words[at]).kinds):
        return at
    end = _run_end(sentence, lexicon, at)
    is_good = any(hit.i <= at < hit.j for kind in GOODS for hit in sentence.by_kind.get(kind, ()))
    if is_good or end - at < MIN_SUBJECT or end >= len(words):
        return at
    is_verb = sentence.at("finite", end) or (words[end].islower() and sentence.at("concept", end))
    is_apposition = words[end] == "," and not lexicon.settings["nouns_capital"] and sentence.at("det", end + 1)
    return end if is_verb or is_apposition else at


def _run_end(sentence: Sentence, lexicon: Lexicon, at: int) -> int:
    """Index after the capitalised words from ``at`` on that may belong to one name, the names of goods among them."""
    end, words = at + 1, sentence.words
    while end < min(at + MAX_NAME, len(words)) and words[end][:1].isupper() and ENDS_NAME.isdisjoint(lexicon.entries(words[end]).kinds):
        end += 1
    return end


def _trade_names(sentence: Sentence, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Runs of capitalised words inside a clause of which the first is no known word and the last names a good or a stage."""
    starts, words, found = {clause.i for clause in sentence.clauses}, sentence.words, []
    for hit in (hit for kind in GOODS for hit in sentence.by_kind.get(kind, ())):
        begin = hit.i - 1
        if begin < 1 or begin in starts or not (words[hit.i][:1].isupper() and words[begin][:1].isupper()):
            continue
        if NOT_IN_NAMES.isdisjoint(lexicon.entries(words[begin]).kinds):
            found.append((begin, _run_end(sentence, lexicon, begin)))
    return found


def _assign_roles(sentence: Sentence, entities: list[EntityMention], lexicon: Lexicon) -> None:
    if not entities:
        return
    nouns_capital = bool(lexicon.settings["nouns_capital"])
    kinds = {name: {at: hit for hit in sentence.of(name) for at in range(hit.i, hit.j)} for name in ROLE_KINDS}
    previous: EntityMention | None = None
    for entity in entities:
        entity.role = _role(sentence, entity, kinds, previous, nouns_capital)
        follows = (
            _is_second(sentence, entity, entities, kinds["finite"]) if nouns_capital else _is_object(sentence, entity, kinds["finite"])
        )
        if entity.role == "subj" and follows:
            entity.role = "obj"
        previous = entity


def _is_second(sentence: Sentence, entity: EntityMention, entities: list[EntityMention], finite: dict[int, LexiconHit]) -> bool:
    """Whether an entity follows the verb of a clause whose subject stands before it: ``A droht B mit ...``."""
    clause = next((clause for clause in sentence.clauses if clause.contains(entity.i)), None)
    verb = min((at for at in finite if clause and clause.contains(at) and at < entity.i), default=None)
    if clause is None or verb is None or entity.form == ADJECTIVE or entity.is_person:
        return False
    before = [e for e in entities if e.role == "subj" and e.form != ADJECTIVE and clause.contains(e.i) and e.j <= verb]
    return bool(before) and sentence.at("say", verb) is None


def _is_object(sentence: Sentence, entity: EntityMention, finite: dict[int, LexiconHit]) -> bool:
    """Whether an entity follows the verb of its clause, in a language whose subjects do not; after *said* and *is* they may."""
    clause = next((clause for clause in sentence.clauses if clause.contains(entity.i)), None)
    verbs = [at for at in finite if clause and at < entity.i and clause.contains(at) and sentence.words[at].islower()]
    if not verbs or entity.form == ADJECTIVE:
        return False
    return not any(sentence.at(kind, at) for kind in ("say", "passive") for at in verbs if entity.i - at <= 2)


def _role(
    sentence: Sentence,
    entity: EntityMention,
    kinds: dict[str, dict[int, LexiconHit]],
    previous: EntityMention | None,
    nouns_capital: bool,
) -> str:
    """Role of an entity, from the words before it.

    Parameters
    ----------
    kinds : dict
        Hits of each of ``ROLE_KINDS`` by the words they cover.
    previous : EntityMention or None
        The entity before, whose role a coordinated one shares.
    nouns_capital : bool
        Whether the language writes nouns with a capital, so that small words before the entity are its attributes.
    """
    words, at, dative, genitive = sentence.words, entity.i - 1, False, False
    if at >= 0 and at in kinds["org_head"] and entity.value.startswith("org:"):
        at -= 1
    owns = entity.form.endswith("gen") or entity.j in kinds["owner_mark"]
    if owns and not (at >= 0 and at in kinds["prep"] and entity.form.endswith("gen")):
        return "gen"
    is_plain = entity.form in {"country", METONYM} and not entity.article
    skipped = 0
    while at >= 0 and skipped < 4:
        is_prep, is_det = at in kinds["prep"], at in kinds["det"]
        if at in kinds["opener"] and not is_det and not is_prep:
            return "subj"
        if at in kinds["dative"] and not is_prep:
            dative = True
        if at in kinds["genitive_det"] and (entity.article == "f" or entity.form == "group") and entity.value != "group:other countries":
            genitive = True
        if is_det and not is_prep:
            if is_plain and skipped == 0 and nouns_capital:
                return "subj"
        else:
            is_attribute = words[at].islower() and not is_prep and at not in kinds["conj"] and at not in kinds["finite"]
            is_nationality = previous is not None and previous.i <= at < previous.j and previous.form == ADJECTIVE
            if (not is_attribute and not is_nationality) or (not nouns_capital and not is_det and skipped >= 2):
                break
        at, skipped = at - 1, skipped + 1
    if at >= 0 and at in kinds["prep"]:
        return kinds["prep"][at].value
    if at >= 0 and (at in kinds["conj"] or words[at] == ",") and previous is not None and at - previous.j <= 1:
        return previous.role if previous.role != "gen" or entity.form == GENITIVE else "subj"
    if genitive and entity.form != ADJECTIVE:
        return "gen"
    return "dat" if dative and entity.form != ADJECTIVE else "subj"
