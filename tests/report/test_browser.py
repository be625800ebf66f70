"""The briefing in a real browser: desktop, phone and paper; no console message, no request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.saved import alliance_page, plan_page
from tests.report.synthetic import TEXT_A, TEXT_B, evidence, inputs
from ytterby.report.briefing.compose import write
from ytterby.report.catalogue import languages
from ytterby.report.render.html import html

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AUDIT = """() => {
  const faults = [];
  const part = (v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const lum = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part); return .2126 * r + .7152 * g + .0722 * b; };
  const clear = /, 0\\)$|transparent/;
  const ground = (e) => {
    for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!clear.test(c)) return c; }
    return "rgb(255, 255, 255)";
  };
  for (const e of document.querySelectorAll("body *:not(svg *):not(script)")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility() || e.closest(".quiet, .skip")) continue;
    const [a, b] = [lum(getComputedStyle(e).color), lum(ground(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) faults.push("contrast " + e.tagName + " " + e.className + " " + e.textContent.slice(0, 40));
  }
  for (const e of document.querySelectorAll("a[href], button, summary, [tabindex='0']"))
    if (!(e.getAttribute("aria-label") || e.textContent.trim())) faults.push("no name " + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll("a.mark")) if (e.checkVisibility()) {
    const r = e.getBoundingClientRect();
    if (r.width < 9 || r.height < 9) faults.push("small target " + e.textContent + " " + r.width + "x" + r.height);
  }
  for (const e of document.querySelectorAll("caption:not(.quiet)"))
    if (e.checkVisibility() && e.getBoundingClientRect().right > document.documentElement.clientWidth)
      faults.push("a title goes on beyond the window: " + e.textContent.slice(0, 40));
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push("the page is wider than the window");
  return faults;
}"""
"""Contrast of all text (WCAG 1.4.3), names of all controls, size of marks, width of titles of tables and of the page."""

MAKERS = {"plan": plan_page, "alliance": alliance_page}
PAGES = [*languages(), *(f"{kind}-{lang}" for kind in MAKERS for lang in languages())]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, given = tmp_path_factory.mktemp("pages"), inputs(evidence=evidence(), texts={"a.txt": TEXT_A, "b.txt": TEXT_B})
    found = {}
    for lang in languages():
        found[lang] = folder / f"{lang}.html"
        found[lang].write_text(html(write(given, lang)), "utf-8")
        for kind, make in MAKERS.items():
            found[f"{kind}-{lang}"] = folder / f"{kind}-{lang}.html"
            found[f"{kind}-{lang}"].write_text(html(make(lang)), "utf-8")
    return found


def opened(browser: Any, path: Path, width: int, **context: object) -> tuple[Any, list[str], list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return page, said, asked


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_quiet_closed_and_accessible(browser: Any, files: dict[str, Path], name: str, width: int) -> None:
    page, said, asked = opened(browser, files[name], width)
    assert page.evaluate(AUDIT) == []
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate(AUDIT) == []
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_mark_opens_its_note_by_click_and_by_key(browser: Any, files: dict[str, Path]) -> None:
    page, said, _ = opened(browser, files["en"], 1280)
    mark, box = page.locator("a.mark").first, page.locator("#pop")
    assert not box.is_visible()
    mark.click()
    note = page.locator(mark.get_attribute("href"))
    assert box.is_visible()
    assert note.inner_text()[:40] in box.inner_text()
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert page.evaluate("document.activeElement.classList.contains('mark')")
    page.keyboard.press("Enter")
    assert box.is_visible()
    page.mouse.click(5, 5)
    assert not box.is_visible()
    assert said == []


def test_without_script_a_mark_leads_to_its_note(browser: Any, files: dict[str, Path]) -> None:
    page, _, _ = opened(browser, files["de"], 1280, java_script_enabled=False)
    mark = page.locator("a.mark").first
    target = mark.get_attribute("href")
    mark.click()
    assert page.url.endswith(target)
    assert page.locator(target).is_visible()
    assert not page.locator("#pop").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_it_prints_on_two_to_five_pages(browser: Any, files: dict[str, Path], name: str) -> None:
    page, _, _ = opened(browser, files[name], 1280)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= 5


def test_the_audit_and_the_policy_can_fail(browser: Any, files: dict[str, Path]) -> None:
    """A test of the tests: faults put in by hand are found, an inline style and a foreign picture are refused."""
    page, said, _ = opened(browser, files["en"], 1280)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
    page.evaluate(
        "document.querySelector('.support').style.color = '#cccccc'; document.querySelector('button').removeAttribute('aria-label')"
    )
    page.evaluate("document.querySelector('button').textContent = ''; document.querySelector('h1').style.width = '3000px'")
    faults = " ".join(page.evaluate(AUDIT))
    assert all(word in faults for word in ("contrast P support", "no name <button", "wider than the window"))
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p><img src=\"https://example.org/x.png\">')")
    page.wait_for_timeout(200)
    assert len([text for text in said if "Content Security Policy" in text]) >= 2
    assert failed == ["https://example.org/x.png csp"]
