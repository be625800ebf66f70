"""The site: the API, the pages and the bundle as one application."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (FastAPI reads annotations)
from starlette.responses import FileResponse, Response

from ytterby.api import create_api, serve, settings_of_environment
from ytterby.web import bundle
from ytterby.web.fault_pages import FaultPages, fault
from ytterby.web.pages import pages
from ytterby.web.warm_up import begin

if TYPE_CHECKING:
    import socket

    from fastapi import FastAPI

    from ytterby.api import Settings

static = APIRouter()
FACTORY = "ytterby.web.site:application"


def create_site(settings: Settings) -> FastAPI:
    """API, pages and bundle for a project.

    Parameters
    ----------
    settings : Settings
        Project, base year, limits, who may ask.
    """
    site = create_api(settings, begin)
    site.include_router(static)
    site.mount("/", pages)
    site.add_middleware(FaultPages)
    site.add_exception_handler(Exception, fault)
    return site


def application() -> FastAPI:
    """Site of the settings in the environment: each process of a server makes its own."""
    return create_site(settings_of_environment())


def serve_site(settings: Settings, sock: socket.socket) -> None:
    """Answer with API and pages until a signal ends it.

    Parameters
    ----------
    settings : Settings
        What is shown, and to whom.
    sock : socket
        Listening socket.
    """
    serve(settings, sock, FACTORY)


@static.get("/static/{name}", include_in_schema=False)
def file(request: Request, name: str) -> Response:
    """A file of the bundle; its name holds its digest, so browsers keep it for good."""
    found = bundle.file_of(name, compressed="gzip" in request.headers.get("accept-encoding", ""))
    if found is None:
        return Response("not found", 404, media_type="text/plain")
    path, compressed = found
    headers = {"cache-control": bundle.FOREVER, "vary": "accept-encoding"} | ({"content-encoding": "gzip"} if compressed else {})
    return FileResponse(path, headers=headers, media_type=mimetypes.guess_type(name)[0] or "application/octet-stream")
