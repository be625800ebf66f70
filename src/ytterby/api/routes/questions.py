"""Base, exposure, law, dates, risk: what is answered at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ytterby import app
from ytterby.api.replies import AskedFormat, AskedTable, Format
from ytterby.api.routes.common import ask, gives, slug, workbench_of

router = APIRouter(tags=["questions"])

Element = Annotated[str | None, Query(max_length=40, description="One element, by symbol or name, such as Dy; all without it.")]
Place = Annotated[str, Query(max_length=60, description="Region or group, by code or name, such as JP, Germany or EU.")]
Minerals = Annotated[str, Query(max_length=40, description="Which minerals: rare-earths, gallium-germanium or antimony.")]
MineralsOfElement = Annotated[
    str | None,
    Query(max_length=40, description="Which minerals: rare-earths, gallium-germanium or antimony; without it those of the element."),
]
Year = Annotated[int | None, Query(ge=1990, le=2100, description="Base year; by default that of the server.")]
On = Annotated[dt.date | None, Query(description="Day, YYYY-MM-DD; today without it.")]
Country = Annotated[str, Query(max_length=60, description="Country, by code or name; any for all.")]


@router.get("/chain")
@gives(lambda: app.ChainResult)
async def chain(
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
async def exposure(
    request: Request,
    importer: Place = "JP",
    element: Element = None,
    year: Year = None,
    without: Annotated[str | None, Query(max_length=60, description="Supplier whose loss is considered.")] = None,
    chain: MineralsOfElement = None,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Where an importer is exposed: shares direct, traced and embedded, N-1, single points; as ``ytterby exposure``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.exposure(importer, element, year, without, chain), form, table, f"exposure-{slug(importer)}")


@router.get("/flows")
@gives(lambda: app.FlowsResult)
async def flows(
    request: Request,
    element: Annotated[str, Query(max_length=40, description="Element, by symbol or name; of the base year only.")] = "Dy",
    year: Year = None,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """What is made where and goes from where to where: an element in the base year, all rare earths in a year of customs records."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.flows(element, year), form, table, "flows")


@router.get("/history")
@gives(lambda: app.ImportHistory)
async def history(
    request: Request,
    importer: Annotated[list[str], Query(max_length=40, description="Importers, repeated; all without it.")] = [],  # noqa: B006 (FastAPI copies it)
    supplier: Annotated[str, Query(max_length=60, description="Supplier, by code or name.")] = "CN",
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Direct and traced shares of a supplier in rare-earth imports since 1995; as ``ytterby exposure --history``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.history(tuple(importer) or None, supplier), form, table, "history")


@router.get("/controls")
@gives(lambda: app.ControlsResult)
async def controls(
    request: Request,
    on: On = None,
    material: Annotated[str | None, Query(max_length=60, description="Element or family of materials, such as Dy or tungsten.")] = None,
    hs: Annotated[str | None, Query(max_length=20, description="Heading of the harmonised system, 2 to 10 digits.")] = None,
    by: Annotated[str | None, Query(max_length=60, description="Country that controls, by code or name.")] = None,
    since: Annotated[dt.date | None, Query(description="Also what changed from this day on.")] = None,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Goods under export controls and duties with their legal state on a day; as ``ytterby controls``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.controls(on, material, hs, by, since), form, table, "controls")


@router.get("/calendar")
@gives(lambda: app.CalendarResult)
async def calendar(
    request: Request,
    until: Annotated[dt.date | None, Query(description="Last day shown.")] = None,
    on: On = None,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Dated decisions ahead with branches and probabilities; as ``ytterby calendar``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.calendar(until, on), form, table, "calendar")


@router.get("/watch")
@gives(lambda: app.WatchResult)
async def watch(
    request: Request,
    on: On = None,
    party: Annotated[str, Query(max_length=20, description="Only promises of this country or group, such as JP or EU.")] = "",
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """What became of promises; as ``ytterby watch``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.watch(on, party), form, table, "watch")


@router.get("/hazard")
@gives(lambda: app.HazardResult)
async def hazard(
    request: Request,
    country: Country = "any",
    family: Annotated[str, Query(max_length=60, description="Family of material, such as rare_earths or nickel; any for all.")] = "any",
    kind: Annotated[str, Query(max_length=20, description="ban, duty, licence, list, quota, tax, technology, or any.")] = "any",
    target: Country = "any",
    years: Annotated[int, Query(ge=1, le=50, description="Horizon [years].")] = 5,
    until: Annotated[dt.date | None, Query(description="Use the record up to this day only.")] = None,
    seed: Annotated[int, Query(ge=0, le=2**63 - 1, description="Seed of the draws.")] = 1,
    form: AskedFormat = Format.json,
    table: AskedTable = "",
) -> Response:
    """Probability of a new export restriction, from the record since 2007; as ``ytterby hazard``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.hazard(country, family, kind, target, years, until, seed), form, table, "hazard")


@router.get("/rivals")
@gives(lambda: app.RivalsResult)
async def rivals(request: Request, region: Place = "JP", form: AskedFormat = Format.json, table: AskedTable = "") -> Response:
    """Loss from a one-year stop beside published estimates; as ``ytterby rivals``."""
    bench = workbench_of(request)
    return await ask(request, lambda: bench.rivals(region), form, table, f"rivals-{slug(region)}")
