"""Materials that a clause or a sentence names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.sentences import Clause, Sentence

MATERIAL_KINDS = frozenset(("material", "element"))


def materials_in(sentence: Sentence, clause: Clause | None) -> list[str]:
    """Materials named in a clause, or in the whole sentence if it is None."""
    hits = sentence.hits if MATERIAL_KINDS & sentence.by_kind.keys() else []
    named = [hit.value for hit in hits if hit.kind in MATERIAL_KINDS and (clause is None or clause.contains(hit.i))]
    symbols = [hit.value for hit in sentence.of("symbol", clause) if _is_symbol(sentence, hit)]
    return list(dict.fromkeys([*named, *symbols]))


def _is_symbol(sentence: Sentence, hit: LexiconHit) -> bool:
    """Whether a hit is a chemical symbol; one that is also a word counts only beside another symbol or element."""
    if not hit.data[0]:
        return True
    near = [*sentence.within("element", hit.i - 3, hit.j + 3), *sentence.within("symbol", hit.i - 3, hit.j + 3)]
    return any(other.kind == "element" or other.i != hit.i for other in near)
