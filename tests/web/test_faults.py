"""Faults reach a browser as a page in its language, and a program as a document."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
testclient = pytest.importorskip("fastapi.testclient")

from ytterby.api import Refusal, ServerLimits, Settings, problem_response  # noqa: E402
from ytterby.report import Words, languages  # noqa: E402
from ytterby.web import EXAMPLES_FILE  # noqa: E402
from ytterby.web.fault_pages import TOLD, FaultPages  # noqa: E402
from ytterby.web.pages import start  # noqa: E402
from ytterby.web.site import create_site  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BASE = "http://127.0.0.1"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that knows of no examples to be made."""
    (tmp_path / EXAMPLES_FILE).write_text("[]", "utf-8")
    return tmp_path


def _client(project: Path, **settings: Any) -> Any:
    return testclient.TestClient(create_site(Settings(project=project, **settings)), base_url=BASE, raise_server_exceptions=False)


def _title(status: int, lang: str) -> str:
    return Words(lang).plain(f"web-fault_{status}_title")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("status", TOLD)
def test_every_fault_has_a_page_in_every_language(status: int, lang: str) -> None:
    async def refuses(scope: Any, receive: Any, send: Any) -> None:
        await problem_response(Refusal(422, "<b>not a number</b>").problem.model_copy(update={"status": status}))(scope, receive, send)

    client = testclient.TestClient(FaultPages(refuses), base_url=BASE)
    reply = client.get(f"/plan?lang={lang}", headers=BROWSER)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/html")
    assert "content-security-policy" in reply.headers
    assert f"<h1>{_title(status, lang)}</h1>" in reply.text
    assert ("&lt;b&gt;not a number" in reply.text) == (status == 422)
    assert "<b>not" not in reply.text
    assert ('http-equiv="refresh"' in reply.text) == (status in (429, 503))
    assert client.get("/plan").headers["content-type"] == "application/problem+json"


def test_an_address_without_a_page_is_told_to_each_in_its_way(project: Path) -> None:
    with _client(project) as client:
        page = client.get("/nowhere?lang=de", headers=BROWSER)
        assert (page.status_code, _title(404, "de") in page.text) == (404, True)
        for path, headers in (("/nowhere", {}), ("/api/v1/nowhere", BROWSER), ("/start", {"accept": "application/json"})):
            reply = client.get(path, headers=headers)
            assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")


def test_a_fault_of_the_program_says_nothing_of_its_inside(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("secret place")

    monkeypatch.setattr(start, "country_map", fails)
    monkeypatch.setattr(start, "changes", fails)
    with _client(project) as client:
        page = client.get("/?lang=ja&importer=KR", headers=BROWSER)
        assert (page.status_code, _title(500, "ja") in page.text, "secret" in page.text) == (500, True, False)
        assert page.headers["x-frame-options"] == "DENY"
        reply = client.get("/?importer=KR")
        assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")


def test_who_has_no_token_is_told_so_on_a_page(project: Path) -> None:
    with _client(project, token="t" * 20) as client:
        page = client.get("/watch", headers=BROWSER)
        assert (page.status_code, page.headers["www-authenticate"], _title(401, "en") in page.text) == (401, "Bearer", True)


def test_an_answer_that_takes_too_long_is_a_page_that_asks_again(project: Path) -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(10)

    site = create_site(Settings(project=project, limits=ServerLimits(seconds=0.05)))
    site.router.routes.insert(0, _route(slow))
    with testclient.TestClient(site, base_url=BASE) as client:
        page = client.get("/slow/page", headers=BROWSER)
    assert (page.status_code, _title(503, "en") in page.text, 'http-equiv="refresh"' in page.text) == (503, True, True)


def _route(app: Any) -> Any:
    from starlette.routing import Mount

    return Mount("/slow", app)


def test_a_change_that_is_refused_is_told_on_a_page(project: Path) -> None:
    with _client(project) as client:
        page = client.post("/plan", headers=BROWSER)
        assert (page.status_code, _title(403, "en") in page.text) == (403, True)
