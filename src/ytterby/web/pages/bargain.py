"""Bargain: the room between duties and minerals: map of gains, what rules choose, what was agreed, who gives and gets what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from ytterby.app import step_text
from ytterby.report.briefing import Chart, Span, Table
from ytterby.report.charts import BargainPanel, GiveTake, bargain_map_chart, give_take_chart
from ytterby.web.page import Page, writer_of
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.api import Workbench
    from ytterby.app import NegotiationResult
    from ytterby.report import Words
    from ytterby.report.briefing import CitedWriter
    from ytterby.web.asked import Asked

router = APIRouter()
BILLION = 1e9
RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
UNWEIGHTED = ("jobs", "balance", "prestige")
"""Terms that are no money and count only with a weight of the user's."""
SMALLEST = 5e6
"""Terms below it are left out of the picture [USD a year]."""
MOST_DOTS = 1500
MOST_CONCESSIONS = 8
MIN_SCENARIOS = 4


@shows(router, "/bargain", "bargains.html")
def bargain(asked: Asked, bench: Workbench) -> Page:
    """Form for talks, and the talks that were worked out."""
    jobs = [job for job in bench.negotiations().jobs if job.state == "done"]
    return Page(
        "bargain",
        asked.text("bargain_title"),
        answer=(Span("text", asked.text("bargain_lead")),),
        more={"jobs": jobs, "least": MIN_SCENARIOS},
    )


@shows(router, "/bargain/{id_}", "bargain.html")
def found(asked: Asked, bench: Workbench, id_: str) -> Page:
    """The room of talks."""
    result = bench.negotiation(id_)
    writer = writer_of(asked)
    note = asked.text("bargain_note", day=result.day, scenarios=str(result.scenarios), draws=str(result.draws))
    ref = writer.notes.add(f"talks:{id_}", "simulated", asked.text("bargain_of", day=result.day), note)
    return Page(
        "bargain",
        asked.text("bargain_of", day=result.day),
        answer=_answer(asked, writer, result, ref),
        panels=tuple(chart for chart in (_map(asked, result, ref), _parts(asked, result, ref)) if chart),
        notes=writer.notes.all(),
        more={
            "told": result.answers,
            "tables": [_points(asked, result, ref), _packages(asked, result, ref), *_concessions(asked, result, ref)],
            "left": result.not_in_it,
            "id": id_,
        },
    )


def _answer(asked: Asked, writer: CitedWriter, result: NegotiationResult, ref: str) -> tuple[Span, ...]:
    """How many packages both prefer to no deal, and whether what was agreed is among them."""
    words, share = asked.words, result.feasible / result.count
    fields: dict[str, Any] = {
        "share": writer.plain_share(share, ref),
        "count": Span("num", words.number(result.count, 0), ref),
        "parties": words.listed(words.region(party) for party in result.parties),
    }
    if result.actual is None:
        return words.say("web-bargain_answer", **fields)
    inside = all(gain >= 0.0 for gain in result.actual.gains.values())
    gains = words.listed(f"{words.region(party)} {_bn(words, gain)}" for party, gain in result.actual.gains.items())
    return words.say("web-bargain_answer_inside" if inside else "web-bargain_answer_outside", gains=Span("num", gains, ref), **fields)


def _bn(words: Words, value: float) -> str:
    """Amount in billions with its sign."""
    return ("+" if value > 0.0 else "") + words.number(value / BILLION, -1)


def _named(asked: Asked, result: NegotiationResult) -> dict[str, Mapping[str, float]]:
    """Gains over no deal of the points that rules choose and of what was agreed."""
    points = {asked.text(f"rule_{rule}"): point.gains for rule in RULES if (point := getattr(result, rule)) is not None}
    return points | ({asked.text("agreed"): result.actual.gains} if result.actual else {})


def _map(asked: Asked, result: NegotiationResult, ref: str) -> Chart:
    """Gains of the first two parties over no deal: all packages, the front, named points."""
    words, (first, second) = asked.words, result.parties[:2]

    def place(utilities: Mapping[str, float]) -> tuple[float, float]:
        x, y = ((utilities[party] - result.no_deal[party]) / BILLION for party in (first, second))
        return x, y

    places = [(place(row.utilities), row.pareto) for row in result.packages]
    step = max(1, len(places) // MOST_DOTS)
    points = {name: (gains[first] / BILLION, gains[second] / BILLION) for name, gains in _named(asked, result).items()}
    panel = BargainPanel(
        asked.text("bargain_known", day=result.day),
        [xy for xy, _ in places[::step]],
        sorted(xy for xy, front in places if front),
        points,
        asked.text("no_deal"),
    )
    axes = (asked.text("bargain_axis", party=words.region(first)), asked.text("bargain_axis", party=words.region(second)))
    title = asked.text("bargain_map")
    items = [
        f"{name}: {words.region(first)} {words.number(x, -1)}, {words.region(second)} {words.number(y, -1)}"
        for name, (x, y) in points.items()
    ]
    alt = f"{title}. {words.joined(items, 'list.clauses')}"
    return Chart("bargain-map", title, bargain_map_chart([panel], axes, words), alt, _points(asked, result, ref), ref)


def _parts(asked: Asked, result: NegotiationResult, ref: str) -> Chart | None:
    """Who gives and gets what in what was agreed, or at the Nash point."""
    words, name = asked.words, "actual" if "actual" in result.terms_by_part else "nash"
    parts = result.terms_by_part.get(name, {})
    terms = [term for term in next(iter(parts.values()), {}) if term not in UNWEIGHTED]
    shown = [term for term in terms if any(abs(row[term]) > SMALLEST for row in parts.values())]
    if not shown:
        return None
    bars = [
        GiveTake(words.region(party), {asked.text(f"term_{term}"): row[term] / BILLION for term in shown}) for party, row in parts.items()
    ]
    title = asked.text("bargain_parts", what=asked.text("agreed" if name == "actual" else "rule_nash"))
    rows = tuple((asked.text(f"term_{term}"), *(_bn(words, row[term]) for row in parts.values())) for term in shown)
    alt = words.joined((f"{row[0]}: {', '.join(row[1:])}" for row in rows), "list.clauses")
    table = Table(title, ("", *(words.region(party) for party in parts)), rows, ref)
    return Chart("bargain-parts", title, give_take_chart(bars, words, asked.text("altogether")), f"{title}. {alt}", table, ref)


def _points(asked: Asked, result: NegotiationResult, ref: str) -> Table:
    words = asked.words
    rows = tuple((name, *(_bn(words, gains[party]) for party in result.parties)) for name, gains in _named(asked, result).items())
    return Table(asked.text("bargain_points"), ("", *(words.region(party) for party in result.parties)), rows, ref)


def _packages(asked: Asked, result: NegotiationResult, ref: str) -> Table:
    """Terms of the packages that rules choose, beside what was agreed."""
    shown = {asked.text(f"rule_{rule}"): point.terms for rule in RULES[:2] if (point := getattr(result, rule)) is not None}
    if result.actual:
        shown[asked.text("agreed")] = result.actual.terms
    rows = tuple(
        (_issue(asked, result, issue), *(step_text(terms[issue], result.issues[issue].kind) for terms in shown.values()))
        for issue in next(iter(shown.values()), {})
    )
    return Table(asked.text("bargain_packages"), ("", *shown), rows, ref)


def _concessions(asked: Asked, result: NegotiationResult, ref: str) -> list[Table]:
    """What one step on one issue is worth to each, at the Nash point."""
    words = asked.words
    rows = tuple(
        (
            _issue(asked, result, row.issue),
            step_text(row.to, result.issues[row.issue].kind),
            *(_bn(words, row.gains[party]) for party in result.parties),
        )
        for row in result.concessions
        if row.at == "nash"
    )[:MOST_CONCESSIONS]
    head = (asked.text("issue"), asked.text("step_to"), *(words.region(party) for party in result.parties))
    return [Table(asked.text("bargain_concessions"), head, rows, ref, words=2)] if rows else []


def _issue(asked: Asked, result: NegotiationResult, issue: str) -> str:
    return asked.text(f"issue_{issue}") if asked.words.has(f"web-issue_{issue}") else result.issues[issue].name
