"""What people do, from end to end in a browser: look, simulate and brief; give parts; read, judge and write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.test_pages import page as page  # noqa: PLC0414 (a fixture)
from ytterby.web import bundle

ROOT = Path(__file__).parents[2]
LONG = 300_000
"""Longest time that a job may take on a loaded machine [ms]."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _patient(page: Any) -> None:
    page.set_default_timeout(LONG)


def test_the_analyst_goes_from_a_country_to_a_briefing(page: Any) -> None:
    page.goto("/")
    page.get_by_label("Country or group").select_option("DE")
    page.wait_for_url("**importer=DE**")
    page.get_by_role("link", name="All elements, stages and indicators").click()
    assert "Germany" in page.locator("h1").inner_text()
    page.get_by_role("link", name="Scenarios", exact=True).first.click()
    page.get_by_role("link", name="Japan", exact=False).first.click()
    page.get_by_role("link", name="Run", exact=True).click()
    page.get_by_label("Draws").fill("4")
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**/runs/*n4-s1*", timeout=LONG)
    assert "importer=DE" in page.url
    page.get_by_role("link", name="Brief me").click()
    page.wait_for_url("**/briefs/run/**")
    page.wait_for_selector(".answer")
    assert page.faults == []


def test_the_firm_gives_its_parts_and_takes_the_workbook(page: Any, tmp_path: Path) -> None:
    page.goto("/parts")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Template").click()
    waiting.value.save_as(tmp_path / "parts.xlsx")
    page.get_by_label("List of parts").set_input_files(tmp_path / "parts.xlsx")
    page.get_by_role("button", name="Look").click()
    page.wait_for_url("**/parts/*", timeout=LONG)
    assert page.locator("main table tbody tr").count() > 0
    with page.expect_download() as waiting:
        page.get_by_role("link", name="parts.xlsx").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")
    page.get_by_role("link", name="Brief me").click()
    page.wait_for_url("**/parts.html*")
    assert page.locator("table").count() > 0
    assert page.faults == []


def test_the_desk_reads_judges_by_key_and_writes(page: Any) -> None:
    page.goto("/evidence")
    page.get_by_label("Articles").set_input_files(sorted((ROOT / "examples" / "articles").glob("*.txt")))
    page.get_by_role("button", name="Read").click()
    page.wait_for_selector("[data-queue] li", timeout=LONG)
    judged = page.locator("[data-queue] li").first.get_attribute("data-claim")
    page.locator("[data-queue] li").first.focus()
    page.keyboard.press("n")
    page.locator(f"[data-claim={judged}]").wait_for(state="detached")
    page.reload()
    assert page.locator("[data-queue] li").count() > 0
    assert page.locator(f"[data-claim={judged}]").count() == 0
    given = page.get_by_role("button", name="Brief me").get_attribute("data-arguments")
    assert [item["kind"] for item in json.loads(given)["inputs"]] == ["articles"]
    page.goto("/write?from=no-shock")
    text = page.locator("textarea[name=yaml]")
    text.fill(text.input_value().replace("weeks: ", "weeks: x"))
    page.locator("[role=status].doubt").wait_for()
    page.reload()
    page.locator("[role=status]:not(.doubt)").wait_for()
    page.get_by_label("Name", exact=True).fill("my-own")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()
    page.goto("/scenarios")
    assert page.get_by_role("link", name="my-own").count() == 1
    assert [fault for fault in page.faults if "422" not in fault] == []
