"""What the next sentence can refer to: who and what was spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence import entities
from ytterby.evidence.lexicon import types
from ytterby.evidence.matter import materials_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.evidence.entities import Context
    from ytterby.evidence.reading import Reading


GENERIC = frozenset(("critical_minerals", "strategic_raw_materials"))
"""Materials so general that a later *these metals* does not mean them where others are named."""


def _remember_acts(reading: Reading, context: Context, claims: Iterable[dict[str, Any]]) -> None:
    """Actors, duties and goals that later sentences take up."""
    blocs = [e.value for e in reading.entities if e.form == "group" and e.value.startswith("org:")]
    context.bloc = blocs[-1] if blocs else context.bloc
    for claim in claims:
        kind, actors, day = str(claim["event_type"]), claim["actors"], claim["date"]
        if kind.startswith("tariff") and actors and claim["targets"]:
            context.tariff = (
                [a for a in actors if str(a).startswith(("country:", "group:"))],
                [str(t) for t in claim["targets"] if str(t).startswith(("country:", "group:"))],
            )
        if kind in {"proposal", "agreement_signed", "agreement_reached"} and actors:
            context.deal = (list(actors), [str(t) for t in claim["targets"] if str(t).startswith(("country:", "group:"))])
        if kind in {"budget_target", "policy_goal", "investment"} and isinstance(day, dict) and day.get("resolved"):
            context.due = str(day["resolved"])


def move(reading: Reading, context: Context, claims: Iterable[dict[str, Any]]) -> None:
    """What the next sentence can refer to."""
    named = [e for e in reading.entities if e.form != entities.ADJECTIVE and e.role in {"subj", "gen", "by", "von"}]
    subjects = [e.value for e in named if e.role == "subj"] or [e.value for e in named]
    if subjects:
        context.focus = list(dict.fromkeys([*subjects, *(e.owner for e in named if e.owner and e.value in subjects)]))
    pair = list(
        dict.fromkeys([e.value for e in reading.entities if e.value.startswith("country:") and e.role not in {"in", "to", "beside"}])
    )
    if len(pair) == 2:
        context.pair = pair
    companies = [e.value for e in reading.entities if e.form == "company"]
    if companies:
        context.org = companies[-1]
    materials = materials_in(reading.sentence, None)
    specific = [name for name in materials if name not in GENERIC]
    if specific or (materials and set(context.main_materials) <= GENERIC):
        context.materials = specific or materials
    _remember_acts(reading, context, claims)
    offices = [e.owner or e.value for e in reading.entities if e.owner or e.form in {"country", "metonym", entities.ADJECTIVE}]
    if offices and (reading.sentence.of("government") or any(e.owner for e in reading.entities)):
        context.government = next((e.owner for e in reading.entities if e.owner), offices[0])
    if reading.source and reading.source.official:
        context.speaker = reading.source.name
    acting = [claim["actors"] for claim in claims if claim["actors"] and types()[str(claim["event_type"])].tier == "core"]
    if acting and not subjects:
        context.focus = list(acting[0])
