"""The application: routes, errors, safety and schema in one place."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from ytterby.api.problems import add_handlers
from ytterby.api.routes.common import include, workbench_of
from ytterby.api.security import Guard
from ytterby.api.workbench import Workbench

if TYPE_CHECKING:
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
    api = FastAPI(title="Ytterby", version=version("ytterby"), description=ABOUT, docs_url=None, redoc_url=None)
    api.state.settings, api.state.workbench = settings, Workbench(settings)
    api.state.threads = CapacityLimiter(THREADS)
    add_handlers(api)
    include(api)
    api.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    api.add_middleware(Guard, settings=settings)
    return api
