"""Faults for people: what a browser asks for as a page is answered by a page, in its language, also where it cannot be had."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from ytterby.api import HEADERS, problem_of_fault, problem_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FAULT = 400
"""Lowest status of a fault."""
DOCUMENTS = ("application/problem+json", "text/plain")
"""Media types of faults that are turned into pages."""
FOR_PROGRAMS = ("/api/", "/openapi.json", "/static/")
TOLD = (401, 403, 404, 405, 413, 422, 429, 500, 503)
"""Faults that have words of their own; any other is told as input that cannot be used, or as a fault of the program."""
RETRIED = (429, 503)
"""Faults that pass: the page is asked for again."""


def wants_page(path: str, headers: Mapping[str, str]) -> bool:
    """Whether a request is a browser's for a page."""
    return "text/html" in headers.get("accept", "") and not path.startswith(FOR_PROGRAMS)


class FaultPages:
    """ASGI middleware that turns documents of faults into pages for browsers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a page's fault is held back until it is whole."""
        if scope["type"] != "http" or not wants_page(scope["path"], Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        held = _Held(send)
        await self.app(scope, receive, held)
        if held.start is not None:
            headers = Headers(raw=held.start["headers"])
            kept = {name: headers[name] for name in ("www-authenticate", "retry-after", "allow") if name in headers}
            page = await _page(Request(scope), held.start["status"], _detail(held.body), kept)
            await page(scope, receive, send)


class _Held:
    """Sends everything on but faults."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_fault(message):
            self.start = message
        elif self.start is not None:
            self.body += message.get("body", b"")
        else:
            await self.send(message)


def _is_fault(message: Message) -> bool:
    media = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] >= FAULT and media.startswith(DOCUMENTS)


def _detail(body: bytes) -> str:
    """What the program says of the fault."""
    try:
        found: dict[str, Any] = json.loads(body)
        return str(found.get("detail", ""))
    except (ValueError, AttributeError):
        return ""


async def fault(request: Request, error: Exception) -> Response:
    """Answer to a fault that the program did not foresee: a page for a browser, a document for a program."""
    logging.getLogger(__name__).debug("%s", error)
    if wants_page(request.url.path, request.headers):
        return await _page(request, 500, "", {})
    return problem_response(problem_of_fault(), HEADERS)


async def _page(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
    body = await to_thread.run_sync(_rendered, request, status, detail)
    return Response(body, status, HEADERS | headers | {"vary": "accept, accept-language"}, "text/html; charset=utf-8")


def _rendered(request: Request, status: int, detail: str) -> str:
    from ytterby.web.asked import asked_of
    from ytterby.web.page import Page
    from ytterby.web.rendering import render

    asked = asked_of(request)
    known = status if status in TOLD else 500 if status >= 500 else 422  # noqa: PLR2004 (classes of status)
    said = detail if known == 422 else ""  # noqa: PLR2004
    more = {"fault": asked.text(f"fault_{known}"), "detail": said, "again": status in RETRIED}
    return render("fault.html", asked, Page("fault", asked.text(f"fault_{known}_title"), more=more))
