"""Scenario drafts: events as measures, each with the claims that support it and with its assumptions marked.

The measures are objects of :mod:`ytterby.scenario` and are written by its writer. What the articles do not say takes a documented
default of ``defaults.csv``; the key is then named under ``assumed``, and the range of the default becomes a draw.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.errors import ScenarioError
from ytterby.evidence.claims import GENERIC_MATERIALS
from ytterby.evidence.events import event_families
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.tables import read_table
from ytterby.facts import groups, region_of
from ytterby.system import RARE_EARTHS, newest_base_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.events import Event
    from ytterby.measures import AnyMeasure

NAME = "draft-from-articles"
TITLES = {"title_en": "Drafted from articles", "title_de": "Entwurf aus Artikeln"}
HEADER = """# Drafted from articles by ytterby read. Every measure names the claims that carry it;
# keys under 'assumed' are documented defaults, with their ranges under 'draws': change them.
"""
UNDATED = "# start is assumed: no article has a date\n"
FIRM = frozenset(("done", "ongoing", "asserted", "claimed", "planned"))
"""Modalities of claims that support a measure."""
MIN_PARTNERS = 2
"""Regions that a planned agreement must name."""
MAX_PLACES = 3
"""Regions in which one event can build a plant."""
MAX_WEEKS, MAX_MEASURES, MAX_NAME = 1040, 500, 80
"""Limits of a scenario file: weeks, measures, and characters of a name."""
RECENT_DAYS = 730
"""Days before the last report within which earlier ones belong to the same scenario."""


@dataclass(frozen=True)
class ScenarioDraft(EvidenceRecord):
    """A scenario file made from events.

    ``evidence`` lists the claims that support it, ``assumed`` the keys that take a default (``measure.key``), and ``skipped``
    the events that give no measure, each with the reason.
    """

    name: str
    yaml: str
    measures: int
    evidence: tuple[str, ...]
    assumed: tuple[str, ...]
    skipped: tuple[str, ...] = ()


class DraftDefault(NamedTuple):
    """A row of ``defaults.csv``: the value of what a text does not say, and its range."""

    value: float | str
    low: float | None
    high: float | None


class _NoMeasureError(Exception):
    """An event gives no measure; the message says why, and is empty if no measure was to be expected."""


@cache
def draft_defaults() -> dict[tuple[str, str], DraftDefault]:
    """Defaults by kind of measure and key."""
    rows = read_table("defaults.csv")
    numbers = [[float(cell) if cell else None for cell in (row["low"], row["high"])] for row in rows]
    return {
        (row["kind"], row["key"]): DraftDefault(row["value"] if "-" in row["value"] else float(row["value"]), *bounds)
        for row, bounds in zip(rows, numbers, strict=True)
    }


def _default(kind: str, key: str) -> float:
    return float(draft_defaults()[kind, key].value)


@cache
def _kinds() -> dict[tuple[str, str], str]:
    """Kind of measure by family and event type."""
    return {(row["family"], row["event_type"]): row["kind"] for row in read_table("drafts.csv")}


@cache
def _goods_of_material(chain: str) -> dict[str, tuple[str, str]]:
    """Selector of a material's goods, and the goods that a new plant for it makes, for the materials that the base of a chain knows."""
    return {row["material"]: (row["selector"], row["project"]) for row in read_table("selectors.csv") if row["chain"] == chain}


def chain_of(events: Sequence[Event]) -> str:
    """Chain of most events' materials: the base on which they can be simulated; the rare earths where no event decides.

    Events that name general materials only, such as critical minerals, count where no others do.
    """
    known = {row["material"]: row["chain"] for row in read_table("selectors.csv")}
    for chosen in ([event for event in events if not GENERIC_MATERIALS.issuperset(event.materials)], events):
        counts = Counter(chain for event in chosen for chain in {known[name] for name in _specific(event.materials) if name in known})
        if counts:
            return max(counts, key=lambda chain: (counts[chain], chain == RARE_EARTHS, chain))
    return RARE_EARTHS


def _specific(materials: Sequence[str]) -> Sequence[str]:
    """Specific materials where any are named, else the general ones."""
    return [name for name in materials if name not in GENERIC_MATERIALS] or materials


@cache
def _tariff_goods() -> dict[str, list[str]]:
    return {row["target"]: row["goods"].split() for row in read_table("tariff_goods.csv")}


@cache
def regions_with_plant(chain: str = RARE_EARTHS) -> dict[str, frozenset[str]]:
    """Regions of a chain's newest base with a plant that makes the goods, by goods; only such a plant can be scaled."""
    return {row["goods"]: frozenset(row["regions"].split()) for row in read_table("makers.csv") if row["chain"] == chain}


@dataclass
class _MeasureDraft:
    """Keys of a measure while they are collected.

    ``ranges`` are those of assumed numbers. ``suspension`` are the first and last day on which the measure is suspended.
    """

    event_id: str
    kind: str
    keys: dict[str, Any]
    evidence: list[str]
    assumed: list[str] = field(default_factory=list)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    suspension: tuple[date, date] | None = None

    def assume(self, key: str, default: str = "") -> float:
        """The default of a key, which is marked as assumed; ``default`` names a row that stands for a part of the key."""
        value, low, high = draft_defaults()[self.kind, default or key]
        self.assumed.append(key)
        if low is not None and high is not None and not default:
            self.ranges[key] = (low, high)
        return float(value)

    def build(self, number: int) -> AnyMeasure:
        """The measure, named after kind, place and number; raises ScenarioError if a figure is none that a scenario can have."""
        from ytterby.measures import measure

        start, end = f"{self.kind.replace('_', '-')}-", f"-{number}"
        place = "-".join(self.keys.get("from") or [self.keys["owner"]]).lower()[: MAX_NAME - len(start) - len(end)]
        assumed = tuple(dict.fromkeys(self.assumed))
        return measure(kind=self.kind, name=f"{start}{place}{end}", **self.keys, evidence=tuple(self.evidence), assumed=assumed)


@dataclass
class _EventDrafter:
    """Turns one event into measures for the base of a chain; ``first_day`` is the first report, which dates events without a day."""

    event: Event
    claims: list[Claim]
    first_day: date
    chain: str

    def measures(self) -> list[_MeasureDraft]:
        """Measures of the event; raises :class:`_NoMeasureError` if it gives none."""
        family = event_families()[self.event.event_type].name
        if family not in {row[0] for row in _kinds()}:
            raise _NoMeasureError
        self.claims = [claim for claim in self.claims if claim.polarity == "pos" and claim.modality in FIRM]
        if not self.claims:
            raise _NoMeasureError("denied or only proposed")
        actors = _regions(self.event.actors)
        if not actors:
            raise _NoMeasureError("no actor that is a region of the model")
        if self.event.event_type == "agreement_planned" and len(actors) < MIN_PARTNERS:
            raise _NoMeasureError("a planned agreement without named partners")
        if family == "tariff":
            if self.chain != RARE_EARTHS:
                raise _NoMeasureError(f"a tariff on goods that the base of {self.chain} lacks")
            return [self.tariff(actors)]
        if not self.goods():
            raise _NoMeasureError(f"no commodity of the model among {', '.join(self.event.materials) or 'no materials'}")
        if family in {"agreement", "investment"}:
            return self.projects(actors, family)
        return [{"control": self.control, "stockpile": self.stockpile, "outage": self.outage}[family](actors)]

    def goods(self) -> list[tuple[str, str]]:
        """Selector and plant goods of each material; general materials count only if no other is named."""
        known = _goods_of_material(self.chain)
        return [known[name] for name in _specific(self.event.materials) if name in known]

    def plant_goods(self) -> str:
        """What a new plant or a stock is of; empty if the model has none for the materials."""
        return next((goods for _, goods in self.goods() if goods), "")

    def new(self, kind: str, **keys: Any) -> _MeasureDraft:
        """A measure of the event; the key ``from`` is written ``from_``."""
        return _MeasureDraft(self.event.id, kind, {key.rstrip("_"): value for key, value in keys.items()}, list(self.event.claims))

    def start(self, measure: _MeasureDraft) -> date:
        """Day of the event, else the first report, which is marked as assumed."""
        if self.event.date:
            return date.fromisoformat(self.event.date)
        measure.assumed.append("start")
        return self.first_day

    def quantity(self, *units: str, kind: str = "") -> dict[str, Any] | None:
        """First quantity of the claims in one of the units; of claims of one type if ``kind`` is given."""
        listed = (claim.quantity for claim in self.claims if not kind or claim.event_type == kind)
        return next((quantity for quantity in listed if quantity and quantity["unit"] in units), None)

    def control(self, actors: list[str]) -> _MeasureDraft:
        """A ban, a quota or a licence, with its suspension."""
        types = {claim.event_type for claim in self.claims}
        lead = next((t for t in ("ban", "quota", "licence", "export_control_imposed") if t in types), self.event.event_type)
        kind = _kinds().get(("control", lead)) or _kinds()["control", "export_control_imposed"]
        destinations = self.destinations()
        measure = self.new(kind, on=[selector for selector, _ in self.goods()], from_=actors, to=destinations or ["all"])
        if not destinations:
            measure.assumed.append("to")
        start = measure.keys["start"] = self.start(measure)
        if kind == "quota":
            quantity = self.quantity("t", "t/year", kind="quota")
            if quantity is None:
                raise _NoMeasureError("a quota without tonnes")
            measure.keys |= {"tonnes": _tonnes(quantity), "period": "year"}
            measure.assumed.append("period")
        if kind == "licence":
            measure.keys |= {"processing_days": measure.assume("processing_days"), "days": "working"}
            measure.keys |= {"approval_rate": measure.assume("approval_rate")}
            measure.assumed.append("days")
        suspensions = [claim for claim in self.claims if claim.event_type == "export_control_suspended"]
        if suspensions:
            measure.suspension = (start, _suspended_until(suspensions, start, measure))
        return measure

    def destinations(self) -> list[str]:
        """Regions at which all claims aim; empty if one names none, since the control then holds for all."""
        named = [_regions(claim.targets) for claim in self.claims]
        return list(dict.fromkeys(name for names in named for name in names)) if all(named) else []

    def tariff(self, actors: list[str]) -> _MeasureDraft:
        """A tariff with its steps, on the goods of the model that the products named contain."""
        payers = [region for region in _regions(self.event.targets) if region not in actors]
        if not payers:
            raise _NoMeasureError("a tariff without a country that pays it")
        named = [target for target in self.event.targets if target in _tariff_goods()]
        goods = list(dict.fromkeys(name for target in named or [""] for name in _tariff_goods()[target]))
        measure = self.new("tariff", on=goods, from_=payers, to=actors)
        said = ", ".join(target.partition(":")[2] for target in named) or "no goods"
        measure.keys["note"] = f"The articles name {said}; of these the model knows the components that hold magnets."
        measure.assumed.append("on")
        start = measure.keys["start"] = self.start(measure)
        steps = [{"date": start, "rate": _rate(self.claims, "tariff_imposed", measure, "rate"), "status": "imposed"}]
        for kind, status in (("tariff_paused", "paused"), ("tariff_reduced", "reduced")):
            claim = next((c for c in self.claims if c.event_type == kind and c.modality in {"done", "ongoing", "asserted"}), None)
            if claim:
                day = start + timedelta(weeks=len(steps) * int(_default("tariff", "pause_weeks")))
                steps.append({"date": day, "rate": _rate([claim], kind, measure, "paused_rate"), "status": status})
                measure.assumed.append("steps")
        measure.keys["steps"] = steps
        return measure

    def projects(self, actors: list[str], family: str) -> list[_MeasureDraft]:
        """A plant in each partner's region for an agreement; for an investment only if a capacity is named."""
        wanted = self.plant_goods()
        if not wanted:
            raise _NoMeasureError("no plant of the model makes these goods")
        rated = next((c for c in self.claims if c.quantity and c.quantity["unit"] == "t/year"), None)
        if family == "investment" and rated is None:
            raise _NoMeasureError("an investment without tonnes a year: money alone is no capacity")
        targets = [region for region in _regions(self.event.targets) if region not in groups()] if family == "investment" else []
        places = targets or actors
        plants = [(region, plant) for region in places[:MAX_PLACES] if (plant := _plant(region, wanted, self.chain))]
        if not plants:
            raise _NoMeasureError(f"no plant of the base year in {', '.join(places)} could be scaled")
        return [self.project(region, plant, family, rated) for region, plant in (plants[:1] if rated else plants)]

    def project(self, region: str, plant: str, family: str, rated: Claim | None) -> _MeasureDraft:
        """A plant in a region, with the capacity and the opening day of the claim ``rated``, if there is one."""
        measure = self.new("project", on=[plant], from_=[region])
        start = self.start(measure)
        opening = next((d for d in (rated.dates if rated else ()) if d.get("kind") == "from" and d.get("resolved")), None)
        if opening:
            start = _first_day(str(opening["resolved"]))
            measure.assumed.clear()
        elif family == "agreement":
            start += timedelta(weeks=int(_default("project", "lead_weeks")))
            measure.assumed = ["start"]
        capacity = _tonnes(rated.quantity or {}) if rated else measure.assume("capacity_t_per_year")
        measure.keys |= {"start": start, "capacity_t_per_year": capacity}
        measure.assumed.append("on")
        return measure

    def stockpile(self, actors: list[str]) -> _MeasureDraft:
        """A stock that its owner builds."""
        goods = self.plant_goods()
        if not goods or actors[0] in groups():
            raise _NoMeasureError("no single owner or no goods of the model")
        measure = self.new("stockpile", on=[goods], owner=actors[0], action="build")
        measure.keys["start"] = self.start(measure)
        quantity = self.quantity("t")
        measure.keys["tonnes"] = _tonnes(quantity) if quantity else measure.assume("tonnes")
        measure.keys["over_weeks"] = measure.assume("over_weeks")
        measure.assumed.append("on")
        return measure

    def outage(self, actors: list[str]) -> _MeasureDraft:
        """Mines of the first actor that lose capacity for a time."""
        measure = self.new("outage", on=["mine.*"], from_=actors[:1])
        start = self.start(measure)
        measure.keys |= {"start": start, "end": start + timedelta(weeks=int(_default("outage", "weeks")))}
        measure.assumed.append("end")
        share = self.quantity("%")
        measure.keys["loss"] = float(share["lo"]) if share and share["lo"] else measure.assume("loss")
        return measure


def _regions(names: Iterable[str]) -> list[str]:
    """Regions and groups of the base system for names such as ``country:CN`` or ``group:EU``."""
    found = []
    for name in names:
        kind, _, code = name.partition(":")
        if kind == "country":
            found.append(region_of(code))
        elif kind == "group" and code in groups():
            found.append(code)
    return list(dict.fromkeys(found))


def _plant(region: str, wanted: str, chain: str) -> str:
    """Goods of the plant to build in a region: those wanted if it makes them, else others of the chain that it makes; empty if none."""
    known = regions_with_plant(chain)
    if region in known.get(wanted, ()):
        return wanted
    return next((goods for goods, places in known.items() if region in places), "")


def _suspended_until(claims: list[Claim], start: date, measure: _MeasureDraft) -> date:
    """Last day of a suspension as a claim states it, else after the default time, which is marked as assumed."""
    for claim in claims:
        for item in claim.dates:
            resolved = str(item.get("resolved") or "")
            if item.get("kind") == "until" and len(resolved) >= 10 and date.fromisoformat(resolved[:10]) >= start:
                return date.fromisoformat(resolved[:10])
    measure.assumed.append("suspended")
    return start + timedelta(days=int(_default("licence", "suspended_days")))


def _rate(claims: Iterable[Claim], kind: str, measure: _MeasureDraft, default: str) -> float:
    """Rate of a tariff as a claim of this type states it, else the default."""
    for claim in claims:
        value = (claim.quantity or {}).get("lo")
        if claim.event_type == kind and (claim.quantity or {}).get("unit") == "%" and isinstance(value, int | float):
            return float(value)
    return measure.assume("steps", default)


def _tonnes(quantity: dict[str, Any]) -> float:
    """Value of a quantity; the middle of a range."""
    value = quantity["value"]
    return float((quantity["lo"] + quantity["hi"]) / 2 if value is None else value)


def _first_day(resolved: str) -> date:
    year, month, day, *_ = [*(int(part) for part in resolved.split("/")[0].split("-")), 1, 1]
    return date(year, month, day)


def build_drafts(documents: Sequence[Document], claims: Sequence[Claim], events: Sequence[Event]) -> list[ScenarioDraft]:
    """One scenario with the measures that the events give; empty if they give none."""
    known = {claim.id: claim for claim in claims}
    published = sorted(d.published for d in documents if d.published)
    first_day = _first_recent(published) if published else date.fromisoformat(str(draft_defaults()["draft", "start"].value))
    chain = chain_of(events)
    found: list[_MeasureDraft] = []
    skipped: list[str] = []
    for event in events:
        try:
            found += _EventDrafter(event, [known[name] for name in event.claims], first_day, chain).measures()
        except _NoMeasureError as error:
            skipped += [f"{event.id}: {error}"] if str(error) else []
    draft = _draft(_apply_suspensions(found), first_day, chain, skipped, bool(published)) if found else None
    return [draft] if draft else []


def _first_recent(published: Sequence[str]) -> date:
    """First report within two years of the last: older ones do not set the scenario's beginning."""
    days = [date.fromisoformat(day) for day in published]
    return min(day for day in days if (max(days) - day).days <= RECENT_DAYS)


def _apply_suspensions(measures: list[_MeasureDraft]) -> list[_MeasureDraft]:
    """Let each suspension end the bans that it suspends; without such a ban it stands in a licence of its own.

    What follows a suspension is for the user to say.
    """
    result = [measure for measure in measures if measure.suspension is None]
    for measure in measures:
        if measure.suspension is None:
            continue
        first, last = measure.suspension
        bans = [other for other in result if _is_suspended(other, measure, first)]
        for ban in bans:
            ban.keys["end"] = first
            ban.keys["note"] = f"Suspended from {first.isoformat()} until {last.isoformat()}; what follows is for the user to say."
            ban.evidence = list(dict.fromkeys([*ban.evidence, *measure.evidence]))
        if not bans:
            measure.kind = "licence"
            measure.keys["suspended"] = [{"from": first, "to": last}]
            result.append(measure)
    return result


def _is_suspended(ban: _MeasureDraft, suspension: _MeasureDraft, first: date) -> bool:
    if ban.kind != "ban" or ban.keys["from"] != suspension.keys["from"] or ban.keys["start"] > first:
        return False
    return bool(set(ban.keys["on"]) & set(suspension.keys["on"])) and set(ban.keys["to"]) == set(suspension.keys["to"])


def _draft(found: list[_MeasureDraft], first_day: date, chain: str, skipped: list[str], is_dated: bool) -> ScenarioDraft | None:
    """The scenario of the measures; None if no scenario can hold any of them."""
    from ytterby.measures import Uniform
    from ytterby.scenario import Scenario, dump

    starts = [draft.keys["start"] for draft in found]
    first = max(min([first_day, *starts]), first_day - timedelta(days=RECENT_DAYS))
    weeks = min(MAX_WEEKS, max(int(_default("draft", "weeks")), (max(starts) - first).days // 7 + 52))
    measures: list[AnyMeasure] = []
    draws: dict[str, Uniform] = {}
    scenario = None
    base = {"name": NAME, "start": first, "weeks": weeks, "base_year": newest_base_year(chain), "chain": chain}
    for number, draft in enumerate(found[:MAX_MEASURES], 1):
        try:
            scenario = Scenario.model_validate(TITLES | base | {"measures": (draft.build(number),)})
        except ScenarioError as error:
            skipped.append(f"{draft.event_id}: {' '.join(str(error).split())}")
            continue
        measures += scenario.measures
        name = scenario.measures[0].name
        draws |= {f"measures.{name}.{key}": Uniform(low=low, high=high) for key, (low, high) in draft.ranges.items()}
    if scenario is None:
        return None
    scenario = scenario.model_copy(update={"measures": tuple(measures), "draws": draws})
    left_out = "".join(f"# left out: {reason}\n" for reason in skipped)
    text = f"{HEADER}{'' if is_dated else UNDATED}{dump(scenario)}{left_out}"
    evidence = tuple(dict.fromkeys(name for measure in measures for name in measure.evidence))
    assumed = tuple(f"{measure.name}.{key}" for measure in measures for key in measure.assumed)
    return ScenarioDraft(NAME, text, len(measures), evidence, assumed, tuple(skipped))
