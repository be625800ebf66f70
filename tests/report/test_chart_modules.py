"""Exports and imports of the charts, shared scales and frames, and the charts of backtests and of the history of imports."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.report import charts
from ytterby.report.charts import axes
from ytterby.report.charts.diversion_panels import LABEL, MARGIN, MAX_RATIO, WIDTH
from ytterby.report.charts.panels import PanelSheet
from ytterby.report.charts.statement_rows import LEFT, RIGHT
from ytterby.report.charts.statement_rows import WIDTH as STATEMENT_WIDTH
from ytterby.report.charts.tracks import TRACK_ROW
from ytterby.validation import BacktestTarget

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from ytterby.report.charts.svg import Svg

SHARED = {"__init__", "axes", "palette", "panels", "scores", "svg", "tracks", "outlines"}
"""Modules that hold no chart of their own."""


def folder() -> Path:
    assert charts.__file__
    return Path(charts.__file__).parent


def test_every_exported_name_is_there() -> None:
    assert charts.__all__
    for name in charts.__all__:
        assert getattr(charts, name) is not None, name


def test_every_chart_has_one_module_and_is_exported() -> None:
    modules = {path.stem for path in folder().glob("*.py")} - SHARED
    drawing = {getattr(charts, name).__module__.rpartition(".")[2] for name in charts.__all__ if name.endswith(("_chart", "_fan"))}
    assert drawing == modules


def test_importing_the_charts_imports_none_of_them() -> None:
    heavy = ("altair", "pandas", "numpy", "babel", "ytterby.report.charts.fan")
    code = f"import sys, ytterby.report.charts; sys.exit(' '.join(name for name in {heavy!r} if name in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_chart_of_the_briefing_needs_no_altair() -> None:
    code = "import sys; from ytterby.report.charts import fan_chart; sys.exit('altair' if 'altair' in sys.modules else 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(0.0, 1.0))
def test_positions_on_a_linear_scale_are_shares_of_the_range(low: float, span: float, share: float) -> None:
    scale = axes.Scale(low, low + span)
    assert scale.position(low + share * span) == pytest.approx(share, abs=1e-6)
    assert (scale.position(low - span), scale.position(low + 2 * span)) == (0.0, 1.0)


@given(st.floats(1e-3, 1e3), st.floats(1.5, 1e4), st.floats(0.0, 1.0))
def test_equal_ratios_take_equal_lengths_on_a_logarithmic_scale(low: float, ratio: float, share: float) -> None:
    scale = axes.Scale(low, low * ratio, logarithmic=True)
    assert scale.position(low * ratio**share) == pytest.approx(share, abs=1e-6)
    assert scale.position(0.0) == 0.0


@given(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.integers(0, 4000))
def test_a_scale_of_dates_gives_its_ends_back(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    frame = axes.Frame(10, 20, 100, 50, axes.Scale.of_dates(first, last))
    assert frame.dates[0] == first
    assert frame.dates[1] == max(last, first + dt.timedelta(days=1))
    assert (frame.x(first), frame.x(frame.dates[1])) == (frame.left, frame.right)


@pytest.mark.parametrize(("panels", "rows"), [(1, 1), (3, 1), (4, 2), (9, 3)])
def test_panels_fill_a_sheet_row_by_row_without_overlap(panels: int, rows: int) -> None:
    sheet = PanelSheet(columns=3, head=20.0, width=100.0, height=80.0, left=30.0, top=10.0, right=5.0, bottom=15.0)
    svg = sheet.canvas(panels)
    frames = [sheet.frame(index, axes.Scale(), axes.Scale()) for index in range(panels)]
    assert svg.height == 20.0 + 80.0 * rows
    assert all(frame.top >= 30.0 and frame.bottom <= svg.height - 15.0 and frame.right <= svg.width - 5.0 for frame in frames)
    assert len({(frame.left, frame.top) for frame in frames}) == panels


def target(recorded: float, hit: bool = True) -> charts.ScoredTarget:
    return charts.ScoredTarget(recorded, 1.2, 0.6, 2.4, hit)


def dots(svg: Svg) -> list[ET.Element]:
    return svg.root.findall("circle")


def test_a_target_is_read_from_a_row_of_a_backtest() -> None:
    row = BacktestTarget(id="x", what="", unit="t", target=1.0, model=2.0, low=0.5, high=3.0, hit=False, fitted=False)
    assert charts.ScoredTarget.of(row) == charts.ScoredTarget(1.0, 2.0, 0.5, 3.0, hit=False)


def test_dots_of_targets_read_back_to_their_values() -> None:
    """Second road: dots and bands through the inverse of the axis of decades are the values again."""
    days = [dt.date(2010, 1, 1), dt.date(2012, 1, 1), dt.date(2014, 1, 1)]
    recorded = [0.7, 1.9, 30.0]
    panel = [(day, target(value, value < 10.0)) for day, value in zip(days, recorded, strict=True)]
    svg = charts.target_panels_chart({"Dy [USD/kg]": panel}, "quotes")
    levels = {
        float(text.text or ""): float(text.get("y", 0)) - axes.PANEL_GRID.drop
        for text in svg.root.findall("text")
        if text.get("text-anchor") == "end"
    }
    (low, bottom), (high, top) = min(levels.items()), max(levels.items())

    def value(y: float) -> float:
        return float(low * (high / low) ** ((bottom - y) / (bottom - top)))

    assert [value(float(dot.get("cy", 0))) for dot in dots(svg)] == pytest.approx(recorded, rel=1e-3)
    assert [dot.get("fill") for dot in dots(svg)] == [charts.INK, charts.INK, charts.ALARM]
    bands = [line for line in svg.root.findall("line") if line.get("stroke") == charts.ACCENT]
    assert {(round(value(float(line.get("y1", 0))), 2), round(value(float(line.get("y2", 0))), 2)) for line in bands} == {(0.6, 2.4)}


def test_statements_stand_at_their_ratios_and_what_lies_outside_at_the_edge() -> None:
    svg = charts.statement_rows_chart("myanmar-stop", [("a", target(1.0)), ("b", target(10.0)), ("c", target(1e6, hit=False))])
    xs = [float(dot.get("cx", 0)) for dot in dots(svg)]
    width = STATEMENT_WIDTH - LEFT - RIGHT
    assert xs == pytest.approx([LEFT + width / 2, LEFT + width * 0.75, LEFT + width], abs=0.01)
    ticks = [text.text for text in svg.root.findall("text") if text.get("text-anchor") == "middle"]
    assert ticks == ["0.01", "0.1", "1", "10", "100"]


def test_a_long_name_stands_in_two_lines_beside_its_dot() -> None:
    long = "Notierung: Gadoliniumoxid, FOB China, Januar 2025 bis Dezember 2025"
    svg = charts.statement_rows_chart("x", [(long, target(1.0)), ("short", target(2.0))], left=300.0)
    names = [(text.text, float(text.get("y", 0))) for text in svg.root.findall("text") if text.get("font-size") == "11"]
    (first, above), (second, below), (short, alone) = names
    assert f"{first} {second}" == long
    assert short == "short"
    heights = [float(dot.get("cy", 0)) for dot in dots(svg)]
    assert (above + below) / 2 - heights[0] == pytest.approx(alone - heights[1], abs=0.01)


def test_exports_above_three_times_the_base_are_drawn_at_the_edge() -> None:
    svg = charts.export_panels_chart([("a", [(2010, target(1.5)), (2011, target(9.0))]), ("b", [(2020, target(0.5))])])
    grid = sorted(float(line.get("y1", 0)) for line in svg.root.findall("line") if line.get("stroke-width") == "0.7")
    first, edge, _ = (float(dot.get("cy", 0)) for dot in dots(svg))
    assert edge == pytest.approx(grid[0])
    assert first == pytest.approx((grid[0] + max(grid)) / 2, abs=0.01)


def test_blocks_of_diversion_do_not_overlap() -> None:
    svg = charts.diversion_panels_chart([("a", [("JP from it", target(1.0))] * 4), ("b", [("JP from all", target(2.0))]), ("c", [])])
    heads = {text.text: float(text.get("y", 0)) for text in svg.root.findall("text") if text.get("font-size") == "11.5"}
    assert heads["a"] == heads["b"] < heads["c"]
    assert max(float(dot.get("cy", 0)) for dot in dots(svg)) < heads["c"]
    ones = {float(line.get("x1", 0)) for line in svg.root.findall("line") if line.get("stroke-width") == "0.9"}
    assert min(ones) == pytest.approx(LABEL + (WIDTH - LABEL - 2 * MARGIN) / MAX_RATIO, abs=0.01)


def shares(**changes: object) -> charts.ImportShares:
    given: dict[str, object] = {
        "importer": "Japan",
        "ink": charts.ACCENT,
        "period": (1998, 2004),
        "years": (1998, 2000, 2004),
        "direct": (0.9, 0.8, 0.4),
        "traced": (0.95, 0.9, 0.7),
        "low": (0.9, 0.85, 0.6),
        "high": (1.0, 0.95, 0.8),
    }
    return charts.ImportShares(**(given | changes))  # type: ignore[arg-type]


def test_shares_of_imports_read_back_to_their_values() -> None:
    svg = charts.import_history_chart([shares()], "China")
    grid = sorted(float(line.get("y1", 0)) for line in svg.root.findall("line"))
    traced, direct = svg.root.findall("polyline")

    def read(line: ET.Element) -> list[float]:
        return [(grid[-1] - float(pair.split(",")[1])) / (grid[-1] - grid[0]) for pair in line.get("points", "").split()]

    assert read(traced) == pytest.approx([0.95, 0.9, 0.7], abs=1e-3)
    assert read(direct) == pytest.approx([0.9, 0.8, 0.4], abs=1e-3)
    assert direct.get("stroke-dasharray")
    assert not traced.get("stroke-dasharray")
    assert {"2000", "70% traced", "40% direct"} <= {text.text for text in svg.root.findall("text")}
    assert "1998" not in {text.text for text in svg.root.findall("text")}


def test_labels_of_close_shares_keep_apart() -> None:
    svg = charts.import_history_chart([shares(direct=(0.9, 0.8, 0.7))], "China")
    ys = [float(text.get("y", 0)) for text in svg.root.findall("text") if (text.text or "").endswith(("traced", "direct"))]
    assert math.isclose(abs(ys[0] - ys[1]), 12.0, abs_tol=0.02)


def test_years_by_value_have_a_grey_ground_and_an_importer_without_shares_says_so() -> None:
    plain, valued = (charts.import_history_chart([shares(by_value=years)], "China") for years in (None, (1998, 1999)))
    assert len(valued.root.findall("rect")) == len(plain.root.findall("rect")) + 1
    empty = charts.import_history_chart([shares(years=(), direct=(), traced=(), low=(), high=())], "China")
    assert "no data" in {text.text for text in empty.root.findall("text")}


def test_rows_of_a_discovery_box_share_their_layout_with_those_of_variance() -> None:
    box = charts.discovery_box_chart([charts.DiscoveryLimit("a", 0.0, 0.5, "50%")] * 2, "low", "high")
    explained = charts.variance_share_chart([charts.VarianceShare("a", 0.5, 0.7, "50%")] * 2, 1.0)
    for svg in (box, explained):
        tracks = sorted({float(rect.get("y", 0)) for rect in svg.root.findall("rect")})
        assert tracks[1] - tracks[0] == TRACK_ROW
