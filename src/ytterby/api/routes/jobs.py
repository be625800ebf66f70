"""Long work: jobs are asked for, followed, cancelled and taken up again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Body, Path, Query, Request, Response
from starlette.responses import FileResponse, StreamingResponse

from ytterby.api.job_kinds import Order  # noqa: TC001 (FastAPI reads annotations)
from ytterby.api.job_models import Job, JobList
from ytterby.api.jobs import ENDED, event
from ytterby.api.problems import Refusal
from ytterby.api.routes.common import gives, in_thread, settings_of, workbench_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

router = APIRouter(tags=["jobs"])

Id = Annotated[str, Path(max_length=160, description="Id of a job.")]
EVERY = 0.4
"""Time between two looks at a job that is followed [s]."""
HEARTBEAT = 15.0
"""Longest silence of a stream [s]."""
PAGES = "sandbox allow-scripts allow-popups; frame-ancestors 'self'"
"""Policy of pages that jobs have written: they carry their own, and run apart from the workbench."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
}


@router.post("/jobs", status_code=202)
@gives(lambda: Job)
async def start(request: Request, order: Annotated[Order, Body()]) -> Response:
    """Ask for a job; the same one that waits, runs or is done is given instead of a second."""
    jobs = workbench_of(request).jobs
    found = await in_thread(request, lambda: jobs.start(order.kind, order.arguments))
    jobs.wake()
    return _reply(found, 202, {"location": f"/api/v1/jobs/{found.id}"})


@router.get("/jobs")
@gives(lambda: JobList)
async def all_jobs(
    request: Request,
    kind: Annotated[str, Query(max_length=40, description="Only jobs of this kind.")] = "",
    state: Annotated[
        Literal["", "queued", "running", "done", "failed", "cancelled", "interrupted"], Query(description="Only jobs in this state.")
    ] = "",
) -> Response:
    """Jobs of the project, newest first."""
    jobs = workbench_of(request).jobs
    return _reply(await in_thread(request, lambda: jobs.all(kind, state)))


@router.get("/jobs/{id_}")
@gives(lambda: Job)
async def one(request: Request, id_: Id) -> Response:
    """A job as it stands now."""
    jobs = workbench_of(request).jobs
    return _reply(await in_thread(request, lambda: jobs.find(id_)))


@router.delete("/jobs/{id_}")
@gives(lambda: Job)
async def cancel(request: Request, id_: Id) -> Response:
    """Stop a job that waits or runs; what it has finished is kept, and it can be resumed."""
    jobs = workbench_of(request).jobs
    return _reply(await in_thread(request, lambda: jobs.cancel(id_)))


@router.post("/jobs/{id_}/resume", status_code=202)
@gives(lambda: Job)
async def resume(request: Request, id_: Id) -> Response:
    """Take up a job that failed, was cancelled or interrupted; finished parts are not worked again."""
    jobs = workbench_of(request).jobs
    found = await in_thread(request, lambda: jobs.resume(id_))
    jobs.wake()
    return _reply(found, 202)


@router.get("/jobs/{id_}/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(request: Request, id_: Id) -> Response:
    """Follow a job: server-sent events ``progress`` while it waits or runs, and one of its last state; each carries the whole job."""
    jobs = workbench_of(request).jobs
    await in_thread(request, lambda: jobs.find(id_))
    if request.app.state.streams >= settings_of(request).limits.streams:
        raise Refusal(429, "too many streams of events are open; ask for the job itself now and then")
    return StreamingResponse(_events(request, id_), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def _events(request: Request, id_: str) -> AsyncIterator[bytes]:
    """A job whenever it has changed, until it has ended."""
    state, jobs = request.app.state, workbench_of(request).jobs
    state.streams += 1
    try:
        yield b"retry: 2000\n\n"
        last, number, silent = None, 0, 0.0
        while True:
            job = await in_thread(request, lambda: jobs.find(id_))
            ended = job.state in ENDED
            if job != last or ended:
                last, number, silent = job, number + 1, 0.0
                yield event(job.state if ended else "progress", job.to_dict(), number)
            if ended:
                return
            await asyncio.sleep(EVERY)
            silent += EVERY
            if silent >= HEARTBEAT:
                silent = 0.0
                yield b": still here\n\n"
    finally:
        state.streams -= 1


@router.get("/jobs/{id_}/files/{name}", response_class=FileResponse)
async def file(
    request: Request, id_: Id, name: Annotated[str, Path(max_length=40, description="Such as brief.html, brief.pdf or parts.xlsx.")]
) -> Response:
    """A file that a job has left: a briefing, a table, a picture, a drafted scenario."""
    bench = workbench_of(request)
    place = await in_thread(request, lambda: bench.file(id_, name))
    is_page = place.suffix in (".html", ".svg")
    headers = {"content-security-policy": PAGES, "x-frame-options": "SAMEORIGIN"} if is_page else {}
    shown = "inline" if place.suffix in (".html", ".svg", ".pdf") else "attachment"
    return FileResponse(place, media_type=TYPES[place.suffix], headers=headers, filename=place.name, content_disposition_type=shown)


def _reply(found: Job | JobList, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(found.model_dump_json(), status, headers, "application/json")
