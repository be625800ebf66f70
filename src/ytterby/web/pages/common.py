"""What page modules share: how a page is answered, and pictures that several pages show."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request  # noqa: TC002 (FastAPI reads annotations)
from starlette.responses import Response

from ytterby.api import Workbench, workbench_of
from ytterby.app import project_state
from ytterby.errors import UnknownNameError, YtterbyError
from ytterby.web import bundle
from ytterby.web.asked import Asked, asked_of, check_place
from ytterby.web.clock import today
from ytterby.web.figure_files import MEDIA, PARAMETERS, figure_workbook, file_name
from ytterby.web.page import Page
from ytterby.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from fastapi import APIRouter

    from ytterby.report.briefing import BriefingInput

KEPT_PAGES = 200
"""Pages that a process keeps as they are sent."""
PATIENCE = 6.0
"""Time that a browser waits for a page before it is told that the page is being worked out [s]."""
WORKERS = 6
"""Pages that a process makes beside each other."""
OK = 200


@dataclass(frozen=True)
class SentPage:
    """A page as bytes, plain and compressed, with a digest that names its content."""

    body: bytes
    packed: bytes
    digest: str
    status: int = 200


class KeptPages:
    """The pages that were asked for last, as they are made or have been made; safe for threads."""

    def __init__(self, limit: int = KEPT_PAGES) -> None:
        self.limit = limit
        self._kept: OrderedDict[Hashable, Future[SentPage]] = OrderedDict()
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(WORKERS, "page")

    def get(self, key: Hashable, make: Callable[[], SentPage]) -> SentPage | None:
        """The page, or None where it takes longer than the patience of a browser: it goes on being made. Faults are not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = self._workers.submit(make)
            self._kept.move_to_end(key)
            for old in [old for old, work in self._kept.items() if work.done()][: max(len(self._kept) - self.limit, 0)]:
                del self._kept[old]
        try:
            made = found.result(PATIENCE)
        except TimeoutError:
            return None
        except BaseException:
            self._forget(key)
            raise
        if made.status != OK:
            self._forget(key)
        return made

    def are_made(self) -> bool:
        """Whether a page is being made just now."""
        with self._lock:
            return any(not work.done() for work in self._kept.values())

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._kept.pop(key, None)


PAGES = KeptPages()


def shows(router: APIRouter, path: str, template: str = "page.html") -> Callable[[Callable[..., Page]], Callable[..., Page]]:
    """Answer a path with the page that a function makes from (asked, workbench, parameters of the path)."""

    def noted(make: Callable[..., Page]) -> Callable[..., Page]:
        def answer(request: Request) -> Response:
            return page_response(request, template, make)

        router.add_api_route(path, answer, methods=["GET", "HEAD"], include_in_schema=False, name=make.__name__)
        return make

    return noted


def page_response(request: Request, template: str, make: Callable[..., Page]) -> Response:
    """The page as a response: from memory where nothing has changed since, 304 to one who has it."""
    asked, bench = asked_of(request), workbench_of(request)
    given = dict(request.path_params)
    if asked.query.get("format") == "xlsx":
        return _figure_file(asked, bench, make, given)
    key = (template, asked.path, tuple(sorted(asked.query.items())), asked.lang, _state(bench))
    sent = PAGES.get(key, lambda: _made(template, make, asked, bench, given))
    if sent is None:
        return waiting(request)
    tags = {"etag": f'W/"{sent.digest}"', "vary": "accept-encoding, accept-language", "cache-control": "private, no-cache"}
    if sent.status == OK and sent.digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=tags)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(sent.packed, sent.status, tags | {"content-encoding": "gzip"}, "text/html; charset=utf-8")
    return Response(sent.body, sent.status, tags, "text/html; charset=utf-8")


def _figure_file(asked: Asked, bench: Workbench, make: Callable[..., Page], given: dict[str, Any]) -> Response:
    """The table of a picture of the page as a workbook, or that there is no such picture."""
    name = asked.query.get("table", "")
    bare = replace(asked, query={key: value for key, value in asked.query.items() if key not in PARAMETERS})
    try:
        found = figure_workbook(asked.words, make(bare, bench, **given), name)
    except YtterbyError:
        found = None
    if found is None:
        return Response("not found", 404, media_type="text/plain")
    return Response(found, media_type=MEDIA, headers={"content-disposition": f'attachment; filename="{file_name(name)}"'})


def waiting(request: Request) -> Response:
    """Answer to one who asks for what is still being worked out."""
    asked = asked_of(request)
    text = render("waiting.html", asked, Page("waiting", asked.text("waiting_title")))
    return Response(text, 202, media_type="text/html; charset=utf-8")


def _state(bench: Workbench) -> tuple[Any, ...]:
    """What pages depend on beside their address: the project, its jobs, the day, the bundle."""
    return (
        project_state(bench.settings.project),
        *(_stamp(bench.jobs.index.path.with_name(f"{bench.jobs.index.path.name}{end}")) for end in ("", "-wal")),
        str(today()),
        bundle.address("main.js"),
        bundle.address("site.css"),
        bench.settings.read_only,
    )


def _stamp(path: Path) -> int:
    """When a file was last written; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _made(template: str, make: Callable[..., Page], asked: Asked, bench: Workbench, given: dict[str, Any]) -> SentPage:
    try:
        check_place(asked)
        page, status = make(asked, bench, **given), OK
    except YtterbyError as error:
        page, template = _fault(asked, error), "fault.html"
        status = 404 if isinstance(error, UnknownNameError) else 422
    body = render(template, asked, page, colophon(asked, bench)).encode()
    return SentPage(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:32], status)


def _fault(asked: Asked, error: YtterbyError) -> Page:
    """Page that says why there is no answer, in the words of the command."""
    return Page("fault", asked.text("fault_title"), more={"fault": str(error), "detail": "", "again": False})


def base_line(asked: Asked, key: str, inputs: BriefingInput) -> str:
    """Sentence on the base of a run that was rolled forward, whose shares are not those of the base year; empty for any other."""
    record = inputs.run.record if inputs.run else {}
    if not record.get("base_at"):
        return ""
    month = asked.words.day(dt.date.fromisoformat(str(record["base_at"])[:10]), "month")
    return asked.text(key, year=str(record["base_year"]), month=month)


def colophon(asked: Asked, bench: Workbench) -> str:
    """As-of date and grade of all figures: how many are reported, derived, assumed."""
    found, words = bench.facts(limit=0), asked.words
    shares = {kind: words.percent(found.kinds.get(kind, 0) / max(found.count, 1), 0) for kind in ("reported", "derived", "assumed")}
    return asked.text("colophon", as_of=words.day(dt.date.fromisoformat(found.as_of[:10])), count=words.number(found.count, 0), **shares)
