"""The gate between claims and measures: what may be simulated, and what a person has to confirm first.

A claim passes if its own clause, or another report of the same act, names who acts, if whom it is aimed at is read there as well, and
if the pair is plausible in the base year: an importer puts no export control on, and only a plant can stop. A person's word passes
everything that is not denied.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.claims import GENERIC_MATERIALS
from ytterby.evidence.clause_model import MODEL
from ytterby.evidence.events import event_families
from ytterby.evidence.goods import STAGE_GOODS, any_within, goods_of_material, regions, specific, tariff_goods, traders
from ytterby.evidence.lexicon import words_mentioned
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.shown_text import shown
from ytterby.evidence.tables import claim_rules, read_table
from ytterby.facts import groups, region_of
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.events import Event

FIRM = frozenset(("done", "ongoing", "asserted", "claimed", "planned"))
"""Modalities of claims that support a measure."""
CONFIRMED, EXPLICIT, INHERITED = "confirmed", "explicit", "inherited"
LEVELS = (CONFIRMED, EXPLICIT, INHERITED)
"""What the reading of a measure rests on, the firmest first."""
PASSING = frozenset(("accept", "correct", "confirm"))
"""Verdicts that let a claim through; ``confirm`` even if its words are less than firm."""
PLACED = frozenset(("control", "tariff", "outage"))
"""Families whose measures hold for all of a region."""
RELIEF = frozenset(("export_control_eased", "export_control_suspended", "tariff_paused", "tariff_reduced"))
"""Types of claims that take something from an act."""
GOODS = frozenset(("goods_n", "import", "export"))
"""Concepts that name goods in general."""
WANT = frozenset(("shortage", "hardship", "lack_v"))
"""Concepts that make a plant that stands still an effect."""


@dataclass(frozen=True)
class ToConfirm(EvidenceRecord):
    """A claim that would give a measure but for a reason, and waits for ``ytterby review CLAIM confirm``."""

    claim: str
    reason: str
    code: str
    event: str
    doc: str
    event_type: str
    quote: str


class Passed(NamedTuple):
    """Claims of an event that may carry a measure, and what their reading rests on."""

    claims: list[Claim]
    level: str


@cache
def reasons() -> dict[str, str]:
    """Reasons why a claim has to be confirmed, by code."""
    return {row["code"]: row["reason"] for row in read_table("gate.csv")}


@cache
def measure_kinds() -> dict[tuple[str, str], str]:
    """Kind of measure by family and event type."""
    return {(row["family"], row["event_type"]): row["kind"] for row in read_table("drafts.csv")}


@cache
def measured_families() -> frozenset[str]:
    """Families of events that can become measures."""
    return frozenset(family for family, _ in measure_kinds())


@cache
def _state_rules() -> frozenset[str]:
    """Rules whose words name a state only."""
    return frozenset(rule.id for rule in claim_rules() if "state" in rule.flags)


@dataclass
class Gate:
    """The gate for the base of one chain; ``languages`` are those of the documents by name."""

    chain: str
    languages: Mapping[str, str]

    def open_for(self, event: Event, claims: Sequence[Claim]) -> tuple[Passed, list[ToConfirm]]:
        """The claims of an event that pass, and those to confirm.

        Claims that are denied, or neither firm nor confirmed, are in neither list. Where an event passes, only those of its other
        claims are to be confirmed that report another type of act. What eases or suspends an act passes with the act itself, although
        it only says *these duties*: without it the act would run unrelieved. What the model alone reads so gives way to a rule's reading.
        """
        firm = [claim for claim in claims if claim.polarity == "pos" and (claim.modality in FIRM or _verdict(claim, event) == "confirm")]
        doubts = {claim.id: "" if _verdict(claim, event) in PASSING else self.doubt(claim, firm) for claim in firm}
        firmly = [claim for claim in firm if not doubts[claim.id]]
        relief = [claim for claim in firm if claim.event_type in RELIEF and _follows(claim, firmly)]
        by_rule = [claim for claim in relief if _rule(claim) != MODEL]
        passed = [claim for claim in firm if not doubts[claim.id] or claim in (by_rule or relief)]
        told = {claim.event_type for claim in passed}
        waiting = [claim for claim in firm if claim not in passed and claim.event_type not in told]
        return Passed(passed, _level(passed, event)), [to_confirm(claim, doubts[claim.id], event.id) for claim in waiting]

    def doubt(self, claim: Claim, others: Iterable[Claim] = ()) -> str:
        """Code of the first reason why a claim does not pass; empty if it does."""
        family = event_families()[claim.event_type].name
        if _rule(claim) == MODEL and not _is_found_by_rule(claim, others):
            return "read_by_model"
        found = _doubt_of_actor(claim, others, family) or _doubt_of_target(claim)
        if not found and family in PLACED and _is_part([*claim.actors, *claim.targets]):
            return "part_of_region"
        if found or family == "tariff":
            return found or self._doubt_of_tariff(claim)
        if GENERIC_MATERIALS.issuperset(claim.materials):
            return "general_material" if claim.materials else "no_material"
        if claim.provenance.get("materials") == INHERITED and not _is_told_elsewhere(claim, others, "materials"):
            return "inherited_material"
        checks = {"control": self._doubt_of_control, "outage": self._doubt_of_outage}
        checks |= {"investment": self._doubt_of_plant, "stockpile": self._doubt_of_stock}
        return checks[family](claim) if family in checks else ""

    def selectors(self, claim: Claim) -> list[str]:
        """Selectors of the claim's materials that the base knows."""
        known = goods_of_material(self.chain)
        return [known[name][0] for name in specific(claim.materials) if name in known]

    def _doubt_of_control(self, claim: Claim) -> str:
        if _rule(claim) in _state_rules():
            return "state_only"
        exporters = traders(self.chain, self.selectors(claim)).exporters
        return "" if any_within(regions(claim.actors), exporters) else "not_exporter"

    def _doubt_of_outage(self, claim: Claim) -> str:
        stages = [stage for stage in claim.stage if stage in STAGE_GOODS]
        if not stages or claim.provenance.get("stage") != EXPLICIT:
            return "no_stage"
        if words_mentioned(claim.quote, self.languages.get(claim.doc, ""), WANT):
            return "effect"
        places = (regions(claim.targets) or regions(claim.actors))[:1]
        makers = traders(self.chain, [STAGE_GOODS[stage] for stage in stages]).makers & traders(self.chain, self.selectors(claim)).makers
        return "" if any_within(places, makers) else "no_plant"

    def _doubt_of_plant(self, claim: Claim) -> str:
        return "" if (claim.quantity or {}).get("unit") == "t/year" else "no_capacity"

    def _doubt_of_stock(self, claim: Claim) -> str:
        owners = regions(claim.actors)
        if len(owners) != 1 or owners[0] in groups():
            return "several_owners"
        return "" if (claim.quantity or {}).get("unit") == "t" else "no_tonnes"

    def _doubt_of_tariff(self, claim: Claim) -> str:
        payers = [name for name in regions(claim.targets) if name not in regions(claim.actors)]
        if not payers:
            return "no_payer"
        products = [name for name in claim.targets if name.startswith("product:")]
        goods = taxed_goods(claim)
        is_general = words_mentioned(claim.quote, self.languages.get(claim.doc, ""), GOODS)
        if not goods or not (products or claim.materials or is_general):
            return "no_goods"
        return "" if any_within(payers, traders(self.chain, goods).makers) else "not_exporter"


def _rule(claim: Claim) -> str:
    """Id of the rule that found a claim."""
    return claim.extractor.rpartition(":")[2]


def _is_found_by_rule(claim: Claim, others: Iterable[Claim]) -> bool:
    """Whether a rule found a claim of the same type by the same actors."""
    return any(other.event_type == claim.event_type and other.actors == claim.actors and _rule(other) != MODEL for other in others)


def _follows(claim: Claim, passed: Iterable[Claim]) -> bool:
    """Whether a claim takes up an act by the same actors that passed in the same document."""
    return any(other.doc == claim.doc and set(regions(other.actors)) == set(regions(claim.actors)) for other in passed)


def taxed_goods(claim: Claim) -> list[str]:
    """Goods of the model that are, or are in, what a duty names; goods in general where it names nothing."""
    products = [name for name in claim.targets if name.startswith("product:")]
    named = [name for product in products for name in tariff_goods().get(product, ())]
    known = goods_of_material(RARE_EARTHS)
    named += [known[name][0] for name in claim.materials if name in known and name not in GENERIC_MATERIALS]
    return named if products or claim.materials else tariff_goods()[""]


def _verdict(claim: Claim, event: Event | None) -> str:
    """What a person said of the claim, else of its event; empty if nobody did."""
    review = claim.review or (event.review if event else None)
    return str(review["verdict"]) if review else ""


def _doubt_of_actor(claim: Claim, others: Iterable[Claim], family: str) -> str:
    acting = regions(claim.actors)
    is_placed = (family == "outage" or (family == "investment" and bool(claim.actors))) and bool(regions(claim.targets))
    if not acting and not is_placed:
        return "no_actor"
    if family == "outage" and not claim.actors:
        return ""
    return "" if claim.provenance.get("actors") == EXPLICIT or _is_told_elsewhere(claim, others) else "inherited_actor"


def _is_told_elsewhere(claim: Claim, others: Iterable[Claim], name: str = "actors") -> bool:
    """Whether another document says the same of this field of the same act, in so many words."""
    said = set(getattr(claim, name))
    return any(other.doc != claim.doc and other.provenance.get(name) == EXPLICIT and set(getattr(other, name)) == said for other in others)


def _doubt_of_target(claim: Claim) -> str:
    aims = regions(claim.targets)
    if claim.event_type != "outage" and aims and set(aims) <= set(regions(claim.actors)):
        return "own_target"
    return "inherited_target" if aims and claim.provenance.get("targets") == INHERITED else ""


def _is_part(names: Iterable[str]) -> bool:
    """Whether the model knows one of the countries only as a part of a region of several."""
    codes = [name.partition(":")[2] for name in names if name.startswith("country:")]
    return any(region_of(code) != code for code in codes)


def _level(claims: Sequence[Claim], event: Event) -> str:
    """What the reading of an event's claims rests on: the firmest of them counts."""
    found = {CONFIRMED if _verdict(claim, event) in PASSING else _reading_of(claim) for claim in claims}
    return next((level for level in LEVELS if level in found), "")


def _reading_of(claim: Claim) -> str:
    named = (claim.provenance.get(name, EXPLICIT) for name in ("actors", "targets", "materials"))
    return INHERITED if INHERITED in named else EXPLICIT


def to_confirm(claim: Claim, code: str, event: str = "") -> ToConfirm:
    """The record of a claim that waits."""
    return ToConfirm(claim.id, reasons()[code], code, event, claim.doc, claim.event_type, shown(claim.quote))
