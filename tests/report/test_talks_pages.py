"""Pages on saved talks and duties: true of their results, complete in every language, read back from the folders that commands write."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from tests.bargain.conftest import table_of
from tests.report.saved import FRAME, TODAY
from tests.report.test_pdf import pages as pdf_pages
from tests.report.test_pdf import printable
from tests.report.test_saved_pages import Page
from ytterby.app import NegotiateRequest, Negotiation, concluded, trade
from ytterby.bargain import MONEY, PORTFOLIOS, TERMS, NegotiationResult, assumptions_of, load_talks
from ytterby.cli import cli
from ytterby.report import Words, plain
from ytterby.report.briefing import bargain_names, write_duties, write_talks
from ytterby.report.catalogue import languages
from ytterby.report.render import html, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from tests.report.pages import Element
    from ytterby.economy.trade import TradeResult

DAYS = ["2025-05-30", "2025-07-21", "2025-10-28", "2026-03-01"]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Negotiation:
    """Talks with a table of made-up programmes on each day, so that no plan has to be made."""
    found = Negotiation(NegotiateRequest(draws=10, each_day=True, project=tmp_path_factory.mktemp("talks")))
    for number, each in enumerate((found, *(other for other in found.on_days if other is not found))):
        each.__dict__["_minerals"] = (table_of(number), f"table-{number}")
    return found


@pytest.fixture(scope="module")
def talks(work: Negotiation) -> NegotiationResult:
    return concluded(work)


@pytest.fixture(scope="module")
def duties(tmp_path_factory: pytest.TempPathFactory) -> TradeResult:
    return trade("us-tariffs-japan-2025", draws=10, project=tmp_path_factory.mktemp("duties"))


@pytest.fixture(scope="module")
def told(talks: NegotiationResult) -> Page:
    return Page(write_talks(talks, FRAME))


@pytest.fixture(scope="module")
def levied(duties: TradeResult) -> Page:
    return Page(write_duties(duties, FRAME))


def billions(text: str) -> float:
    return float(text.replace(",", "").replace("\u2212", "-").replace("+", "")) * 1e9


def near(text: str, value: float) -> bool:
    return billions(text) == pytest.approx(value, rel=0.06, abs=6e6)


def test_the_answer_says_where_the_outcome_stands_and_on_what_that_hangs(talks: NegotiationResult, told: Page) -> None:
    assert talks.actual is not None
    assert ("lies outside the room" in told.answer) == (not talks.actual.inside)
    gains = re.search(r"worth USD (.*?) (million|billion) \((.*?) to (.*?)\) for Japan", told.answer)
    assert gains is not None
    band = talks.actual.gains_band["JP"]
    for text, value in zip((gains[1], gains[3], gains[4]), (band.value, band.low, band.high), strict=True):
        assert billions(text) == pytest.approx(value, abs=0.6e9)
    share = next(row for row in talks.break_even if row.input == "delivered_with_snap_back")
    assert f"{100 * share.value:.0f}% ({100 * share.usual:.0f}% is assumed; looked at as far as {100 * share.end:.0f}%)" in told.answer
    count = round(talks.actual.inside_share * talks.draws)
    assert f"in {count or 'none'} of {talks.draws} draws" in told.answer or not count


def test_every_break_even_is_told_with_what_is_taken(talks: NegotiationResult, told: Page) -> None:
    lines = told.plain(told.part("What would change this answer"))
    assert lines.count("It would lie inside if") == len(talks.break_even)
    assert talks.actual is not None
    together = talks.actual.weights_together
    assert ("by a factor of up to" in lines) == (together is not None)


def test_concessions_and_terms_stand_as_in_the_result(talks: NegotiationResult, told: Page) -> None:
    rows = [row for row in talks.concessions if row.at == "actual" and max(map(abs, row.gains.values())) > 5e6]
    shown = told.table("Single steps from what was agreed")
    assert len(shown) == min(len(rows), 10)
    for cells, row in zip(shown, rows, strict=False):
        assert all(near(text, row.gains[party]) for text, party in zip(cells[2:4], talks.parties, strict=True))
    terms = told.table("What packages change")
    for column, (name, party) in enumerate([("actual", "JP"), ("actual", "US"), ("nash", "JP"), ("nash", "US")], 1):
        assert near(terms[-1][column], sum(talks.terms_by_part[name][party][term] for term in MONEY))
        assert sum(billions(row[column]) for row in terms[:-1]) == pytest.approx(billions(terms[-1][column]), abs=0.7e9)


def test_the_room_of_each_day_is_that_of_talks_on_that_day(work: Negotiation, talks: NegotiationResult, told: Page) -> None:
    """Another road: each day's talks by themselves, with the table of that day."""
    assert [row.day for row in talks.days] == DAYS
    assert len({row.minerals_digest for row in talks.days}) == len(DAYS)
    for row, each in zip(talks.days, work.on_days, strict=True):
        alone = Negotiation(NegotiateRequest(as_of=dt.date.fromisoformat(row.day), draws=0, project=work.request.project))
        alone.__dict__["_minerals"] = (each.minerals, "own")
        assert tuple(row.no_deal.values()) == pytest.approx(tuple(alone.room.no_deal))
        assert row.feasible == int(alone.room.feasible.sum())
        assert alone.nash is not None
        assert tuple(row.nash.values()) == pytest.approx(tuple(alone.room.gains[alone.nash]))
    cells = told.table("Change of no deal")
    for number, (before, row) in enumerate(zip(talks.days, talks.days[1:], strict=False), 1):
        assert near(cells[number][1], row.no_deal["JP"] - before.no_deal["JP"])
        assert near(cells[number][3], row.actual["JP"])


def test_controls_move_no_deal_and_nash_on_each_day_as_the_tables_say(work: Negotiation, talks: NegotiationResult) -> None:
    """Second road: shift of the table of the day, as a yearly payment, on the terms of that day's packages; no new evaluation."""
    place = TERMS.index("minerals")
    for row, each in zip(talks.days, work.on_days, strict=True):
        table, assumed = each.minerals, each.assumed
        assert table is not None
        rate = np.log1p(assumed["discount"])
        annuity = (1.0 - np.exp(-rate * assumed["lasting"])) / rate
        column = [issue.id for issue in each.talks.issues].index("minerals")
        names = [table.portfolios.index(name) for name in each.talks.issues[column].values]
        for number, shift in enumerate(row.control_shift, 1):
            moved = (table.gain[number] - table.gain[0]) / annuity
            assert tuple(shift.no_deal.values()) == pytest.approx(tuple(moved[table.portfolios.index("each_alone")]), rel=1e-6)
            packages = each.evaluation.packages.copy()
            packages[:, :, place] += moved[names][each.bargain.packages.steps[:, column]]
            utilities = np.einsum("kpt,pt->kp", packages, each.weights)
            gains = utilities - (each.room.no_deal + np.array(list(shift.no_deal.values())))
            inside = (gains > each.room.tolerance).all(axis=1)
            best = int(np.flatnonzero(inside)[np.argmax(np.log(gains[inside]).sum(axis=1))])
            assert each.nash is not None
            change = utilities[best] - each.room.utilities[each.nash]
            assert tuple(shift.nash.values()) == pytest.approx(tuple(change), rel=1e-6, abs=1.0)


def test_dates_tell_what_waiting_costs(talks: NegotiationResult) -> None:
    briefing = write_talks(talks, FRAME)
    waits = {row.date: row for row in talks.delay if row.package == "nash"}
    assert [when.ref for when, _ in briefing.dates] == sorted(waits)
    assert "25 % are due" in plain(briefing.dates[0][1])


def test_steps_of_duties_and_the_replay_stand_as_in_the_result(duties: TradeResult, levied: Page) -> None:
    steps = levied.table("Each step as if it lasted a year")
    assert len(steps) == len(duties.steps)
    for cells, row in zip(steps, duties.steps, strict=True):
        assert row.value_added is not None
        assert all(near(text, value) for text, value in zip(cells[4:7], (row.value_added, row.revenue, -row.buyers), strict=True))
    assert len(levied.table("Replay of 2025")) == len(duties.replay)
    japan = next(row for row in duties.parties if row.party == "JP")
    sold = re.search(r"goods for USD ([\d.]+) billion", levied.answer)
    assert sold is not None
    assert float(sold[1]) * 1e9 == pytest.approx(-japan.exports, rel=0.05)


@pytest.mark.parametrize("lang", languages())
def test_marks_tables_and_pictures_are_complete(talks: NegotiationResult, duties: TradeResult, lang: str) -> None:
    from tests.report.pages import parse

    for briefing in (write_talks(talks, FRAME, lang), write_duties(duties, FRAME, lang)):
        root = parse(html(briefing))
        ids = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
        assert len(ids) == len(set(ids))
        opened = {element.attributes["href"][1:] for element in root.all("a") if "mark" in element.classes}
        assert opened == {name for name in ids if name.startswith("note-")}
        assert not [line for line in _unmarked(root) if line]
        assert "{" not in Page.plain(root.all("main")[0])


def _unmarked(root: Element) -> list[str]:
    """Lines with numbers but without a mark."""
    found = []
    for element in root.all("p", "li", "dd", "caption", "h3"):
        if element.within("notes", "remark", "legend", "svg", "subtitle", "head") or not element.within("main", "header"):
            continue
        numbered = re.search(r"\d", element.text("time", "a", "ul", "ol", "code", "details", "svg"))
        if numbered and not [mark for mark in element.all("a") if "mark" in mark.classes]:
            found.append(element.text())
    return found


@pytest.mark.parametrize("lang", languages())
def test_the_pdf_is_tagged(talks: NegotiationResult, duties: TradeResult, lang: str) -> None:
    if not printable(lang):
        pytest.skip("no font for the language on this machine")
    for briefing in (write_talks(talks, FRAME, lang), write_duties(duties, FRAME, lang)):
        content = pdf(briefing, TODAY)
        assert b"pdfuaid:part" in content
        assert 2 <= len(pdf_pages(content)) <= 6


@pytest.mark.parametrize("lang", languages())
def test_every_word_of_results_is_in_the_catalogue(lang: str) -> None:
    """What talks name by codes: terms, programmes, assumptions, and labels of the bundled file."""
    words, bundled = Words(lang), load_talks("us-japan-2025")
    keys = [f"bargain.term.{term}" for term in TERMS] + [f"bargain.programme.{name}" for name in PORTFOLIOS]
    keys += [f"bargain.assumption.{name}" for name in assumptions_of(bundled)]
    assert [key for key in keys if not words.has(key)] == []
    if lang != "en":
        labels = [row.label for row in (*bundled.no_deal, *bundled.controls)]
        assert [label for label in labels if words.translated(label) == label] == []


def test_folders_are_read_back_and_briefed(tmp_path: Path) -> None:
    project = ["--project", str(tmp_path / "p")]
    for command in (
        ["negotiate", "--without-minerals", "--draws", "2", "--out", str(tmp_path / "talks")],
        ["trade", "us-tariffs-japan-2025", "--draws", "2", "--out", str(tmp_path / "duties")],
    ):
        done = CliRunner().invoke(cli, [*command, *project])
        assert done.exit_code == 0, done.output
    for name, title in (("talks", "the room of talks"), ("duties", "what duties cost whom")):
        file = tmp_path / f"{name}.html"
        done = CliRunner().invoke(cli, ["brief", str(tmp_path / name), "-o", str(file), *project])
        assert done.exit_code == 0, done.output
        assert title in file.read_text("utf-8")
    assert len((tmp_path / "talks" / "packages.csv").read_text("utf-8").splitlines()) > 800
    both = CliRunner().invoke(cli, ["brief", str(tmp_path / "talks"), str(tmp_path / "duties"), *project])
    assert "write one page for each" in (both.output + str(both.exception))
    (tmp_path / "talks" / "negotiation.json").write_text("{}", "utf-8")
    broken = CliRunner().invoke(cli, ["brief", str(tmp_path / "talks"), *project])
    assert "is not what 'ytterby negotiate --out' writes" in (broken.output + str(broken.exception))


def test_the_title_says_in_every_language_that_programmes_on_minerals_are_left_out(talks: NegotiationResult) -> None:
    bare = talks.model_copy(update={"minerals_digest": "", "title": f"{talks.title}, without programmes on minerals"})
    for lang, said in (("en", "without programmes on minerals"), ("de", "ohne Rohstoffprogramme"), ("ja", "鉱物プログラムを除く")):
        assert said in bargain_names.title(Words(lang), bare)
        assert said not in bargain_names.title(Words(lang), talks)


def test_a_point_of_duty_that_no_dysprosium_pays_for_says_so(talks: NegotiationResult, told: Page) -> None:
    (used,) = {row.most for row in talks.rates if row.most is not None and row.party == "JP"}
    assert all(not row.pays for row in talks.rates if row.most is not None and row.at == "actual" and row.unit == "point")
    assert 200.0 < used < 400.0
    assert "No amount of separated dysprosium pays for it" in told.plain(told.root)
