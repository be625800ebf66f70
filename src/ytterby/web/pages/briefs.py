"""Briefings of what pages show: the same file that the command writes, as HTML or PDF, in the language and for the country asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (FastAPI reads annotations)
from starlette.responses import Response

from ytterby.api import workbench_of
from ytterby.app import result_page
from ytterby.web.asked import asked_of
from ytterby.web.materials import about_exposure, about_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.app import CooperationResult, Material, NegotiationResult, PlanResult, WrittenBriefing

router = APIRouter()
OWN_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The file allows its own style and script by their digests, in a policy that it carries itself."""


@router.get("/briefs/run/{id_}", include_in_schema=False)
def of_run(request: Request, id_: str) -> Response:
    """Briefing on a run."""
    name, ending = _ending(id_)
    return _written(request, about_run(workbench_of(request), name, asked_of(request).importer), ending, name)


@router.get("/briefs/exposure.{ending}", include_in_schema=False)
def of_exposure(request: Request, ending: str) -> Response:
    """Briefing on an exposure."""
    importer = asked_of(request).importer
    return _written(request, about_exposure(workbench_of(request), importer), ending, f"exposure-{importer}")


@router.get("/briefs/plan/{id_}", include_in_schema=False)
def of_plan(request: Request, id_: str) -> Response:
    """Briefing on a plan."""
    return _on_result(request, id_, lambda name: workbench_of(request).plan(name))


@router.get("/briefs/together/{id_}", include_in_schema=False)
def of_alliance(request: Request, id_: str) -> Response:
    """Briefing on an alliance."""
    return _on_result(request, id_, lambda name: workbench_of(request).alliance(name))


@router.get("/briefs/bargain/{id_}", include_in_schema=False)
def of_talks(request: Request, id_: str) -> Response:
    """Briefing on talks."""
    return _on_result(request, id_, lambda name: workbench_of(request).saved_talks(name))


def _on_result(request: Request, id_: str, result: Callable[[str], PlanResult | CooperationResult | NegotiationResult]) -> Response:
    name, ending = _ending(id_)
    lang, project = asked_of(request).lang, workbench_of(request).settings.project
    return _sent(result_page([result(name)], lang, project), ending, name)


def _ending(id_: str) -> tuple[str, str]:
    """Id and kind of file of the last part of an address: PDF where it ends so, else HTML."""
    return (id_.removesuffix(".pdf"), "pdf") if id_.endswith(".pdf") else (id_, "html")


def _written(request: Request, material: Material, ending: str, name: str) -> Response:
    return _sent(material.written(asked_of(request).lang), ending, name)


def _sent(written: WrittenBriefing, ending: str, name: str) -> Response:
    if ending == "pdf":
        headers = {"content-disposition": f'inline; filename="ytterby-{name}.pdf"'}
        return Response(written.pdf(), headers=headers, media_type="application/pdf")
    return Response(written.html(), headers={"content-security-policy": OWN_POLICY}, media_type="text/html; charset=utf-8")
