"""Plan, Together and Bargain: the numbers of the briefing, the slider over budgets, and what is said where nothing is there yet."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
testclient = pytest.importorskip("fastapi.testclient")

from tests.report.saved import alliance, plan  # noqa: E402
from tests.web.conftest import LIMITS, put_result  # noqa: E402
from tests.web.test_pages import page as page  # noqa: E402, PLC0414 (a fixture)
from ytterby.api import Settings, Workbench  # noqa: E402
from ytterby.app import result_page  # noqa: E402
from ytterby.report import languages, plain  # noqa: E402
from ytterby.web import bundle, examples  # noqa: E402
from ytterby.web.pages.plan import reached  # noqa: E402
from ytterby.web.site import create_site  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
PAGES = ("plan", "together", "bargain")


@pytest.fixture(scope="module")
def client(project: Path) -> Iterator[Any]:
    with testclient.TestClient(create_site(Settings(project=project, limits=LIMITS)), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A project that knows of no examples to be made."""
    (tmp_path / examples.EXAMPLES_FILE).write_text("[]", "utf-8")
    return tmp_path


def _opened(project: Path, **settings: Any) -> Any:
    return testclient.TestClient(create_site(Settings(project=project, limits=LIMITS, **settings)), base_url="http://127.0.0.1")


def _text(markup: str) -> str:
    """Text of a page without elements and without the numbers of notes."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<a class="mark".*?</a>', "", markup, flags=re.S))).split())


def _lead(markup: str) -> str:
    """What is said of the chosen budget."""
    return _text(markup.partition('id="budget-title"')[2].partition("<dl")[0])


@pytest.mark.parametrize("lang", languages())
def test_the_page_answers_as_its_briefing(client: Any, project: Path, lang: str) -> None:
    bench = client.app.state.workbench
    results = {"plan": bench.plans(), "together": bench.alliances(), "bargain": bench.negotiations()}
    loads = {"plan": bench.plan, "together": bench.alliance, "bargain": bench.saved_talks}
    for name in PAGES:
        id_ = results[name].jobs[0].id
        told = result_page([loads[name](id_)], lang, project).briefing
        for path in (f"/{name}", f"/{name}/{id_}"):
            shown = _text(client.get(f"{path}?lang={lang}").text)
            assert " ".join(plain(told.answer).split()) in shown
            assert all(section.title in shown for section in told.sections)
        assert client.get(f"/briefs/{name}/{id_}?lang={lang}").status_code == 200


def test_the_slider_tells_what_each_budget_reaches(client: Any) -> None:
    rows = reached(plan())
    assert [row.budget for row in rows] == [0.0, *(row.budget for row in plan().curve)]
    assert (rows[0].loss, rows[0].worst) == (plan().risk_before, plan().cvar_before)
    assert "USD 50 million, of which USD 49 million is spent" in _lead(client.get("/plan?at=1").text)
    assert "USD 250 million, of which USD 190 million is spent" in _lead(client.get("/plan?at=2").text)
    assert "buys next to nothing" in _lead(client.get("/plan?at=5").text)
    assert "Without public money the expected loss is" in _lead(client.get("/plan?at=0").text)
    assert _lead(client.get("/plan?at=6").text) == _lead(client.get("/plan?at=99").text)


def test_the_last_dollar_is_the_slope_of_the_curve(client: Any) -> None:
    first, second = plan().curve[:2]
    slope = (second.gain - first.gain) / (second.public_usd - first.public_usd)
    assert f"gains {slope:.2g} dollars" in _lead(client.get("/plan?at=2").text)


def test_a_budget_without_a_plan_of_its_own_can_be_worked_out(client: Any, project: Path) -> None:
    told = client.get("/plan?at=1").text
    assert '"budget": 50000000.0' in html.unescape(told)
    put_result(project, "plan", {"allies": ["JP"], "scenarios": 8, "budget": 5e7}, plan())
    newest = client.app.state.workbench.plans().jobs
    older = next(job.id for job in newest if "budget" not in job.arguments)
    assert f"/plan/{newest[0].id}" in client.get(f"/plan/{older}?at=1").text


def test_every_coalition_and_who_would_leave_is_told(client: Any) -> None:
    told = _text(client.get("/together").text)
    for row in alliance().excess[:3]:
        assert ("would leave" if row.excess > alliance().gap_usd else "stays") in told
    assert "Who would leave under which rule" in told


@pytest.mark.parametrize("name", PAGES)
def test_where_nothing_is_there_a_sentence_and_a_button_are(empty: Path, name: str) -> None:
    with _opened(empty) as client:
        told = client.get(f"/{name}").text
    assert "has been worked out in this project yet" in told or "have been worked out in this project yet" in told
    assert "Work out the example" in told
    assert "<figure" not in told


@pytest.mark.parametrize("name", PAGES)
def test_who_may_only_read_is_offered_no_work(empty: Path, name: str) -> None:
    with _opened(empty, read_only=True) as client:
        told = client.get(f"/{name}").text
    assert "job-form" not in told
    assert "data-kind" not in told


def test_the_newest_of_the_country_asked_about_is_shown(empty: Path) -> None:
    put_result(empty, "plan", {"allies": ["US"]}, plan(parties=("US",)))
    put_result(empty, "plan", {"allies": ["JP"]}, plan())
    with _opened(empty) as client:
        assert "Japan" in client.get("/plan?importer=DE").text.partition("</h1>")[0]
        assert "United States" in _text(client.get("/plan?importer=US").text.partition("<h1>")[2].partition("</h1>")[0])


def test_a_result_of_another_version_is_told_and_passed_over(empty: Path) -> None:
    id_ = put_result(empty, "plan", {"allies": ["JP"]}, plan())
    old = put_result(empty, "plan", {"allies": ["JP"], "scenarios": 3}, plan())
    (empty / "jobs" / old / "result.json").write_text('{"parties": ["JP"]}', "utf-8")
    with _opened(empty) as client:
        assert client.get("/plan").status_code == 200
        assert old not in client.get("/plan").text
        reply = client.get(f"/plan/{old}")
        assert (reply.status_code, "another version" in reply.text) == (422, True)
        assert client.get(f"/plan/{id_}").status_code == 200


def test_a_finished_job_changes_the_page(empty: Path) -> None:
    with _opened(empty) as client:
        assert "<figure" not in client.get("/plan").text
        put_result(empty, "plan", {"allies": ["JP"]}, plan())
        assert "<figure" in client.get("/plan").text


def test_a_new_project_asks_for_each_example_once(tmp_path: Path) -> None:
    bench = Workbench(Settings(project=tmp_path))
    for _ in range(2):
        examples.begin(bench)
    kinds = [job.kind for job in bench.jobs.all().jobs]
    assert sorted(kinds) == ["cooperate", "negotiate", "plan", "read", "run", "run"]
    assert all(examples.is_example_result(job) for job in bench.jobs.all().jobs if job.kind not in ("run", "read"))


@pytest.mark.browser
@pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it")
def test_the_slider_moves_by_keyboard_and_is_an_address(page: Any) -> None:
    page.goto("/plan?at=1")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**at=2**")
    page.wait_for_selector("main:not([aria-busy])")
    assert " ".join(slider.get_attribute("aria-valuetext").split()) == "USD 250 million"
    assert "USD 190 million" in " ".join(page.locator(".budget .lead").inner_text().split())
    assert page.evaluate("document.activeElement.name") == "at"
    assert page.faults == []


@pytest.mark.browser
@pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it")
def test_the_negotiator_goes_from_a_plan_to_talks_and_a_briefing(page: Any) -> None:
    page.set_default_timeout(300_000)
    page.goto("/plan?importer=JP&lang=de")
    for name in ("together", "bargain"):
        page.locator(f".menu a[href^='/{name}']").click()
        page.wait_for_url(f"**/{name}?**")
    page.locator("input[name=draws]").fill("0")
    page.locator("input[name=each_day]").uncheck()
    page.locator("form.job-form button.main").click()
    page.wait_for_url(re.compile(r"/bargain/\w+\?"))
    assert "lang=de" in page.url
    assert page.locator("figure.view").count() >= 1
    page.locator(".deeds .main").click()
    page.wait_for_url("**/briefs/bargain/**")
    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.faults == []
