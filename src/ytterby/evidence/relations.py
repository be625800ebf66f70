"""Relations between documents, claims and facts: copies, support, vagueness, contradiction, doubt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ytterby.evidence.claims import GENERIC_MATERIALS
from ytterby.evidence.duplicates import MIN_EQUAL_CLAIMS, MIN_RETOLD, aligned_share, equal_claims
from ytterby.evidence.events import main_events
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.tables import event_types, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.events import Event

UNIT_FACTORS = (10.0, 100.0, 1000.0, 1e6)
UNIT_TOLERANCE = 0.02
"""How close the ratio of two figures must be to a power of ten to suspect a wrong unit."""
DONE, OPEN = frozenset(("done", "ongoing")), frozenset(("planned", "proposed", "could"))
SHARE_UNITS = frozenset(("%", "share_world", "share_imports"))
MAX_COMPARED = 200
"""Claims of one group that are compared with each other: news repeat, and pairs grow with the square."""


@dataclass(frozen=True)
class Relation(EvidenceRecord):
    """How two documents, two claims, or a claim and a source of facts stand to each other."""

    kind: str
    a: str
    b: str
    note: str
    score: float | None = None


def agency_reports(documents: Sequence[Document], claims: Sequence[Claim], events: Sequence[Event]) -> list[Relation]:
    """Pairs of documents of one language that retell one report; only documents that share an event are compared."""
    known = {document.name: document for document in documents}
    by_doc: dict[str, list[Claim]] = {}
    for claim in claims:
        by_doc.setdefault(claim.doc, []).append(claim)
    pairs = {tuple(sorted(pair)) for event in events for pair in combinations(event.documents[:MAX_COMPARED], 2)}
    found = []
    for a, b in sorted(pairs):
        if known[a].language != known[b].language:
            continue
        share = aligned_share(known[a], known[b])
        if share is not None and share >= MIN_RETOLD and equal_claims(by_doc[a], by_doc[b]) >= MIN_EQUAL_CLAIMS:
            share = round(share, 3)
            found.append(Relation("same_wire", a, b, f"{share:.0%} of the shorter text's sentences have their like in the other", share))
    return found


def document_relations(events: Sequence[Event], copied: Iterable[tuple[str, str]]) -> list[Relation]:
    """Pairs of documents that are mostly about one event: ``same_event``, and ``other_source`` if they have different origins."""
    pairs = {tuple(sorted(pair)) for pair in copied}
    main = main_events(events)
    found = []
    for event in events:
        groups: dict[str, set[int]] = {}
        for number, group in enumerate(event.origins):
            for name in group:
                groups.setdefault(name, set()).add(number)
        about = sorted(name for name in event.documents if main.get(name) == event.id)
        for a, b in combinations(about[:MAX_COMPARED], 2):
            found.append(Relation("same_event", a, b, event.id))
            if (a, b) not in pairs and groups.get(a, set()).isdisjoint(groups.get(b, ())):
                found.append(Relation("other_source", a, b, event.id))
    return found


def claim_relations(claims: Sequence[Claim], events: Sequence[Event], origin: Mapping[str, str]) -> list[Relation]:
    """Relations between claims of one event or about one figure.

    Parameters
    ----------
    origin : mapping of str to str
        Origin of each document; claims of one origin do not support each other.
    """
    known = {claim.id: claim for claim in claims}
    found: list[Relation] = []
    for event in events:
        for a, b in combinations([known[name] for name in event.claims][:MAX_COMPARED], 2):
            found += _within_event(a, b, origin)
    figures: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        if "figure" in event_types()[claim.event_type].traits and claim.quantity:
            for actor in claim.actors[:2]:
                figures.setdefault((claim.event_type, actor), []).append(claim)
    for group in figures.values():
        for a, b in combinations(group[:MAX_COMPARED], 2):
            found += [r for r in _figures(a, b, group) if r.kind != "supports" or origin.get(a.doc) != origin.get(b.doc)]
    return sorted(set(found), key=lambda r: (r.kind, r.a, r.b))


def _within_event(a: Claim, b: Claim, origin: Mapping[str, str]) -> list[Relation]:
    modalities = {a.modality, b.modality}
    if a.event_type != b.event_type:
        return []
    if a.polarity != b.polarity:
        clash = _are_two_voices(a, b) and (a.renewal is None) == (b.renewal is None)
        note = "one says that it goes on, the other that it ends" if a.renewal else "one denies what the other says"
        return [Relation("contradicts", a.id, b.id, note)] if clash else []
    if "exclusive" in event_types()[a.event_type].traits and a.polarity == "pos" and modalities & DONE and modalities & OPEN:
        return [Relation("modality_conflict", a.id, b.id, f"{a.modality} against {b.modality}")]
    if origin.get(a.doc) != origin.get(b.doc) and not (a.quantity and b.quantity):
        return [Relation("supports", a.id, b.id, "the same act by independent sources")]
    return []


def _are_two_voices(a: Claim, b: Claim) -> bool:
    """Whether two claims are of two articles, or of two sources that one article quotes: nobody contradicts himself."""
    return a.doc != b.doc or a.attributed_to != b.attributed_to


def _is_same_subject(a: Claim, b: Claim) -> bool:
    """Whether two figures of one actor are about the same thing."""
    materials = {*a.materials, *b.materials}
    if a.materials and b.materials and not set(a.materials) & set(b.materials) and not materials & GENERIC_MATERIALS:
        return False
    return not a.targets or not b.targets or bool(set(a.targets) & set(b.targets)) or "several" not in event_types()[a.event_type].traits


def _figures(a: Claim, b: Claim, group: Sequence[Claim]) -> list[Relation]:
    qa, qb = a.quantity or {}, b.quantity or {}
    if not _is_same_subject(a, b) or (a.doc, a.start) == (b.doc, b.start):
        return []
    if a.event_type == "market_share" and _sectors(a) != _sectors(b):
        return []
    factor = _unit_factor(qa, qb)
    if factor and a.doc != b.doc:
        note = f"{qa['raw']} against {qb['raw']}: off by {factor:,.0f}; one of them has a wrong unit"
        return [Relation("unit_suspect", a.id, b.id, note, factor)]
    x, y = _bounds(qa), _bounds(qb)
    if "several" in event_types()[a.event_type].traits or x is None or y is None or _unit_family(qa) != _unit_family(qb):
        return []
    return _compare(a, b, x, y, group)


def _sectors(claim: Claim) -> set[str]:
    return {name for name in claim.targets if name.startswith("sector:")}


def _unit_family(quantity: Mapping[str, Any]) -> str:
    unit = str(quantity.get("unit"))
    return "share" if unit in SHARE_UNITS else unit


def _unit_factor(a: Mapping[str, Any], b: Mapping[str, Any]) -> float | None:
    """Power of ten by which two figures differ, if one of them seems to have a wrong unit."""
    x, y = a.get("value"), b.get("value")
    if not isinstance(x, int | float) or not isinstance(y, int | float) or min(x, y) <= 0 or a.get("unit") != b.get("unit"):
        return None
    ratio = max(x, y) / min(x, y)
    return next((factor for factor in UNIT_FACTORS if abs(ratio / factor - 1) <= UNIT_TOLERANCE), None)


def _bounds(quantity: Mapping[str, Any]) -> tuple[float, float] | None:
    lo, hi = (float(value) if isinstance(value := quantity.get(key), int | float) else None for key in ("lo", "hi"))
    return None if lo is None and hi is None else (-math.inf if lo is None else lo, math.inf if hi is None else hi)


def _compare(a: Claim, b: Claim, x: tuple[float, float], y: tuple[float, float], group: Sequence[Claim]) -> list[Relation]:
    """Relation of two figures by their intervals ``x`` and ``y`` and their stages."""
    qa, qb = (a.quantity or {}), (b.quantity or {})
    note = f"{qa['raw']} against {qb['raw']}"
    differs, is_open = set(a.stage) != set(b.stage), "any" in (*a.stage, *b.stage)
    if x[1] < y[0] or y[1] < x[0]:
        if (differs and not is_open) or not (differs or _are_two_voices(a, b)):
            return []
        return [Relation("tension" if differs else "contradicts", a.id, b.id, note + _resolution(a, b, group))]
    if x == y:
        return [Relation("supports", a.id, b.id, "the same figure")] if a.doc != b.doc and not differs else []
    if differs:
        is_tension = is_open and x[0] != y[0] and a.doc != b.doc
        return [Relation("tension", a.id, b.id, note + _resolution(a, b, group))] if is_tension else []
    wide, narrow = (a, b) if x[1] - x[0] > y[1] - y[0] else (b, a)
    return [Relation("vaguer", wide.id, narrow.id, f"{(wide.quantity or {})['raw']} holds {(narrow.quantity or {})['raw']}")]


def _resolution(a: Claim, b: Claim, group: Sequence[Claim]) -> str:
    """What may resolve a tension: the stage that one of the two figures leaves open, and what other claims say of it."""
    unstaged, staged = (a, b) if "any" in a.stage or not a.stage else (b, a)
    if "any" in staged.stage or not staged.stage:
        return ""
    stage, bound = "/".join(staged.stage), _bounds(unstaged.quantity or {})
    for other in group:
        near = _bounds(other.quantity or {})
        if other.stage and "any" not in other.stage and set(other.stage) != set(staged.stage) and bound and near and near[0] >= bound[0]:
            said = (other.quantity or {})["raw"]
            return f"; resolved by the stage: the first figure is of {stage}, of {'/'.join(other.stage)} it is {said}"
    return f"; the stage may resolve it: {(staged.quantity or {})['raw']} is of {stage}, the other names no stage"


def doubtful(claims: Sequence[Claim]) -> list[Relation]:
    """Claims that ``doubts.csv`` contradicts; ``b`` is the source of the fact."""
    found = []
    for row in read_table("doubts.csv"):
        for claim in claims:
            if _concerns(claim, row) and (difference := _difference(claim, row)):
                found.append(Relation("doubtful_fact", claim.id, row["source"], f"{row['note']}{difference}"))
    return sorted(found, key=lambda r: (r.a, r.b))


def _concerns(claim: Claim, row: Mapping[str, str]) -> bool:
    if claim.event_type != row["event_type"] or claim.polarity == "neg":
        return False
    wanted = ((row["actor"], claim.actors), (row["target"], claim.targets), (row["material"], claim.materials), (row["stage"], claim.stage))
    return all(not name or name in named for name, named in wanted)


def _difference(claim: Claim, row: Mapping[str, str]) -> str:
    """End of the note on a difference; empty if the interval of the claim meets that of the fact."""
    if not row["lo"]:
        return "."
    quantity = claim.quantity or {}
    bounds = _bounds(quantity) if _unit_family(quantity) == "share" else None
    if bounds is None or (bounds[0] <= float(row["hi"]) and bounds[1] >= float(row["lo"])):
        return ""
    return f"; the claim says {quantity.get('raw')}."
