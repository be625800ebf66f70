"""Measures of one event: what the claims that passed the gate say, and documented defaults for what they leave open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.evidence.claims import ENDED, EXTENDED
from ytterby.evidence.events import act_day, event_families
from ytterby.evidence.gate import RELIEF, measure_kinds, taxed_goods
from ytterby.evidence.goods import STAGE_GOODS, chains, goods_of_material, regions, regions_with_plant, specific
from ytterby.evidence.stated_times import DAYS, first_day_of, last_day_of, opening_of, stated_lengths
from ytterby.evidence.tables import read_table
from ytterby.facts import groups
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.events import Event
    from ytterby.measures import AnyMeasure

MAX_NAME = 80
"""Characters of the name of a measure."""
MAX_PLACES = 3
"""Regions that are tried as the place of a plant."""
CONTROLS = ("ban", "quota", "licence", "export_control_imposed", "export_control_tightened", "export_control_suspended")
"""Types of claims that give a control, the one that decides on its kind first."""
HAS_END = frozenset((ENDED, "to end"))
"""Status of a suspension that does not go on."""


class DraftDefault(NamedTuple):
    """A row of ``defaults.csv``: the value of what a text does not say, and its range."""

    value: float | str
    low: float | None
    high: float | None


class NoMeasureError(Exception):
    """An event gives no measure; ``code`` is that of the reason in ``left_out.csv``, ``names`` those that it is about."""

    def __init__(self, code: str, *names: str) -> None:
        super().__init__(code)
        self.code, self.names = code, names


@cache
def reasons_left_out() -> dict[str, str]:
    """Reasons why an event gives no measure, by code; ``{names}`` stands for what it names."""
    return {row["code"]: row["reason"] for row in read_table("left_out.csv")}


@cache
def draft_defaults() -> dict[tuple[str, str], DraftDefault]:
    """Defaults by kind of measure and key."""
    rows = read_table("defaults.csv")
    numbers = [[float(cell) if cell else None for cell in (row["low"], row["high"])] for row in rows]
    return {
        (row["kind"], row["key"]): DraftDefault(row["value"] if "-" in row["value"] else float(row["value"]), *bounds)
        for row, bounds in zip(rows, numbers, strict=True)
    }


def default_of(kind: str, key: str) -> float:
    """The default of a key of a kind of measure."""
    return float(draft_defaults()[kind, key].value)


@dataclass
class MeasureDraft:
    """Keys of a measure while they are collected.

    ``ranges`` are those of assumed numbers, ``days`` the dates that a stated range can mean.
    ``suspension`` are the first and last day on which the measure is suspended, ``is_extended`` says that nothing but an extension is told,
    and ``reading`` says what the reading of its claims rests on: confirmed, explicit or inherited.
    """

    event_id: str
    kind: str
    keys: dict[str, Any]
    evidence: list[str]
    assumed: list[str] = field(default_factory=list)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    days: dict[str, list[date]] = field(default_factory=dict)
    suspension: tuple[date, date] | None = None
    is_extended: bool = False
    reading: str = ""

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
class EventDrafter:
    """Turns the claims of one event that passed the gate into measures for the base of a chain.

    ``published`` are the dates of the documents; ``first_day`` is the first report, which dates events without a day.
    """

    event: Event
    claims: list[Claim]
    published: Mapping[str, str | None]
    first_day: date
    chain: str

    def measures(self) -> list[MeasureDraft]:
        """Measures of the event; raises :class:`NoMeasureError` if it gives none."""
        family = event_families()[self.event.event_type].name
        if not self.claims:
            raise NoMeasureError("denied")
        actors = self.names("actors")
        if family != "tariff" and not self.goods():
            raise self.no_goods()
        if not actors and not (family in {"investment", "outage"} and self.names("targets")):
            raise NoMeasureError("no_actor")
        if family == "tariff":
            if self.chain != RARE_EARTHS:
                raise NoMeasureError("no_tariff_base", self.chain)
            return [self.tariff(actors)]
        if family == "investment":
            return self.projects(actors)
        return [{"control": self.control, "stockpile": self.stockpile, "outage": self.outage}[family](actors)]

    def names(self, key: str) -> list[str]:
        """Regions of the claims' actors or targets."""
        return regions(name for claim in self.claims for name in getattr(claim, key))

    def materials(self) -> list[str]:
        """Materials of the claims."""
        return list(dict.fromkeys(name for claim in self.claims for name in claim.materials))

    def goods(self) -> list[tuple[str, str]]:
        """Selector and plant goods of each material; general materials count only if no other is named."""
        known = goods_of_material(self.chain)
        return [known[name] for name in specific(self.materials()) if name in known]

    def no_goods(self) -> NoMeasureError:
        """Why the base has none of the goods: none are named, another chain has them, or the model has none of them."""
        named = self.materials()
        elsewhere = [name for name in specific(named) if any(name in goods_of_material(chain) for chain in chains())]
        return NoMeasureError(*(("other_base", *elsewhere) if elsewhere else ("no_commodity", *named) if named else ("no_goods",)))

    def plant_goods(self) -> str:
        """What a new plant or a stock is of; empty if the model has none for the materials."""
        return next((goods for _, goods in self.goods() if goods), "")

    def new(self, kind: str, **keys: Any) -> MeasureDraft:
        """A measure of the event; the key ``from`` is written ``from_``."""
        named = {key.rstrip("_"): value for key, value in keys.items()}
        return MeasureDraft(self.event.id, kind, named, [claim.id for claim in self.claims])

    def start(self, measure: MeasureDraft) -> date:
        """Day of the act, else the first report, which is marked as assumed."""
        days = [day for claim in self.claims if (day := act_day(claim, self.published.get(claim.doc)))]
        opening = [day for claim in self.claims if (day := opening_of(claim))]
        if days or opening:
            return min(opening or days)
        measure.assumed.append("start")
        return self.first_day

    def quantity(self, *units: str, kind: str = "") -> dict[str, Any] | None:
        """First quantity of the claims in one of the units; of claims of one type if ``kind`` is given."""
        listed = (claim.quantity for claim in self.claims if not kind or claim.event_type == kind)
        return next((quantity for quantity in listed if quantity and quantity["unit"] in units), None)

    def control(self, actors: list[str]) -> MeasureDraft:
        """A ban, a quota or a licence, with its suspension."""
        if self.is_only_extended():
            return self.extension(actors)
        types = [claim.event_type for claim in self.claims]
        kind = next((measure_kinds()["control", name] for name in CONTROLS if name in types), "")
        if not kind:
            raise NoMeasureError("only_relief")
        destinations = self.destinations()
        measure = self.new(kind, on=[selector for selector, _ in self.goods()], from_=actors, to=destinations or ["all"])
        if not destinations:
            measure.assumed.append("to")
        start = measure.keys["start"] = self.start(measure)
        if kind == "quota":
            quantity = self.quantity("t", "t/year", kind="quota")
            if quantity is None:
                raise NoMeasureError("quota_open")
            measure.keys |= {"tonnes": _middle(quantity), "period": "year"}
            measure.assumed.append("period")
        if kind == "licence":
            measure.keys |= {"processing_days": measure.assume("processing_days"), "days": "working"}
            measure.keys |= {"approval_rate": measure.assume("approval_rate")}
            measure.assumed.append("days")
        suspensions = [claim for claim in self.claims if claim.event_type == "export_control_suspended"]
        if suspensions:
            first = min((day for claim in suspensions if (day := self.day_of(claim))), default=start)
            first = max(first, start)
            measure.suspension = (first, self.ended_on() or _suspended_until(suspensions, first, measure))
        return measure

    def ended_on(self) -> date | None:
        """Day on which a suspension ends, where an article tells of its end."""
        told = (first_day_of(str(row["date"])) for row in self.event.timeline if row["status"] in HAS_END)
        return max((day for day in told if day), default=None)

    def extension(self, actors: list[str]) -> MeasureDraft:
        """A suspension that goes on: nothing to run by itself, but what relieves a control that other articles tell."""
        destinations = self.destinations()
        measure = self.new("licence", on=[selector for selector, _ in self.goods()], from_=actors, to=destinations or ["all"])
        suspensions = [claim for claim in self.claims if claim.event_type == "export_control_suspended"]
        start = measure.keys["start"] = min((day for claim in suspensions if (day := self.day_of(claim))), default=self.start(measure))
        told = [claim for claim in suspensions if claim.renewal == EXTENDED]
        before = [claim for claim in suspensions if claim.renewal is None]
        until = _suspended_until(before, start, measure) if before else start
        from_then = max([until, *(day for claim in told if (day := self.day_of(claim)))])
        measure.suspension, measure.is_extended = (start, max(until, _suspended_until(told, from_then, measure))), True
        return measure

    def day_of(self, claim: Claim) -> date | None:
        """Day of a claim's act."""
        return opening_of(claim) or act_day(claim, self.published.get(claim.doc))

    def is_only_extended(self) -> bool:
        """Whether a suspension is extended and no claim tells of a control that holds besides: one put on before is what is suspended."""
        extended = any(claim.renewal == EXTENDED and claim.polarity == "pos" for claim in self.claims)
        goes_on = extended and self.event.status not in HAS_END
        return goes_on and all(claim.event_type in RELIEF or claim.modality == "done" for claim in self.claims)

    def destinations(self) -> list[str]:
        """Regions at which all claims aim; empty if one names none, since the control then holds for all."""
        named = [regions(claim.targets) for claim in self.claims]
        return list(dict.fromkeys(name for names in named for name in names)) if all(named) else []

    def tariff(self, actors: list[str]) -> MeasureDraft:
        """A tariff with its steps, on the goods of the model that the products named are or contain.

        A duty that is only reported as paused or cut is none that was imposed, and one that is put off is not in force.
        """
        imposed = [claim for claim in self.claims if claim.event_type == "tariff_imposed"]
        is_put_off = any(claim.event_type == "tariff_paused" for claim in self.claims) and all(c.modality == "planned" for c in imposed)
        if not imposed or is_put_off:
            raise NoMeasureError("not_imposed")
        payers = [region for region in self.names("targets") if region not in actors]
        if not payers:
            raise NoMeasureError("no_payer")
        named = [*self.materials(), *(name.partition(":")[2] for c in self.claims for name in c.targets if name.startswith("product:"))]
        goods = list(dict.fromkeys(name for claim in self.claims for name in taxed_goods(claim)))
        measure = self.new("tariff", on=goods, from_=payers, to=actors)
        said = ", ".join(dict.fromkeys(named)).replace("_", " ") or "no goods"
        measure.keys["note"] = f"The articles name {said}; of these the model knows magnets and the components that hold them."
        measure.assumed.append("on")
        start = measure.keys["start"] = self.start(measure)
        measure.keys["steps"] = self.steps(start, measure)
        return measure

    def steps(self, start: date, measure: MeasureDraft) -> list[dict[str, Any]]:
        """Steps of a tariff: imposed, then paused or reduced where the claims say so."""
        steps = [{"date": start, "rate": _rate(self.claims, "tariff_imposed", measure, "rate"), "status": "imposed"}]
        for kind, status in (("tariff_paused", "paused"), ("tariff_reduced", "reduced")):
            claim = next((c for c in self.claims if c.event_type == kind and c.modality in {"done", "ongoing", "asserted"}), None)
            if claim:
                day = start + timedelta(weeks=len(steps) * int(default_of("tariff", "pause_weeks")))
                steps.append({"date": day, "rate": _rate([claim], kind, measure, "paused_rate"), "status": status})
                measure.assumed.append("steps")
        return steps

    def projects(self, actors: list[str]) -> list[MeasureDraft]:
        """A plant where the claims that name tonnes a year place it; without such a claim, one of assumed capacity if a person says so."""
        wanted = self.plant_goods()
        if not wanted:
            raise NoMeasureError("no_plant_goods")
        rated = next((c for c in self.claims if c.quantity and c.quantity["unit"] == "t/year"), None)
        targets = [region for region in self.names("targets") if region not in groups()]
        places = targets or actors
        plants = [(region, plant) for region in places[:MAX_PLACES] if (plant := _plant(region, wanted, self.chain))]
        if not plants:
            raise NoMeasureError("no_plant_place", *places)
        return [self.project(region, plant, rated) for region, plant in plants[:1]]

    def project(self, region: str, plant: str, rated: Claim | None) -> MeasureDraft:
        """A plant in a region, with the capacity and the opening day of the claim ``rated``, if there is one."""
        measure = self.new("project", on=[plant], from_=[region])
        opening = opening_of(rated) if rated else None
        start = opening or self.start(measure) + timedelta(weeks=int(default_of("project", "lead_weeks")))
        measure.assumed = ["on"] if opening else ["on", "start"]
        capacity = _middle(rated.quantity or {}) if rated else measure.assume("capacity_t_per_year")
        measure.keys |= {"start": start, "capacity_t_per_year": capacity}
        return measure

    def stockpile(self, actors: list[str]) -> MeasureDraft:
        """A stock that its owner builds."""
        goods = self.plant_goods()
        if not goods or actors[0] in groups():
            raise NoMeasureError("no_owner")
        measure = self.new("stockpile", on=[goods], owner=actors[0], action="build")
        measure.keys["start"] = self.start(measure)
        quantity = self.quantity("t")
        measure.keys["tonnes"] = _middle(quantity) if quantity else measure.assume("tonnes")
        measure.keys["over_weeks"] = measure.assume("over_weeks")
        measure.assumed.append("on")
        return measure

    def outage(self, actors: list[str]) -> MeasureDraft:
        """Plants of the stage named, in the first country in which one stops, that lose capacity for a time."""
        stages = [stage for claim in self.claims for stage in claim.stage if stage in STAGE_GOODS]
        measure = self.new(
            "outage",
            on=list(dict.fromkeys(STAGE_GOODS[stage] for stage in stages or ["mining"])),
            from_=(self.names("targets") or actors)[:1],
        )
        start = self.start(measure)
        lengths = stated_lengths(self.quantity(*DAYS))
        if not lengths:
            measure.assumed.append("end")
        ends = [start + length for length in lengths] or [start + timedelta(weeks=int(default_of("outage", "weeks")))]
        measure.keys |= {"start": start, "end": ends[0] + (ends[-1] - ends[0]) // 2}
        if len(ends) > 1:
            measure.days["end"] = ends
        share = self.quantity("%")
        measure.keys["loss"] = float(share["lo"]) if share and share["lo"] else measure.assume("loss")
        return measure


def _plant(region: str, wanted: str, chain: str) -> str:
    """Goods of the plant to build in a region: those wanted if it makes them, else others of the chain that it makes; empty if none."""
    known = regions_with_plant(chain)
    if region in known.get(wanted, ()):
        return wanted
    return next((goods for goods, places in known.items() if region in places), "")


def _suspended_until(claims: list[Claim], start: date, measure: MeasureDraft) -> date:
    """Last day of a suspension as a claim states it, by date or by length, else after the default time, which is marked as assumed."""
    for claim in claims:
        for item in claim.dates:
            last = last_day_of(str(item.get("resolved") or "")) if item.get("kind") == "until" else None
            if last and last >= start:
                return last
        quantity = claim.quantity or {}
        if quantity.get("unit") in DAYS and quantity.get("value"):
            return start + timedelta(days=round(float(quantity["value"]) * DAYS[quantity["unit"]]))
    measure.assumed.append("suspended")
    return start + timedelta(days=int(default_of("licence", "suspended_days")))


def _rate(claims: Iterable[Claim], kind: str, measure: MeasureDraft, default: str) -> float:
    """Rate of a tariff as a claim of this type states it, else the default."""
    for claim in claims:
        value = (claim.quantity or {}).get("lo")
        if claim.event_type == kind and (claim.quantity or {}).get("unit") == "%" and isinstance(value, int | float):
            return float(value)
    return measure.assume("steps", default)


def _middle(quantity: dict[str, Any]) -> float:
    """Value of a quantity; the middle of a range."""
    value = quantity["value"]
    return float((quantity["lo"] + quantity["hi"]) / 2 if value is None else value)
