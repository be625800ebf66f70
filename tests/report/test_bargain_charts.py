"""Map of a bargain and bars of who gives what: drawn points read back to their values."""

from __future__ import annotations

import pytest

from ytterby.report import Words
from ytterby.report.charts import BargainPanel, GiveTake, bargain_map_chart, give_take_chart
from ytterby.report.charts.axes import HALF_PAGE, Frame, Scale
from ytterby.report.charts.bargain_map import LEFT, MARKS, PANEL, TOP
from ytterby.report.charts.palette import ACCENT, ALARM

PANELS = [
    BargainPanel(
        "one day",
        [(1.0, 1.0), (-3.0, 2.0)],
        [(-4.0, 6.0), (1.0, 4.0), (5.0, -1.0)],
        {"no deal": (0.0, 0.0), "Nash": (1.0, 4.0), "agreed": (-4.0, 6.0)},
    ),
    BargainPanel("another", [], [(0.0, 5.0)], {"no deal": (0.0, 0.0), "Nash": (0.0, 5.0)}),
]


def squares(svg, ink):
    return [item for item in svg.root.findall("rect") if item.get("fill") == ink and item.get("width") == "8"]


def test_points_of_the_map_read_back_to_their_values() -> None:
    svg = bargain_map_chart(PANELS, ("JP", "US"), Words("en"))
    # the first panel's scale: its ends are the outermost labels below the frame
    width = HALF_PAGE - LEFT - 8.0
    labels = [
        (float(item.get("x")), float(item.get("y")), item) for item in svg.root.findall("text") if item.get("text-anchor") == "middle"
    ]
    own_labels = [(x, item) for x, y, item in labels if abs(y - (TOP + PANEL + 14)) < 0.1 and x < LEFT + width + 1]
    below = [(x, float(item.text.replace("−", "-"))) for x, item in own_labels]
    (x0, low), (x1, high) = min(below), max(below)
    own = Frame(LEFT, TOP, width, PANEL, Scale(low, high))
    assert (x0, x1) == (pytest.approx(own.left), pytest.approx(own.right, abs=0.1))
    nash = squares(svg, MARKS[1])[0]
    assert float(nash.get("x")) + 4.0 == pytest.approx(own.x(1.0), abs=0.1)


def test_all_panels_share_their_scales() -> None:
    svg = bargain_map_chart(PANELS, ("JP", "US"), Words("en"))
    first, second = squares(svg, MARKS[0])
    assert float(first.get("y")) == pytest.approx(float(second.get("y")))


def test_a_front_outside_of_the_frame_does_not_leave_it() -> None:
    panel = BargainPanel("day", [], [(-1e6, 1e6), (1.0, 2.0), (2.0, 1.0)], {"Nash": (1.0, 2.0)})
    svg = bargain_map_chart([panel], ("JP", "US"), Words("en"))
    for line in svg.root.findall("polyline"):
        for pair in line.get("points").split():
            x, y = map(float, pair.split(","))
            assert 0.0 <= x <= svg.width
            assert 0.0 <= y <= svg.height


def test_bars_go_to_both_sides_and_their_lengths_are_in_proportion() -> None:
    svg = give_take_chart([GiveTake("JP", {"duties": 4.0, "investment": -8.0})], "together", Words("en"))
    gains, losses = ([float(item.get("width")) for item in svg.root.findall("rect") if item.get("fill") == ink] for ink in (ACCENT, ALARM))
    assert len(gains) == 1
    assert len(losses) == 2
    assert losses[0] == pytest.approx(2.0 * gains[0], rel=1e-3)
    assert losses[1] == pytest.approx(gains[0], rel=1e-3)  # together -4
