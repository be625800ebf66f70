"""How good a reading is against claims marked by hand: recall, precision, fields, offsets, boilerplate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.evidence.lexicon import types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ytterby.evidence.records import Claim, Document

OVERLAP = 0.5
"""Share of the shorter span that two spans must have in common."""

LISTS = ("actors", "targets", "materials", "stage")
FIELDS = (*LISTS, "quantity", "date", "modality", "attribution")
BOILERPLATE = "boilerplate.jsonl"


def load_gold(path: Path) -> list[dict[str, Any]]:
    """Marked claims of a JSONL file.

    Raises
    ------
    InputError
        If the file cannot be read or a line is no marked claim.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the marked claims cannot be read ({error})") from error
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error})") from error
        if not isinstance(row, dict) or not {"doc", "start", "end", "event_type"} <= row.keys():
            raise InputError(f"{path}, line {number}: a marked claim needs doc, start, end and event_type")
        rows.append(row)
    return rows


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Common part of two spans as a share of the shorter."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, common) / max(1, min(a[1] - a[0], b[1] - b[0]))


def match(gold: Sequence[dict[str, Any]], claims: Sequence[Claim]) -> list[tuple[dict[str, Any], Claim]]:
    """Pairs of a marked and a found claim: same document and type, spans that overlap; each used once, best first."""
    pairs = []
    for g, marked in enumerate(gold):
        for c, claim in enumerate(claims):
            if marked["doc"] == claim.doc and marked["event_type"] == claim.event_type:
                share = overlap((marked["start"], marked["end"]), (claim.start, claim.end))
                if share >= OVERLAP:
                    pairs.append((share, sum(agreement(marked, claim).values()), -g, -c))
    used_gold, used_claims, result = set(), set(), []
    for _, _, g, c in sorted(pairs, reverse=True):
        if -g not in used_gold and -c not in used_claims:
            used_gold.add(-g)
            used_claims.add(-c)
            result.append((gold[-g], claims[-c]))
    return result


def agreement(marked: dict[str, Any], claim: Claim) -> dict[str, bool]:
    """Which fields agree: lists as sets, quantities by value, bounds and unit, dates by what they resolve to."""
    result = {name: set(marked.get(name) or ()) == set(getattr(claim, name)) for name in LISTS}
    result["quantity"] = _quantity(marked.get("quantity")) == _quantity(claim.quantity)
    result["date"] = (marked.get("date") or {}).get("resolved") == (claim.date or {}).get("resolved")
    result["modality"] = marked.get("modality") == claim.modality
    result["attribution"] = (marked.get("attributed_to") or None) == (claim.attributed_to or None)
    return result


def _quantity(quantity: dict[str, Any] | None) -> tuple[object, ...] | None:
    if not quantity:
        return None
    return tuple(round(float(v), 6) if isinstance(v := quantity.get(key), int | float) else v for key in ("value", "lo", "hi")) + (
        quantity.get("unit"),
    )


def _list_f1(pairs: Iterable[tuple[dict[str, Any], Claim]], name: str) -> float:
    shared = marked_count = found_count = 0
    for marked, claim in pairs:
        a, b = set(marked.get(name) or ()), set(getattr(claim, name))
        shared, marked_count, found_count = shared + len(a & b), marked_count + len(a), found_count + len(b)
    return 2 * shared / (marked_count + found_count) if marked_count + found_count else 1.0


def score(documents: Sequence[Document], claims: Sequence[Claim], gold_path: Path) -> dict[str, Any]:
    """Scores of a reading; documents that the marked file does not know are left out.

    Precision counts found claims of core types against all marked ones. ``fields`` are shares of matched core claims
    on which the whole field agrees (lists as sets); ``fields_f1`` gives the lists' micro-averaged F1 beside it.

    Raises
    ------
    InputError
        If no document that was read is in the marked file.
    """
    gold = load_gold(gold_path)
    known = {row["doc"] for row in gold}
    names = [document.name for document in documents if document.name in known]
    if not names:
        raise InputError(f"{gold_path}: none of the articles read is marked there; it knows {', '.join(sorted(known)[:5])}")
    marked = [row for row in gold if row["doc"] in names]
    found = [claim for claim in claims if claim.doc in names]
    pairs = match(marked, found)
    core_marked = [row for row in marked if row.get("tier", "core") == "core"]
    core_found = [claim for claim in found if types()[claim.event_type].tier == "core"]
    core_pairs = [(row, claim) for row, claim in pairs if row.get("tier", "core") == "core"]
    texts = {document.name: document.text for document in documents}
    exact = sum(texts[claim.doc][claim.start : claim.end] == claim.quote for claim in found)
    agreed = [agreement(row, claim) for row, claim in core_pairs]
    return {
        "docs": names,
        "recall": _ratio(len(core_pairs), len(core_marked)),
        "precision": _ratio(len(core_pairs), len(core_found)),
        "recall_all": _ratio(len(pairs), len(marked)),
        "precision_all": _ratio(len(pairs), len(found)),
        "fields": {name: _ratio(sum(row[name] for row in agreed), len(agreed)) for name in FIELDS},
        "fields_f1": {name: round(_list_f1(core_pairs, name), 4) for name in LISTS},
        "offsets": _ratio(exact, len(found)),
        "boilerplate_f1": boilerplate_f1(documents, names, gold_path.parent / BOILERPLATE),
        "counts": {"marked": len(core_marked), "found": len(core_found), "matched": len(core_pairs)},
        "missed": [
            {"id": row.get("id"), "event_type": row["event_type"], "quote": row.get("quote")}
            for row in core_marked
            if row not in [p[0] for p in pairs]
        ],
        "extra": [{"id": c.id, "event_type": c.event_type, "quote": c.quote} for c in core_found if c not in [p[1] for p in pairs]],
        "differing": [
            {
                "id": row.get("id"),
                "field": name,
                "marked": row.get(name if name != "attribution" else "attributed_to"),
                "found": getattr(claim, name if name != "attribution" else "attributed_to"),
            }
            for row, claim in core_pairs
            for name, good in agreement(row, claim).items()
            if not good
        ],
    }


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def boilerplate_f1(documents: Sequence[Document], names: Sequence[str], path: Path) -> float | None:
    """F1 of removed characters (white space apart) against the marked spans; None without marks."""
    if not path.exists():
        return None
    spans: dict[str, set[int]] = {name: set() for name in names}
    for row in load_spans(path):
        if row["doc"] in spans:
            spans[row["doc"]].update(range(row["start"], row["end"]))
    shared = marked = found = 0
    for document in documents:
        if document.name not in spans or document.media != "text/plain":
            continue
        cut = {at for span in document.removed for at in range(span.start, span.end) if not document.text[at].isspace()}
        want = {at for at in spans[document.name] if not document.text[at].isspace()}
        shared, marked, found = shared + len(cut & want), marked + len(want), found + len(cut)
    return round(2 * shared / (marked + found), 4) if marked + found else 1.0


def load_spans(path: Path) -> list[dict[str, Any]]:
    """Marked spans of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
