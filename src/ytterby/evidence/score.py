"""Quality of a reading against claims marked by hand: recall, precision, fields, offsets, boilerplate."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.evidence.marks import (
    BOILERPLATE,
    RELATED_KEYS,
    RELATIONS,
    SPAN_KEYS,
    MarkedClaim,
    allowed_types,
    is_core,
    load_gold,
    marked_rows,
)
from ytterby.evidence.tables import event_types
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.relations import Relation

MatchedPair = tuple[MarkedClaim, "Claim"]

MIN_OVERLAP = 0.5
"""Share of the shorter of two spans that must be common to both."""
LIST_FIELDS = ("actors", "targets", "materials", "stage")
FIELDS = (*LIST_FIELDS, "quantity", "date", "modality", "attribution")
KEYS = {"attribution": "attributed_to"}
"""Keys of fields that have another name in a claim."""


class ScoredClaim(ResultModel):
    """A core claim that was missed, or found beside the marked ones."""

    id: str | None
    event_type: str
    quote: str | None


class FieldDifference(ResultModel):
    """A field on which a matched claim and its mark differ."""

    id: str | None
    """Of the marked claim."""
    field: str
    marked: Any
    found: Any


class ClaimCounts(ResultModel):
    """Numbers of core claims."""

    marked: int
    found: int
    matched: int


class PartScore(ResultModel):
    """Recall and precision of core claims of a part, and their numbers."""

    name: str
    recall: float
    precision: float
    counts: ClaimCounts


class ProvenanceScore(ResultModel):
    """How often a field of matched claims is right, by where its value comes from."""

    field: str
    provenance: str
    """explicit, inherited, assumed, or none where the claim has no value."""
    right: int
    of: int


class TypeConfusion(ResultModel):
    """Marked core claims of a type at whose place claims of other types were found."""

    marked: str
    found: str
    """A type; empty where nothing was found."""
    count: int


class ClaimScores(ResultModel):
    """Quality of a reading against claims marked by hand; shares [1]."""

    docs: tuple[str, ...]
    """Articles of which claims are marked."""
    recall: float
    """Core claims that were found."""
    precision: float
    """Core claims found that are marked."""
    recall_all: float
    """The same over all claims."""
    precision_all: float
    """The same over all claims."""
    fields: dict[str, float]
    """Matched core claims on which the whole field agrees, lists as sets."""
    fields_f1: dict[str, float]
    """Micro-averaged F1 of the lists."""
    offsets: float
    """Quotes that stand in the text exactly where the claim says."""
    boilerplate_f1: float | None
    """F1 of removed characters; None where no boilerplate is marked."""
    counts: ClaimCounts
    by_language: tuple[PartScore, ...]
    by_type: tuple[PartScore, ...]
    by_provenance: tuple[ProvenanceScore, ...]
    by_relation: tuple[PartScore, ...]
    """Relations between matched claims, by kind; empty where no relations are marked."""
    confusion: tuple[TypeConfusion, ...]
    """The most frequent first."""
    missed: tuple[ScoredClaim, ...]
    extra: tuple[ScoredClaim, ...]
    differing: tuple[FieldDifference, ...]


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Length common to two spans, as a share of the shorter one."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, common) / max(1, min(a[1] - a[0], b[1] - b[0]))


def match(gold: Sequence[MarkedClaim], claims: Sequence[Claim]) -> list[MatchedPair]:
    """Pairs of a marked and a found claim of the same document and type whose spans overlap; each is used once, best first."""
    pairs = []
    for g, marked in enumerate(gold):
        for c, claim in enumerate(claims):
            if marked["doc"] == claim.doc and claim.event_type in allowed_types(marked):
                share = overlap((marked["start"], marked["end"]), (claim.start, claim.end))
                if share >= MIN_OVERLAP:
                    pairs.append((share, sum(_agreement(marked, claim).values()), -g, -c))
    used_gold, used_claims, result = set(), set(), []
    for _, _, g, c in sorted(pairs, reverse=True):
        if g not in used_gold and c not in used_claims:
            used_gold.add(g)
            used_claims.add(c)
            result.append((gold[-g], claims[-c]))
    return result


def _agreement(marked: MarkedClaim, claim: Claim) -> dict[str, bool]:
    """Which fields agree: lists as sets, quantities by value, bounds and unit, dates by what they resolve to."""
    result = {name: set(marked.get(name) or ()) == set(getattr(claim, name)) for name in LIST_FIELDS}
    result["quantity"] = _quantity(marked.get("quantity")) == _quantity(claim.quantity)
    result["date"] = (marked.get("date") or {}).get("resolved") == (claim.date or {}).get("resolved")
    result["modality"] = claim.modality in {marked.get("modality"), *marked.get("modality_also", ())}
    result["attribution"] = (marked.get("attributed_to") or None) == (claim.attributed_to or None)
    return result


def _quantity(quantity: dict[str, Any] | None) -> tuple[object, ...] | None:
    if not quantity:
        return None
    values = (quantity.get(key) for key in ("value", "lo", "hi"))
    return (*(round(float(v), 6) if isinstance(v, int | float) else v for v in values), quantity.get("unit"))


def _list_f1(pairs: Iterable[MatchedPair], name: str) -> float:
    """Micro-averaged F1 of the names in a list field."""
    shared = marked_count = found_count = 0
    for marked, claim in pairs:
        a, b = set(marked.get(name) or ()), set(getattr(claim, name))
        shared, marked_count, found_count = shared + len(a & b), marked_count + len(a), found_count + len(b)
    return 2 * shared / (marked_count + found_count) if marked_count + found_count else 1.0


def score_claims(
    documents: Sequence[Document], claims: Sequence[Claim], gold_path: Path, relations: Sequence[Relation] = ()
) -> ClaimScores:
    """Scores of a reading; documents of which no claims are marked are left out.

    Parameters
    ----------
    documents, claims : sequence
        The documents and the claims found in them.
    gold_path : Path
        JSONL file of marked claims; marked boilerplate and relations are looked for beside it.
    relations : sequence of Relation
        Relations of the reading; scored where relations are marked.

    Raises
    ------
    InputError
        If no claims are marked for any of the documents.
    """
    gold = load_gold(gold_path)
    known = {row["doc"] for row in gold}
    names = [document.name for document in documents if document.name in known]
    if not names:
        raise InputError(f"{gold_path}: none of the articles read is marked there; it knows {', '.join(sorted(known)[:5])}")
    marked = [row for row in gold if row["doc"] in names]
    found = [claim for claim in claims if claim.doc in names]
    pairs = match(marked, found)
    core_marked = [row for row in marked if is_core(row)]
    core_found = [claim for claim in found if event_types()[claim.event_type].tier == "core"]
    core_pairs = [(row, claim) for row, claim in pairs if is_core(row)]
    texts = {document.name: document.text for document in documents}
    exact = sum(texts[claim.doc][claim.start : claim.end] == claim.quote for claim in found)
    agreed = [_agreement(row, claim) for row, claim in core_pairs]
    used_rows, used_claims = [row for row, _ in pairs], [claim for _, claim in pairs]
    languages = {document.name: document.language for document in documents}
    core = _Matched(core_marked, core_found, core_pairs)
    return ClaimScores(
        docs=tuple(names),
        recall=_ratio(len(core_pairs), len(core_marked)),
        precision=_ratio(len(core_pairs), len(core_found)),
        recall_all=_ratio(len(pairs), len(marked)),
        precision_all=_ratio(len(pairs), len(found)),
        fields={name: _ratio(sum(row[name] for row in agreed), len(agreed)) for name in FIELDS},
        fields_f1={name: round(_list_f1(core_pairs, name), 4) for name in LIST_FIELDS},
        offsets=_ratio(exact, len(found)),
        boilerplate_f1=boilerplate_f1(documents, names, gold_path.parent / BOILERPLATE),
        counts=ClaimCounts(marked=len(core_marked), found=len(core_found), matched=len(core_pairs)),
        by_language=core.by(lambda row: languages[row["doc"]], lambda claim: languages[claim.doc]),
        by_type=core.by(lambda row: str(row["event_type"]), lambda claim: claim.event_type),
        by_provenance=core.by_provenance(),
        by_relation=relation_scores(relations, pairs, gold_path.parent / RELATIONS),
        confusion=confusion([row for row in core_marked if row not in used_rows], found),
        missed=tuple(
            ScoredClaim(id=row.get("id"), event_type=row["event_type"], quote=row.get("quote"))
            for row in core_marked
            if row not in used_rows
        ),
        extra=tuple(ScoredClaim(id=c.id, event_type=c.event_type, quote=c.quote) for c in core_found if c not in used_claims),
        differing=tuple(difference for row, claim in core_pairs for difference in _differences(row, claim)),
    )


@dataclass
class _Matched:
    """Marked and found core claims, and the pairs of them."""

    marked: list[MarkedClaim]
    found: list[Claim]
    pairs: list[MatchedPair]

    def by(self, of_mark: Callable[[MarkedClaim], str], of_claim: Callable[[Claim], str]) -> tuple[PartScore, ...]:
        """Scores of parts; a matched claim counts in the part of its mark."""
        marked, matched = Counter(map(of_mark, self.marked)), Counter(of_mark(row) for row, _ in self.pairs)
        paired = {claim.id for _, claim in self.pairs}
        found = matched + Counter(of_claim(claim) for claim in self.found if claim.id not in paired)
        return tuple(
            PartScore(
                name=name,
                recall=_ratio(matched[name], marked[name]),
                precision=_ratio(matched[name], found[name]),
                counts=ClaimCounts(marked=marked[name], found=found[name], matched=matched[name]),
            )
            for name in sorted(marked | found)
        )

    def by_provenance(self) -> tuple[ProvenanceScore, ...]:
        """How often fields are right, by provenance."""
        counted: Counter[tuple[str, str, bool]] = Counter()
        for row, claim in self.pairs:
            agreed = _agreement(row, claim)
            counted.update((name, claim.provenance.get(name, "none"), agreed[name]) for name in (*LIST_FIELDS, "date"))
        keys = sorted({(name, origin) for name, origin, _ in counted})
        return tuple(
            ProvenanceScore(
                field=name,
                provenance=origin,
                right=counted[name, origin, True],
                of=counted[name, origin, True] + counted[name, origin, False],
            )
            for name, origin in keys
        )


def confusion(missed: Iterable[MarkedClaim], found: Sequence[Claim]) -> tuple[TypeConfusion, ...]:
    """Types that were found at the places of missed claims, with how often."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in missed:
        span = (row["start"], row["end"])
        near = {c.event_type for c in found if c.doc == row["doc"] and overlap(span, (c.start, c.end)) >= MIN_OVERLAP}
        counted.update((str(row["event_type"]), name) for name in near or {""})
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(TypeConfusion(marked=marked, found=name, count=count) for (marked, name), count in ranked)


def relation_scores(relations: Iterable[Relation], pairs: Iterable[MatchedPair], path: Path) -> tuple[PartScore, ...]:
    """Recall and precision of relations of the marked kinds; found ones count where both claims are matched."""
    if not path.exists():
        return ()
    marks = {claim.id: str(row.get("id", "")) for row, claim in pairs}
    rows = [row for _, row in marked_rows(path, RELATED_KEYS, "a marked relation")]
    marked = {(str(row["kind"]), frozenset((str(row["a"]), str(row["b"])))) for row in rows}
    kinds = sorted({kind for kind, _ in marked})
    found = {(r.kind, frozenset((marks[r.a], marks[r.b]))) for r in relations if r.kind in kinds and {r.a, r.b} <= marks.keys()}
    return tuple(_part(kind, *({pair for own, pair in listed if own == kind} for listed in (marked, found))) for kind in kinds)


def _part(name: str, marked: set[frozenset[str]], found: set[frozenset[str]]) -> PartScore:
    both = len(marked & found)
    counts = ClaimCounts(marked=len(marked), found=len(found), matched=both)
    return PartScore(name=name, recall=_ratio(both, len(marked)), precision=_ratio(both, len(found)), counts=counts)


def _differences(row: MarkedClaim, claim: Claim) -> list[FieldDifference]:
    keys = {name: KEYS.get(name, name) for name, agrees in _agreement(row, claim).items() if not agrees}
    return [FieldDifference(id=row.get("id"), field=name, marked=row.get(key), found=getattr(claim, key)) for name, key in keys.items()]


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def boilerplate_f1(documents: Sequence[Document], names: Sequence[str], path: Path) -> float | None:
    """F1 of removed characters against the marked spans, without white space; None if there is no file of marks."""
    if not path.exists():
        return None
    lengths = {document.name: len(document.text) for document in documents}
    spans: dict[str, set[int]] = {name: set() for name in names}
    for where, row in marked_rows(path, SPAN_KEYS, "a marked span"):
        if row["doc"] not in spans:
            continue
        if not all(type(row[name]) is int for name in ("start", "end")):
            raise InputError(f"{where}: start and end of a marked span are whole numbers")
        spans[row["doc"]].update(range(max(0, row["start"]), min(row["end"], lengths[row["doc"]])))
    shared = marked = found = 0
    for document in documents:
        if document.name not in spans or document.media != "text/plain":
            continue
        cut = {at for span in document.removed for at in range(span.start, span.end) if not document.text[at].isspace()}
        want = {at for at in spans[document.name] if not document.text[at].isspace()}
        shared, marked, found = shared + len(cut & want), marked + len(want), found + len(cut)
    return round(2 * shared / (marked + found), 4) if marked + found else 1.0
