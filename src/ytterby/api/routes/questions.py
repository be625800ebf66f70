"""Base, exposure, law, dates: what is answered at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ytterby import app
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, workbench_of

router = APIRouter(tags=["questions"])

Element = Annotated[str | None, Query(max_length=40, description="One element, by symbol or name, such as Dy; all without it.")]
Place = Annotated[str, Query(max_length=60, description="Region or group, by code or name, such as JP, Germany or EU.")]
Minerals = Annotated[str, Query(max_length=40, description="Which minerals: rare-earths, gallium-germanium or antimony.")]
Year = Annotated[int | None, Query(ge=1990, le=2100, description="Base year; by default that of the server.")]
On = Annotated[dt.date | None, Query(description="Day, YYYY-MM-DD; today without it.")]


@router.get("/chain")
@gives(lambda: app.ChainResult)
async def chain(  # noqa: PLR0913
    request: Request,
    year: Year = None,
    element: Element = None,
    chain: Minerals = "rare-earths",
    at: Annotated[dt.date | None, Query(description="Day to which the base is rolled forward.")] = None,
    path: Annotated[str | None, Query(max_length=60, description="Path of demand of the roll.")] = None,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Base system of a year: closed mass balance, shares, residuals; as ``ytterby chain``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.chain(year, element, chain, at, path), form, table, "chain")


@router.get("/exposure")
@gives(lambda: app.ExposureResult)
async def exposure(  # noqa: PLR0913
    request: Request,
    importer: Place = "JP",
    element: Element = None,
    year: Year = None,
    without: Annotated[str | None, Query(max_length=60, description="Supplier whose loss is considered.")] = None,
    chain: Minerals = "rare-earths",
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Where an importer is exposed: shares direct, traced and embedded, N-1, single points; as ``ytterby exposure``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.exposure(importer, element, year, without, chain), form, table, f"exposure-{slug(importer)}")


def slug(text: str) -> str:
    """Letters and digits of a text, for the name of a download."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text)[:40] or "all"
