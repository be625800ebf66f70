"""One document from its clean view to its claims."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from ytterby.evidence import attribution, entities, quantities
from ytterby.evidence.extract import claims_of
from ytterby.evidence.firing import is_relevant
from ytterby.evidence.lexicon import LANGUAGES, Lexicon, lexicon, types
from ytterby.evidence.reading import Reading
from ytterby.evidence.records import Claim
from ytterby.evidence.text import Sentence, sentences

if TYPE_CHECKING:
    from datetime import date

    from ytterby.evidence.clean import View

EXTRACTOR = "rules:1"
LISTS = frozenset(("actors", "targets", "materials", "stage", "dates"))


def read_sentences(view: View, words: Lexicon) -> list[Sentence]:
    """All sentences of the article in order."""
    found = [sentence for block in view.blocks for sentence in sentences(block, words)]
    for index, sentence in enumerate(found):
        sentence.index = index
    return found


def extract(view: View, language: str, name: str, text: str, published: date | None) -> list[Claim]:
    """Claims of a document, in order of place; empty for a language without a lexicon."""
    if language not in LANGUAGES:
        return []
    words = lexicon(language)
    found = read_sentences(view, words)
    pair, materials, countries = entities.prepass(found)
    context = entities.Context(pair=pair, main_materials=materials, main_actor=countries[0] if countries else "")
    fields: list[dict[str, Any]] = []
    previous: Reading | None = None
    for sentence in found:
        reading = _read(sentence, words, context, published, previous)
        claims = claims_of(reading, context, published)
        if reading.source and reading.source.backward and not claims and previous is not None:
            _credit(fields, previous, reading.source)
        fields += claims
        previous = reading
    twins: Counter[tuple[str, int]] = Counter()
    return [_claim(item, twins, name, text) for item in fields]


def _read(sentence: Sentence, words: Lexicon, context: entities.Context, published: date | None, previous: Reading | None) -> Reading:
    actors = entities.find(sentence, words, context)
    source = attribution.find(sentence, actors, words, context)
    if (
        source is None
        and previous is not None
        and previous.source is not None
        and not previous.source.official
        and sentence.at("carry_on", 0)
    ):
        source = previous.source
    found = quantities.find(sentence, words) if is_relevant(sentence) else []
    return Reading(sentence, actors, found, source, published)


def _credit(fields: list[dict[str, Any]], previous: Reading, source: attribution.Source) -> None:
    """Give the claims of the sentence before the source that only this sentence names."""
    start, _ = previous.sentence.span(0, 1)
    for item in fields:
        if item["start"] >= start and item["attributed_to"] is None:
            item["attributed_to"] = source.name


def _claim(item: dict[str, Any], twins: Counter[tuple[str, int]], name: str, text: str) -> Claim:
    start, end, kind, rule = item["start"], item["end"], item["event_type"], item.pop("rule")
    twins[kind, start] += 1
    rest: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in item.items()}
    name_of = claim_id(name, text[start:end], kind, twins[kind, start])
    return Claim(id=name_of, doc=name, quote=text[start:end], tier=types()[kind].tier, extractor=f"{EXTRACTOR}:{rule}", **rest)


def claim_id(name: str, quote: str, kind: str, twin: int = 1) -> str:
    """Id of a claim: stays the same when the article is read again, wherever it lies."""
    digest = hashlib.sha256(f"{name}|{kind}|{quote}|{twin}".encode()).hexdigest()[:10]
    return f"{name.partition('.')[0][:40]}-{kind}-{digest}"
