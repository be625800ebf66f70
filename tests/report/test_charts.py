from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.synthetic import TODAY, inputs
from ytterby.report import charts
from ytterby.report.briefing.compose import write
from ytterby.report.catalogue import languages
from ytterby.report.charts import axes, palette
from ytterby.report.charts.svg import Svg, num, shortened, text_width
from ytterby.report.digits import rounded
from ytterby.report.text import Words

SVG = "{http://www.w3.org/2000/svg}"
WEEKS = tuple(dt.date(2025, 3, 31) + dt.timedelta(weeks=week) for week in range(60))


def fan(scale: float = 1.0, spread: float = 0.2) -> charts.Fan:
    middle = [scale * (10.0 + week / 6.0) for week in range(60)]
    ends = [
        tuple(value * (1.0 + sign * part * spread) for value in middle) for sign, part in ((-1, 1.0), (-1, 0.4), (0, 0), (1, 0.4), (1, 1.0))
    ]
    return charts.Fan("China", palette.ALARM, WEEKS, *ends)


def points(item: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in item.get("points", "").split())]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(3, 8))
def test_ticks_cover_the_range_at_round_steps(low: float, span: float, count: int) -> None:
    ticks = axes.nice_ticks(low, low + span, count)
    steps = [after - before for before, after in zip(ticks, ticks[1:], strict=False)]
    assert ticks[0] <= low + 1e-6 * span
    assert ticks[-1] >= low + span - 1e-6 * span
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)
    assert len(ticks) <= count + 2
    digits = f"{steps[0]:.3e}"[:4]
    assert digits in {"1.00", "2.00", "2.50", "5.00"} or steps[0] == pytest.approx(float(f"{steps[0]:.1e}"))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(3, 8))
def test_ticks_are_printed_exactly(low: float, span: float, count: int) -> None:
    ticks = axes.nice_ticks(low, low + span, count)
    place, step = axes.tick_place(ticks), ticks[1] - ticks[0]
    assert all(abs(rounded(tick, place) - tick) <= 1e-6 * step for tick in ticks)
    assert any(abs(rounded(tick, place + 1) - tick) > 1e-6 * step for tick in ticks)


def test_quarter_steps_keep_their_digits() -> None:
    words = Words("en")
    ticks = axes.nice_ticks(0.0, 1250.0)
    assert [words.number(tick, axes.tick_place(ticks)) for tick in ticks] == ["0", "250", "500", "750", "1,000", "1,250"]


@given(st.lists(st.floats(0.0, 200.0), min_size=1, max_size=10))
def test_spread_labels_keep_order_and_distance(positions: list[float]) -> None:
    moved = axes.spread(positions, 14.0, 0.0, 200.0)
    ordered = [moved[index] for index in sorted(range(len(positions)), key=lambda index: positions[index])]
    assert all(after - before >= 14.0 - 1e-9 for before, after in zip(ordered, ordered[1:], strict=False))
    if len(positions) == 1:
        assert moved == positions


def test_a_fan_chart_reads_back_to_its_quantiles() -> None:
    """Second road: the drawn points, through the inverse of the axis, are the quantiles again."""
    given_fan = fan()
    svg = charts.fan_chart([given_fan], "USD/kg", Words("en"))
    ticks = axes.nice_ticks(0.0, max(given_fan.high90))
    lines = svg.root.findall("line")
    grid = sorted(
        {round(float(line.get("y1", 0)), 2) for line in lines if line.get("y1") == line.get("y2") and line.get("stroke-width") == "0.7"}
    )
    bottom, top = grid[-1], grid[0]

    def value(y: float) -> float:
        return ticks[0] + (bottom - y) / (bottom - top) * (ticks[-1] - ticks[0])

    median = [value(y) for _, y in points(svg.root.findall("polyline")[0])]
    assert median == pytest.approx(list(given_fan.median), abs=0.01)
    outer = [value(y) for _, y in points(svg.root.findall("polygon")[0])]
    assert outer[:60] == pytest.approx(list(given_fan.high90), abs=0.01)
    assert outer[60:][::-1] == pytest.approx(list(given_fan.low90), abs=0.01)


def test_a_fan_knows_whether_it_starts_with_width() -> None:
    assert fan(spread=0.1).starts_with_width()
    assert not fan(spread=0.0).starts_with_width()


def test_a_stop_that_may_never_come_ends_in_an_arrow() -> None:
    bar = charts.StopBar("x", WEEKS[3], WEEKS[9], None, "62%")
    closed = charts.StopBar("x", WEEKS[3], WEEKS[9], WEEKS[20], "99%")
    svg = charts.stops_chart([bar], WEEKS[0], WEEKS[-1], Words("en"))
    assert len(svg.root.findall("polygon")) == 1
    assert not charts.stops_chart([closed], WEEKS[0], WEEKS[-1], Words("en")).root.findall("polygon")


def test_a_marker_is_drawn_only_inside_the_dates_and_not_over_another() -> None:
    markers = [axes.Marker(WEEKS[4], "start"), axes.Marker(WEEKS[5], "today"), axes.Marker(dt.date(2031, 1, 1), "far")]
    frame = axes.Frame(40, 40, 300, 100, axes.Scale.of_dates(WEEKS[0], WEEKS[-1]))
    inside = [marker for marker in markers if frame.dates[0] <= marker.when <= frame.dates[1]]
    svg = Svg(400, 200)
    axes.draw_markers(svg, frame, inside)
    heights = {item.text: float(item.get("y", 0)) for item in svg.root.findall("text")}
    assert heights.keys() == {"start", "today"}
    assert abs(heights["start"] - heights["today"]) >= 10.5


@pytest.mark.parametrize("lang", languages())
def test_no_word_of_any_chart_leaves_its_picture(lang: str) -> None:
    for chart in write(inputs(), lang).charts():
        for item in chart.svg.root.iter("text"):
            wide = text_width(item.text or "", float(item.get("font-size", 12)), bold=item.get("font-weight") == "600")
            start = float(item.get("x", 0)) - {"start": 0.0, "middle": 0.5, "end": 1.0}[item.get("text-anchor", "start")] * wide
            assert start >= -2.0, (chart.name, item.text)
            assert start + wide <= chart.svg.width + 2.0, (chart.name, item.text)
            assert 0.0 < float(item.get("y", 0)) <= chart.svg.height


def test_full_width_letters_are_squares() -> None:
    assert text_width("磁石", 10.0) == 20.0
    assert text_width("磁石", 10.0, bold=True) == 20.0
    assert text_width("Dy、磁石", 10.0) == pytest.approx(text_width("Dy", 10.0) + 30.0)
    assert text_width("ﾈｵ", 10.0) < 20.0
    assert shortened("ジスプロシウム", 10.0, 45.0) == "ジスプ…"


def test_text_is_escaped_and_lengths_are_finite() -> None:
    svg = Svg(10, 10)
    svg.text(1, 2, "<script>&\"'")
    text = svg.markup('a "quoted" <alt>')
    assert ET.fromstring(text).find(f"{SVG}text").text == "<script>&\"'"  # type: ignore[union-attr]
    assert ET.fromstring(text).get("aria-label") == 'a "quoted" <alt>'
    assert "<script" not in text
    with pytest.raises(ValueError, match="nan"):
        svg.line(0, 0, float("nan"), 1, "#000000")


@given(st.floats(-1e5, 1e5))
def test_lengths_are_written_to_hundredths(value: float) -> None:
    assert float(num(value)) == pytest.approx(value, abs=0.0051)
    assert num(value) != "-0"


@given(st.text(min_size=1, max_size=60), st.floats(20.0, 300.0))
def test_shortened_text_fits(text: str, room: float) -> None:
    cut = shortened(text, 12.0, room)
    assert text_width(cut, 12.0) <= room


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


MACHADO = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Severe colour-vision deficiency in linear RGB (Machado, Oliveira, Fernandes 2009)."""


def seen(colour: str, eye: str | None) -> tuple[float, float, float]:
    """CIELAB of a colour as an eye sees it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    if eye:
        linear = [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0.0), 1.0) for row in MACHADO[eye]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(a * b for a, b in zip(row, linear, strict=True)) / white for row, white in zip(rows, (0.9505, 1.0, 1.089), strict=True)]
    fx, fy, fz = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_every_ink_can_be_read_on_white() -> None:
    inks = [palette.INK, palette.MUTED, palette.ACCENT, palette.ALARM, *palette.REGION_GROUPS.values()]
    assert all((1.0 + 0.05) / (luminance(ink) + 0.05) >= 4.5 for ink in inks)


@pytest.mark.parametrize("eye", [None, *MACHADO])
def test_the_two_inks_of_a_chart_differ_for_every_eye(eye: str | None) -> None:
    first, second = seen(palette.ACCENT, eye), seen(palette.ALARM, eye)
    assert sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5 > 20.0


def test_classes_of_the_map_darken_evenly() -> None:
    lightness = [seen(colour, None)[0] for colour in (palette.FAINT, *palette.BLUES)]
    assert all(before - after >= 4.0 for before, after in zip(lightness, lightness[1:], strict=False))
    assert [palette.shade(share) for share in (0.0, 0.01, 0.05, 0.2, 0.4, 0.9)] == [palette.FAINT, *palette.BLUES]


def test_charts_carry_no_style_and_no_reference() -> None:
    for chart in write(inputs(), "en").charts():
        text = chart.svg.markup(chart.alt)
        assert not re.search(r"\s(style|href|on\w+)=", text)
        assert chart.alt
        assert chart.table.rows


def test_today_is_marked_where_it_lies_in_the_run() -> None:
    def marked(today: dt.date) -> bool:
        stops = write(inputs(today=today), "en").panels[0]
        return any(item.text == "today" for item in stops.svg.root.iter("text"))

    assert marked(TODAY)
    assert not marked(dt.date(2031, 1, 1))


def test_the_first_year_of_an_axis_stays_inside_the_picture() -> None:
    svg = Svg(400, 120)
    axes.draw_dates(svg, axes.Frame(2, 10, 396, 60, axes.Scale.of_dates(dt.date(2025, 4, 1), dt.date(2027, 4, 1))), Words("ja"))
    first = next(item for item in svg.root.findall("text") if item.text == "2025年")
    assert float(first.get("x", 0)) >= text_width("2025年", axes.DATE_SIZE) / 2 - 0.01


def test_names_beside_bars_have_room_in_a_wider_font() -> None:
    """Where Helvetica and its like are missing, a seventh wider letters stand in, and bars were drawn over the ends of names."""
    bars = [charts.Bar("Dysprosium", "bought directly", 0.5, 0.4, 0.6, "50%"), charts.Bar("Dysprosium", "in parts", 0.2, None, None, "20%")]
    first = min(float(item.get("x", 0)) for item in charts.bar_chart(bars, 1.0).root.findall("rect"))
    assert first > 1.15 * text_width("bought directly", 11)
