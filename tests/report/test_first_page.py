"""Page one is true of its own tables: its sentences are read back and each figure is looked up where the page has it again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.report.pages import Element, parse
from ytterby.app import BriefRequest, brief

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"
DEMO = (*(str(path) for ending in ("txt", "md", "html") for path in sorted(ARTICLES.glob(f"*.{ending}"))), "suspension-ends-2026")
"""What ``make demo`` briefs on."""
TODAY = dt.date(2026, 11, 29)


class Page:
    """A briefing read back: its sentences and its tables by caption, without marks."""

    def __init__(self, text: str) -> None:
        self.root = parse(text)
        self.tables = {self.plain(table.all("caption")[0]): self._rows(table) for table in self.root.all("table") if table.all("caption")}

    @staticmethod
    def plain(element: Element) -> str:
        return " ".join(element.text("sup", "mark", "note", "ref").replace("\u00a0", " ").replace("\u202f", " ").split())

    def _rows(self, table: Element) -> list[list[str]]:
        rows = [[self.plain(cell) for cell in row.all("th", "td")] for row in table.all("tr")]
        return [row for row in rows[1:] if row]

    def paragraph(self, name: str) -> Element:
        return next(element for element in self.root.all("p") if name in element.classes)

    def section(self, title: str) -> Element:
        """Section by its heading."""
        heads = [element for element in self.root.all("h2") if self.plain(element) == title]
        assert heads, title
        parent = heads[0].parent
        assert parent is not None
        return parent

    def lines(self, title: str) -> list[str]:
        return [self.plain(item) for item in self.section(title).all("li")]

    def table(self, begins: str) -> list[list[str]]:
        return next(rows for caption, rows in self.tables.items() if caption.startswith(begins))


@pytest.fixture(scope="module", params=["demo", "stop"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    inputs, place = (DEMO, "JP") if request.param == "demo" else (("total-stop",), "DE")
    draws = 200 if request.param == "demo" else 12
    order = BriefRequest(inputs, "en", place, draws, 1, project=tmp_path_factory.mktemp("project"), today=TODAY)
    return Page(brief(order).html())


pytestmark = pytest.mark.slow
FORKED = ("depends on the decision of", "depends on what was decided by")
"""How an answer begins whose loss is told by branch: the decision is ahead, or past without a source that tells it."""


def forked(answer: str) -> bool:
    return any(words in answer for words in FORKED)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def test_the_sectors_of_the_answer_lead_the_table_of_losses(page: Page) -> None:
    answer, rows = page.paragraph("answer"), page.table("Value added lost")
    named = [page.plain(item) for item in answer.all("strong")]
    assert named
    assert [name.lower() for name in named] == [row[0].lower() for row in rows[: len(named)]]
    told = re.findall(r"\(USD ([\d.,]+) (million|billion)\)", page.plain(answer))
    for (amount, unit), row in zip(told, rows, strict=False):
        million = number(amount) * (1000.0 if unit == "billion" else 1.0)
        # both are rounded by their bands: a unit of the coarser place apart at most
        assert abs(million - number(row[1])) <= 0.5 * 10 ** (len(str(int(million))) - 1), (amount, row)


def test_the_loss_of_the_answer_is_that_of_the_section(page: Page) -> None:
    answer, section = page.plain(page.paragraph("answer")), page.plain(page.section("Losses"))
    if forked(answer):  # then there is no loss over all branches
        assert "falls by" not in answer
        return
    told = re.search(r"falls by (?:up to )?USD ([\d.,]+) (million|billion)(?: \(([\d.,]+) to ([\d.,]+)\))?", answer)
    again = re.search(r"over the period is (?:up to )?USD ([\d.,]+) (million|billion)(?: \(([\d.,]+) to ([\d.,]+)\))?", section)
    assert told
    assert again
    assert told.groups() == again.groups()
    assert ("up to" in told[0]) == ("up to" in again[0]), "the upper end alone is told, where the median is next to nothing"


def test_draws_are_counted_out_of_all_draws(page: Page) -> None:
    answer, support = page.plain(page.paragraph("answer")), page.plain(page.paragraph("support"))
    draws = int(re.search(r"From (\d+) draws", support)[1])  # type: ignore[index]
    counted = [int(text) for text in re.findall(r"(?:in|In) (?:all|\d+ of) (?:the )?(\d+) draws", answer)]
    assert set(counted) <= {draws}


def test_branches_are_those_that_the_scenario_supposes(page: Page) -> None:
    answer = page.plain(page.paragraph("answer"))
    told = re.findall(r"with “([^”]+)” \((?:probability )?(\d+%)\)", answer)
    supposed = page.plain(page.section("What the scenario supposes"))
    assert len(told) == (2 if forked(answer) else 0)
    assert sum(int(share.strip("%")) for _, share in told) <= 100
    for label, share in told:
        assert f"{label} (probability {share})" in supposed


def test_shares_of_the_picture_table_and_sentence_agree(page: Page) -> None:
    rows = page.table("Share of China in what is used")
    lead = page.plain(page.section("Exposure now"))
    first = rows[0]
    told = re.search(rf"Of the {first[0].lower()} used .*?, (\d+)% .*?; (\d+)% is bought .*?, (\d+)%", lead)
    assert told
    assert [f"{text}%" for text in (told[2], told[3], told[1])] == first[1:4]
    labels = [element.text() for element in page.root.all("text")]
    assert set(row[3] for row in rows) <= {label.strip() for label in labels}, "the bars are labelled as the table says"


def test_who_stops_is_drawn_as_in_its_table(page: Page) -> None:
    rows = page.tables.get("Who stops when", [])
    answer = page.plain(page.paragraph("answer"))
    if forked(answer):  # one stop at most is told, over all ways
        assert answer.count("one plant in twenty") == 1
        return
    if not rows or "no sector in" in answer:  # of a stop in a draw or two the sentence says that there is none in the others
        assert "no sector" in answer
        return
    sector = re.search(r"In ([a-z][^,]+), one plant in twenty", answer)
    assert sector
    mine = next(row for row in rows if row[0].lower() == f"{sector[1].lower()}, germany")
    month, year = re.search(r"stands still in (\w{3})\w* (\d{4})", answer).groups()  # type: ignore[union-attr]
    assert month in mine[2]
    assert year in mine[2]


def test_what_would_change_the_answer_has_its_rank_in_the_table(page: Page) -> None:
    rows = [row for caption, table in page.tables.items() if caption.startswith("Inputs that move the loss") for row in table]
    ranks = {row[0]: row[1] for row in rows}
    if not rows:
        assert (
            "no single input" in " ".join(page.lines("What would change this answer")).lower()
            or len(page.lines("What would change this answer")) == 1
        )
        return
    for line in page.lines("What would change this answer"):
        name = next((name for name in ranks if line.startswith(name)), None)
        assert name, line
        told = re.search(r"rank correlation ([−-]?[\d.]+)\.?$", line)
        assert not told or told[1].rstrip(".") == ranks[name]


def test_next_dates_lie_ahead_in_order_and_commitments_are_in_their_table(page: Page) -> None:
    section = page.section("Next dates")
    days = [dt.date.fromisoformat(element.attributes["datetime"]) for element in section.all("time")]
    assert days == sorted(days)
    assert all(day >= TODAY for day in days)
    due = re.findall(r"due: ([^0-9]+?\))", page.plain(section))
    rows = {row[0] for caption, table in page.tables.items() if caption.startswith("Commitments") for row in table}
    assert set(due) <= rows


def test_what_is_past_its_date_is_past(page: Page) -> None:
    warnings = next(element for element in page.root.all("ul") if "warnings" in element.classes)
    days = [dt.date.fromisoformat(element.attributes["datetime"]) for element in warnings.all("time")]
    assert days
    assert all(day < TODAY for day in days)


def test_unknowns_count_what_the_sections_count(page: Page) -> None:
    told = " ".join(page.lines("What we do not know"))
    if "statements of the articles" not in told:
        return
    lead = page.plain(page.section("What happened"))
    doubts = re.search(r"(\d+) statements? of the articles", told)
    assert doubts
    assert f"{doubts[1]} statements are doubtful" in lead
    single, events = re.search(r"(\d+) events rest on one", told), re.search(r"articles: (\d+) events", lead)
    assert single
    assert events
    assert int(single[1]) <= int(events[1])


def test_the_page_tells_what_its_notes_know(page: Page) -> None:
    notes = {element.attributes["id"] for element in page.root.walk() if element.attributes.get("id", "").startswith("note-")}
    marks = {link.attributes["href"].lstrip("#") for link in page.paragraph("answer").all("a")}
    assert marks
    assert marks <= notes
