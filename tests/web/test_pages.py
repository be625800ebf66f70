"""Every page in three languages and two widths in a real browser: axe, no console message, no foreign request, no sideways scrolling."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ytterby.report import languages
from ytterby.web import bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PATHS = (
    "/",
    "/world",
    "/world?element=Nd&stage=magnet&at=CN",
    "/world?year=2010&at=CN-JP",
    "/exposure",
    "/exposure?importer=DE&against=JP",
    "/exposure?importer=DE&element=Sb",
    "/scenarios",
    "/scenarios/suspension-ends-2026",
    "/runs",
    "/runs/{run}",
    "/parts",
    "/write",
    "/plan",
    "/plan?at=1",
    "/together",
    "/bargain",
    "/evidence",
    "/watch",
    "/history",
    "/sources",
    "/sources/CAP0227",
    "/sources/B049",
)
WIDTHS = {"desk": 1440, "phone": 390}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not bundle.is_built(), reason="no browser code: 'make web' builds it"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def run_id(project: Path) -> str:
    return next(path.name for path in (project / "runs").iterdir())


@pytest.fixture(params=("light", "dark"))
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page that notes what should not happen."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    context.set_default_navigation_timeout(300_000)  # a first page is worked out while the browser waits
    opened = context.new_page()
    opened.faults = []
    opened.on("console", lambda message: opened.faults.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: opened.faults.append(f"error: {error}"))
    opened.on(
        "request", lambda request: None if request.url.startswith((address, "data:")) else opened.faults.append(f"asks {request.url}")
    )
    yield opened
    context.close()


def enlivened(page: Any) -> int:
    """Go through the page until every chart of it is drawn by the browser; gives their number."""
    page.wait_for_selector("html.js")
    panes = page.locator(".pane[data-live]")
    for at in range(panes.count()):
        panes.nth(at).scroll_into_view_if_needed()
        panes.nth(at).locator(".live svg").wait_for(state="attached")
    page.evaluate("scrollTo(0, 0)")
    return int(panes.count())


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole(page: Any, run_id: str, path: str, lang: str) -> None:
    asked = path.format(run=run_id)
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        reply = page.goto(f"{asked}{'&' if '?' in asked else '?'}lang={lang}")
        assert reply.status == 200
        page.wait_for_selector("html.js")
        assert page.evaluate("document.documentElement.lang") == lang
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"wider than {width}"
        assert page.locator("main h1").count() == 1
        if width == WIDTHS["phone"]:
            enlivened(page)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "charts are wider"
    assert page.faults == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: 'make web' does")
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(page: Any, run_id: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(path.format(run=run_id))
    enlivened(page)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found["violations"]]
    assert told == []


def test_a_figure_shows_chart_table_and_sources_by_keyboard(page: Any) -> None:
    page.goto("/")
    tab = page.get_by_role("tab", name="Chart").first
    tab.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Table"
    assert page.get_by_role("tabpanel").first.locator("table").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-pane=sources]").first.is_visible()


def test_downloads_hold_what_is_shown(page: Any) -> None:
    page.goto("/")
    figure = page.locator("figure.view").first
    for name, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", "\ufeff".encode()), ("XLSX", b"PK")):
        figure.locator(".get summary").click()
        with page.expect_download() as waiting:
            figure.locator(".get div").get_by_text(name, exact=True).click()
        assert Path(waiting.value.path()).read_bytes().startswith(begins)
    assert page.faults == []


def test_a_slider_changes_the_view_in_place_and_back_works(page: Any) -> None:
    page.goto("/world")
    before = page.locator(".answer").inner_text()
    page.locator("input[name=year]").evaluate("e => { e.value = 2010; e.dispatchEvent(new Event('input', {bubbles: true})); }")
    page.wait_for_url("**year=2010**")
    page.wait_for_selector("main:not([aria-busy])")
    assert "2010" in page.locator(".answer").inner_text() != before
    page.locator("a[data-swap]").first.evaluate("e => e.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
    page.wait_for_selector(".side")
    page.go_back()
    page.wait_for_selector(".side", state="detached")
    assert page.faults == []


KINDS = {
    "/": {"bars", "stops"},
    "/exposure?importer=DE&against=JP": {"bars", "history"},
    "/runs/{run}?series=price&good=oxide.Nd": {"fan", "bars", "sankey"},
    "/plan": {"budget", "near", "spending", "promises"},
    "/together": {"waterfall", "dots"},
    "/bargain": {"bargain", "give"},
    "/history": {"bars", "statements"},
    "/watch": {"timeline"},
    "/world": {"sankey"},
}


@pytest.mark.parametrize("path", KINDS)
def test_charts_are_gone_through_by_keys_and_said(page: Any, run_id: str, path: str) -> None:
    page.goto(path.format(run=run_id))
    assert enlivened(page)
    panes = page.locator(".pane[data-live]")
    seen = set()
    for at in range(panes.count()):
        pane = panes.nth(at)
        data = json.loads(pane.locator("script").text_content())
        seen.add(data["kind"])
        chart = pane.locator(".live")
        assert chart.get_attribute("aria-label") == data["alt"]
        assert not pane.locator(".drawn").is_visible()
        chart.focus()
        page.keyboard.press("ArrowRight")
        first = pane.locator("[role=status]").text_content()
        assert first
        assert chart.locator(".tip strong").is_visible()
        assert chart.locator(".tip strong").text_content() == first.split("; ")[0]
        page.keyboard.press("End")
        page.keyboard.press("Escape")
    assert seen >= KINDS[path]
    assert page.faults == []


def test_without_scripts_the_drawing_and_the_table_stay(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    figure = page.locator("figure.view").first
    assert figure.locator(".drawn svg[role=img]").is_visible()
    assert figure.locator("details table").count()
    assert page.request.get(figure.locator("details a").first.get_attribute("href")).body().startswith(b"PK")
    context.close()


def test_the_map_takes_finer_shapes_and_tells_what_is_pointed_at(page: Any) -> None:
    page.goto("/world")
    found = re.search(r'data-region="CN" d="([^"]+)"', page.request.get("/world").text())
    assert found
    coarse, china = found[1], page.locator(".world path.land[data-region=CN]")
    for _ in range(300):  # the policy forbids waiting by an expression
        if china.get_attribute("d") != coarse:
            break
        page.wait_for_timeout(100)
    assert china.get_attribute("d").count(",") > 1.5 * len(re.findall(r"-?\d+ -?\d+", coarse))
    box = """(e, d) => { const one = e.cloneNode(); one.setAttribute("d", d); e.after(one); const b = one.getBBox(); one.remove();
      return [b.x, b.y, b.width, b.height]; }"""
    fine = china.evaluate(box, china.get_attribute("d"))
    assert fine == pytest.approx(china.evaluate(box, coarse), abs=30.0)  # tenths of a unit
    page.locator(".world a[aria-current], .world a").nth(3).focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".world .tip").is_visible()
    assert page.faults == []


REDRAW_CPU = 0.25
"""CPU time of the page's main thread until a click has changed the view [s]; wall clocks tell of the machine's other work."""


@pytest.mark.parametrize(("path", "change"), [("/world", ("select[name=stage]", "magnet")), ("/plan", ("input[name=at]", "2"))])
def test_a_change_is_drawn_at_once(page: Any, path: str, change: tuple[str, str]) -> None:
    page.goto(path)
    enlivened(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        return next(row["value"] for row in session.send("Performance.getMetrics")["metrics"] if row["name"] == "TaskDuration")

    def asked(value: str) -> float:
        before, name = spent(), change[0]
        page.evaluate(
            """([name, value]) => new Promise((done) => {
              document.body.addEventListener("htmx:afterSettle", () => requestAnimationFrame(() => setTimeout(done)), { once: true });
              const field = document.querySelector(name);
              field.value = value;
              field.dispatchEvent(new Event(field.tagName === "INPUT" ? "input" : "change", { bubbles: true }));
            })""",
            [name, value],
        )
        return spent() - before

    asked(change[1])
    original = {"select[name=stage]": "oxide", "input[name=at]": "1"}[change[0]]
    assert min(asked(original), asked(change[1])) < REDRAW_CPU
    assert page.faults == []


def test_a_note_opens_at_its_number(page: Any) -> None:
    page.goto("/")
    page.locator("a.mark").first.click()
    assert page.locator("#pop").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#pop").is_visible()


def test_the_first_view_is_light(page: Any, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda reply: sizes.append(int(reply.headers.get("content-length") or 0)))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < 600_000
