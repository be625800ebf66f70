"""Pages: one module each, with a router; a new page is its module and a line here."""

from ytterby.web.pages import briefs, runs, scenarios, sources, start, world

ROUTERS = (start.router, world.router, scenarios.router, runs.router, sources.router, briefs.router)
"""Routers of all pages."""
