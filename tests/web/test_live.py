"""Charts as data for the browser: every number in the words of the page's table, markup that cannot leave its element, workbooks."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.saved import alliance_page, plan_page
from tests.report.synthetic import inputs
from ytterby.report import Words, languages
from ytterby.report.briefing import Chart, Table, write
from ytterby.report.charts import Bar, StopBar, Svg, WaterfallStep, bar_chart, stops_chart, waterfall_chart
from ytterby.web.figure_files import charts_of, figure_workbook, table_sheet
from ytterby.web.live import KINDS, Numerals, live, plain_data
from ytterby.web.live.lines import FINEST
from ytterby.web.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
LANGS = languages()


def pages(lang: str) -> Iterator[Any]:
    yield write(inputs(), lang)
    yield plan_page(lang)
    yield alliance_page(lang)


def told(chart: Chart, lang: str) -> Any:
    text = live(Words(lang), chart)
    return json.loads(text) if text else None


def texts(value: Any) -> Iterator[str]:
    """All texts in data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


@given(st.floats(-1e9, 1e9), st.integers(-6, 6), st.sampled_from(LANGS))
def test_quick_digits_are_those_of_the_page(value: float, place: int, lang: str) -> None:
    assert Numerals(Words(lang)).write(value, place) == Words(lang).number(value, place)


@pytest.mark.parametrize("lang", LANGS)
def test_every_chart_of_a_page_says_what_it_shows(lang: str) -> None:
    charts = [chart for page in pages(lang) for chart in page.charts()]
    drawn_only = {chart.name for chart in charts if told(chart, lang) is None}
    assert drawn_only <= {"map", "peeling"}
    assert {told(chart, lang)["kind"] for chart in charts if told(chart, lang)} >= {
        "bars",
        "stops",
        "fan",
        "sankey",
        "waterfall",
        "dots",
        "near",
        "budget",
    }


def numbers(row: tuple[str, ...]) -> list[str]:
    """Cells of a row of a table that hold numbers."""
    return [cell for cell in row[1:] if re.search(r"\d", cell)]


def of_fan(_lang: str, _table: Table, row: tuple[str, ...], data: Any) -> Iterator[str]:
    fan = next(fan for fan in data["fans"] if len(data["fans"]) == 1 or fan["name"] == row[1])
    middle, low, high = fan["told"][data["days"].index(row[0])]
    yield from (low, middle, high)


def of_row(_lang: str, table: Table, row: tuple[str, ...], data: Any) -> Iterator[str]:
    """Terms of the card under the heads of the table."""
    tip = dict(next(each for each in data["rows"] if each["name"] == row[0])["tip"])
    assert set(tip) <= set(table.head)
    yield from (tip[head] for head in table.head[1:] if re.search(r"\d", tip.get(head, "")))


def of_losses(lang: str, _table: Table, row: tuple[str, ...], data: Any) -> Iterator[str]:
    """Value, low and high; the jobs of the table are not drawn."""
    (_, value), *rest = next(each for each in data["rows"] if each["name"] == row[0])["tip"]
    _, _, low, high, jobs = row
    assert [said for _, said in rest] == [Words(lang).plain("range.dates", low=low, high=high)]
    yield from (value, low, high, jobs)


def of_budget(_lang: str, table: Table, row: tuple[str, ...], data: Any) -> Iterator[str]:
    """Amounts at a budget; what is spent and what it adds are not drawn. The legend is shorter than the names in the table."""
    curve = data["curves"][list(dict.fromkeys(each[0] for each in table.rows)).index(row[0])]
    cells = dict(zip(table.head, row, strict=True))
    point = next(point for point in curve["told"] if point[0] == cells[data["terms"][0]])
    said = dict(zip(data["terms"], point, strict=True))
    assert set(said) <= set(cells)
    yield from (said.get(head, cells[head]) for head in table.head[1:])


CARDS = {"fan": of_fan, "stops": of_row, "near": of_row, "promises": of_row, "bars": of_losses, "budget": of_budget}


@pytest.mark.parametrize("lang", LANGS)
def test_cards_say_the_numbers_of_the_table(lang: str) -> None:
    """Each number stands under the same term and in the same row as in the table: exchanged ends are seen."""
    seen = set()
    for page in pages(lang):
        for chart in page.charts():
            data = told(chart, lang)
            if data is None or data["kind"] not in CARDS or chart.name == "shares":
                continue
            seen.add(data["kind"])
            for row in chart.table.rows:
                assert list(CARDS[data["kind"]](lang, chart.table, row, data)) == numbers(row), chart.name
    assert seen == set(CARDS)


def test_bands_of_shares_keep_the_digits_of_their_label() -> None:
    bars = [Bar("Dy", "traced", 0.731, 0.52, 0.86, "73%")]
    data = told(chart_of(bar_chart(bars, 1.0)), "en")
    assert data["rows"][0]["tip"] == [["", "73%"], ["Range", "52% to 86%"]]


def test_the_range_is_not_told_where_there_is_none() -> None:
    data = told(chart_of(bar_chart([Bar("", "loss", 4.0, 4.0, 4.0, "4"), Bar("", "other", 1.0, None, None, "1")])), "en")
    assert [row["tip"] for row in data["rows"]] == [[["", "4"]], [["", "1"]]]


def test_a_stop_that_may_not_come_has_no_end() -> None:
    import datetime as dt

    day = dt.date(2027, 2, 1)
    stop = StopBar("Cars", day, None, None, "12%")
    row = told(chart_of(stops_chart([stop], day, dt.date(2028, 1, 1), Words("en"))), "en")["rows"][0]
    assert "high" not in row
    assert row["low"] == "2027-02-01"
    assert [value for _, value in row["tip"]][1:3] == [Words("en").plain("table.never"), Words("en").plain("table.open")]


@given(st.text(max_size=60))
def test_no_text_leaves_its_element(text: str) -> None:
    step = WaterfallStep(text, 1.0, "1")
    found = live(Words("en"), chart_of(waterfall_chart(step, [step], step)))
    assert not re.search("[<>&\u2028\u2029]", found)
    assert json.loads(found)["rows"][0]["name"] == text


def test_lengths_are_finite() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json.dumps(plain_data({"x": float("nan")}), allow_nan=False)
    assert plain_data({"x": 0.12345678, "y": None}) == {"x": 0.123457}


def test_each_kind_has_its_module_in_the_browser() -> None:
    text = (ROOT / "web" / "src" / "charts" / "index.ts").read_text("utf-8")
    named = re.search(r"const KINDS[^{]*= \{(.*?)\}", text, re.DOTALL)
    assert named
    assert {part.split(":")[0].strip() for part in named[1].split(",") if part.strip()} == set(KINDS)


def chart_of(svg: Svg, title: str = "Loss", table: Table | None = None) -> Chart:
    return Chart("loss", title, svg, "A loss.", table or Table(title, ("what", "value"), (("a", "1"),)), "")


@pytest.mark.parametrize("lang", LANGS)
def test_a_workbook_has_numbers_where_the_table_has_them(lang: str) -> None:
    from openpyxl import load_workbook

    words = Words(lang)
    rows = (("a", words.number(1234.5, -1), words.percent(0.25, 0), "x"), ("=1+1", words.number(-2.0, 0), words.percent(1.0, 0), ""))
    chart = chart_of(Svg(1, 1), table=Table("t", ("name", "amount", "share", "text"), rows))
    made = figure_workbook(words, Page("x", "X", panels=(chart,)), "loss")
    assert made is not None
    sheet = load_workbook(io.BytesIO(made)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["name", "amount", "share [%]", "text"] in cells
    assert cells[-2] == ["a", 1234.5, 25, "x"]
    assert cells[-1][1:3] == [-2, 100]
    assert not str(cells[-1][0]).startswith("=")


def test_a_workbook_of_no_picture_is_none() -> None:
    assert figure_workbook(Words("en"), Page("x", "X"), "loss") is None


def test_pictures_are_found_wherever_they_stand() -> None:
    chart = chart_of(Svg(1, 1))
    page = Page("x", "X", more={"a": [{"b": (chart,)}], "c": Page("y", "Y", panels=(chart,))})
    assert list(charts_of(page)) == [chart, chart]


def test_words_columns_stay_words() -> None:
    sheet = table_sheet(Words("en"), "t", Table("t", ("year", "n"), (("2024", "7"),)))
    assert sheet.rows == (("2024", 7.0),)


def test_next_to_nothing_has_no_endless_digits() -> None:
    write_ = Numerals(Words("en")).write
    assert write_(1e-12, FINEST) == "0.000000"
