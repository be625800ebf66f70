"""The sourced figures, and what parties may pay for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ytterby import app
from ytterby.api.job_kinds import Lang
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, workbench_of

router = APIRouter(tags=["figures"])

Id = Annotated[str, Path(max_length=160)]
AskedLang = Annotated[Lang, Query(description="Language of names.")]


@router.get("/facts")
@gives(lambda: app.FigureList)
async def facts(
    request: Request,
    text: Annotated[str, Query(max_length=200, description="Words in id, scope, source or note.")] = "",
    quantity: Annotated[str, Query(max_length=80, description="Such as price or mine_production.")] = "",
    element: Annotated[str, Query(max_length=40, description="Symbol, name or group, such as Dy or TREO.")] = "",
    region: Annotated[str, Query(max_length=60, description="Code or name, such as CN, Japan, EU or WORLD.")] = "",
    kind: Annotated[str, Query(max_length=20, description="reported, derived or assumed.")] = "",
    period: Annotated[str, Query(max_length=20, description="Year or other period, as in the figures.")] = "",
    offset: Annotated[int, Query(ge=0, le=10**6, description="Figures left out at the beginning.")] = 0,
    limit: Annotated[int, Query(ge=0, le=10_000, description="Most figures of one answer; their number in all is in count.")] = 10_000,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Figures by words and columns; as ``ytterby facts list``."""
    bench = workbench_of(request)
    wanted = {"quantity": quantity, "element": element, "region": region, "kind": kind, "period": period}
    return await ask(request, lambda: bench.facts(text, offset, limit, **wanted), form, table, "figures")


@router.get("/facts/{id_}")
@gives(lambda: app.FigureDetail)
async def figure(request: Request, id_: Id) -> Response:
    """One figure with range, source, licence and alternatives; as ``ytterby facts show``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.figure(id_))


@router.get("/measures")
@gives(lambda: app.MeasureList)
async def measures(request: Request) -> Response:
    """Kinds of measures and distributions with their keys, units and defaults; as ``ytterby measures``."""
    return await ask(request, workbench_of(request).measures)


@router.get("/recipes")
@gives(lambda: app.RecipeList)
async def recipes(
    request: Request,
    year: Annotated[int | None, Query(ge=1990, le=2100, description="Base year; by default that of the server.")] = None,
    chain: Annotated[str, Query(max_length=40, description="Which minerals.")] = "rare-earths",
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Recipes that a project may name; as ``ytterby measures --recipes``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.recipes(year, chain), form, table, "recipes")


@router.get("/candidates")
@gives(lambda: app.CandidateList)
async def candidates(
    request: Request,
    party: Annotated[str, Query(max_length=20, description="Only what it hosts, helps with or may take from; a code.")] = "",
    stage: Annotated[str, Query(max_length=40, description="Stage of the good, such as mine or magnet.")] = "",
    kind: Annotated[str, Query(max_length=40, description="Kind of measure, such as project or stockpile.")] = "",
    as_of: Annotated[str, Query(max_length=10, description="Only what was known on a day, month or year.")] = "",
    lang: AskedLang = "en",
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Measures that parties may pay for; as ``ytterby measures --candidates``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.candidates(party, stage, kind, as_of, lang), form, table, "candidates")


@router.get("/candidates/{id_}")
@gives(lambda: app.CandidateRow)
async def candidate(
    request: Request,
    id_: Id,
    party: Annotated[str, Query(max_length=20, description="Party whose share is given; a code.")] = "",
    lang: AskedLang = "en",
) -> Response:
    """All figures of a measure that parties may pay for; as ``ytterby measures --candidates ID``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.candidate(id_, party, lang))
