"""Charts of plans and alliances: what is drawn reads back to its values, and no word leaves its picture."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.saved import alliance_page, plan, plan_page
from ytterby.report import charts
from ytterby.report.catalogue import languages
from ytterby.report.charts import palette
from ytterby.report.charts.budget_curves import BudgetAxis
from ytterby.report.charts.near_ranges import INSET
from ytterby.report.charts.svg import text_width
from ytterby.report.text import Words

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from ytterby.report.briefing import Briefing, Chart
    from ytterby.report.charts import Svg

WORDS = Words("en")
WORDS.number(1.0, 0)  # the locale is read once, before hypothesis takes the time
amounts = st.lists(st.floats(-1e4, 1e4).map(lambda value: round(value, 2)), min_size=1, max_size=7)
POINTS = ((0.0, 0.0, 357.0, 2478.0), (50.0, 780.0, 148.0, 1250.0), (250.0, 1404.0, 13.0, 109.0), (10000.0, 1406.0, 12.0, 105.0))


def points(item: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in item.get("points", "").split())]


def levels(svg: Svg) -> list[tuple[float, float]]:
    """Value and height of each labelled line of a grid."""
    texts = [text for text in svg.root.findall("text") if text.get("text-anchor") == "end" and (text.text or "").replace(",", "").isdigit()]
    return [(float((text.text or "").replace(",", "")), float(text.get("y", 0)) - 3.7) for text in texts]


def curve(**changes: object) -> charts.BudgetCurve:
    given_ = {"name": "Japan", "ink": palette.ACCENT, "points": tuple(charts.BudgetPoint(*row) for row in POINTS)}
    return charts.BudgetCurve(**(given_ | changes))  # type: ignore[arg-type]


def test_curves_read_back_to_gain_loss_and_worst_tenth() -> None:
    svg = charts.budget_curves_chart([curve()], ("gain", "loss"), WORDS)
    gain, loss, worst = svg.root.findall("polyline")
    grid = levels(svg)
    split = next(i for i, (before, after) in enumerate(itertools.pairwise(grid)) if after[0] < before[0]) + 1
    for line, part, field in ((gain, grid[:split], 1), (loss, grid[split:], 2), (worst, grid[split:], 3)):
        (low, bottom), (high, top) = min(part), max(part)
        read = [low + (high - low) * (bottom - y) / (bottom - top) for _, y in points(line)]
        assert read == pytest.approx([row[field] for row in POINTS], abs=(high - low) / 100)
    assert worst.get("stroke-dasharray")
    assert not loss.get("stroke-dasharray")


def test_budgets_stand_at_even_steps_of_their_logarithm_and_nothing_at_the_left() -> None:
    axis = BudgetAxis.of([curve()], 50.0, 340.0)
    assert axis.x(0.0) == 50.0
    assert axis.x(500.0) - axis.x(50.0) == pytest.approx(axis.x(5000.0) - axis.x(500.0))
    assert axis.x(10000.0) == pytest.approx(390.0)


def test_the_budget_that_is_enough_is_ringed_on_the_curve_and_said() -> None:
    enough = charts.BudgetPoint(193.0, 1406.0, 12.5, 105.0)
    svg = charts.budget_curves_chart([curve(enough=enough, enough_label="enough: 190")], ("gain", "loss"), WORDS)
    rings = [circle for circle in svg.root.findall("circle") if circle.get("fill") == "#ffffff"]
    assert len(rings) == 1
    ring = float(rings[0].get("cx", 0)), float(rings[0].get("cy", 0))
    assert ring in points(svg.root.findall("polyline")[0])
    assert "enough: 190" in [text.text for text in svg.root.findall("text")]
    assert not [c for c in charts.budget_curves_chart([curve()], ("a", "b"), WORDS).root.findall("circle") if c.get("fill") == "#ffffff"]


def test_several_curves_are_named_apart() -> None:
    several = [curve(name=name, ink=ink) for name, ink in (("JP", palette.ACCENT), ("US", palette.ALARM), ("JP+US", palette.INK))]
    svg = charts.budget_curves_chart(several, ("gain", "loss"), WORDS, width=760.0)
    for name in ("JP", "US", "JP+US"):
        assert len([text for text in svg.root.findall("text") if text.text == name]) == 2
    ys = sorted(float(text.get("y", 0)) for text in svg.root.findall("text") if text.text in ("JP", "US", "JP+US"))
    assert min(after - before for before, after in itertools.pairwise(ys)) >= 12.9


@settings(deadline=None)
@given(amounts, amounts)
def test_columns_are_as_high_as_the_money_of_their_year(first: list[float], second: list[float]) -> None:
    count = min(len(first), len(second))
    groups = [charts.SpendingGroup("a", "#111111", tuple(first[:count])), charts.SpendingGroup("b", "#222222", tuple(second[:count]))]
    svg = charts.spending_years_chart(groups, range(2026, 2026 + count), "USD", WORDS)
    texts = [text for text in svg.root.findall("text") if text.get("text-anchor") == "end"]
    values = [float((text.text or "").replace(",", "").replace("\u2212", "-")) for text in texts]
    heights = [float(text.get("y", 0)) for text in texts]
    unit = (heights[0] - heights[-1]) / (values[-1] - values[0])
    for group in groups:
        bars = [rect for rect in svg.root.findall("rect") if rect.get("fill") == group.ink]
        drawn = [value for value in group.amounts if value]
        assert [float(bar.get("height", 0)) for bar in bars] == pytest.approx([max(abs(v) * unit - 0.6, 0.3) for v in drawn], abs=0.02)


def test_parts_of_a_column_do_not_overlap_and_what_flows_back_hangs_below() -> None:
    groups = [
        charts.SpendingGroup("a", "#111111", (10.0,)),
        charts.SpendingGroup("b", "#222222", (5.0,)),
        charts.SpendingGroup("c", "#333333", (-4.0,)),
    ]
    svg = charts.spending_years_chart(groups, [2027], "USD", WORDS)
    first, second, back = (rect for rect in svg.root.findall("rect"))
    assert float(second.get("y", 0)) + float(second.get("height", 0)) <= float(first.get("y", 0))
    assert float(back.get("y", 0)) >= float(first.get("y", 0)) + float(first.get("height", 0))


def test_ranges_and_dots_of_near_plans_read_back() -> None:
    rows = [charts.NearRange("magnets", 100.0, 302.0, 131.0, "100 to 300", "must"), charts.NearRange("mines", 0.0, 503.0, 0.0, "0 to 500")]
    svg = charts.near_ranges_chart(rows)
    tracks = [rect for rect in svg.root.findall("rect") if rect.get("fill") == palette.FAINT]
    width = float(tracks[0].get("width", 0)) - 2 * INSET
    dots = [(float(c.get("cx", 0)) - INSET) / width * 503.0 for c in svg.root.findall("circle")]
    assert dots == pytest.approx([131.0, 0.0], abs=0.1)
    bars = [rect for rect in svg.root.findall("rect") if rect.get("fill") != palette.FAINT]
    assert [float(bar.get("width", 0)) / width * 503.0 for bar in bars] == pytest.approx([202.0, 503.0], abs=0.1)
    assert [bar.get("fill") for bar in bars] == [palette.ACCENT, palette.MUTED]
    assert "must" in [text.text for text in svg.root.findall("text")]


def test_a_promise_and_its_finding_stand_on_one_scale() -> None:
    rows = [
        charts.PromisedAmount("gain", 1400.0, 1700.0, None, None, "a"),
        charts.PromisedAmount("loss", 3000.0, 3900.0, -900.0, 9200.0, "b"),
    ]
    svg = charts.promise_rows_chart(rows)
    rings = [float(c.get("cx", 0)) for c in svg.root.findall("circle") if c.get("fill") == "none"]
    found = [float(c.get("cx", 0)) for c in svg.root.findall("circle") if c.get("fill") != "none"]
    unit = (found[1] - found[0]) / 2200.0
    assert [rings[0] + 1600.0 * unit, rings[0] + 300.0 * unit] == pytest.approx([rings[1], found[0]], abs=0.05)
    whiskers = [line for line in svg.root.findall("line") if line.get("y1") == line.get("y2")]
    assert len(whiskers) == 1
    assert float(whiskers[0].get("x2", 0)) - float(whiskers[0].get("x1", 0)) == pytest.approx(10100.0 * unit, abs=0.1)


@settings(deadline=None)
@given(st.floats(0.0, 1e3), st.lists(st.floats(-500.0, 500.0), min_size=1, max_size=6))
def test_each_step_of_a_waterfall_begins_where_the_last_one_ends(first: float, steps: list[float]) -> None:
    total = first + sum(steps)
    rows = [charts.WaterfallStep(str(number), amount, "") for number, amount in enumerate(steps)]
    svg = charts.waterfall_chart(charts.WaterfallStep("from", first, ""), rows, charts.WaterfallStep("to", total, ""))
    tracks = [rect for rect in svg.root.findall("rect") if rect.get("fill") == palette.FAINT]
    bars = [rect for rect in svg.root.findall("rect") if rect.get("fill") != palette.FAINT]
    assert len(bars) == len(tracks) == len(steps) + 2
    levels_ = [first, *itertools.accumulate(steps, initial=first)][1:]
    low, high = min(0.0, total, *levels_), max(0.0, total, *levels_)
    width = float(tracks[0].get("width", 0))
    for bar, (start, end) in zip(bars[1:-1], itertools.pairwise(levels_), strict=True):
        left = width * (min(start, end) - low) / ((high - low) or 1.0)
        assert float(bar.get("x", 0)) == pytest.approx(left, abs=0.02)
        assert bar.get("fill") == (palette.ACCENT if end >= start else palette.ALARM) or start == pytest.approx(end)


def test_shares_stand_at_their_amounts_with_a_band_where_there_is_one() -> None:
    dots = [charts.ShareDot("JP", "a", 780.0, 200.0, 2100.0, "780"), charts.ShareDot("JP", "b", 210.0, None, None, "210")]
    svg = charts.share_dots_chart(dots)
    xs = [float(c.get("cx", 0)) for c in svg.root.findall("circle")]
    tracks = [rect for rect in svg.root.findall("rect") if rect.get("fill") == palette.FAINT]
    left, width = float(tracks[0].get("x", 0)), float(tracks[0].get("width", 0))
    assert [(x - left) / width * 2100.0 for x in xs] == pytest.approx([780.0, 210.0], abs=0.5)
    bands = [rect for rect in svg.root.findall("rect") if rect.get("fill") == palette.ACCENT]
    assert len(bands) == 1
    assert float(bands[0].get("width", 0)) / width * 2100.0 == pytest.approx(1900.0, abs=0.5)


@settings(deadline=None)
@given(amounts)
def test_bars_go_to_the_side_of_their_sign(values: list[float]) -> None:
    svg = charts.signed_bars_chart([charts.SignedBar(str(i), value, "") for i, value in enumerate(values)])
    zero = float(svg.root.findall("line")[0].get("x1", 0))
    bars = [rect for rect in svg.root.findall("rect") if rect.get("fill") != palette.FAINT]
    for bar, value in zip(bars, values, strict=True):
        left, right = float(bar.get("x", 0)), float(bar.get("x", 0)) + float(bar.get("width", 0))
        assert left >= zero - 0.02 if value >= 0.0 else right <= zero + 0.02


def pages(lang: str) -> list[Chart]:
    found: list[Briefing] = [plan_page(lang), alliance_page(lang)]
    return [chart for page in found for chart in page.charts()]


@pytest.mark.parametrize("lang", languages())
def test_no_word_leaves_its_picture(lang: str) -> None:
    assert [chart.name for chart in pages(lang)] == [
        "curve", "near", "spending", "promise", "parts", "shares", "growth", "spillover",
    ]  # fmt: skip
    for chart in pages(lang):
        for item in chart.svg.root.iter("text"):
            wide = text_width(item.text or "", float(item.get("font-size", 12)), bold=item.get("font-weight") == "600")
            start = float(item.get("x", 0)) - {"start": 0.0, "middle": 0.5, "end": 1.0}[item.get("text-anchor", "start")] * wide
            assert start >= -2.0, (chart.name, item.text)
            assert start + wide <= chart.svg.width + 2.0, (chart.name, item.text)
            assert 0.0 < float(item.get("y", 0)) <= chart.svg.height


def test_every_group_of_measures_has_a_colour_of_its_own() -> None:
    from ytterby.report.briefing.plan_charts import GROUP_INKS

    assert len(set(GROUP_INKS.values())) == len(GROUP_INKS)
    near = plan().near
    assert near is not None
    assert {row.group for row in near.groups} <= GROUP_INKS.keys()
