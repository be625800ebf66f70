"""Parts: a firm's own list, given in the browser, stays on the machine; when each part is missing, and what helps most."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (FastAPI reads annotations)
from starlette.responses import Response

from ytterby.report.briefing import Table
from ytterby.report.parts import parts_lines, parts_paper, parts_tables, template_sheets
from ytterby.report.render import workbook
from ytterby.web.asked import asked_of
from ytterby.web.clock import today
from ytterby.web.page import Page
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.api import Workbench
    from ytterby.exposure import PartsResult
    from ytterby.report.briefing import Spans
    from ytterby.web.asked import Asked

router = APIRouter()
TEMPLATE = "parts-template.xlsx"
MARK = re.compile(r"-[0-9a-f]{8}(?=\.\w+$)")
"""Mark of the content in the name under which a list is kept."""


@shows(router, "/parts", "parts.html")
def parts(asked: Asked, bench: Workbench) -> Page:
    """Form for a list of parts, and the lists that were looked at."""
    titles = {row.name: row.title for row in bench.scenarios(asked.lang).scenarios}
    jobs = bench.jobs.all("parts").jobs
    return Page(
        "parts",
        asked.text("parts_title"),
        answer=asked.words.say("web-parts_lead"),
        more={
            "titles": titles,
            "jobs": [job for job in jobs if job.state == "done"],
            "runs": bench.runs().runs,
            "template": f"/parts/{TEMPLATE}",
            "columns": columns(asked),
        },
    )


def columns(asked: Asked) -> Table:
    """What each column of a list holds, as the template's second sheet says it."""
    sheet = template_sheets(asked.words, TEMPLATE)[1]
    rows = tuple(tuple("\u2013" if cell is None else str(cell) for cell in row) for row in sheet.rows)
    return Table(sheet.name, sheet.head, rows, words=len(sheet.head))


@router.get(f"/parts/{TEMPLATE}", include_in_schema=False)
def template(request: Request) -> Response:
    """Workbook to fill in, in the language asked for."""
    headers = {"content-disposition": f'attachment; filename="{TEMPLATE}"'}
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(workbook(list(template_sheets(asked_of(request).words, TEMPLATE))), headers=headers, media_type=media)


@shows(router, "/parts/{id_}", "parts_result.html")
def result(asked: Asked, bench: Workbench, id_: str) -> Page:
    """What becomes of a list of parts."""
    found, words = bench.parts(id_), asked.words
    paper = parts_paper(found, words, version("ytterby"), today())
    said = parts_lines(found, words)
    tables = [table for table in parts_tables(found, words) if table]
    return Page(
        "parts",
        asked.text("parts_of", file=MARK.sub("", found.file)),
        answer=said.answer,
        support=said.support or (),
        warnings=tuple(said.warnings),
        panels=paper.panels,
        notes=paper.notes,
        more={"tables": tables, "remarks": said.remarks, "last": (said.last[0], *_own(asked, found)), "id": id_},
    )


def _own(asked: Asked, found: PartsResult) -> Iterator[Spans]:
    """What is told otherwise than by the command: where the open questions stand, and that the list stays in the project."""
    if questions := sum(len(row.ask) for row in found.questions):
        yield asked.words.say("web-parts_questions", count=asked.words.number(questions, 0))
    yield asked.words.say("web-parts_kept")
