"""Pages: one module each, with a router; a new page is its module and a line here."""

from ytterby.web.pages import (
    bargain,
    briefs,
    evidence,
    exposure,
    history,
    parts,
    plan,
    runs,
    scenarios,
    sources,
    start,
    together,
    watch,
    world,
    write,
)

ROUTERS = (
    start.router,
    world.router,
    exposure.router,
    parts.router,
    scenarios.router,
    write.router,
    runs.router,
    plan.router,
    together.router,
    bargain.router,
    evidence.router,
    watch.router,
    history.router,
    sources.router,
    briefs.router,
)
"""Routers of all pages."""
