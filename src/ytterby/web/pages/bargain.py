"""Bargain: the room between duties and minerals: the map of gains with what was agreed, concessions, thresholds, what waiting costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.web.pages.common import shows
from ytterby.web.pages.results import FinishedResult, ResultKind, find, result_view

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.web.asked import Asked
    from ytterby.web.page import Page

router = APIRouter()
KIND = ResultKind("bargain", "negotiate", ("JP", "US"), lambda bench, id_: bench.saved_talks(id_))
DAY = "2025-07-21"
"""Day that the form begins with: that of the bundled talks."""
MIN_SCENARIOS = 4
"""Fewest paths that programmes on minerals are made for."""


@shows(router, "/bargain", "result.html")
def bargain(asked: Asked, bench: Workbench) -> Page:
    """The newest talks, or how to work them out."""
    return _page(asked, bench, find(asked, bench, KIND))


@shows(router, "/bargain/{id_}", "result.html")
def talks(asked: Asked, bench: Workbench, id_: str) -> Page:
    """The room of talks."""
    return _page(asked, bench, find(asked, bench, KIND, id_))


def _page(asked: Asked, bench: Workbench, found: FinishedResult | None) -> Page:
    return result_view(asked, bench, KIND, found, {"day": DAY, "least": MIN_SCENARIOS})
