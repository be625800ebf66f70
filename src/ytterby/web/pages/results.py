"""What the pages of plans, alliances and talks share: the newest that concerns the country asked about, the others, and how one is started.

Each page is the briefing on the result, with its pictures, tables and notes, so that page, file and command print the same numbers.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ytterby.app import project_state, result_page
from ytterby.errors import StoreError
from ytterby.report.briefing import Span
from ytterby.web import examples
from ytterby.web.clock import today
from ytterby.web.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ytterby.api import Job, Workbench
    from ytterby.app import CooperationResult, NegotiationResult, PlanResult
    from ytterby.report.briefing import Briefing
    from ytterby.web.asked import Asked

KEPT = 48
"""Written pages that a process keeps, in all languages."""
BILLION = 1e9
PARTIES = ("JP", "US", "EU", "KR", "AU", "CA", "GB", "IN")
"""Parties that the forms offer."""


@dataclass(frozen=True)
class ResultKind:
    """A kind of results.

    Attributes
    ----------
    page : str
        Name of its page, which is also its address.
    job : str
        Kind of the jobs by which it is worked out.
    parties : tuple of str
        Parties of a job that names none.
    load : callable
        The result of a job.
    """

    page: str
    job: str
    parties: tuple[str, ...]
    load: Callable[[Workbench, str], PlanResult | CooperationResult | NegotiationResult] = field(compare=False)

    def parties_of(self, job: Job) -> tuple[str, ...]:
        """Parties that a job is about."""
        return tuple(map(str, job.arguments.get("allies") or job.arguments.get("parties") or self.parties))


@dataclass(frozen=True)
class FinishedResult:
    """A finished result: its job, itself, and the briefing on it."""

    job: Job
    result: Any
    told: Briefing

    def ref(self, text: str) -> str:
        """Number of its note with some text, so that a number beside the briefing can name the same note; empty where there is none."""
        return next((note.number for note in self.told.notes if note.text == text), "")


def find(asked: Asked, bench: Workbench, kind: ResultKind, id_: str = "") -> FinishedResult | None:
    """A finished result by the id of its job; without one the newest that the country asked about takes part in, else the newest.

    Raises
    ------
    UnknownNameError
        If there is none of that id.
    """
    job = bench.jobs.find(id_) if id_ and kind.load(bench, id_) else _newest(asked, bench, kind)
    if job is None:
        return None
    figures = project_state(bench.settings.project).figures
    told = _told(kind, bench, job.id, asked.lang, (job.ended, figures, str(today())))
    return FinishedResult(job, kind.load(bench, job.id), told)


def _newest(asked: Asked, bench: Workbench, kind: ResultKind) -> Job | None:
    done = _readable(bench, kind)
    own = (job for job in done if asked.importer in kind.parties_of(job))
    return next(own, done[0] if done else None)


def _readable(bench: Workbench, kind: ResultKind) -> list[Job]:
    """Finished results, newest first, without those that another version of the program wrote in a form of its own."""
    found = []
    for job in bench.jobs.all(kind.job, "done").jobs:
        with suppress(StoreError):
            kind.load(bench, job.id)
            found.append(job)
    return found


@lru_cache(maxsize=KEPT)
def _told(kind: ResultKind, bench: Workbench, id_: str, lang: str, state: tuple[Any, ...]) -> Briefing:  # noqa: ARG001 (the key of the cache)
    return result_page([kind.load(bench, id_)], lang, bench.settings.project).briefing


def result_view(asked: Asked, bench: Workbench, kind: ResultKind, found: FinishedResult | None, more: Mapping[str, Any]) -> Page:
    """Page of a result, or of there being none yet; ``more`` is what its own template needs."""
    in_work = next((job.id for state in ("running", "queued") for job in bench.jobs.all(kind.job, state).jobs), "")
    shared = {
        "told": found.told if found else None,
        "job": found.job if found else None,
        "rows": [_row(asked, kind, job) for job in _readable(bench, kind)],
        "kind": kind.job,
        "form": f"{kind.page}_form.html",
        "example": examples.arguments_of(kind.job),
        "example_of_ours": found is not None and examples.is_example_result(found.job),
        "in_work": in_work,
        "failed": "" if found or in_work else next((job.error for job in bench.jobs.all(kind.job, "failed").jobs), ""),
        "read_only": bench.settings.read_only,
        "parties": [(code, asked.words.region(code)) for code in PARTIES],
        **more,
    }  # fmt: skip
    title = asked.text(f"{kind.page}_title")
    if found is None:
        return Page(kind.page, title, answer=(Span("text", asked.text(f"{kind.page}_none")),), more=shared)
    told = found.told
    return Page(
        kind.page, told.title, told.subtitle, told.answer, told.support, told.warnings, told.panels, told.sections, told.notes,
        brief=f"/briefs/{kind.page}/{found.job.id}", more=shared,
    )  # fmt: skip


def _row(asked: Asked, kind: ResultKind, job: Job) -> dict[str, Any]:
    """A finished result in the list: parties, what it was asked with, when it was done."""
    words, given = asked.words, job.arguments
    details = []
    if given.get("budget"):
        details.append(asked.text("result_budget", amount=words.number(given["budget"] / BILLION, -2)))
    if given.get("as_of"):
        details.append(words.day(dt.date.fromisoformat(given["as_of"])))
    if given.get("scenarios"):
        details.append(asked.text("result_paths", count=str(given["scenarios"])))
    return {
        "id": job.id,
        "name": words.listed(words.region(code) for code in kind.parties_of(job)),
        "details": details,
        "ended": (job.ended or "")[:16],
        "example": examples.is_example_result(job),
    }


def usual_parties(asked: Asked, count: int) -> tuple[str, ...]:
    """Parties that a form begins with: the country asked about, filled up with the first of the list."""
    own = asked.importer if asked.importer in PARTIES else PARTIES[0]
    return tuple(dict.fromkeys((own, *PARTIES)))[:count]
