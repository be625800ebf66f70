"""Pages: one module each, with a router; a new page is its module and a line here."""

from ytterby.web.pages import briefs, exposure, runs, scenarios, sources, start, world

ROUTERS = (start.router, world.router, exposure.router, scenarios.router, runs.router, sources.router, briefs.router)
"""Routers of all pages."""
