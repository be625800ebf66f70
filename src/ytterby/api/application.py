"""The application: routes, errors, safety and schema in one place."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, create_task_group, to_thread
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from ytterby import app
from ytterby.api.problems import add_handlers
from ytterby.api.routes.common import include, workbench_of
from ytterby.api.security import Guard
from ytterby.api.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ytterby.api.settings import Settings

__all__ = ["create_api", "workbench_of"]

THREADS = 8
"""Questions that one process works out beside each other; kept answers need no thread."""
ABOUT = (
    "Security of supply of critical minerals: the answers of the command line over HTTP. Numbers, keys and units are those of the "
    "commands' JSON. Every answer has an ETag that names its content."
)


def create_api(settings: Settings) -> FastAPI:
    """Application with all routes under ``/api/v1`` for one project."""
    api = FastAPI(title="Ytterby", version=version("ytterby"), description=ABOUT, docs_url=None, redoc_url=None, lifespan=_working)
    api.state.settings, api.state.workbench, api.state.streams = settings, Workbench(settings), 0
    api.state.threads = CapacityLimiter(THREADS)
    add_handlers(api)
    include(api)
    api.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    api.add_middleware(Guard, settings=settings)
    return api


@asynccontextmanager
async def _working(api: FastAPI) -> AsyncIterator[None]:
    """While the server stands: its jobs go on, and the figures are loaded before someone asks for them."""
    settings, jobs = api.state.settings, api.state.workbench.jobs
    async with create_task_group() as tasks:
        tasks.start_soon(to_thread.run_sync, app.project_state, settings.project)
        if not settings.read_only:
            tasks.start_soon(jobs.keep_working)
        yield
        tasks.cancel_scope.cancel()
    await to_thread.run_sync(jobs.stop)
