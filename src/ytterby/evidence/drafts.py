"""Scenario drafts: events as measures of a scenario file, with the claims that carry them and the assumptions marked."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from ytterby.evidence.events import families
from ytterby.evidence.lexicon import read_table
from ytterby.evidence.records import Draft
from ytterby.facts.vocabulary import groups, region_of
from ytterby.system.assumptions import RARE_EARTHS
from ytterby.system.build import BASES, newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.evidence.records import Claim, Document, Event

FIRM = frozenset(("done", "ongoing", "asserted", "claimed", "planned"))
STATES = {"export_control_suspended"}
GENERAL = frozenset(("critical_minerals", "strategic_raw_materials"))
"""Materials that may be any."""
PARTNERS = 2
MAX_WEEKS = 1040
RECENT = 730
"""Days within which reports belong to one scenario."""


@cache
def defaults() -> dict[tuple[str, str], tuple[float | str, float | None, float | None]]:
    """Documented values of what a text does not say: (value, low, high) by kind and key."""
    found: dict[tuple[str, str], tuple[float | str, float | None, float | None]] = {}
    for row in read_table("defaults.csv"):
        value: float | str = row["value"] if "-" in row["value"] else float(row["value"])
        found[row["kind"], row["key"]] = (value, float(row["low"]) if row["low"] else None, float(row["high"]) if row["high"] else None)
    return found


def default(kind: str, key: str) -> float:
    """The documented value of a number."""
    return float(defaults()[kind, key][0])


@cache
def _kinds() -> dict[tuple[str, str], str]:
    return {(row["family"], row["event_type"]): row["kind"] for row in read_table("drafts.csv")}


@cache
def _selectors(chain: str) -> dict[str, tuple[str, str]]:
    """Selector and goods of a plant by material, of the materials that the base of a chain knows."""
    return {row["material"]: (row["selector"], row["project"]) for row in read_table("selectors.csv") if row["chain"] == chain}


def chain_of(events: Sequence[Event]) -> str:
    """Chain of most events' materials: the base on which they can be simulated; the rare earths where no event decides.

    Events that name general materials only, such as critical minerals, count where no others do.
    """
    chains = {row["material"]: row["chain"] for row in read_table("selectors.csv")}
    for chosen in ([e for e in events if GENERAL.isdisjoint(_without_general(e.materials))], events):
        counts = Counter(chain for event in chosen for chain in {chains[name] for name in event.materials if name in chains})
        if counts:
            return max(counts, key=lambda chain: (counts[chain], chain == RARE_EARTHS, chain))
    return RARE_EARTHS


@cache
def _tariff_goods() -> dict[str, list[str]]:
    return {row["target"]: row["goods"].split() for row in read_table("tariff_goods.csv")}


@cache
def makers(chain: str = RARE_EARTHS) -> dict[str, frozenset[str]]:
    """Regions of a chain's newest base year with a plant that makes the goods: only such a plant can be scaled."""
    return {row["goods"]: frozenset(row["regions"].split()) for row in read_table("makers.csv") if row["chain"] == chain}


def _plant(region: str, wanted: str) -> str:
    """Goods of the plant to build: those wanted, else the first of their chain that the region makes; empty if it makes none."""
    known = next(found for chain in BASES if wanted in (found := makers(chain)))
    if region in known[wanted]:
        return wanted
    return next((goods for goods, places in known.items() if region in places), "")


@dataclass
class _Measure:
    """A measure as it is put together: keys in order, which are assumed, the ranges of the assumed ones."""

    keys: dict[str, Any]
    evidence: list[str]
    assumed: list[str] = field(default_factory=list)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    span: tuple[date, date] | None = None

    def assume(self, kind: str, key: str, name: str = "") -> float:
        """Take a documented default for a key and mark it."""
        value, low, high = defaults()[kind, key]
        target = name or key
        self.assumed.append(target)
        if low is not None and high is not None and not name:
            self.ranges[target] = (low, high)
        return float(value)


def regions(names: Sequence[str]) -> list[str]:
    """Regions and groups of the base system for actors such as ``country:CN`` or ``group:EU``."""
    found = []
    for name in names:
        kind, _, code = name.partition(":")
        if kind == "country":
            found.append(region_of(code))
        elif kind == "group" and code in groups():
            found.append(code)
    return list(dict.fromkeys(found))


def build(documents: Sequence[Document], claims: Sequence[Claim], events: Sequence[Event]) -> list[Draft]:
    """One scenario with a measure for each event that the model can carry; empty if there is none."""
    known = {claim.id: claim for claim in claims}
    published = sorted(d.published for d in documents if d.published)
    base = _first_of_recent(published) if published else date.fromisoformat(str(defaults()["draft", "start"][0]))
    chain = chain_of(events)
    measures: list[_Measure] = []
    skipped: list[str] = []
    for event in events:
        found, reason = _measures(event, [known[name] for name in event.claims], base, chain)
        measures += found
        if reason:
            skipped.append(f"{event.id}: {reason}")
    if not measures:
        return []
    return [_draft(_named(_suspend(measures)), base, chain, skipped, bool(published))]


def _first_of_recent(published: Sequence[str]) -> date:
    """First report within two years of the last: older ones are history, not the scenario's beginning."""
    days = [date.fromisoformat(day) for day in published]
    return min(day for day in days if (max(days) - day).days <= RECENT)


def _measures(event: Event, claims: list[Claim], base: date, chain: str) -> tuple[list[_Measure], str]:
    family = families()[event.event_type].name
    believed = [claim for claim in claims if claim.polarity == "pos" and claim.modality in FIRM]
    if family not in {row[0] for row in _kinds()}:
        return [], ""
    if not believed:
        return [], "denied or only proposed"
    who = regions(event.actors)
    if not who:
        return [], "no actor that is a region of the model"
    if event.event_type == "agreement_planned" and len(who) < PARTNERS:
        return [], "a planned agreement without named partners"
    if family == "tariff":
        return _tariff(event, believed, who, base) if chain == RARE_EARTHS else ([], f"a tariff on goods that the base of {chain} lacks")
    on = [_selectors(chain)[name] for name in _without_general(event.materials) if name in _selectors(chain)]
    if not on:
        return [], f"no commodity of the model among {', '.join(event.materials) or 'no materials'}"
    maker = {"control": _control, "agreement": _projects, "investment": _projects, "stockpile": _stockpile, "outage": _outage}[family]
    return maker(event, believed, who, on, base)


def _without_general(materials: Sequence[str]) -> list[str]:
    """Specific materials where any are named, else the general ones."""
    specific = [name for name in materials if name not in GENERAL]
    return specific or list(materials)


def _start(measure: _Measure, event: Event, base: date) -> date:
    """Day of the event, else the first day of the scenario, marked."""
    if event.date:
        return date.fromisoformat(event.date)
    measure.assumed.append("start")
    return base


def _control(event: Event, claims: list[Claim], who: list[str], on: list[tuple[str, str]], base: date) -> tuple[list[_Measure], str]:
    types = {claim.event_type for claim in claims}
    lead = next((t for t in ("ban", "quota", "licence", "export_control_imposed") if t in types), event.event_type)
    kind = _kinds().get(("control", lead)) or _kinds()["control", "export_control_imposed"]
    measure = _Measure({"kind": kind, "on": [selector for selector, _ in on], "from": who, "to": _aimed(claims)}, list(event.claims))
    if measure.keys["to"] == ["all"]:
        measure.assumed.append("to")
    start = _start(measure, event, base)
    measure.keys["start"] = start
    quantity = next((c.quantity for c in claims if c.event_type == "quota" and c.quantity and c.quantity["unit"] in {"t", "t/year"}), None)
    if kind == "quota":
        if quantity is None:
            return [], "a quota without tonnes"
        measure.keys |= {"tonnes": float(quantity["value"]), "period": "year"}
        measure.assumed.append("period")
    if kind == "licence":
        measure.keys |= {
            "processing_days": measure.assume(kind, "processing_days"),
            "days": "working",
            "approval_rate": measure.assume(kind, "approval_rate"),
        }
        measure.assumed.append("days")
    suspended = [claim for claim in claims if claim.event_type in STATES]
    if suspended:
        measure.span = (start, _until(suspended, start, measure))
    return [measure], ""


def _aimed(claims: list[Claim]) -> list[str]:
    """Where the goods may not go: the targets if every claim names some, else everywhere."""
    named = [regions(claim.targets) for claim in claims]
    return list(dict.fromkeys(name for names in named for name in names)) if all(named) else ["all"]


def _until(claims: list[Claim], start: date, measure: _Measure) -> date:
    """Last day of a suspension as one of the claims says, else after the documented time, marked."""
    for claim in claims:
        for item in claim.dates:
            resolved = str(item.get("resolved") or "")
            if item.get("kind") == "until" and len(resolved) >= 10 and date.fromisoformat(resolved[:10]) >= start:
                return date.fromisoformat(resolved[:10])
    measure.assumed.append("suspended")
    return start + timedelta(days=int(default("licence", "suspended_days")))


def _suspend(measures: list[_Measure]) -> list[_Measure]:
    """Put each suspension on the earlier controls that it suspends, or on its own measure where none is known.

    A ban ends on the day of its suspension; a licence gets the span. What follows the span is for the user to say.
    """
    kept = [measure for measure in measures if measure.span is None]
    for measure in measures:
        if measure.span is None:
            continue
        first, last = measure.span
        earlier = [m for m in kept if m.keys["kind"] == "ban" and m.keys["from"] == measure.keys["from"] and _touches(m, measure, first)]
        for ban in earlier:
            ban.keys |= {
                "end": first,
                "note": f"Suspended from {first.isoformat()} until {last.isoformat()}; what follows is for the user to say.",
            }
            ban.evidence = list(dict.fromkeys([*ban.evidence, *measure.evidence]))
        if not earlier:
            measure.keys = {**measure.keys, "kind": "licence", "suspended": [{"from": first, "to": last}]}
            kept.append(measure)
    return kept


def _touches(ban: _Measure, suspension: _Measure, first: date) -> bool:
    return (
        bool(set(ban.keys["on"]) & set(suspension.keys["on"]))
        and ban.keys["start"] <= first
        and set(ban.keys["to"]) == set(suspension.keys["to"])
    )


def _tariff(event: Event, claims: list[Claim], who: list[str], base: date) -> tuple[list[_Measure], str]:
    payers = [region for region in regions(event.targets) if region not in who]
    if not payers:
        return [], "a tariff without a country that pays it"
    named = [target for target in event.targets if target in _tariff_goods()]
    goods = list(dict.fromkeys(name for target in named or [""] for name in _tariff_goods()[target]))
    measure = _Measure({"kind": "tariff", "on": goods, "from": payers, "to": who}, list(event.claims))
    said = ", ".join(target.partition(":")[2] for target in named) or "no goods"
    measure.keys["note"] = f"The articles name {said}; of these the model knows the components that hold magnets."
    measure.assumed.append("on")
    start = _start(measure, event, base)
    steps = [{"date": start, "rate": _rate(claims, "tariff_imposed", measure, "rate"), "status": "imposed"}]
    for kind, status in (("tariff_paused", "paused"), ("tariff_reduced", "reduced")):
        claim = next((c for c in claims if c.event_type == kind and c.modality in {"done", "ongoing", "asserted"}), None)
        if claim:
            day = start + timedelta(weeks=len(steps) * int(default("tariff", "pause_weeks")))
            steps.append({"date": day, "rate": _rate([claim], kind, measure, "paused_rate"), "status": status})
            measure.assumed.append("steps")
    measure.keys |= {"start": start, "steps": steps}
    measure.assumed = list(dict.fromkeys(measure.assumed))
    return [measure], ""


def _rate(claims: list[Claim], kind: str, measure: _Measure, key: str) -> float:
    for claim in claims:
        value = (claim.quantity or {}).get("lo")
        if claim.event_type == kind and (claim.quantity or {}).get("unit") == "%" and isinstance(value, int | float):
            return float(value)
    return measure.assume("tariff", key, "steps")


def _projects(event: Event, claims: list[Claim], who: list[str], on: list[tuple[str, str]], base: date) -> tuple[list[_Measure], str]:
    """A plant per partner for an agreement; for an investment only where tonnes or a plant are named."""
    family = families()[event.event_type].name
    rate = next((c for c in claims if c.quantity and c.quantity["unit"] == "t/year"), None)
    goods = list(dict.fromkeys(project for _, project in on if project))[:1]
    if not goods:
        return [], "no plant of the model makes these goods"
    if family == "investment" and rate is None:
        return [], "an investment without tonnes a year: money alone is no capacity"
    places = [region for region in regions(event.targets) if region not in groups()] if family == "investment" else []
    found = []
    for region in (places or who)[:3]:
        plant = _plant(region, goods[0])
        if not plant:
            continue
        measure = _Measure({"kind": "project", "on": [plant], "from": [region]}, list(event.claims))
        opening = next((d for d in (rate.dates if rate else ()) if d.get("kind") == "from" and d.get("resolved")), None)
        start = _start(measure, event, base)
        if opening:
            start = _first_day(str(opening["resolved"]))
            measure.assumed = [key for key in measure.assumed if key != "start"]
        elif family == "agreement":
            start += timedelta(weeks=int(default("project", "lead_weeks")))
            measure.assumed = list(dict.fromkeys([*measure.assumed, "start"]))
        capacity = float((rate.quantity or {})["value"]) if rate else measure.assume("project", "capacity_t_per_year")
        measure.keys |= {"start": start, "capacity_t_per_year": capacity}
        measure.assumed.append("on")
        found.append(measure)
        if rate:
            break
    return found, "" if found else f"no plant of the base year in {', '.join(places or who)} could be scaled"


def _first_day(resolved: str) -> date:
    parts = [int(part) for part in resolved.split("/")[0].split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def _stockpile(event: Event, claims: list[Claim], who: list[str], on: list[tuple[str, str]], base: date) -> tuple[list[_Measure], str]:
    goods = list(dict.fromkeys(project for _, project in on if project))[:1]
    if not goods or who[0] in groups():
        return [], "no single owner or no goods of the model"
    measure = _Measure({"kind": "stockpile", "on": goods, "owner": who[0], "action": "build"}, list(event.claims))
    tonnes = next((c.quantity for c in claims if c.quantity and c.quantity["unit"] == "t"), None)
    measure.keys |= {
        "start": _start(measure, event, base),
        "tonnes": float(tonnes["value"]) if tonnes else measure.assume("stockpile", "tonnes"),
        "over_weeks": measure.assume("stockpile", "over_weeks"),
    }
    measure.assumed.append("on")
    return [measure], ""


def _outage(event: Event, claims: list[Claim], who: list[str], on: list[tuple[str, str]], base: date) -> tuple[list[_Measure], str]:
    del on
    measure = _Measure({"kind": "outage", "on": ["mine.*"], "from": who[:1]}, list(event.claims))
    start = _start(measure, event, base)
    weeks = int(default("outage", "weeks"))
    share = next((c.quantity for c in claims if c.quantity and c.quantity["unit"] == "%"), None)
    measure.keys |= {"start": start, "end": start + timedelta(weeks=weeks)}
    measure.assumed.append("end")
    measure.keys["loss"] = float(share["lo"]) if share and share["lo"] else measure.assume("outage", "loss")
    return [measure], ""


def _named(measures: list[_Measure]) -> list[_Measure]:
    """Give each measure a name by which draws refer to it."""
    for number, measure in enumerate(measures, 1):
        place = "-".join(measure.keys.get("from") or [str(measure.keys.get("owner", ""))]).lower()
        measure.keys = {"kind": measure.keys["kind"], "name": f"{measure.keys['kind'].replace('_', '-')}-{place}-{number}", **measure.keys}
    return measures


def _draft(measures: list[_Measure], base: date, chain: str, skipped: list[str], dated: bool) -> Draft:
    starts = [measure.keys["start"] for measure in measures]
    first = max(min([base, *starts]), base - timedelta(days=RECENT))
    weeks = min(MAX_WEEKS, max(int(default("draft", "weeks")), (max(starts) - first).days // 7 + 52))
    lines = [
        "# Drafted from articles by ytterby read. Every measure names the claims that carry it;",
        "# keys under 'assumed' are documented defaults, with their ranges under 'draws': change them.",
        "name: draft-from-articles",
        "title_en: Drafted from articles",
        "title_de: Entwurf aus Artikeln",
        f"start: {first.isoformat()}" + ("" if dated else "  # assumed: no article has a date"),
        f"weeks: {weeks}",
        f"base_year: {newest(chain)}",
        *([] if chain == RARE_EARTHS else [f"chain: {chain}"]),
        "measures:",
    ]
    for measure in measures:
        lines += _yaml(measure)
    draws = [(f"measures.{m.keys['name']}.{key}", bounds) for m in measures for key, bounds in m.ranges.items()]
    if draws:
        lines += ["draws:", *(f"  {key}: {{dist: uniform, low: {low:g}, high: {high:g}}}" for key, (low, high) in draws)]
    lines += [f"# left out: {reason}" for reason in skipped]
    evidence = tuple(dict.fromkeys(name for measure in measures for name in measure.evidence))
    assumed = tuple(f"{measure.keys['name']}.{key}" for measure in measures for key in measure.assumed)
    return Draft("draft-from-articles", "\n".join(lines) + "\n", len(measures), evidence, assumed, tuple(skipped))


def _yaml(measure: _Measure) -> list[str]:
    lines, mark = [], "-"
    for key, value in measure.keys.items():
        lines.append(f"  {mark} {key}: {_value(value)}")
        mark = " "
    lines.append(f"    evidence: {_value(measure.evidence)}")
    lines.append(f"    assumed: {_value(list(dict.fromkeys(measure.assumed)))}")
    return lines


def _value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
    return json.dumps(value, ensure_ascii=False)
