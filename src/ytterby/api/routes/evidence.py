"""Articles: uploads, readings, what waits for a person, and judgements."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response, UploadFile
from pydantic import ConfigDict, StringConstraints

from ytterby import app
from ytterby.api.problems import Refusal
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, in_thread, settings_of, workbench_of
from ytterby.described_model import DescribedModel
from ytterby.result_model import ResultModel

router = APIRouter(tags=["evidence"])

Id = Annotated[str, Path(max_length=160)]
Words = Annotated[str, StringConstraints(max_length=500)]


class UploadList(ResultModel):
    """Uploads of the project."""

    uploads: tuple[app.Upload, ...]


class Judgement(DescribedModel):
    """A person's judgement of a claim or event."""

    model_config = ConfigDict(extra="forbid")

    target: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """Id of a claim or event."""
    verdict: Literal["accept", "correct", "confirm", "reject"]
    """``confirm`` lets a measure run that the reading alone does not carry."""
    by: Words = ""
    """Who judges."""
    why: Words = ""
    """Reason."""
    correction: dict[Words, Any] = {}
    """Fields and their right values; only with ``correct``."""


@router.get("/evidence")
@gives(lambda: app.Reading)
async def evidence(request: Request) -> Response:
    """All that the project has read: articles, claims, events, contradictions, ledger, what waits to be confirmed."""
    return await ask(request, workbench_of(request).evidence)


@router.get("/article")
@gives(lambda: app.ArticleText)
async def article(
    request: Request, name: Annotated[str, Query(max_length=300, description="Name of an article that was read.")]
) -> Response:
    """Text of an article with the places of its claims; it is text, whatever it looks like."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.article(name))


@router.get("/readings/{id_}")
@gives(lambda: app.Reading)
async def reading(request: Request, id_: Id, form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """A reading by its job; as ``ytterby read``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.reading(id_), form, table, "reading")


@router.post("/reviews")
@gives(lambda: app.ReviewResult)
async def review(request: Request, judgement: Judgement) -> Response:
    """Keep a judgement of a claim or event; it holds for readings from then on; as ``ytterby review``."""
    bench = workbench_of(request)
    given = judgement
    found = await in_thread(request, lambda: bench.review(given.target, given.verdict, given.by, given.why, given.correction))
    return Response(found.model_dump_json(), media_type="application/json")


@router.get("/uploads")
@gives(lambda: UploadList)
async def uploads(request: Request) -> Response:
    """Files that were given to the workbench."""
    bench = workbench_of(request)
    found = await in_thread(request, bench.uploads)
    return Response(UploadList(uploads=found).model_dump_json(), media_type="application/json")


@router.post("/uploads", status_code=201)
@gives(lambda: app.Upload)
async def upload(request: Request, files: list[UploadFile]) -> Response:
    """Give articles or a list of parts; they stay on this machine, in the project, under names of the program's own."""
    bench, limits = workbench_of(request), settings_of(request).limits
    if len(files) > limits.files:
        raise Refusal(413, f"{len(files)} files; at most {limits.files} at once")
    given = [app.GivenFile(file.filename or "", await file.read()) for file in files]
    found = await in_thread(request, lambda: bench.keep_upload(given))
    return Response(found.model_dump_json(), 201, media_type="application/json")


@router.delete("/uploads/{id_}")
@gives(lambda: app.Upload)
async def forget(request: Request, id_: Id) -> Response:
    """Remove an upload; what was read of it stays."""
    bench = workbench_of(request)
    found = await in_thread(request, lambda: bench.forget_upload(id_))
    return Response(found.model_dump_json(), media_type="application/json")
