"""Plan: what a budget buys, with a slider over the budgets; the portfolio over time, what stays and why, what would change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from ytterby.api import PlanArguments
from ytterby.report.briefing import CitedWriter, Notes, budget_curve
from ytterby.report.charts import ACCENT, budget_curves_chart
from ytterby.web.pages.common import shows
from ytterby.web.pages.results import FinishedResult, ResultKind, find, result_view, usual_parties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.api import Workbench
    from ytterby.app import PlanResult
    from ytterby.report.briefing import Chart, Spans
    from ytterby.web.asked import Asked
    from ytterby.web.page import Page

router = APIRouter()
KIND = ResultKind("plan", "plan", ("JP",), lambda bench, id_: bench.plan(id_))
MILLION = 1e6
SAME = 0.005
"""Budgets that differ by less than this share are told as one [1]."""
AS_GOOD = 0.01
"""Share of the gain by which plans may differ that are told as equally good: that to which they are solved [1]."""


@shows(router, "/plan", "plan.html")
def plan(asked: Asked, bench: Workbench) -> Page:
    """The newest plan of the country asked about, or how to make a first one."""
    return _page(asked, bench, find(asked, bench, KIND))


@shows(router, "/plan/{id_}", "plan.html")
def one_plan(asked: Asked, bench: Workbench, id_: str) -> Page:
    """A plan."""
    return _page(asked, bench, find(asked, bench, KIND, id_))


def _page(asked: Asked, bench: Workbench, found: FinishedResult | None) -> Page:
    more: dict[str, Any] = {"chosen": usual_parties(asked, 1), "slider": None}
    if found and found.result.curve:
        more["slider"] = slider = _slider(asked, bench, found)
        page = result_view(asked, bench, KIND, found, more)
        return replace(page, panels=tuple(slider.marked if panel.name == "curve" else panel for panel in page.panels))
    return result_view(asked, bench, KIND, found, more)


@dataclass(frozen=True)
class Reached:
    """What the best plan under a budget reaches [USD]."""

    budget: float
    public: float
    gain: float
    loss: float
    worst: float


@dataclass(frozen=True)
class BudgetSlider:
    """The budgets of a curve, one of them chosen."""

    at: int
    labels: tuple[str, ...]
    told: Spans
    figures: tuple[tuple[str, str, str], ...]
    """Name, amount under the chosen budget, amount without any."""
    own: bool
    """Whether the plan of the page keeps to the chosen budget and is as good as the best under it."""
    other: str
    """Id of a plan with that budget; empty where there is none."""
    arguments: Mapping[str, Any]
    """With what such a plan would be asked for."""
    marked: Chart
    """The curve with the budget marked."""


def _slider(asked: Asked, bench: Workbench, found: FinishedResult) -> BudgetSlider:
    result, words = found.result, asked.words
    rows = reached(result)
    at = _place(asked, result, rows)
    point = rows[at]
    curve = next(panel for panel in found.told.panels if panel.name == "curve")
    arguments = {**found.job.arguments, "budget": point.budget}
    own = result.public_usd <= point.budget * (1.0 + SAME) and point.gain - result.gain_usd <= AS_GOOD * result.gain_usd
    wanted = PlanArguments(**arguments).model_dump()
    same = (job.id for job in bench.jobs.all("plan", "done").jobs if PlanArguments(**job.arguments).model_dump() == wanted)
    names = ("public", "gain", "loss", "worst")
    alt = words.plain("web-at_alt", amount=_millions(asked, point.budget))
    figures = tuple(
        (asked.text(f"at_{name}"), _millions(asked, getattr(point, name)), _millions(asked, getattr(rows[0], name))) for name in names
    )
    return BudgetSlider(
        at, tuple(_millions(asked, row.budget) for row in rows), _told(asked, rows, at, curve.ref), figures, own, next(same, ""), arguments,
        replace(curve, svg=_marked(asked, result, point.budget), alt=f"{curve.alt} {alt}"),
    )  # fmt: skip


def reached(result: PlanResult) -> tuple[Reached, ...]:
    """Points of the curve of budgets, from no money on."""
    nothing = Reached(0.0, 0.0, 0.0, result.risk_before, result.cvar_before)
    return (nothing, *(Reached(row.budget, row.public_usd, row.gain, row.expected_loss, row.cvar) for row in result.curve))


def _place(asked: Asked, result: PlanResult, rows: tuple[Reached, ...]) -> int:
    """Number of the budget asked for; without one the least that pays for the plan of the page."""
    given = asked.query.get("at", "")
    if given.isdecimal():
        return min(int(given), len(rows) - 1)
    return next((at for at, row in enumerate(rows) if row.budget >= result.public_usd * (1.0 - SAME)), len(rows) - 1)


def _told(asked: Asked, rows: tuple[Reached, ...], at: int, ref: str) -> Spans:
    """What the chosen budget buys, and what the last of its money brings."""
    writer = CitedWriter(asked.words, Notes(asked.words, {}))
    point, nothing = rows[at], rows[0]
    amounts = {
        "budget": writer.money(point.budget, None, None, ""),
        "spent": writer.money(point.public, None, None, ""),
        "before": writer.money(nothing.loss, None, None, ""),
        "after": writer.money(point.loss, None, None, ""),
        "worst_before": writer.money(nothing.worst, None, None, ""),
        "worst_after": writer.money(point.worst, None, None, ref),
    }
    if at == 0:
        return asked.words.say("web-at_nothing", before=amounts["before"], worst=writer.money(nothing.worst, None, None, ref))
    told = asked.words.say("web-at_told", **amounts)
    spent, gained = point.public - rows[at - 1].public, point.gain - rows[at - 1].gain
    if spent <= SAME * point.public:
        return asked.words.chained([told, asked.words.say("web-at_enough")], "list.sentences")
    more = asked.words.say("web-at_more", gain=writer.plain(gained / spent, ref))
    return asked.words.chained([told, more], "list.sentences")


def _marked(asked: Asked, result: PlanResult, budget: float) -> Any:
    """The curve with a line at a budget."""
    words = asked.words
    titles = tuple(words.plain(f"plan.curve.{key}", unit=words.plain("axis.usd_million")) for key in ("gain", "loss"))
    return budget_curves_chart([budget_curve(words, result, "", ACCENT)], (titles[0], titles[1]), words, chosen=budget / MILLION)


def _millions(asked: Asked, usd: float) -> str:
    """Amount with its unit, as in sentences."""
    return CitedWriter(asked.words, Notes(asked.words, {})).money(usd, None, None, "").text if usd else "0"
