"""Pages: one module each, with a router; a new page is its module and a line here."""

from ytterby.web.pages import briefs, exposure, history, parts, runs, scenarios, sources, start, watch, world

ROUTERS = (
    start.router,
    world.router,
    exposure.router,
    parts.router,
    scenarios.router,
    runs.router,
    watch.router,
    history.router,
    sources.router,
    briefs.router,
)
"""Routers of all pages."""
