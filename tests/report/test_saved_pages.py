"""Pages on saved plans and alliances: true of their results and of their own tables, closed, marked, in every language."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.report.pages import Element, parse
from tests.report.saved import FRAME, TODAY, alliance, alliance_page, plan, plan_page
from tests.report.test_pdf import pages as pdf_pages
from tests.report.test_pdf import printable
from ytterby.app import BriefRequest, brief, result_page
from ytterby.cli import cli
from ytterby.cooperation import FreshValue
from ytterby.errors import InputError
from ytterby.facts import candidates
from ytterby.plan import enough_money
from ytterby.report import Words, plain
from ytterby.report.briefing import write_plan
from ytterby.report.briefing.result_frame import slug
from ytterby.report.catalogue import languages
from ytterby.report.render import html, pdf, swatch

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.report.briefing import Briefing

MAKERS = {"plan": plan_page, "alliance": alliance_page}
SCALES = {"million": 1e6, "billion": 1e9}


class Page:
    """A page read back: plain text by part, and its tables by caption."""

    def __init__(self, briefing: Briefing) -> None:
        self.root = parse(html(briefing))
        self.answer, self.support = (self.plain(self.only("p", name)) for name in ("answer", "support"))
        self.tables = {self.plain(table.all("caption")[0]): self.rows(table) for table in self.root.all("table")}

    @staticmethod
    def plain(element: Element) -> str:
        return " ".join(element.text("mark", "ref").replace("\u00a0", " ").replace("\u202f", " ").split())

    def only(self, tag: str, name: str) -> Element:
        return next(element for element in self.root.all(tag) if name in element.classes)

    def rows(self, table: Element) -> list[list[str]]:
        return [[self.plain(cell) for cell in row.all("th", "td")] for row in table.all("tr")[1:]]

    def table(self, begins: str) -> list[list[str]]:
        return next(rows for caption, rows in self.tables.items() if caption.startswith(begins))

    def part(self, title: str) -> Element:
        head = next(element for element in self.root.all("h2") if self.plain(element) == title)
        assert head.parent is not None
        return head.parent


def usd(text: str) -> list[float]:
    """Sums of money in a text."""
    return [
        float(number.replace(",", "")) * SCALES.get(scale, 1.0)
        for number, scale in re.findall(r"USD ([\d.,]*\d) ?(million|billion)?", text)
    ]


def near(told: float, value: float) -> bool:
    """Whether a sum is the value to two digits."""
    return told == pytest.approx(value, rel=0.06, abs=5e4)


def cell(text: str) -> float:
    return float(text.replace(",", "").replace("\u2212", "-")) * 1e6


@pytest.fixture(scope="module")
def planned() -> Page:
    return Page(write_plan((plan(),), FRAME))


@pytest.fixture(scope="module")
def allied() -> Page:
    return Page(alliance_page())


def test_the_answer_of_a_plan_is_its_result_to_two_digits(planned: Page) -> None:
    found = plan()
    assert found.fresh is not None
    wanted = [
        found.public_usd, found.risk_before, found.risk_after, found.cvar_before, found.cvar_after, found.gain_usd,
        found.risk_before - found.risk_after - found.cost_usd, found.fresh.gain_usd,
        found.fresh.expected_loss_before, found.fresh.expected_loss,
    ]  # fmt: skip
    told = usd(planned.answer)
    enough = enough_money(found.curve)
    assert enough is not None
    assert all(near(*pair) for pair in zip(told, [*wanted, enough.public_usd], strict=True)), told
    assert f"On {found.fresh.paths} paths" in planned.answer
    assert "2026–2040" in planned.answer


def test_the_band_of_the_gain_spans_the_ends_of_the_inputs(planned: Page) -> None:
    low, high = re.search(r"The gain.*?\(([\d.]+) to ([\d.]+)\)", planned.answer).groups()  # type: ignore[union-attr]
    gains = [row.gain_usd for row in plan().flip]
    assert float(low) * 1e9 == pytest.approx(min(gains), abs=0.06e9)
    assert float(high) * 1e9 == pytest.approx(max(gains), abs=0.06e9)
    unasked = Page(write_plan((plan(flip=()),), FRAME))
    assert "ends of its range" not in unasked.answer
    assert "Not looked at for this plan" in unasked.plain(unasked.part("What would change this answer"))


def test_the_gain_is_made_of_what_the_support_says(planned: Page) -> None:
    loss, tail, cost = usd(planned.support)
    assert loss + tail - cost == pytest.approx(plan().gain_usd, rel=0.05)


def test_the_curve_of_the_picture_is_its_table_and_begins_without_money(planned: Page) -> None:
    found, rows = plan(), planned.table("What a budget buys")
    assert [cell(text) for text in rows[0]] == pytest.approx([0.0, 0.0, 0.0, 0.0, found.risk_before, found.cvar_before], rel=0.06)
    for row, point in zip(rows[1:], found.curve, strict=True):
        given = (point.budget, point.public_usd, point.gain, point.expected_loss, point.cvar)
        assert [cell(text) for text in (*row[:3], *row[4:])] == pytest.approx(given, rel=0.06)
    assert sum(cell(row[3]) for row in rows) == pytest.approx(found.curve[-1].gain, rel=0.02)
    last = usd(planned.answer)[-1]
    good = [row for row in rows if cell(row[2]) >= 0.98 * cell(rows[-1][2])]
    assert near(last, min(cell(row[1]) for row in good))


def test_must_haves_are_those_of_every_near_plan_and_are_marked_in_picture_and_table(planned: Page) -> None:
    found = plan().near
    assert found is not None
    rows = {row[0]: row for row in planned.table("Ranges of plans nearly as good")}
    lines = [planned.plain(item) for item in planned.part("Safe whatever else is chosen").all("li")]
    marked = [name for name, row in rows.items() if row[4] == "yes"]
    assert marked == ["Stocks of magnets", "Stocks of oxides and metals"]
    for name, line in zip(marked, lines, strict=False):
        assert line.startswith(name)
        assert usd(line) == pytest.approx([cell(rows[name][1]), cell(rows[name][2])])
    assert usd(lines[-1]) == pytest.approx([found.total.low, found.total.high], rel=0.05)
    assert lines[-2] == "In none: research."


def test_what_would_change_it_leads_with_the_widest_input(planned: Page) -> None:
    lines = [planned.plain(item) for item in planned.part("What would change this answer").all("li")]
    widths = {}
    for row in plan().flip:
        low, high = widths.get(row.input, (row.gain_usd, row.gain_usd))
        widths[row.input] = min(low, row.gain_usd), max(high, row.gain_usd)
    order = sorted(widths, key=lambda name: widths[name][0] - widths[name][1])[:3]
    assert [line.partition(":")[0].lower() for line in lines[:3]] == order
    assert sorted(usd(lines[0])) == pytest.approx(sorted(widths[order[0]]), rel=0.05)
    assert "There thrift and substitutes would come first." in lines[0]
    assert all("come first" not in line for line in lines[1:3])


def test_measures_losses_and_promises_stand_as_in_the_result(planned: Page) -> None:
    found = plan()
    paid = planned.table("Measures by public money")
    assert [row[0] for row in paid] == ["Stock of NdFeB magnets", "A measure of old"]
    for row, measure in zip(paid, found.portfolio, strict=True):
        assert row[1:3] == [str(measure.year), str(measure.usable_from)]
        assert near(cell(row[4]), measure.public_usd)
        assert near(cell(row[5]), measure.avoids_usd)
    stays = planned.table("Expected loss that stays")
    assert [row[2] for row in stays] == ["would cost more than it saves", "comes before anything opens"]
    assert all(near(cell(row[3]), loss.loss_usd) for row, loss in zip(stays, found.residual, strict=True))
    lead = planned.plain(planned.part("What stays, and why"))
    assert usd(lead)[:2] == pytest.approx([found.risk_before, found.risk_after], rel=0.05)
    assert f"{found.risk_after / found.risk_before:.0%}".lstrip("0") in lead
    again, rows = found.risk_resimulated, planned.table("Promise and finding")
    assert again is not None
    assert [cell(text) for text in rows[1][1:]] == pytest.approx([again.promised, again.mean, again.low, again.high], rel=0.06)
    text = planned.plain(planned.part("Promise beside simulation"))
    assert "Others lose less by it without paying: EU-27 (USD 3.5 billion), United States (USD 630 million)." in text
    assert "Others lose more by it: India (USD 20 million)." in text
    assert "United Kingdom" not in text


def test_money_by_year_adds_up_to_what_the_plan_books(planned: Page) -> None:
    rows = planned.table("Public money by year")
    assert [row[0] for row in rows] == ["2027", "2028"]
    assert sum(cell(text) for row in rows for text in row[1:]) == pytest.approx(sum(row.public_usd for row in plan().spending), rel=0.02)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"portfolio": (), "public_usd": 0.0, "risk_after": 357e6},
            "no public money is worth spending; the expected loss (gross, without suppliers) is USD 360 million",
        ),
        ({"curve": plan().curve[:1]}, "Even at USD 50 million more money would still buy something"),
        ({"near": None}, "Plans nearly as good were not looked for"),
        ({"ended": "time"}, "a plan better by up to USD 15 million may exist"),
        ({"risk_resimulated": None}, "The plan was not tried in the weekly simulator"),
        ({"flip_probability": None}, "The first choice is the same for restrictions from a tenth to three times as frequent"),
    ],
)
def test_what_a_plan_lacks_is_said(changes: dict[str, Any], words: str) -> None:
    text = Page.plain(Page(write_plan((plan(**changes),), FRAME)).root)
    assert words in text


def test_targets_are_answered_with_what_they_take() -> None:
    targets = {
        "targets": ["magnet:US:min=0.25@2035"],
        "together_usd": 1e7,
        "alone_usd": {"JP": 1.2e7},
        "ratio": 0.83,
        "floor_usd": 1.4e7,
        "reached": {"magnet:US:min=0.25@2035": {"NdPr": 0.2}},
        "floor_alone_usd": {"JP": 1.6e7},
        "measures": [],
    }
    page = Page(write_plan((plan(targets=targets),), FRAME))
    assert usd(page.answer) == [1e7, 1.2e7, 1.4e7]
    assert "magnet:US:min=0.25@2035" in page.answer


@pytest.mark.parametrize("make", MAKERS.values())
def test_few_paths_are_warned_of(make: Any) -> None:
    def warned(count: int) -> bool:
        return any("another draw of them can change amounts" in plain(line) for line in make(scenarios=count).warnings)

    assert warned(19)
    assert not warned(20)


def test_own_paths_and_none_are_not_called_drawn() -> None:
    own, calm = (write_plan((plan(fresh=None, families=families),), FRAME) for families in ({"none": 0.6, "quota": 0.4}, {"none": 1.0}))
    assert [plain(line) for line in own.warnings] == [
        "The paths of restrictions and their weights are the user's own; what is told holds for them only."
    ]
    assert calm.warnings == ()


def test_a_promise_that_is_not_kept_is_warned_of_in_words() -> None:
    def warned(optimism: float) -> str:
        given = plan().fresh
        assert given is not None
        page = write_plan((plan(fresh=given.model_copy(update={"optimism": optimism}).to_dict()),), FRAME)
        return next((plain(line) for line in page.warnings if "than promised" in plain(line)), "")

    assert "gains 23% less than promised" in warned(1.3)
    assert "gains 54% more than promised: the few kept paths miss part of the tail" in warned(0.65)
    assert not warned(1.2)
    assert not warned(0.82)


def test_what_was_committed_before_stands_beside_the_plan(planned: Page) -> None:
    rows = planned.table("Recorded commitments")
    assert [row[0] for row in rows] == [
        "Supplementary budget for rare earths (recalled, no source seen)", "Reserve fund", "Stock of NdFeB magnets",
    ]  # fmt: skip
    assert [row[1:] for row in rows] == [["2010", "1,100", "200"], ["2010", "260", "200"], ["2025", "450 t", "2,398 t"]]


def test_the_price_war_what_pays_alone_and_heavy_elements_left_out_are_told(planned: Page) -> None:
    text = planned.plain(planned.part("What to pay for"))
    assert "If China sold at 60% of today's prices, 25% of the new capacity would still cover its running cost" in text
    assert "Longonjo: mine (would not if prices fell by 50%)" in text
    assert "Stock of terbium oxide (neither gains nor loses here); " in text
    assert "Stock of dysprosium oxide (would enter if it cost 31% less)" in text
    assert "samarium" not in text
    unbuilt = Page(write_plan((plan(price_war=None, left_out=(), pays_alone=()),), FRAME))
    assert "If China sold" not in Page.plain(unbuilt.root)
    assert "Heavy elements" not in Page.plain(unbuilt.root)


def test_sizes_are_tonnes_of_a_stock_and_the_part_of_a_whole_plant(planned: Page) -> None:
    plant = plan().portfolio[0].model_copy(update={"kind": "project", "of_plant": 0.0104, "share": 0.7}).to_dict()
    assert [row[3] for row in planned.table("Measures by public money")] == ["2,398 t", "2,398 t"]
    page = Page(write_plan((plan(portfolio=(plant, plant | {"kind": "substitution", "of_plant": None})),), FRAME))
    assert [row[3] for row in page.table("Measures by public money")] == ["1% of plant", "70%"]


def test_the_promise_stands_only_beside_a_simulation() -> None:
    page = Page(write_plan((plan(risk_resimulated=None),), FRAME))
    assert not any(Page.plain(head) == "Promise beside simulation" for head in page.root.all("h2"))


def test_the_page_on_an_alliance_tells_what_it_rests_on(allied: Page) -> None:
    text = Page.plain(allied.root)
    assert "96% of it, USD 1.5 billion, is mutual aid" in allied.answer
    assert "on a promise to share when one is short oneself" in allied.answer
    assert "For two members the Shapley value and the nucleolus agree by definition." in text
    assert "takes at least USD 250 million of public money in sum if each acts alone, and USD 20 million if they act together" in text
    assert "The plans promise USD 1.6 billion; on 40 other paths they save USD 1.04 billion (0.72 to 1.24) together" in text
    assert "too few to tell" not in text
    assert "made restrictions 20 times rarer, the same party would gain most" in text


@pytest.mark.parametrize(
    ("lang", "value", "words"),
    [
        ("en", 17.0, "On other paths the alliance is worth 17 times the USD 1.0 billion that the plans promise. 4 paths are too few"),
        ("de", 17.0, "Auf anderen Pfaden ist das Bündnis 17-mal so viel wert wie die 1,0 Mrd. USD, die die Pläne versprechen."),
        ("en", -0.5, "of which nothing is left on other paths"),
        ("de", -0.5, "auf anderen Pfaden bleibt davon nichts"),
        ("ja", 17.0, "17倍である"),
    ],
)
def test_a_promise_that_other_paths_contradict_is_warned_of(lang: str, value: float, words: str) -> None:
    fresh = FreshValue.of(40, value * 1e9, 0.5 * value * 1e9, 2.0 * value * 1e9, 1e9)
    page = alliance_page(lang, fresh=fresh.to_dict())
    assert words in Page.plain(Page(page).root)
    assert len(page.warnings) == len(alliance_page(lang).warnings) + 1


def test_no_option_of_the_command_line_stands_on_a_page() -> None:
    pages = (write_plan((plan(risk_resimulated=None, flip=(), fresh=None, scenarios=2),), FRAME), alliance_page(sensitivity=(), invite=()))
    assert all("--" not in Page.plain(main) for page in pages for main in Page(page).root.all("main"))


def test_the_answer_on_an_alliance_is_its_result(allied: Page) -> None:
    found = alliance()
    worth, aid, room = usd(allied.answer)
    assert near(worth, found.values["JP+US"])
    assert near(aid, found.parts["JP+US"].aid)
    assert near(room, -found.least_core_eps)
    low, high = re.search(r"\(([\d.]+) to ([\d.]+)\)", allied.answer).groups()  # type: ignore[union-attr]
    values = [row.value for row in found.sensitivity]
    assert [float(low) * 1e9, float(high) * 1e9] == pytest.approx([min(values), max(values)], abs=0.06e9)
    assert "mutual aid" in allied.answer


def test_the_waterfall_adds_up_and_growth_ends_at_its_sum(allied: Page) -> None:
    for begins in ("Where the worth comes from", "How the alliance would grow"):
        first, *steps, last = (cell(row[1]) for row in allied.table(begins))
        assert first + sum(steps) == pytest.approx(last, rel=0.05)
    assert near(cell(allied.table("How the alliance would grow")[0][1]), alliance().values["JP+US"])


def test_shares_of_each_rule_add_up_to_the_worth(allied: Page) -> None:
    rows = allied.table("Shares by rule")
    assert [row[0] for row in rows] == ["Shapley value", "Nucleolus", "Owen set", "By use", "By gain alone", "By GDP"]
    for row in rows:
        assert cell(row[1]) + cell(row[2]) == pytest.approx(alliance().values["JP+US"], rel=0.04)
        assert row[3]


def test_parts_costs_promises_and_jobs_stand_as_in_the_result(allied: Page) -> None:
    found = alliance()
    parts = allied.table("Parts of the worth of each coalition")
    for row, wanted in zip(parts, (found.parts["JP+US"], found.parts_average["JP+US"]), strict=True):
        assert all(
            near(cell(told), usd)
            for told, usd in zip(row[2:], (wanted.aid, wanted.stocks, wanted.projects, wanted.technology), strict=True)
        )
        assert sum(map(cell, row[2:])) == pytest.approx(found.values["JP+US"], rel=0.03)
    costs = allied.table("Who bears the public money")
    assert [cell(text) for text in costs[0][2:]] == pytest.approx([90e6, 30e6, 60e6])
    assert costs[-1][0].startswith("paid beside")
    assert [cell(text) for text in costs[-1][3:]] == pytest.approx([51e6, -51e6])
    promises = allied.table("Promises on record")
    assert promises[0] == ["Caremag, France", "Japan 51%, EU-27 49%", "United States 67%, Japan 33%"]
    assert promises[1] == ["A pact of old", "no shares named", "no public money"]
    assert allied.table("Jobs in the plants") == [["Japan", "414", "41"]]


def test_payments_measures_and_offers_stand_as_in_the_result(allied: Page) -> None:
    found = alliance()
    for row, paid in zip(allied.table("Payments beyond"), found.transfers, strict=True):
        assert row[1:3] == ["United States", "Japan"]
        assert near(cell(row[3]), paid.usd)
        assert near(cell(row[4]), paid.by_year)
    assert usd(allied.plain(allied.part("Who pays whom")))[:2] == pytest.approx([0.12e9, 11e6])
    lead = allied.plain(allied.part("What the supplier could offer"))
    assert "that of Japan: restrictions would have to spare it in 63% of the paths, or it would have to be paid USD 780 million" in lead
    assert allied.table("The least with which")[1][2] == "not enough"
    best = max(found.invite, key=lambda row: row.gain)
    assert usd(allied.plain(allied.part("Whom to ask next")))[:2] == pytest.approx([best.gain, best.gain_of_party])
    assert [row[0] for row in allied.table("Loss that others avoid")] == ["EU-27", "South Korea", "India"]


def test_who_would_walk_away_is_the_worst_of_each_rule(allied: Page) -> None:
    lines = [allied.plain(item) for item in allied.part("Who would walk away").all("li")]
    assert len(lines) == 6
    assert lines[5] == "By GDP: nobody; nearest to it: Japan, better off inside by USD 210 million."
    leaving = [{"rule": "by GDP", "coalition": "JP", "excess": 0.3e9}]
    page = Page(alliance_page(excess=leaving))
    assert page.plain(page.part("Who would walk away").all("li")[0]) == "By GDP: Japan would do better alone, by USD 300 million."
    joint = [{"rule": "by GDP", "coalition": "JP+US", "excess": -0.3e9}]
    page = Page(alliance_page(excess=joint))
    assert "nearest to it: Japan and the United States, better off" in page.plain(page.part("Who would walk away").all("li")[0])


def test_the_legend_of_shares_is_as_pale_as_their_bands() -> None:
    chart = next(chart for chart in alliance_page().charts() if chart.name == "shares")
    item = next(item for item in chart.legend if item.shape == "band")
    bands = set(re.findall(r'fill="(#\w+)" fill-opacity="([\d.]+)"', chart.svg.raw()))
    assert set(re.findall(r'fill="(#\w+)" fill-opacity="([\d.]+)"', swatch(item))) == bands != set()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"values": {"JP": 0.0, "US": 0.0, "JP+US": 0.0}, "parts": {}},
            "worth nothing that could be told from 0; the error is at most USD 13 million",
        ),
        (
            {"core_empty": True, "least_core_eps": 0.2e9},
            "some coalition would do better by itself by USD 200 million or more: Japan; the United States",
        ),
        ({"core_decided": False}, "is not decided"),
        ({"invite": ()}, "No outsider was looked at"),
        ({"spillover": None}, "What others gain was not simulated"),
        ({"sensitivity": ()}, "The solver may be off by USD 13 million"),
        ({"terms": ("no-aid", "own-budgets"), "parts": {}}, "no more goods in a restriction than outsiders would send"),
        ({"undecided": ("JP+US",)}, "told as 0: Japan + United States"),
        ({"transfers": ()}, "nobody pays anybody"),
    ],
)
def test_what_an_alliance_lacks_is_said(changes: dict[str, Any], words: str) -> None:
    assert words in Page.plain(Page(alliance_page(**changes)).root)


def test_an_alliance_of_one_says_so() -> None:
    one = {
        "parties": ["JP"], "values": {"JP": 0.0}, "shapley": {"JP": 0.0}, "nucleolus": {"JP": 0.0}, "proportional": {}, "parts": {},
        "excess": (), "transfers": (), "sent": (), "side_deal": (), "sensitivity": (), "budget": None,
    }  # fmt: skip
    page = Page(alliance_page(**one))
    assert page.answer == "Japan alone: an alliance of one is worth nothing beyond its own plan."


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("kind", MAKERS)
def test_marks_tables_and_pictures_are_complete(kind: str, lang: str) -> None:
    root = parse(html(MAKERS[kind](lang)))
    ids = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    opened = {element.attributes["href"][1:] for element in root.all("a") if "mark" in element.classes}
    assert opened == {name for name in ids if name.startswith("note-")}
    for element in root.all("p", "li", "dd", "caption", "h3"):
        if element.within("notes", "remark", "legend", "svg", "subtitle", "head") or not element.within("main", "header"):
            continue
        if re.search(r"\d", element.text("time", "a", "ul", "ol", "code", "details", "svg")):
            assert [mark for mark in element.all("a") if "mark" in mark.classes], element.text()
    for picture in (element for element in root.all("svg") if not element.within("legend")):
        assert len(picture.attributes["aria-label"]) > 30
        figure = next(element for element in root.all("figure") if picture in element.walk())
        assert figure.all("table")[0].all("td")
    assert "{" not in Page.plain(root.all("main")[0])


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("kind", MAKERS)
def test_the_pdf_is_tagged_and_short(kind: str, lang: str) -> None:
    if not printable(lang):
        pytest.skip("no font for the language on this machine")
    briefing = MAKERS[kind](lang)
    content = pdf(briefing, TODAY)
    assert b"pdfuaid:part" in content
    assert 2 <= len(pdf_pages(content)) <= 4
    assert content == pdf(briefing, TODAY)


@pytest.mark.parametrize("lang", languages())
def test_every_word_of_results_is_in_the_catalogue(lang: str) -> None:
    """What plans and alliances name by codes: groups, reasons, inputs and their ends, rules, terms."""
    from ytterby.report.briefing.plan_charts import GROUP_INKS
    from ytterby.report.briefing.result_frame import slug

    words = Words(lang)
    keys = [f"plan.group.{slug(group)}" for group in (*GROUP_INKS, "all")]
    keys += [f"plan.why.{slug(why)}" for why in ("before anything opens", "no measure", "components", "used up", "budget", "cost")]
    inputs = (
        "rate of restrictions",
        "depth of restrictions",
        "costs of measures",
        "private rate",
        "social rate",
        "weight of the worst tenth",
    )
    keys += [f"plan.input.{slug(name)}" for name in inputs]
    keys += [
        f"together.{section}.{slug(rule)}"
        for section in ("rule", "means")
        for rule in ("shapley", "nucleolus", "by use", "by gain alone", "by GDP")
    ]
    keys += [f"together.term.{term}" for term in ("units", "pool", "no-aid", "own-budgets")]
    assert [key for key in keys if not words.has(key)] == []


def test_groups_of_measures_are_those_that_plans_form() -> None:
    from ytterby.plan import group_of_decision
    from ytterby.report.briefing.plan_charts import GROUP_INKS

    class Taken:
        def __init__(self, kind: str, commodity: str) -> None:
            self.kind, self.commodity = kind, commodity

    kinds = [(kind, commodity) for kind in ("stock", "saving", "plant") for commodity in ("magnet.NdFeB", "component.motor", "oxide.Dy")]
    found = {group_of_decision(Taken(*each), candidate) for each in kinds for candidate in candidates()}  # type: ignore[arg-type]
    assert found == GROUP_INKS.keys()


def saved(folder: Path, name: str, result: Any) -> str:
    folder.mkdir()
    (folder / name).write_text(json.dumps(result.to_dict()), "utf-8")
    return str(folder)


def test_saved_folders_and_files_make_pages(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "jp", "plan.json", plan()), saved(tmp_path / "us", "plan.json", plan(("US",), 2.0))
    joint = saved(tmp_path / "both", "cooperation.json", alliance())
    project = tmp_path / "project"
    page = brief(BriefRequest((first, f"{second}/plan.json"), project=project, today=TODAY))
    assert page.summary().title.endswith(": Japan")
    assert page.summary().beside[0].startswith("The United States: USD\u00a0200\u00a0million")
    assert page.briefing.sources
    told = brief(BriefRequest((joint,), lang="de", project=project, today=TODAY)).summary()
    assert told.title == "Was gemeinsames Handeln wert ist: Japan und USA"
    assert result_page([plan()], "en", project, TODAY).html()


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    folder, target = saved(tmp_path / "jp", "plan.json", plan()), tmp_path / "plan.html"
    done = CliRunner().invoke(cli, ["brief", folder, "-o", str(target), "--pdf", "--json", "--project", str(tmp_path / "project")])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["files"] == [str(target), str(target.with_suffix(".pdf"))]
    assert "What public money buys" in target.read_text("utf-8")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"parties": ["JP"]}'])
def test_a_foreign_file_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "jp").mkdir()
    (tmp_path / "jp" / "plan.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"plan\.json: is not what 'ytterby plan --out' writes") as error:
        brief(BriefRequest((str(tmp_path / "jp"),)))
    assert "\n" not in str(error.value)


def test_pages_are_about_one_thing(tmp_path: Path) -> None:
    one, joint = saved(tmp_path / "jp", "plan.json", plan()), saved(tmp_path / "both", "cooperation.json", alliance())
    for given in ((one, joint), (joint, joint)):
        with pytest.raises(InputError, match="one page for each"):
            brief(BriefRequest(given, project=tmp_path))
    with pytest.raises(InputError, match="page of its own"):
        brief(BriefRequest((one, "no-shock"), project=tmp_path))


def test_pictures_and_arrays_of_the_python_face(tmp_path: Path) -> None:
    from ytterby.app import AllianceResult, PlannedResult
    from ytterby.errors import UnknownNameError

    found, joint = PlannedResult.of(plan()), AllianceResult.of(alliance())
    assert found.to_dict() == plan().to_dict()
    for kind in ("curve", "near", "spending", "promise"):
        assert found.plot(kind)._repr_svg_().startswith("<svg")
    assert "JP+US" in found.plot("curve", plan(("JP", "US"), 2.0)).svg
    for kind in ("parts", "shares", "growth", "spillover"):
        assert joint.plot(kind).save(tmp_path / f"{kind}.svg").read_text("utf-8").startswith("<svg")
    with pytest.raises(UnknownNameError, match="curve"):
        found.plot("curves")
    with pytest.raises(UnknownNameError, match="near"):
        PlannedResult.of(plan(near=None)).plot("near")
    dataset = found.to_xarray()
    assert dataset["curve_gain"].sel(budget=5e9).item() == plan().curve[-2].gain
    assert dataset["spending_usd"].sel(group="stocks: magnets", year=2027).item() == 120e6
    assert dataset.attrs["parties"] == "JP"


@pytest.mark.parametrize("lang", languages())
def test_every_input_of_a_plan_has_words_with_its_ends(lang: str) -> None:
    source = inspect.getsource(importlib.import_module("ytterby.plan.sensitivities"))
    names = set(re.findall(r'(?:yield |\()"([a-z]+(?: [a-z]+)+)", ', source))
    assert len(names) == 9
    words = Words(lang)
    assert [name for name in names if not (words.has(f"plan.input.{slug(name)}") and words.has(f"plan.at.{slug(name)}"))] == []
