"""The section on an explored ensemble: its pictures read back, its words in both languages."""

from __future__ import annotations

import copy
import re

import pytest

from tests.report.pages import parse
from tests.report.synthetic import TODAY, inputs, record, run, summary
from ytterby.ensembles import ExplorationResult
from ytterby.report.briefing.briefing_input import BriefedRun
from ytterby.report.briefing.compose import write
from ytterby.report.briefing.document import Briefing, Chart, Section
from ytterby.report.catalogue import languages
from ytterby.report.charts import DiscoveryLimit, VarianceShare, discovery_box_chart, peeling_chart, variance_share_chart
from ytterby.report.render.html import html
from ytterby.report.render.pdf import pdf
from ytterby.report.text import Words, plain

COVER, DAYS = "cover.magnet@JP", "measures.0.processing_days"


def limit(name: str, low: float | None, high: float | None, ends: tuple[float, float], category: str = "") -> dict[str, object]:
    return {"input": name, "category": category, "low": low, "high": high, "share_low": ends[0], "share_high": ends[1], "p": 2.4e-9}


def exploration(**changes: object) -> dict[str, object]:
    peels = [{"coverage": 1.0 - i / 20, "density": 0.2 + i / 30, "mass": 1 - i / 16, "limits": min(i, 2)} for i in range(15)]
    box = {
        "outcome": "value_added_lost.JP",
        "above": 5.1e9,
        "below": None,
        "cases": 40,
        "base": 0.2,
        "coverage": 0.75,
        "density": 0.62,
        "mass": 0.24,
        "tested_coverage": 0.68,
        "tested_density": 0.55,
        "limits": [limit(DAYS, 63.2, None, (0.7, 1.0)), limit(COVER, None, 0.31, (0.0, 0.45))],
        "peels": peels,
        "chosen": 9,
    }
    facts = [(DAYS, 0.31, True), (COVER, 0.17, True), ("behaviour.price_gain", 0.03, False)]
    asked = {
        "outcome": "value_added_lost.JP",
        "low": 1.6e9,
        "high": 7.6e9,
        "facts": [{"input": name, "narrows": share, "noise": 0.02, "sure": sure} for name, share, sure in facts],
        "named": [DAYS, COVER],
        "together": 0.44,
        "flips": [],
    }
    first = [{"input": name, "share": share, "noise": 0.02, "sure": sure} for name, share, sure in facts]
    told = {"run": "", "scenario": "synthetic-test", "draws": 200, "outcome": "value_added_lost.JP"}
    return told | {"discovery": box, "asking": asked, "first_order": first} | changes


def told(lang: str = "en", found: dict[str, object] | None = None, sobol: dict[str, object] | None = None) -> Briefing:
    base = run()
    result = BriefedRun(base.folder, record(), summary(**({"sobol": sobol} if sobol else {})), base.dataset)
    return write(inputs(runs=(result,), exploration=ExplorationResult.model_validate(exploration() if found is None else found)), lang)


def part_of(briefing: Briefing) -> Section:
    return next(section for section in briefing.sections if section.name == "explored")


def charts_of(briefing: Briefing) -> dict[str, Chart]:
    return {block.name: block for block in part_of(briefing).blocks if isinstance(block, Chart)}


def words_of(briefing: Briefing) -> str:
    return " ".join(plain(block.spans) for block in part_of(briefing).blocks if block.kind == "para")  # type: ignore[union-attr]


def test_without_an_exploration_there_is_no_section() -> None:
    assert "explored" not in [section.name for section in write(inputs(), "en").sections]


def test_the_box_is_told_with_what_it_is_worth() -> None:
    text = words_of(told())
    assert "In 20% of the draws the loss in Japan exceeds USD\u00a05.1\u00a0billion." in text
    assert "75% lie in one corner" in text
    assert (
        "Export licences by China: processing time (upper 30% of its range) and Stocks of magnets in Japan (lower 45% of its range)" in text
    )
    assert "tried on the other, the corner holds 68% of the bad draws, and 55% of the draws in it are bad." in text
    assert "hint" not in text
    assert "runs from USD\u00a01.6\u00a0billion to USD\u00a07.6\u00a0billion" in text
    assert "by 31% on average" in text
    assert "they would narrow it by 44%" in text


def test_a_corner_that_fails_on_other_draws_is_told_as_a_hint() -> None:
    found = copy.deepcopy(exploration())
    found["discovery"] |= {"tested_coverage": 1.0, "tested_density": 0.2}  # type: ignore[operator]
    assert "little better than chance: a hint, not a finding" in words_of(told(found=found))


@pytest.mark.parametrize("lang", languages())
def test_the_page_keeps_its_rules(lang: str) -> None:
    page = parse(html(told(lang)))
    section = next(element for element in page.walk() if element.attributes.get("id") == "explored")
    pictures = section.all("svg")
    assert len(pictures) == 4
    assert all(len(picture.attributes["aria-label"]) > 40 for picture in pictures)
    for element in section.all("p", "caption", "h3"):
        if element.within("remark", "svg") or not re.search(r"\d", element.text("a", "details", "svg")):
            continue
        assert any("mark" in mark.classes for mark in element.all("a")), element.text()
    assert {len(row.all("td", "th")) for table in section.all("table") for row in table.all("tr")} >= {2, 5}
    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_the_pdf_takes_the_pictures() -> None:
    assert pdf(told("de"), TODAY).startswith(b"%PDF")


def test_ends_are_given_where_a_reader_knows_their_numbers() -> None:
    rows = charts_of(told())["box"].table.rows
    assert rows[0][2:4] == ("63", "–")
    assert rows[1][2:4] == ("–", "–")


def test_words_of_a_category() -> None:
    found = copy.deepcopy(exploration())
    found["discovery"]["limits"] = [limit(DAYS, 0.5, None, (0.7, 1.0), "slow"), limit(COVER, None, 0.5, (0.0, 0.4), "thin")]  # type: ignore[index]
    text = words_of(told(found=found))
    assert "processing time: slow" in text
    assert "Stocks of magnets in Japan: not thin" in text
    both = copy.deepcopy(exploration())
    both["discovery"]["limits"] = [limit(DAYS, 40.0, 60.0, (0.3, 0.6))]  # type: ignore[index]
    assert "from 30% to 60% of its range" in words_of(told(found=both))


def test_where_nothing_stands_out_it_says_so() -> None:
    found = copy.deepcopy(exploration())
    found["discovery"] |= {"limits": [], "tested_density": None}  # type: ignore[operator]
    found["asking"] |= {"named": []}  # type: ignore[operator]
    found["first_order"] = [{"input": DAYS, "share": 0.02, "noise": 0.02, "sure": False}]
    briefing = told(found=found)
    assert not charts_of(briefing)
    assert "No corner of the assumptions" in words_of(briefing)
    assert "No single fact would narrow it" in words_of(briefing)


def test_sobol_indices_of_the_run_come_first() -> None:
    rows = [(DAYS, 0.41, 0.55), (COVER, -0.02, 0.08), ("behaviour.price_gain", -0.01, 0.004), ("others", 0.3, 0.6)]
    indices = [{"input": name, "first": a, "first_reach": 0.1, "total": b, "total_reach": 0.1} for name, a, b in rows]
    chart = charts_of(told(sobol={"outcome": "value_added_lost.JP+US+EU", "n": 64, "runs": 320, "confidence": 0.9, "indices": indices}))[
        "sobol"
    ]
    assert chart.title == "What explains the spread of the loss in Japan, the United States and the EU-27 together"
    assert [row[1:] for row in chart.table.rows] == [
        ("41% ± 10%", "55% ± 10%"),
        ("0% ± 10%", "8% ± 10%"),
        ("0% ± 10%", "<1% ± 10%"),
        ("30% ± 10%", "60% ± 10%"),
    ]
    assert chart.table.rows[3][0] == "All others"
    drawn = [item.text for item in chart.svg.root.findall("text")]
    assert "All others" in drawn
    assert "Price response to stocks" not in drawn


def test_a_choice_is_told_with_the_fact_that_turns_it() -> None:
    found = copy.deepcopy(exploration())
    found["asking"] |= {"choice": "synthetic-help", "difference": 1.2e9}  # type: ignore[operator]
    assert "“synthetic-help” costs less in Japan, by USD\u00a01.2\u00a0billion. No single fact changes that." in words_of(told(found=found))
    found["asking"]["choice"] = "synthetic-test"  # type: ignore[index]
    assert "“Invented licences” costs less" in words_of(told(found=found))
    found["asking"]["flips"] = [{"input": DAYS, "share": 0.35, "values": [61.0], "gain": 2.4e8}]  # type: ignore[index]
    text = words_of(told(found=found))
    assert "In 35% of its range one fact changes that: Export licences by China: processing time." in text
    assert "worth USD\u00a0240\u00a0million" in text


def test_a_box_chart_reads_back_to_its_shares() -> None:
    svg = discovery_box_chart([DiscoveryLimit("a", 0.25, 0.75, "x"), DiscoveryLimit("b", 0.0, 0.1, "y")], "low", "high")
    grounds, bars = ([item for item in svg.root.findall("rect") if bool(item.get("fill-opacity")) is inside] for inside in (False, True))
    width = float(grounds[0].get("width", ""))
    spans = [(float(bar.get("x", "")) / width, float(bar.get("width", "")) / width) for bar in bars]
    assert spans == [pytest.approx((0.25, 0.5), abs=1e-4), pytest.approx((0.0, 0.1), abs=1e-4)]


def test_a_peel_chart_reads_back_to_its_peels() -> None:
    """Second road: positions of the dots, through the labels of the axes, are coverage and density again."""
    peels = [(1.0, 0.2), (0.8, 0.4), (0.5, 0.9)]
    svg = peeling_chart(peels, (0.8, 0.5), 0.2, Words("en"), "x", "y")
    labels = {
        item.text: (float(item.get("x", "")), float(item.get("y", "")))
        for item in svg.root.findall("text")
        if item.text and "%" in item.text
    }
    marks = [(float(item.get("x", "")), item.text) for item in svg.root.findall("text") if item.get("text-anchor") == "middle"]
    at = {float(str(text).rstrip("%")): x for x, text in marks}
    grid = sorted({float(line.get("y1", "")) for line in svg.root.findall("line") if not line.get("stroke-dasharray")})
    dots = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in svg.root.findall("circle")]
    back = [((x - at[0]) / (at[100] - at[0]), (grid[-1] - y) / (grid[-1] - grid[0])) for x, y in dots]
    assert back[:3] == [pytest.approx(peel, abs=1e-3) for peel in peels]
    assert back[3] == back[4] == pytest.approx((0.8, 0.5), abs=1e-3)
    assert all(0.0 < x < svg.width for x, _ in labels.values())


def test_shares_are_drawn_to_scale_and_inside() -> None:
    svg = variance_share_chart([VarianceShare("a", 0.2, 0.5, "20%"), VarianceShare("b", -0.1, None, "0%")], 0.5)
    ground, total, alone, _, nothing = (float(item.get("width", "")) for item in svg.root.findall("rect"))
    assert (total, alone, nothing) == (pytest.approx(ground, abs=0.01), pytest.approx(0.4 * ground, abs=0.01), 0.0)
