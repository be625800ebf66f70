"""What jobs have made: plans, alliances, talks, duties, briefings, parts, comparisons, backtests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request, Response

from ytterby import app
from ytterby.api.job_models import JobList
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, in_thread, workbench_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.result_model import ResultModel

router = APIRouter(tags=["results"])

Id = Annotated[str, Path(max_length=160, description="Id of the job that made it.")]


@router.get("/plans")
@gives(lambda: JobList)
async def plans(request: Request) -> Response:
    """Plans that are made or being made, newest first."""
    return await _listed(request, workbench_of(request).plans)


@router.get("/plans/{id_}")
@gives(lambda: app.PlanResult)
async def plan(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """A plan: portfolio, budget curve, what stays and why; as ``ytterby plan``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.plan(id_), form, table, "plan")


@router.get("/alliances")
@gives(lambda: JobList)
async def alliances(request: Request) -> Response:
    """Alliances that are worked out or being so, newest first."""
    return await _listed(request, workbench_of(request).alliances)


@router.get("/alliances/{id_}")
@gives(lambda: app.CooperationResult)
async def alliance(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """An alliance: values of coalitions, fair shares, who would leave; as ``ytterby cooperate``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.alliance(id_), form, table, "alliance")


@router.get("/negotiations")
@gives(lambda: JobList)
async def negotiations(request: Request) -> Response:
    """Talks that are worked out or being so, newest first."""
    return await _listed(request, workbench_of(request).negotiations)


@router.get("/negotiations/{id_}")
@gives(lambda: app.NegotiationResult)
async def negotiation(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """Talks: the room, what concessions are worth, where what was agreed stands; as ``ytterby negotiate``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.negotiation(id_), form, table, "negotiation")


@router.get("/duties/{id_}")
@gives(lambda: app.TradeResult)
async def duties(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """What dated duties do to trade, revenue, value added, jobs and balances; as ``ytterby trade``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.duties(id_), form, table, "duties")


@router.get("/briefings")
@gives(lambda: JobList)
async def briefings(request: Request) -> Response:
    """Briefings that are written or being so, newest first; their pages are files of their jobs."""
    return await _listed(request, workbench_of(request).briefings)


@router.get("/briefings/{id_}")
@gives(lambda: app.BriefingSummary)
async def briefing(request: Request, id_: Id) -> Response:
    """The answer of a briefing in a sentence, and what supports it."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.briefing(id_))


@router.get("/parts/{id_}")
@gives(lambda: app.PartsResult)
async def parts(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """What becomes of a firm's parts; as ``ytterby exposure --bom``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.parts(id_), form, table, "parts")


@router.get("/measure-comparisons/{id_}")
@gives(lambda: app.MeasureComparison)
async def measure_comparison(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """What kinds of measures and all together do to prices; as ``ytterby measures --compare``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.measure_comparison(id_), form, table, "measures")


@router.get("/backtests")
@gives(lambda: JobList)
async def backtests(request: Request) -> Response:
    """Backtests that are scored or being so, newest first."""
    return await _listed(request, workbench_of(request).backtests)


@router.get("/backtests/{id_}")
@gives(lambda: app.Backtest)
async def backtest(request: Request, id_: Id) -> Response:
    """Scores of a replayed episode, misses first; as ``ytterby backtest``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.backtest(id_))


async def _listed(request: Request, question: Callable[[], ResultModel]) -> Response:
    found = await in_thread(request, question)
    return Response(found.model_dump_json(), media_type="application/json")
