"""The application: routes, errors, safety and schema in one place."""

from __future__ import annotations

import hashlib
import json
from contextlib import asynccontextmanager
from importlib.metadata import version
from threading import Event
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, create_task_group, to_thread
from fastapi import FastAPI, Request, Response
from starlette.middleware.gzip import GZipMiddleware

from ytterby import app
from ytterby.api.problems import add_handlers, problem_of_fault, problem_response
from ytterby.api.replies import is_known
from ytterby.api.routes.common import in_thread, workbench_of
from ytterby.api.routes.groups import include
from ytterby.api.schema import openapi
from ytterby.api.security import HEADERS, Guard
from ytterby.api.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from ytterby.api.settings import Settings

__all__ = ["create_api", "workbench_of"]

THREADS = 8
"""Questions that one process works out beside each other; kept answers need no thread."""
ABOUT = (
    "Security of supply of critical minerals: the answers of the command line over HTTP. Numbers, keys and units are those of the "
    "commands' JSON. Every answer has an ETag that names its content."
)


def create_api(settings: Settings, begin: Callable[[Workbench], Iterator[None]] | None = None) -> FastAPI:
    """Application with all routes under ``/api/v1`` for one project.

    Parameters
    ----------
    settings : Settings
        Project, base year, limits, who may ask.
    begin : callable, optional
        What is done beside answering when the server has started, step by step, so that it need not be waited for at the end.
    """
    api = FastAPI(title="Ytterby", version=version("ytterby"), description=ABOUT, openapi_url=None, lifespan=_working)
    api.state.settings, api.state.workbench, api.state.streams = settings, Workbench(settings), 0
    api.state.threads, api.state.begin = CapacityLimiter(THREADS), begin
    add_handlers(api)
    api.add_exception_handler(Exception, _fault)
    include(api)
    api.openapi = lambda: openapi(api, ABOUT)  # type: ignore[method-assign]  # FastAPI's own way to another schema
    api.add_api_route("/openapi.json", schema, include_in_schema=False)
    api.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    api.add_middleware(Guard, settings=settings)
    return api


async def _fault(_request: Request, _error: Exception) -> Response:
    return problem_response(problem_of_fault(), HEADERS)  # it leaves outside of the guard


def _begin(api: FastAPI, ended: Event) -> None:
    """Load the figures before someone asks for them, and do what the application was given to begin with, until the server ends.

    The thread is waited for: one that still works when the interpreter ends brings it down.
    """
    app.project_state(api.state.settings.project)
    for _ in api.state.begin(api.state.workbench) if api.state.begin else ():
        if ended.is_set():
            return


async def schema(request: Request) -> Response:
    """The OpenAPI document, made once."""
    state = request.app.state
    if not hasattr(state, "schema"):
        state.schema = await in_thread(request, lambda: json.dumps(request.app.openapi(), ensure_ascii=False).encode())
    digest = hashlib.sha256(state.schema).hexdigest()[:32]
    headers = {"etag": f'W/"{digest}"'}
    return (
        Response(status_code=304, headers=headers)
        if is_known(request.headers, digest)
        else Response(state.schema, 200, headers, "application/json")
    )


@asynccontextmanager
async def _working(api: FastAPI) -> AsyncIterator[None]:
    """While the server stands: its jobs go on, and the figures are loaded before someone asks for them."""
    settings, jobs, ended = api.state.settings, api.state.workbench.jobs, Event()
    async with create_task_group() as tasks:
        tasks.start_soon(to_thread.run_sync, _begin, api, ended)
        if not settings.read_only:
            tasks.start_soon(jobs.keep_working)
        yield
        ended.set()
        tasks.cancel_scope.cancel()
    await to_thread.run_sync(jobs.stop)
