"""Pages without a browser: they answer without scripts, escape what they are given, keep language and country, and name no path."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
testclient = pytest.importorskip("fastapi.testclient")

from tests.web.conftest import LIMITS  # noqa: E402
from tests.web.test_pages import PATHS  # noqa: E402
from ytterby.api import Settings  # noqa: E402
from ytterby.app import exposure, flows  # noqa: E402
from ytterby.web import bundle  # noqa: E402
from ytterby.web.map import arc  # noqa: E402
from ytterby.web.site import create_site  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client(project: Path) -> Iterator[Any]:
    with testclient.TestClient(create_site(Settings(project=project, limits=LIMITS)), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module")
def run_id(project: Path) -> str:
    return next(path.name for path in (project / "runs").iterdir())


@pytest.mark.parametrize("path", PATHS)
def test_pages_carry_no_script_or_style_of_their_own(client: Any, path: str, run_id: str) -> None:
    reply = client.get(path.format(run=run_id))
    assert reply.status_code == 200
    text = reply.text
    assert re.findall(r"\son\w+=", text) == []
    assert not re.search(r"<style|\sstyle=", text)
    for attributes, inside in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
        if attributes == ' type="application/json"':  # data, which no browser runs; it cannot leave its element
            assert "<" not in inside
            json.loads(inside)
        else:
            assert " src=" in attributes
            assert not inside
    assert "unsafe-inline" not in reply.headers["content-security-policy"]


@pytest.mark.parametrize("path", PATHS)
def test_links_keep_language_and_country(client: Any, path: str, run_id: str) -> None:
    asked = path.format(run=run_id)
    text = client.get(f"{asked}{'&' if '?' in asked else '?'}lang=de").text
    links = [link for link in re.findall(r'href="(/[^"]*)"', text) if not link.startswith(("/static", "//"))]
    assert links
    assert [link for link in links if "lang=" not in link] == []


def test_what_is_asked_is_escaped(client: Any) -> None:
    evil = '"><script>alert(1)</script>\u202e'
    for path in ("/sources", "/world", "/exposure", "/runs"):
        for name in ("q", "element", "importer", "at", "against", "stage", "year", "lang", "scenario"):
            text = client.get(path, params={name: evil}).text
            assert "<script>alert" not in text


@pytest.mark.parametrize("measure", ["price", "flow"])
def test_a_run_shows_markets_and_arrivals(client: Any, run_id: str, measure: str) -> None:
    text = client.get(f"/runs/{run_id}?importer=DE&series={measure}&good=magnet.NdFeB&lang=en").text
    figure = text.partition(f'id="fig-series-{measure}-')[2].partition("</figure>")[0]
    assert len(re.findall(r"<tr><th", figure)) > 2


def test_an_unknown_country_is_told_and_leads_on(client: Any) -> None:
    reply = client.get("/exposure?importer=Narnia&lang=de")
    assert reply.status_code == 404
    assert "Narnia" in reply.text
    assert 'href="/?lang=de"' in reply.text  # other pages are not asked for that country
    assert client.get("/exposure?importer=Germany").status_code == 200  # a name is as good as a code


def test_an_unknown_name_is_told_in_the_page(client: Any) -> None:
    reply = client.get("/runs/nope", headers={"accept-language": "de-DE,de;q=0.9"})
    assert reply.status_code == 404
    assert 'lang="de"' in reply.text
    assert "nope" in reply.text


@pytest.mark.parametrize("name", ["../settings.py", "..%2f..%2fpyproject.toml", "manifest.json.gz.gz", "nothing.js"])
def test_only_files_of_the_bundle_are_sent(client: Any, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


@pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it")
def test_files_of_the_bundle_are_kept_for_good(client: Any) -> None:
    reply = client.get(bundle.address("main.js"), headers={"accept-encoding": "gzip"})
    assert reply.headers["cache-control"] == bundle.FOREVER
    assert reply.headers["content-encoding"] == "gzip"


def test_the_same_page_is_not_sent_twice(client: Any) -> None:
    first = client.get("/scenarios")
    again = client.get("/scenarios", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_pages_print_the_numbers_of_the_commands(client: Any, project: Path) -> None:
    row = exposure("DE", project=project).dependence("Dy", "CN")
    assert f"{100 * row.traced:.0f}%" in client.get("/exposure?importer=DE").text
    told = client.get("/api/v1/flows?element=Dy").json()
    assert told["flows"][0]["t"] == flows("Dy", 2024, project).flows[0].t


def test_flows_close_with_output_and_use(project: Path) -> None:
    found = flows("Dy", 2024, project)
    shares = {stage: sum(row.share for row in found.outputs if row.stage == stage) for stage in found.stages}
    assert all(abs(share - 1.0) < 2e-3 for share in shares.values())
    assert all(row.low <= row.t * (1 + 1e-9) and row.t <= row.high * (1 + 1e-9) for row in found.flows if row.low is not None)


def test_arcs_of_both_directions_stand_apart() -> None:
    there, back = (re.findall(r"[\d.]+", arc(*ends)) for ends in (((0, 0), (100, 0)), ((100, 0), (0, 0))))
    assert there[2:4] != back[2:4]


def test_a_briefing_is_the_commands_file(client: Any, run_id: str) -> None:
    reply = client.get(f"/briefs/run/{run_id}?lang=ja&importer=US")
    assert reply.status_code == 200
    assert '<html lang="ja">' in reply.text
    assert "Content-Security-Policy" in reply.text
    assert client.get("/briefs/exposure.pdf").content.startswith(b"%PDF")


def test_pages_say_where_a_run_stands_on_another_base(client: Any, project: Path) -> None:
    run_id = next((project / "runs").glob("suspension-ends-2026-*")).name
    rolled = r"base rolled forward to November\s2026"
    assert re.search(f"{rolled}, so the shares here may differ", client.get(f"/runs/{run_id}?lang=en").text)
    assert re.search(f"{rolled}, so their pages may show other shares", client.get("/?lang=en").text)
    assert not re.search(rolled, client.get("/exposure?lang=en").text)
