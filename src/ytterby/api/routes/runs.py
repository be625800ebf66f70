"""Runs of the project."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ytterby import app
from ytterby.api.routes.common import ask, gives, workbench_of

router = APIRouter(tags=["runs"])


@router.get("/runs")
@gives(lambda: app.RunList)
async def runs(request: Request) -> Response:
    """Runs of the project, newest first."""
    return await ask(request, workbench_of(request).runs)
