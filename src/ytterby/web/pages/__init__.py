"""Pages: one module each, with a router; a new page is its module and its name here.

A module is imported when somebody asks for its first page, or when the server has nothing else to do: so a server answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader  # type: ignore[import-untyped]  # it has no types
from anyio import to_thread
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.types import Receive, Scope, Send

NAMES = (
    "start", "world", "exposure", "parts", "scenarios", "write", "runs", "plan", "together", "bargain", "evidence", "watch", "history",
    "sources", "briefs",
)  # fmt: skip
"""Modules of pages by the first part of their addresses; the address without one is that of ``start``."""
NOT_FOUND = 404
__getattr__, _, _ = lazy_loader.attach(__name__, submodules=NAMES)


def router_of(name: str) -> APIRouter:
    """Router of a module of pages."""
    found: APIRouter = __getattr__(name).router
    return found


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Application of all pages.

    Raises
    ------
    HTTPException
        If no page has such an address.
    """
    name = scope["path"].split("/")[1] or NAMES[0]
    if name not in NAMES:
        raise HTTPException(NOT_FOUND)
    router = await to_thread.run_sync(router_of, name)
    await router(scope, receive, send)
