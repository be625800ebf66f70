"""Scenarios: what is bundled, what each says, and its file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from ytterby.report import plain_place
from ytterby.report.briefing import Span
from ytterby.web.page import Page
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import RunEntry
    from ytterby.web.asked import Asked

router = APIRouter()
SHOWN_KEYS = ("from", "to", "on", "start", "end")
"""Keys of a measure that are told first; the file has all."""


@shows(router, "/scenarios", "scenarios.html")
def scenarios(asked: Asked, bench: Workbench) -> Page:
    """Bundled scenarios, newest first."""
    found = sorted(bench.scenarios(asked.lang).scenarios, key=lambda row: row.start, reverse=True)
    rows = [{"entry": row, "start": dt.date.fromisoformat(row.start), "kinds": _kinds(asked, row.kinds)} for row in found]
    count = asked.words.number(len(found), 0)
    return Page(
        "scenarios",
        asked.text("scenarios_title"),
        answer=(Span("text", asked.text("scenarios_lead", count=count)),),
        more={"rows": rows, "own": bench.saved_scenarios().saved},
    )


@shows(router, "/scenarios/{name}", "scenario.html")
def scenario(asked: Asked, bench: Workbench, name: str) -> Page:
    """One scenario: its measures, its forks, its uncertain inputs, its file."""
    found = bench.scenario(name, asked.lang)
    days = {key: dt.date.fromisoformat(getattr(found, key)) for key in ("start", "end")}
    runs: list[RunEntry] = [run for run in bench.runs().runs if run.scenario == name]
    return Page(
        "scenarios",
        found.title,
        answer=(Span("text", found.summary),),
        more={
            "scenario": found,
            "days": days,
            "measures": [measure_row(asked, measure) for measure in found.measures],
            "forks": [_fork(asked, fork) for fork in found.forks],
            "runs": runs,
            "name": name,
        },
    )


def _kinds(asked: Asked, kinds: tuple[str, ...]) -> str:
    return asked.words.joined(asked.words.code("kind", kind) for kind in kinds)


def measure_row(asked: Asked, measure: dict[str, Any]) -> dict[str, Any]:
    """A measure in words: its kind, who takes it against whom, on what, from when until when, and what else it says."""
    words = asked.words
    return {
        "kind": words.code("kind", str(measure["kind"])),
        "from": _places(asked, measure.get("from") or measure.get("holders") or measure.get("owner") or ()),
        "to": _places(asked, measure.get("to") or ()),
        "on": words.joined(words.commodity(str(item)) for item in _list(measure.get("on"))),
        "start": str(measure.get("start") or ""),
        "end": str(measure.get("end") or ""),
        "facts": [str(name) for name in measure.get("facts") or ()],
        "assumed": len(measure.get("assumed") or ()),
        "more": {
            words.code("field", key): words.number(value, min(plain_place(value, 3), 0))
            for key, value in measure.items()
            if isinstance(value, int | float) and not isinstance(value, bool) and key not in SHOWN_KEYS
        },
    }


def _fork(asked: Asked, fork: dict[str, Any]) -> dict[str, Any]:
    branches = [
        {
            "label": asked.words.translated(str(branch.get("label") or index + 1)),
            "p": asked.words.percent(float(branch["p"]), 0),
            "share": float(branch["p"]),
            "measures": [measure_row(asked, measure) for measure in branch.get("measures") or ()],
        }
        for index, branch in enumerate(fork.get("branches") or ())
    ]
    return {"label": asked.words.translated(str(fork.get("label") or "")), "date": str(fork.get("date") or ""), "branches": branches}


def _places(asked: Asked, given: Any) -> str:
    return asked.words.joined(asked.text("everyone") if code == "all" else asked.words.country(str(code)) for code in _list(given))


def _list(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given] if given else []
