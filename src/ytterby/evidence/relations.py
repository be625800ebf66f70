"""How documents and claims stand to each other and to the facts: copies, support, vagueness, conflict, doubt."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from ytterby.evidence import duplicates
from ytterby.evidence.events import main_events
from ytterby.evidence.lexicon import read_table
from ytterby.evidence.records import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.evidence.records import Claim, Document, Event

FACTORS = (10.0, 100.0, 1000.0, 1e6)
NEAR = 0.02
"""How close a ratio must come to a power of ten to look like a slip of unit."""

COMPARED = frozenset(("market_share", "import_dependence", "investment", "budget_target", "definition", "membership", "stockpile", "quota"))
DONE, OPEN = frozenset(("done", "ongoing")), frozenset(("planned", "proposed", "could"))
MAX_PAIRS = 200
"""Claims of one group compared with each other at most: news repeat, and pairs grow with the square."""


def wire_pairs(documents: Sequence[Document], claims: Sequence[Claim], events: Sequence[Event]) -> list[Relation]:
    """Pairs of documents that re-tell one report; only those that share an event are compared."""
    known = {document.name: document for document in documents}
    by_doc: dict[str, list[Claim]] = {}
    for claim in claims:
        by_doc.setdefault(claim.doc, []).append(claim)
    pairs = {tuple(sorted(pair)) for event in events for pair in combinations(event.documents[:MAX_PAIRS], 2)}
    found = []
    for a, b in sorted(pairs):
        if known[a].language != known[b].language:
            continue
        same, share = duplicates.retold(_sentences(known[a]), _sentences(known[b]), by_doc[a], by_doc[b])
        if same:
            found.append(Relation("same_wire", a, b, f"{share:.0%} of the shorter text's sentences have their like in the other", share))
    return found


def _sentences(document: Document) -> list[str]:
    text = duplicates.article(document).replace("\n", ". ").replace("! ", ". ").replace("? ", ". ")
    return [part.strip() for part in text.split(". ") if part.strip()]


def document_relations(events: Sequence[Event], wires: Iterable[tuple[str, str]]) -> list[Relation]:
    """Pairs of documents mostly about one event: same event, and other source where they are no copies."""
    copied = {tuple(sorted(pair)) for pair in wires}
    main = main_events(events)
    found = []
    for event in events:
        about = sorted(name for name in event.documents if main.get(name) == event.id)
        for a, b in combinations(about[:MAX_PAIRS], 2):
            found.append(Relation("same_event", a, b, event.id))
            origin = [group for group in event.origins if a in group]
            if (a, b) not in copied and not (origin and b in origin[0]):
                found.append(Relation("other_source", a, b, event.id))
    return found


def claim_relations(claims: Sequence[Claim], events: Sequence[Event], origin: Mapping[str, str]) -> list[Relation]:
    """Relations between claims of one event or about one figure."""
    known = {claim.id: claim for claim in claims}
    found: list[Relation] = []
    for event in events:
        group = [known[name] for name in event.claims][:MAX_PAIRS]
        for a, b in combinations(group, 2):
            found += _within_event(a, b, origin)
    figures: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        if claim.event_type in COMPARED and claim.quantity:
            for actor in claim.actors[:2]:
                figures.setdefault((claim.event_type, actor), []).append(claim)
    for group in figures.values():
        for a, b in combinations(group[:MAX_PAIRS], 2):
            found += [r for r in _figures(a, b, group) if r.kind != "supports" or origin.get(a.doc) != origin.get(b.doc)]
    return sorted(set(found), key=lambda r: (r.kind, r.a, r.b))


def _within_event(a: Claim, b: Claim, origin: Mapping[str, str]) -> list[Relation]:
    apart = origin.get(a.doc) != origin.get(b.doc)
    if a.event_type != b.event_type:
        return []
    if a.polarity != b.polarity:
        return [Relation("contradicts", a.id, b.id, "one denies what the other says")]
    if a.event_type in ACTS and a.polarity == "pos" and {a.modality, b.modality} & DONE and {a.modality, b.modality} & OPEN:
        return [Relation("modality_conflict", a.id, b.id, f"{a.modality} against {b.modality}")]
    if apart and not (a.quantity and b.quantity):
        return [Relation("supports", a.id, b.id, "the same act by independent sources")]
    return []


def _same_matter(a: Claim, b: Claim) -> bool:
    """Whether two figures of one actor are about the same thing."""
    if a.materials and b.materials and not set(a.materials) & set(b.materials) and not {*a.materials, *b.materials} & VAGUE:
        return False
    return not a.targets or not b.targets or bool(set(a.targets) & set(b.targets)) or a.event_type not in DEALS


VAGUE = frozenset(("critical_minerals", "strategic_raw_materials"))
DEALS = frozenset(("investment", "stockpile", "quota"))
"""Types of which one actor does several: other sums are other deals, but a slip of unit shows."""

ACTS = frozenset(("agreement_signed", "agreement_reached", "proposal", "meeting_held", "tariff_imposed", "tariff_paused", "ban"))
"""Types in which *done* and *planned* exclude each other."""


def _figures(a: Claim, b: Claim, group: Sequence[Claim]) -> list[Relation]:
    qa, qb = a.quantity or {}, b.quantity or {}
    if not _same_matter(a, b) or (a.doc, a.start) == (b.doc, b.start):
        return []
    if a.event_type == "market_share" and _sectors(a) != _sectors(b):
        return []
    ratio = _ratio(qa, qb)
    if ratio and a.doc != b.doc:
        return [
            Relation(
                "unit_suspect", a.id, b.id, f"{qa['raw']} against {qb['raw']}: off by {ratio:,.0f}; one of them has a wrong unit", ratio
            )
        ]
    if a.event_type in DEALS:
        return []
    bounds = _bounds(qa), _bounds(qb)
    if bounds[0] is None or bounds[1] is None or _family(qa) != _family(qb):
        return []
    return _compare(a, b, bounds[0], bounds[1], group)


def _sectors(claim: Claim) -> set[str]:
    return {name for name in claim.targets if name.startswith("sector:")}


def _family(quantity: Mapping[str, object]) -> str:
    return "share" if str(quantity.get("unit")) in {"%", "share_world", "share_imports"} else str(quantity.get("unit"))


def _ratio(a: Mapping[str, object], b: Mapping[str, object]) -> float | None:
    x, y = a.get("value"), b.get("value")
    if not isinstance(x, int | float) or not isinstance(y, int | float) or min(x, y) <= 0 or a.get("unit") != b.get("unit"):
        return None
    ratio = max(x, y) / min(x, y)
    return next((factor for factor in FACTORS if abs(ratio / factor - 1) <= NEAR), None)


def _bounds(quantity: Mapping[str, object]) -> tuple[float, float] | None:
    lo, hi = quantity.get("lo"), quantity.get("hi")
    if not isinstance(lo, int | float) and not isinstance(hi, int | float):
        return None
    return float(lo) if isinstance(lo, int | float) else float("-inf"), float(hi) if isinstance(hi, int | float) else float("inf")


def _compare(a: Claim, b: Claim, x: tuple[float, float], y: tuple[float, float], group: Sequence[Claim]) -> list[Relation]:
    qa, qb = (a.quantity or {}), (b.quantity or {})
    other_stage = set(a.stage) != set(b.stage)
    if x[1] < y[0] or y[1] < x[0]:
        if other_stage and not {"any"} & (set(a.stage) | set(b.stage)):
            return []
        kind = "tension" if other_stage else "contradicts"
        return [Relation(kind, a.id, b.id, f"{qa['raw']} against {qb['raw']}" + _resolved(a, b, group))]
    if x == y:
        return [Relation("supports", a.id, b.id, "the same figure")] if a.doc != b.doc and not other_stage else []
    if other_stage and {"any"} & (set(a.stage) | set(b.stage)) and x[0] != y[0] and a.doc != b.doc:
        return [Relation("tension", a.id, b.id, f"{qa['raw']} against {qb['raw']}" + _resolved(a, b, group))]
    if other_stage:
        return []
    wide, narrow = (a, b) if x[1] - x[0] > y[1] - y[0] else (b, a)
    return [Relation("vaguer", wide.id, narrow.id, f"{(wide.quantity or {})['raw']} holds {(narrow.quantity or {})['raw']}")]


def _resolved(a: Claim, b: Claim, group: Sequence[Claim]) -> str:
    """What resolves a tension: the stage that one of the two leaves open, with what others say of it."""
    open_, named = (a, b) if "any" in a.stage or not a.stage else (b, a)
    if "any" in named.stage or not named.stage:
        return ""
    bound = _bounds(open_.quantity or {})
    for other in group:
        near = _bounds(other.quantity or {})
        if other.stage and "any" not in other.stage and set(other.stage) != set(named.stage) and bound and near and near[0] >= bound[0]:
            said = (other.quantity or {})["raw"]
            return f"; resolved by the stage: the first figure is of {'/'.join(named.stage)}, of {'/'.join(other.stage)} it is {said}"
    return f"; the stage may resolve it: {(named.quantity or {})['raw']} is of {'/'.join(named.stage)}, the other names no stage"


def doubtful(claims: Sequence[Claim]) -> list[Relation]:
    """Claims that the fact base does not bear out; ``b`` is the source of the fact."""
    found = []
    for row in read_table("doubts.csv"):
        for claim in claims:
            if _meets(claim, row) and (reason := _off(claim, row)):
                found.append(Relation("doubtful_fact", claim.id, row["source"], f"{row['note']}{reason}"))
    return sorted(found, key=lambda r: (r.a, r.b))


def _meets(claim: Claim, row: Mapping[str, str]) -> bool:
    if claim.event_type != row["event_type"] or claim.polarity == "neg":
        return False
    wanted = ((row["actor"], claim.actors), (row["target"], claim.targets), (row["material"], claim.materials), (row["stage"], claim.stage))
    return all(not want or want in have for want, have in wanted)


def _off(claim: Claim, row: Mapping[str, str]) -> str:
    """Words on the difference; empty if the claim's interval meets the fact's."""
    if not row["lo"]:
        return "."
    bounds = _bounds(claim.quantity or {}) if _family(claim.quantity or {}) == "share" else None
    if bounds is None or (bounds[0] <= float(row["hi"]) and bounds[1] >= float(row["lo"])):
        return ""
    return f"; the claim says {(claim.quantity or {}).get('raw')}."
