"""Who a sentence without spaces names, and in which role: the particle after a name tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.evidence.unspaced.signs import SignHit, SignLexicon
    from ytterby.evidence.unspaced.text import SignSentence

PARTICLES = ("by", "target", "made", "from", "in", "with", "dative", "subj", "obj", "gen")
"""Kinds of particles, which are the roles of what stands before them."""
SUBJECT = "subj"
PAUSES = ("\u3001", ",")
"""Signs after the subject of a heading."""
MAX_ALIAS = 20
"""Signs of a second name in brackets."""
MAX_FIRM = 12
"""Signs of a firm's name before its ending."""


@dataclass
class SignEntity:
    """A state, group, organisation or firm at signs ``i`` to ``j`` (exclusive) with its role; ``after`` is where its particle ends."""

    value: str
    i: int
    j: int
    role: str = ""
    after: int = 0

    @property
    def is_state(self) -> bool:
        """Whether it is a country or a group of countries."""
        return self.value.startswith(("country:", "group:"))


def entities_of(sentence: SignSentence, lexicon: SignLexicon) -> list[SignEntity]:
    """All names of a sentence with their roles, in order of place."""
    found = [SignEntity(hit.value, hit.i, hit.j) for hit in sentence.of("place")]
    taken = {at for entity in found for at in range(entity.i, entity.j)}
    found += [entity for hit in sentence.of("short") if (entity := _short(sentence, hit, taken))]
    taken |= {at for entity in found for at in range(entity.i, entity.j)}
    found += _firms(sentence, lexicon, taken)
    found.sort(key=lambda entity: entity.i)
    for entity in found:
        _set_role(sentence, entity)
    found = [entity for entity in found if not any(other.value == entity.value and other.j < entity.i < other.after for other in found)]
    _share_roles(sentence, found)
    return found


def _short(sentence: SignSentence, hit: SignHit, taken: set[int]) -> SignEntity | None:
    """A country named by one sign, as papers do before an office, at the head of a heading, or beside another such sign."""
    if hit.i in taken:
        return None
    neighbours = [other for other in sentence.of("short") if hit.i in {other.j, other.j - 2} and other.i not in taken]
    is_pair = bool(neighbours) and (sentence.at("suffix", max(hit.j, neighbours[0].j)) is not None or sentence.is_headline)
    before_pause = sentence.is_headline and hit.i == 0 and sentence.text[hit.j : hit.j + 1] in PAUSES
    if is_pair or before_pause or sentence.at("suffix", hit.j):
        return SignEntity(hit.value, hit.i, hit.j)
    return None


@cache
def _firm_pattern(endings: str) -> re.Pattern[str]:
    return re.compile(
        rf"[\u30a1-\u30fa\u30fc\u4e00-\u9fa0A-Za-z&]{{1,{MAX_FIRM}}}?(?:{endings})(?![\u30a1-\u30fa\u30fc\u4e00-\u9fa0A-Za-z])"
    )


def _firms(sentence: SignSentence, lexicon: SignLexicon, taken: set[int]) -> list[SignEntity]:
    """Names with the ending of a firm that are no material and no word of the lexicon."""
    words = {at for hit in sentence.hits if hit.kind in {"material", "concept", "stage", "product", "sector"} for at in range(hit.i, hit.j)}
    found = []
    for match in _firm_pattern(lexicon.settings["ending"]).finditer(sentence.text):
        if taken.isdisjoint(range(*match.span())) and words.isdisjoint(range(*match.span())):
            found.append(SignEntity(f"org:{match.group()}", *match.span()))
    return found


def _set_role(sentence: SignSentence, entity: SignEntity) -> None:
    """Role by the particle after the name and words such as *government*; without any, the head of a heading is its subject."""
    at = _after_alias(sentence.text, entity.j)
    while suffix := sentence.at("suffix", at):
        at = _after_alias(sentence.text, suffix.j)
    hits = [hit for kind in PARTICLES if (hit := sentence.at(kind, at))]
    particle = max(hits, key=lambda hit: hit.j, default=None)
    entity.role, entity.after = (particle.kind, particle.j) if particle else ("", at)
    if particle is None and sentence.is_headline and sentence.text[at : at + 1] in PAUSES:
        entity.role = SUBJECT


def _after_alias(text: str, at: int) -> int:
    """Place after a second name in brackets, if one follows."""
    end = text.find(")", at, at + MAX_ALIAS) if text.startswith("(", at) else -1
    return end + 1 if end >= 0 else at


def _share_roles(sentence: SignSentence, found: list[SignEntity]) -> None:
    """Give a name that is linked to the next one the role of that one: ``A and B signed``."""
    for entity, following in reversed(list(zip(found, found[1:], strict=False))):
        link = sentence.at("link", entity.j)
        if entity.role == SUBJECT:
            continue
        is_linked = following.i == entity.j or (entity.role == "with" and following.i == entity.after)
        if is_linked or (link is not None and link.j == following.i):
            entity.role = following.role


def named(entities: list[SignEntity], *roles: str, i: int = 0, j: int = 10**9) -> list[str]:
    """Values of entities in some roles between two places, each once."""
    return list(dict.fromkeys(entity.value for entity in entities if entity.role in roles and i <= entity.i < j))
