"""Plan and Together: what a budget buys, and what an alliance is worth: forms that start the work, and the pages on what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.app import result_page
from ytterby.report.briefing import Span
from ytterby.web.page import Page
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Job, Workbench
    from ytterby.app import CooperationResult, PlanResult
    from ytterby.web.asked import Asked

router = APIRouter()
PARTIES = ("JP", "US", "EU", "KR", "AU", "CA", "GB", "IN")
"""Parties that the forms offer."""


@shows(router, "/plan", "plans.html")
def plan(asked: Asked, bench: Workbench) -> Page:
    """Form for a plan, and the plans that there are."""
    return _overview(asked, "plan", [job for job in bench.plans().jobs if job.state == "done"])


@shows(router, "/together", "plans.html")
def together(asked: Asked, bench: Workbench) -> Page:
    """Form for an alliance, and the alliances that there are."""
    return _overview(asked, "together", [job for job in bench.alliances().jobs if job.state == "done"])


@shows(router, "/plan/{id_}", "briefed.html")
def one_plan(asked: Asked, bench: Workbench, id_: str) -> Page:
    """What a plan buys, over time, what stays and why."""
    return _found(asked, bench, "plan", id_, bench.plan(id_))


@shows(router, "/together/{id_}", "briefed.html")
def one_alliance(asked: Asked, bench: Workbench, id_: str) -> Page:
    """What an alliance is worth, how it may be shared, who would leave."""
    return _found(asked, bench, "together", id_, bench.alliance(id_))


def _overview(asked: Asked, name: str, jobs: list[Job]) -> Page:
    rows = [(job, asked.words.listed(asked.words.region(str(code)) for code in job.arguments.get("allies", ()))) for job in jobs]
    return Page(
        name,
        asked.text(f"{name}_title"),
        answer=(Span("text", asked.text(f"{name}_lead")),),
        more={
            "rows": rows,
            "parties": [(code, asked.words.region(code)) for code in PARTIES],
            "chosen": _chosen(asked, name),
            "several": name == "together",
        },
    )


def _chosen(asked: Asked, name: str) -> tuple[str, ...]:
    """Parties that the form begins with: the country that is asked about, for an alliance with a partner."""
    own = asked.importer if asked.importer in PARTIES else "JP"
    return (own,) if name == "plan" else tuple(dict.fromkeys((own, "JP", "US")))[:2]


def _found(asked: Asked, bench: Workbench, name: str, id_: str, result: PlanResult | CooperationResult) -> Page:
    """The page that the briefing has on it, with its pictures, tables and notes."""
    told = result_page([result], asked.lang, bench.settings.project).briefing
    return Page(
        name, told.title, told.subtitle, told.answer, told.support, told.warnings, told.panels, told.sections, told.notes,
        brief=f"/briefs/{name}/{id_}", more={"told": told, "back": f"/{name}"},
    )  # fmt: skip
