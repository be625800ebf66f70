"""The form of a scenario in a browser: form and file say the same, faults are told, what was written is saved and run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.test_pages import page as page  # noqa: PLC0414 (a fixture)
from ytterby.web import bundle

LONG = 120_000
"""Longest time that an answer may take on a loaded machine [ms]."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def writer(page: Any) -> Any:
    page.set_default_timeout(LONG)
    page.goto("/write?from=suspension-ends-2026")
    page.get_by_text("The scenario is sound.").wait_for()
    return page


def text(page: Any) -> str:
    return str(page.locator("#yaml").input_value())


def wait_for_text(page: Any, part: str) -> None:
    for _ in range(240):
        if part in text(page):
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{part} is not in the text")


def test_form_and_file_say_the_same(writer: Any) -> None:
    rate = writer.locator('input[type=number][data-key="measures.0.approval_rate"]')
    rate.fill("0.55")
    rate.press("Tab")
    wait_for_text(writer, "approval_rate: 0.55")
    assert writer.locator('input[type=range][data-key="measures.0.approval_rate"]').input_value() == "0.55"
    assert "# Announcement 70 suspended" in text(writer)
    writer.locator("#yaml").fill(text(writer).replace("approval_rate: 0.55", "approval_rate: 0.35"))
    writer.locator('input[type=number][data-key="measures.0.approval_rate"][value="0.35"]').wait_for()
    assert writer.faults == []


def test_branches_share_and_measures_come_and_go(writer: Any) -> None:
    chance = writer.locator('input[type=number][data-chance="forks.0.branches.0"]')
    chance.fill("0.5")
    chance.press("Tab")
    wait_for_text(writer, "p: 0.5")
    shares = [float(item.input_value()) for item in writer.locator("input[type=number][data-chance]").all()]
    assert sum(shares) == pytest.approx(1.0)
    writer.locator('select[data-new="measures"]').select_option("stockpile")
    writer.locator('button[data-do=add][data-key="measures"]').click()
    writer.get_by_text("'tonnes' is missing").wait_for()
    assert writer.locator(".missing").count() >= 1
    writer.locator('button[data-do=remove][data-key="measures.1"]').click()
    writer.get_by_text("The scenario is sound.").wait_for()
    assert "stockpile" not in text(writer)
    assert writer.faults == []


def test_a_text_that_is_no_yaml_keeps_the_form(writer: Any) -> None:
    writer.locator("#yaml").fill("a: [")
    writer.locator("form.writer [role=status].doubt").wait_for()
    assert writer.locator("details.measure").count() > 0
    assert writer.locator("#yaml").get_attribute("aria-invalid") == "true"
