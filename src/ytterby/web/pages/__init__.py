"""Pages: one module each, with a router; a new page is its module and a line here."""

from ytterby.web.pages import start

ROUTERS = (start.router,)
"""Routers of all pages."""
