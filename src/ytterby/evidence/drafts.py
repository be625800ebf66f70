"""Scenario drafts: events as measures, each with the claims that support it and with its assumptions marked.

The measures are objects of :mod:`ytterby.scenario` and are written by its writer. Only claims that pass the gate carry one
(:mod:`ytterby.evidence.gate`); the others stand in the draft as comments, with the reason. What the articles do not say takes a
documented default of ``defaults.csv``; the key is then named under ``assumed``, and the range of the default becomes a draw.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ytterby.errors import ScenarioError
from ytterby.evidence.event_measures import EventDrafter, MeasureDraft, NoMeasureError, default_of, draft_defaults, reasons_left_out
from ytterby.evidence.events import event_families
from ytterby.evidence.gate import LEVELS, Gate, Passed, ToConfirm, measured_families, to_confirm
from ytterby.evidence.goods import chain_of, goods_of_material
from ytterby.evidence.records import EvidenceRecord
from ytterby.system import newest_base_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.events import Event
    from ytterby.measures import AnyMeasure
    from ytterby.scenario import Scenario

NAME = "draft-from-articles"
TITLES = {"title_en": "Drafted from articles", "title_de": "Entwurf aus Artikeln"}
HEADER = """# Drafted from articles by ytterby read. Every measure names the claims that carry it;
# keys under 'assumed' are documented defaults, with their ranges under 'draws': change them.
"""
UNDATED = "# start is assumed: no article has a date\n"
WAITING = """# To confirm: not run. 'ytterby review CLAIM confirm' moves a claim over.
"""
MAX_WEEKS, MAX_MEASURES = 1040, 500
"""Limits of a scenario file: weeks and measures."""
RECENT_DAYS = 730
"""Days before the last report within which earlier ones belong to the same scenario."""
ON = re.compile(r"^(\s*(?:- )?)on:", re.MULTILINE)
"""The key that YAML 1.1 reads as a truth value unless it is quoted."""


@dataclass(frozen=True)
class ScenarioDraft(EvidenceRecord):
    """A scenario file made from events.

    ``evidence`` lists the claims that support it, ``assumed`` the keys that take a default (``measure.key``), ``skipped``
    the events that give no measure, each with the reason, and ``to_confirm`` the claims that the gate held back. ``rests_on``
    counts the measures by what the reading of their claims rests on: confirmed, explicit, inherited.
    """

    name: str
    yaml: str
    measures: int
    evidence: tuple[str, ...]
    assumed: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    to_confirm: tuple[ToConfirm, ...] = ()
    rests_on: dict[str, int] | None = None


@dataclass(frozen=True)
class LeftOut(EvidenceRecord):
    """An event of a kind that can be a measure and gives none: the code of the reason, what it names, and the reason in words."""

    event: str
    event_type: str
    code: str
    names: tuple[str, ...]
    reason: str
    title: str
    documents: tuple[str, ...]


class Drafted(NamedTuple):
    """The drafts of a reading, the claims that the gate held back, and the events that give no measure."""

    drafts: list[ScenarioDraft]
    to_confirm: list[ToConfirm]
    left_out: list[LeftOut]


def build_drafts(documents: Sequence[Document], claims: Sequence[Claim], events: Sequence[Event]) -> Drafted:
    """One scenario with the measures that the events give, none if they give none, and what is to be confirmed."""
    return _Drafting.of(documents, claims, events).drafted()


@dataclass
class _Drafting:
    """Measures, reasons and waiting claims while the events of a reading are gone through."""

    claims: Mapping[str, Claim]
    events: Mapping[str, Event]
    published: Mapping[str, str | None]
    first_day: date
    gate: Gate
    found: list[MeasureDraft]
    held: list[MeasureDraft]
    skipped: list[LeftOut]
    waiting: list[ToConfirm]

    @classmethod
    def of(cls, documents: Sequence[Document], claims: Sequence[Claim], events: Sequence[Event]) -> _Drafting:
        """Nothing yet, on the base of most events' materials."""
        published = {document.name: document.published for document in documents}
        days = sorted(day for day in published.values() if day)
        first_day = _first_recent(days) if days else date.fromisoformat(str(draft_defaults()["draft", "start"].value))
        gate = Gate(chain_of(events), {document.name: document.language for document in documents})
        known = {event.id: event for event in events}
        return cls({claim.id: claim for claim in claims}, known, published, first_day, gate, [], [], [], [])

    def drafted(self) -> Drafted:
        """The draft of all events."""
        for event in self.events.values():
            family = event_families()[event.event_type].name
            if family == "agreement":
                self.skipped.append(left_out(event, "agreement"))
            elif family in measured_families():
                self.take(event)
        in_events = {name for event in self.events.values() for name in event.claims}
        self.waiting += [
            to_confirm(claim, "no_actor") for claim in self.claims.values() if claim.id not in in_events and self.is_act(claim)
        ]
        is_dated = any(self.published.values())
        measures = _apply_suspensions(self.found)
        carried = {name for measure in measures for name in measure.evidence}
        unused = [each for each in self.found if each.is_extended and carried.isdisjoint(each.evidence)]
        self.skipped += [left_out(self.events[each.event_id], "only_extended") for each in unused]
        draft = _draft(measures, self, is_dated) if measures else None
        self.waiting.sort(key=lambda record: -(self.claims[record.claim].confidence or 0.0))
        return Drafted([draft] if draft else [], self.waiting, self.skipped)

    def take(self, event: Event) -> None:
        """Take up the measures of an event, or the reason why it gives none."""
        passed, waiting = self.gate.open_for(event, [self.claims[name] for name in event.claims])
        if passed.claims or not waiting:
            self.found += self.measures(event, passed, self.skipped)
        if waiting and all(record.code == "no_capacity" for record in waiting):
            self.skipped.append(left_out(event, waiting[0].code))
        elif waiting:
            names = {record.claim for record in waiting}
            reasons: list[LeftOut] = []
            held = self.measures(event, Passed([c for c in map(self.claims.get, event.claims) if c and c.id in names], ""), reasons)
            self.held += held
            lacks_goods = any(reason.code in {"no_commodity", "other_base"} for reason in reasons)
            self.skipped += reasons if lacks_goods else []
            self.waiting += [] if lacks_goods else waiting

    def measures(self, event: Event, passed: Passed, reasons: list[LeftOut]) -> list[MeasureDraft]:
        """Measures that claims of an event give; the reason why they give none is added to ``reasons``."""
        try:
            found = EventDrafter(event, passed.claims, self.published, self.first_day, self.gate.chain).measures()
        except NoMeasureError as error:
            reasons.append(left_out(event, error.code, *error.names))
            return []
        for measure in found:
            measure.reading = passed.level
        if not passed.level and any(measure.is_extended for measure in found):
            reasons.append(left_out(event, "only_extended"))
            return []
        return found

    def is_act(self, claim: Claim) -> bool:
        """Whether a claim of no event would be a measure if it named who acts."""
        family = event_families().get(claim.event_type)
        is_known = any(name in goods_of_material(self.gate.chain) for name in claim.materials)
        if family is None or family.name not in measured_families() - {"tariff", "investment"} or not is_known:
            return False
        return claim.polarity == "pos" and claim.modality in {"done", "ongoing", "asserted", "planned"}


def left_out(event: Event, code: str, *names: str) -> LeftOut:
    """The record of an event that gives no measure."""
    reason = reasons_left_out()[code].format(names=", ".join(names))
    return LeftOut(event.id, event.event_type, code, names, reason, event.title, event.documents)


def _first_recent(published: Sequence[str]) -> date:
    """First report within two years of the last: older ones do not set the scenario's beginning."""
    days = [date.fromisoformat(day) for day in published]
    return min(day for day in days if (max(days) - day).days <= RECENT_DAYS)


def _apply_suspensions(measures: list[MeasureDraft]) -> list[MeasureDraft]:
    """Let each suspension end the bans and stop the licences that it suspends; without such a control it stands in a licence of its own.

    One that is extended gives none of its own. What follows a suspension is for the user to say.
    """
    result = [measure for measure in measures if measure.suspension is None]
    for measure in measures:
        if measure.suspension is None:
            continue
        first, last = measure.suspension
        controls = [other for other in result if _is_suspended(other, measure, first)]
        for licence in (other for other in controls if other.kind == "licence"):
            licence.keys["suspended"] = [{"from": first, "to": last}]
            licence.evidence = list(dict.fromkeys([*licence.evidence, *measure.evidence]))
        for ban in (other for other in controls if other.kind == "ban"):
            ban.keys["end"] = first
            ban.keys["note"] = f"Suspended from {first.isoformat()} until {last.isoformat()}; what follows is for the user to say."
            ban.evidence = list(dict.fromkeys([*ban.evidence, *measure.evidence]))
        if not controls and not measure.is_extended:
            measure.kind = "licence"
            measure.keys["suspended"] = [{"from": first, "to": last}]
            result.append(measure)
    return result


def _is_suspended(ban: MeasureDraft, suspension: MeasureDraft, first: date) -> bool:
    is_control = ban.kind == "ban" or (ban.kind == "licence" and "suspended" not in ban.keys)
    if not is_control or ban.keys["from"] != suspension.keys["from"] or ban.keys["start"] > first:
        return False
    return bool(set(ban.keys["on"]) & set(suspension.keys["on"])) and set(ban.keys["to"]) == set(suspension.keys["to"])


def _draft(found: list[MeasureDraft], drafting: _Drafting, is_dated: bool) -> ScenarioDraft | None:
    """The scenario of the measures; None if no scenario can hold any of them."""
    from ytterby.scenario import dump

    base = _base(found, drafting)
    kept: list[MeasureDraft] = []
    scenario = None
    for measure in found[:MAX_MEASURES]:
        try:
            scenario = _joined(scenario, base, measure, len(kept) + 1)
        except ScenarioError as error:
            event = drafting.events[measure.event_id]
            drafting.skipped.append(left_out(event, "no_scenario", " ".join(str(error).split())))
            continue
        kept.append(measure)
    if scenario is None:
        return None
    counted = Counter(measure.reading for measure in kept)
    skipped = tuple(f"{record.event}: {record.reason}" for record in drafting.skipped)
    listed = "".join(f"# left out: {reason}\n" for reason in skipped)
    text = f"{HEADER}{'' if is_dated else UNDATED}{dump(scenario)}{listed}{_held_back(drafting, base)}"
    measures: tuple[AnyMeasure, ...] = scenario.measures
    evidence = tuple(dict.fromkeys(name for measure in measures for name in measure.evidence))
    assumed = tuple(f"{measure.name}.{key}" for measure in measures for key in measure.assumed)
    rests_on = {level: counted[level] for level in LEVELS}
    quoted = ON.sub(r'\1"on":', text)
    return ScenarioDraft(NAME, quoted, len(measures), evidence, assumed, skipped, tuple(drafting.waiting), rests_on)


def _base(found: Sequence[MeasureDraft], drafting: _Drafting) -> dict[str, object]:
    """Keys of the scenario apart from its measures."""
    starts = [measure.keys["start"] for measure in found]
    first = max(min([drafting.first_day, *starts]), drafting.first_day - timedelta(days=RECENT_DAYS))
    weeks = min(MAX_WEEKS, max(int(default_of("draft", "weeks")), (max(starts) - first).days // 7 + 52))
    chain = drafting.gate.chain
    return {**TITLES, "name": NAME, "start": first, "weeks": weeks, "base_year": newest_base_year(chain), "chain": chain}


def _joined(scenario: Scenario | None, base: Mapping[str, object], measure: MeasureDraft, number: int) -> Scenario:
    """A scenario with one more measure and its draws; raises ScenarioError if no scenario can hold the measure."""
    from ytterby.measures import Choice, Uniform
    from ytterby.scenario import Scenario as ScenarioClass

    one = ScenarioClass.model_validate({**base, "measures": (measure.build(number),)})
    name = one.measures[0].name
    draws: dict[str, Choice | Uniform] = {
        f"measures.{name}.{key}": Uniform(low=low, high=high) for key, (low, high) in measure.ranges.items()
    }
    for key, days in measure.days.items():
        draws[f"measures.{name}.{key}"] = Choice(values=tuple(day.isoformat() for day in days))
    if scenario is None:
        return one.model_copy(update={"draws": draws})
    return scenario.model_copy(update={"measures": (*scenario.measures, *one.measures), "draws": {**scenario.draws, **draws}})


def _held_back(drafting: _Drafting, base: Mapping[str, object]) -> str:
    """Claims to confirm as comments, each with its reason and its words, and the measures that they would give."""
    if not drafting.waiting:
        return ""
    lines = [f"#   {record.claim}: {record.reason}\n#     {record.quote}\n" for record in drafting.waiting]
    measures = "".join(_commented(measure, base, number) for number, measure in enumerate(drafting.held, 1))
    return WAITING + "".join(lines) + (f"# They would give:\n{measures}" if measures else "")


def _commented(measure: MeasureDraft, base: Mapping[str, object], number: int) -> str:
    """A measure as commented YAML; empty if no scenario can hold it."""
    from ytterby.scenario import dump

    try:
        text = dump(_joined(None, base, replace(measure, suspension=None), number))
    except ScenarioError:
        return ""
    block = text.partition("measures:\n")[2].splitlines()
    end = next((at for at, line in enumerate(block) if line and not line[0].isspace()), len(block))
    return "".join(f"# {line}\n" for line in block[:end])
