"""Write: a scenario as its file, checked while one types; from a bundled one, from a saved one, or from what the articles draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.report.briefing import Span
from ytterby.web.page import Page
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.web.asked import Asked

router = APIRouter()
DRAWS = 200


@shows(router, "/write", "write.html")
def write(asked: Asked, bench: Workbench) -> Page:
    """Form for a scenario's file, with the kinds of measures and their keys beside it."""
    name, text, version = _begun(asked, bench)
    kinds = bench.measures().measures
    return Page(
        "scenarios",
        asked.text("write_title"),
        answer=(Span("text", asked.text("write_lead")),),
        more={"name": name, "text": text, "version": version, "kinds": kinds, "draws": DRAWS},
    )


def _begun(asked: Asked, bench: Workbench) -> tuple[str, str, str]:
    """Name, text and version to begin with: what is saved, what is drafted, or a copy of what is bundled."""
    saved, draft = asked.query.get("saved", ""), asked.query.get("draft", "")
    if saved:
        found = bench.saved_scenario(saved)
        return saved, found.yaml, found.version
    if draft:
        texts = {str(row["name"]): str(row["yaml"]) for row in bench.evidence().drafts}
        return draft, texts.get(draft, ""), ""
    source = asked.query.get("from", "no-shock")
    return f"{source}-own", bench.scenario(source, asked.lang).yaml, ""
