"""Write: a scenario as a form and as its file beside each other, checked while one changes either; from a bundled, saved or drafted one."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (FastAPI reads annotations)

from ytterby.api import ChangedText, workbench_of
from ytterby.errors import ScenarioError
from ytterby.report.briefing import Span
from ytterby.web.asked import asked_of
from ytterby.web.page import Page
from ytterby.web.pages.common import shows
from ytterby.web.rendering import fragment

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import FormMeasure, ScenarioForm
    from ytterby.web.asked import Asked

router = APIRouter()
DRAWS = 200
WIDTH, BAR, FOOT = 560.0, 22, 24
"""Width of the timeline, height of a bar with its gap, height of the axis."""
ROOM = 200.0
"""Room that the words on a bar need before the right edge."""
MOST_TICKS = 5
YEAR_DAYS = 365.25


@shows(router, "/write", "write.html")
def write(asked: Asked, bench: Workbench) -> Page:
    """Form for a scenario, its file, and the kinds of measures with their keys."""
    name, text, version = _begun(asked, bench)
    try:
        form = bench.scenario_form(text)
    except ScenarioError:  # a saved text that is no YAML any more is mended by hand
        form = None
    more = {"name": name, "text": text, "version": version, "kinds": bench.measures().measures, "draws": DRAWS}
    return Page("scenarios", asked.text("write_title"), answer=(Span("text", asked.text("write_lead")),), more=more | _form(asked, form))


@router.post("/write/form", include_in_schema=False)
def changed(request: Request, text: ChangedText) -> dict[str, Any]:
    """The form after a change, as markup, with the file's text and its faults; a text that is no YAML keeps the form as it was."""
    asked = asked_of(request)
    try:
        form = workbench_of(request).scenario_form(text.yaml, text.change)
    except ScenarioError as error:
        return {"yaml": text.yaml, "fault": str(error), "form": None}
    return {"yaml": form.yaml, "fault": form.fault, "form": fragment("scenario_form.html", asked, _form(asked, form))}


def _form(asked: Asked, form: ScenarioForm | None) -> dict[str, Any]:
    """What the template of the form needs."""
    return {
        "form": form,
        "timeline": timeline(asked, form) if form else None,
        "listed": listed,
        "number": number,
        "unit_of": partial(unit_of, asked),
    }


def number(value: float | None) -> str:
    """Number as a field of a form holds it."""
    return "" if value is None else f"{value:.10g}"


def unit_of(asked: Asked, unit: str) -> str:
    """Unit behind the name of a key; none for shares and dates, and where another key says it."""
    return asked.text("weeks") if unit == "weeks" else "" if unit in ("1", "date") or "`" in unit else unit


def listed(value: Any) -> str:
    """Names of a list, or names with their numbers, as they stand in one field."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {number:g}" for name, number in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value or "")


class TimelineBar(NamedTuple):
    """A measure on the timeline."""

    x: float
    y: float
    width: float
    label: str
    text_x: float
    end_anchor: bool
    branch: bool


class Tick(NamedTuple):
    """A day on the timeline."""

    x: float
    label: str


class MeasureTimeline(NamedTuple):
    """Measures over the horizon of a scenario."""

    bars: tuple[TimelineBar, ...]
    forks: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    height: float
    width: float = WIDTH


def timeline(asked: Asked, form: ScenarioForm) -> MeasureTimeline | None:
    """Measures as bars from their first to their last day; None where the text has no horizon yet."""
    if not form.start or not form.end:
        return None
    first, last = dt.date.fromisoformat(form.start), dt.date.fromisoformat(form.end)

    def place(day: str, otherwise: float) -> float:
        if not day:
            return otherwise
        share = (dt.date.fromisoformat(day) - first).days / (last - first).days
        return round(min(max(share, 0.0), 1.0) * WIDTH, 1)

    plain = [(measure, False) for measure in form.measures]
    branched = [(measure, True) for fork in form.forks for branch in fork.branches for measure in branch.measures]
    bars = tuple(_bar(asked, measure, number, place, branch) for number, (measure, branch) in enumerate(plain + branched))
    forks = tuple(Tick(place(fork.date, 0.0), fork.label) for fork in form.forks if fork.date)
    return MeasureTimeline(bars, forks, tuple(_ticks(asked, first, last)), max(len(bars), 1) * BAR + FOOT)


def _bar(asked: Asked, measure: FormMeasure, number: int, place: Any, branch: bool) -> TimelineBar:  # noqa: FBT001 (one of a row)
    begin, end = place(measure.start, 0.0), place(measure.end, WIDTH)
    label = asked.words.code("kind", measure.kind) + (f" · {measure.name}" if measure.name else "")
    late = begin > WIDTH - ROOM
    return TimelineBar(begin, number * BAR + 2.0, max(end - begin, 3.0), label, begin - 6.0 if late else begin + 8.0, late, branch)


def _ticks(asked: Asked, first: dt.date, last: dt.date) -> list[Tick]:
    """Days that divide the horizon evenly, by months, named in the language of the page."""
    months = max(round((last - first).days / YEAR_DAYS * 12), 1)
    step = max(-(-months // MOST_TICKS), 1)
    days = [_month_after(first, at) for at in range(0, months, step)]
    return [Tick(round((day - first).days / (last - first).days * WIDTH, 1), asked.words.short_month(day)) for day in days if day < last]


def _month_after(day: dt.date, months: int) -> dt.date:
    """First day of the month so many months later; the day itself for none."""
    if not months:
        return day
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, 1)


def _begun(asked: Asked, bench: Workbench) -> tuple[str, str, str]:
    """Name, text and version to begin with: what is saved, what is drafted, or a copy of what is bundled."""
    saved, draft = asked.query.get("saved", ""), asked.query.get("draft", "")
    if saved:
        found = bench.saved_scenario(saved)
        return saved, found.yaml, found.version
    if draft:
        texts = {row.name: row.yaml for row in bench.evidence().drafts}
        return draft, texts.get(draft, ""), ""
    source = asked.query.get("from", "no-shock")
    return f"{source}-own", bench.scenario(source, asked.lang).yaml, ""
