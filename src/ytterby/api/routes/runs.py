"""Runs of the project: summaries, weekly series, comparison, files."""

from __future__ import annotations

import shutil
import tempfile
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from ytterby import app
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, in_thread, workbench_of

router = APIRouter(tags=["runs"])

Run = Annotated[str, Path(max_length=160, description="Id of a run.")]
OtherRun = Annotated[str, Query(max_length=160, description="Id of a run.")]


class SeriesFormat(StrEnum):
    """Formats of all series of a run."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"
    nc = "nc"


@router.get("/runs")
@gives(lambda: app.RunList)
async def runs(request: Request, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """Runs of the project, newest first."""
    return await ask(request, workbench_of(request).runs, form, table, "runs")


@router.get("/runs/{id_}")
@gives(lambda: app.RunDetail)
async def run(request: Request, id_: Run) -> Response:
    """One run: its scenario, and its summary as ``ytterby run`` prints it."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.run(id_))


@router.get("/runs/{id_}/summary")
@gives(lambda: app.RunSummary)
async def summary(request: Request, id_: Run, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """Who stops first, shortfalls, losses and drivers of a run, with its tables as files."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.run(id_).summary, form, table, "run")


@router.get("/runs/{id_}/series")
@gives(lambda: app.RunSeries)
async def series(
    request: Request,
    id_: Run,
    measure: Annotated[str, Query(max_length=60, description="Such as shortfall, price, stock or flow.")],
    commodity: Annotated[str, Query(max_length=60, description="Such as magnet.NdFeB-Dy; all without it.")] = "",
    origin: Annotated[str, Query(max_length=20, description="Region that a flow comes from.")] = "",
    destination: Annotated[str, Query(max_length=20, description="Region that a flow goes to, or where a market stands.")] = "",
    sector: Annotated[str, Query(max_length=60, description="Sector, where it applies.")] = "",
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """One measure of a run week by week, with quantiles of an ensemble."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.series(id_, measure, commodity, origin, destination, sector), form, table, "series")


@router.get("/runs/{id_}/explore")
@gives(lambda: app.ExplorationResult)
async def explore(
    request: Request,
    id_: Run,
    outcome: Annotated[str | None, Query(max_length=120, description="Outcome that is looked at; the value added lost without it.")] = None,
    above: Annotated[float | None, Query(description="A draw is bad above this.", allow_inf_nan=False)] = None,
    below: Annotated[float | None, Query(description="A draw is bad below this.", allow_inf_nan=False)] = None,
    against: Annotated[str | None, Query(max_length=160, description="Run to compare with.")] = None,
) -> Response:
    """Where the draws of an ensemble get bad, and which facts to ask for; as ``ytterby explore``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.explore(id_, outcome, above, below, against))


@router.get("/runs/{id_}/export", response_class=FileResponse)
async def export(request: Request, id_: Run, form: Annotated[SeriesFormat, Query(alias="format")] = SeriesFormat.parquet) -> Response:
    """All series of a run as one file; as ``ytterby export``."""
    bench = workbench_of(request)
    folder = FilePath(await in_thread(request, lambda: tempfile.mkdtemp(prefix="ytterby-")))
    place = folder / f"series.{form}"
    try:
        await in_thread(request, lambda: bench.export(id_, place))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(place, filename=f"{id_}.{form}", background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True))


@router.get("/compare")
@gives(lambda: app.CompareResult)
async def compare(request: Request, first: OtherRun, second: OtherRun, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """What a second run has more (+) or less (-) than a first; as ``ytterby compare``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.compare(first, second), form, table, "compare")
