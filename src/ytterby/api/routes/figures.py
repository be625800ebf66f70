"""The sourced figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from ytterby import app
from ytterby.api.routes.common import ask, gives, workbench_of

router = APIRouter(tags=["figures"])


@router.get("/facts/{id_}")
@gives(lambda: app.FigureDetail)
async def figure(request: Request, id_: Annotated[str, Path(alias="id_", max_length=120, description="Id of a figure.")]) -> Response:
    """One figure with range, source, licence and alternatives; as ``ytterby facts show``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.figure(id_))
