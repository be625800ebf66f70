"""Provenance of a claim's fields: what its own clause says, what other sentences lend it, what nothing says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence.rules.claim_fields import has_own_stage
from ytterby.evidence.rules.materials import materials_in
from ytterby.evidence.rules.roles import antecedents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.evidence.rules.mentions import EntityMention
    from ytterby.evidence.rules.rule_matching import RuleMatch
    from ytterby.evidence.rules.sentences import Sentence

EXPLICIT, INHERITED, ASSUMED = "explicit", "inherited", "assumed"
THINGS = ("product:", "sector:", "topic:")
"""Names of things, which are only ever taken from the clause itself."""


def provenance_of(match: RuleMatch, fields: Mapping[str, Any]) -> dict[str, str]:
    """Provenance of each field that has a value.

    A field is ``inherited`` as soon as one of its names stands outside the claim's clause, and an actor also where only *the
    government* is named. A stage that comes from the event type alone is ``assumed``.
    """
    found: dict[str, str] = {}
    if fields["actors"]:
        found["actors"] = _of_names(fields["actors"], _near(match), match)
    if fields["targets"]:
        sites = {hit.value for hit in match.sentence.of("site") if match.contains(hit.i)}
        named = [*_near(match), *(e for e in match.parsed.entities if match.contains(e.i))]
        found["targets"] = _of_names([name for name in fields["targets"] if name not in sites], named)
    if fields["materials"]:
        yielded = {name for hit in match.sentence.of("site") if match.contains(hit.i) for name in hit.data}
        said = yielded.union(materials_in(match.sentence, None))
        found["materials"] = EXPLICIT if said.issuperset(fields["materials"]) else INHERITED
    found["stage"] = EXPLICIT if has_own_stage(match) else ASSUMED
    if fields["date"]:
        found["date"] = INHERITED if str(fields["date"][0].get("basis")).startswith("derived") else EXPLICIT
    return found


def _of_names(names: Iterable[str], entities: Iterable[EntityMention], match: RuleMatch | None = None) -> str:
    """Whether entities give all the names; with ``match``, those of the clauses that it goes on with are asked last."""
    said = {name for entity in entities for name in _named(entity)}
    left = [name for name in names if name not in said and not name.startswith(THINGS)]
    if left and match is not None:
        said = {name for entity in _sharing(match) for name in _named(entity)}
        left = [name for name in left if name not in said]
    return INHERITED if left else EXPLICIT


def _named(entity: EntityMention) -> tuple[str, ...]:
    """Names that a mention itself gives; the country of an office that is only guessed is none."""
    if not entity.guessed:
        return (entity.value, entity.owner)
    return (entity.value,) if entity.is_person else ()


def _near(match: RuleMatch) -> list[EntityMention]:
    """Entities of the clause, and of what a relative clause refers to."""
    here = [e for e in match.parsed.entities if match.clause.contains(e.i)]
    return [*here, *antecedents(match)] if match.clause.relative else here


def _sharing(match: RuleMatch) -> list[EntityMention]:
    """Subjects of the clauses before that this one goes on with: ``A eased the rules and lifted ...``, ``A, however, lifted ...``."""
    sentence, clause = match.sentence, match.clause
    before = [e for e in match.parsed.entities if e.i < clause.i and e.role in {"subj", "by"}]
    if any(hit.j == clause.i for hit in sentence.of("conj")):
        return before
    has_subject = any(e.role == "subj" and clause.contains(e.i) for e in match.parsed.entities)
    return [] if has_subject else [e for e in before if _is_bare(sentence, e.i)]


def _is_bare(sentence: Sentence, at: int) -> bool:
    """Whether the clause of word ``at`` has no verb, so that the next one goes on with it."""
    return not any(sentence.of("finite", clause) for clause in sentence.clauses if clause.contains(at))
