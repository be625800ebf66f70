"""All groups of routes, under their prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.api.routes import evidence, figures, jobs, questions, results, runs, scenarios, server

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX = "/api/v1"
ROUTERS = tuple(module.router for module in (server, questions, figures, scenarios, runs, jobs, results, evidence))


def include(api: FastAPI) -> None:
    """Add all routes."""
    for router in ROUTERS:
        api.include_router(router, prefix=PREFIX)
