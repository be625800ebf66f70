from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.report.pages import Element, parse
from tests.report.synthetic import TEXT_A, TEXT_B, TODAY, evidence, exposure, first_stop, inputs, place_loss, record, run, series, summary
from ytterby.ensembles import EvidenceGrade
from ytterby.errors import InputError
from ytterby.evidence import Promise
from ytterby.exposure import SupplierStake, UnderControl
from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput, CitedFact, DatedDecision, EpisodeRecord, RecordedStatement
from ytterby.report.briefing.compose import write
from ytterby.report.briefing.document import Chart, Para, Table, Timeline
from ytterby.report.briefing.outlook import shortfalls
from ytterby.report.catalogue import languages
from ytterby.report.render.html import html, is_web
from ytterby.report.text import Words, plain
from ytterby.validation import BacktestResult, episode_statements

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} javascript:alert(3)"


def whole() -> BriefingInput:
    """BriefingInput for every part of the briefing."""
    return inputs(evidence=evidence(), texts={"a.txt": TEXT_A, "b.txt": TEXT_B})


@pytest.fixture(scope="module", params=languages())
def page(request: pytest.FixtureRequest) -> Element:
    return parse(html(write(whole(), request.param)))


def test_the_page_stands_alone(page: Element) -> None:
    for element in page.walk():
        for name in ("src", "srcset", "action", "data", "poster"):
            assert name not in element.attributes
        if element.tag == "link":
            assert element.attributes["href"] == "data:,"
        if element.tag == "a":
            assert element.attributes["href"].startswith(("#", "https://", "http://"))
    assert not re.search(r"@import|url\(", "".join(element.text() for element in page.all("style")))


def test_the_policy_allows_the_pages_own_style_and_script_only(page: Element) -> None:
    policy = next(meta.attributes["content"] for meta in page.all("meta") if meta.attributes.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    for element in page.all("style", "script"):
        digest = base64.b64encode(hashlib.sha256(element.text().encode()).digest()).decode()
        assert f"{element.tag}-src 'sha256-{digest}'" in policy
    assert len(page.all("style")) == len(page.all("script")) == 1
    for element in page.walk():
        assert "style" not in element.attributes
        assert not any(name.startswith("on") for name in element.attributes)


def test_every_mark_opens_a_note_and_every_note_is_opened(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    opened = {element.attributes["href"][1:] for element in page.all("a") if "mark" in element.classes}
    notes = {name for name in ids if name.startswith("note-")}
    assert opened == notes
    assert all(element.attributes["href"][1:] in ids for element in page.all("a") if element.attributes["href"].startswith("#"))
    for mark in page.all("a"):
        if "mark" in mark.classes:
            assert mark.attributes["aria-label"].split()[-1] == mark.text() == mark.attributes["href"].rsplit("-", 1)[-1]


def test_no_number_stands_without_its_mark(page: Element) -> None:
    """Each line of text with digits, dates and names of things apart, carries a mark; tables carry it in their caption."""
    found = 0
    for element in page.all("p", "li", "dd", "caption", "h3"):
        if element.within("notes", "remark", "legend", "svg", "blockquote", "subtitle", "head") or not element.within("main", "header"):
            continue
        text = element.text("time", "a", "ul", "ol", "code", "blockquote", "details", "svg")
        if re.search(r"\d", text):
            found += 1
            marks = [mark for mark in element.all("a") if "mark" in mark.classes]
            assert marks, text
    assert found > 15
    for table in page.all("table"):
        assert any("mark" in mark.classes for mark in table.all("caption")[0].all("a")), table.all("caption")[0].text()


def test_pictures_have_words_and_a_table_beside_them(page: Element) -> None:
    pictures = [element for element in page.all("svg") if not element.within("legend")]
    assert len(pictures) == 8
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert len(picture.attributes["aria-label"]) > 40
        figure = next(element for element in page.all("figure") if picture in element.walk())
        assert figure.all("details")[0].all("table")[0].all("td")
    assert all(element.attributes.get("aria-hidden") == "true" for element in page.all("svg") if element.within("legend"))


def test_the_outline_of_the_page_is_sound(page: Element) -> None:
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(page.all("main")) == len(page.all("header")) == 1
    assert page.all("html")[0].attributes["lang"] in languages()
    for table in page.all("table"):
        widths = {len(row.all("td", "th")) for row in table.all("tr")}
        assert len(widths) == 1
        assert all(cell.attributes["scope"] == "col" for cell in table.all("thead")[0].all("th"))
        assert all(row.all("th")[0].attributes["scope"] == "row" for row in table.all("tbody")[0].all("tr"))
    ids = {element.attributes["id"] for element in page.walk() if "id" in element.attributes}
    named = [element for element in page.walk() if "aria-labelledby" in element.attributes]
    assert all(element.attributes["aria-labelledby"] in ids for element in named)


def test_nothing_that_was_read_becomes_markup() -> None:
    reading, told = evidence(), record()
    for document in reading["documents"]:  # type: ignore[attr-defined]
        document |= {"title": HOSTILE, "url": "javascript:alert(1)"}
    for claim in reading["claims"]:  # type: ignore[attr-defined]
        claim |= {"quote": HOSTILE, "attributed_to": f"org:{HOSTILE}"}
    reading["relations"][1]["note"] = HOSTILE  # type: ignore[index]
    told["scenario"] |= {"title_en": HOSTILE, "summary_en": HOSTILE}  # type: ignore[operator]
    hostile = BriefedRun(HOSTILE, told, summary(), run().dataset)
    text = html(write(inputs(evidence=reading, runs=(hostile,), texts={"a.txt": HOSTILE * 3}), "en"))
    root = parse(text)
    assert len(root.all("script")) == 1
    assert not root.all("img")
    assert "{{ 7*7 }}" in root.text()
    assert all(not element.attributes["href"].startswith("javascript") for element in root.all("a"))


@pytest.mark.parametrize(
    ("address", "link"),
    [("https://a.b/c", True), ("javascript:alert(1)", False), ("data:text/html,x", False), ("https://a b", False), ("//a.b", False)],
)
def test_only_plain_web_addresses_become_links(address: str, link: bool) -> None:
    assert is_web(address) is link


def test_copies_of_one_text_count_once() -> None:
    briefing = write(whole(), "en")
    timeline = next(block for block in briefing.sections[0].blocks if block.kind == "timeline")
    told = plain(timeline.entries[0].sources)
    assert told.startswith("1 independent source")
    assert "tell the same text and count once" in told
    assert "2 articles: 1 event, told by 1 independent source" in plain(briefing.sections[0].blocks[0].spans)


def test_quotations_are_marked_in_their_surroundings() -> None:
    briefing = write(whole(), "de")
    timeline = next(block for block in briefing.sections[0].blocks if block.kind == "timeline")
    passage = timeline.entries[0].passages[0]
    assert TEXT_A.startswith(passage.before + passage.quote)
    assert "\n" not in passage.after
    assert "Widerspruch" in plain(timeline.entries[0].doubts[0])


def test_next_dates_lie_ahead_and_hold_what_falls_due() -> None:
    ahead = DatedDecision("resourceeu-money-2026", "RESourceEU", TODAY + dt.timedelta(days=2), "C057", "Commission")
    passed = replace(ahead, id="us-section-122-2026", day=TODAY - dt.timedelta(days=2))
    told = DatedDecision("L1", "talks", dt.date(2027, 5, 1), "")
    dates = write(replace(whole(), calendar=(passed, ahead, told)), "en").dates
    lines = {when.ref: plain(what) for when, what in dates}
    assert min(lines) >= str(TODAY)
    assert "2026-11-10" not in lines
    assert "3 billion EUR" in lines[str(ahead.day)]
    assert "due: Negotiation" in lines["2027-05-01"]
    assert [when.ref for when, _ in dates] == sorted(lines)


def promise(id_: str, **changes: object) -> Promise:
    path = ({"date": "2026-11-02", "status": "planned", "claim": "a.txt#1"},)
    return replace(Promise(id_, "talks", ("country:CN",), "meeting", "2027-05-01", path, "open", False, "2026-11-02", 1), **changes)


def test_commitments_are_those_of_the_watch_that_these_articles_tell() -> None:
    tables = []
    for changes in ({}, {"outcome": "no news", "overdue": True}):
        told = write(replace(whole(), promises=(promise("L1", **changes), promise("another"))), "en")
        section = next(section for section in told.sections if section.name == "happened")
        tables.append(next(block for block in section.blocks if isinstance(block, Table) and block.caption == "Commitments (1 of 1)"))
    assert [table.rows[0][3] for table in tables] == ["planned", "due, and no news since"]
    assert tables[0].rows[0][0].startswith("Negotiation")


@pytest.mark.parametrize("lang", languages())
def test_goods_under_control_are_named_in_the_language(lang: str) -> None:
    order = UnderControl(
        elements=("Dy", "Tb"),
        goods=("dysprosium oxide",),
        id="mofcom-2025-18",
        order="MOFCOM Announcement No. 18 of 2025",
        by="CN",
        to="all",
        kind="licence",
        state="in force",
        since="2025-04-04",
        until=None,
        told="licence needed since 2025-04-04",
        stages=("oxide",),
        bought=True,
        facts=("B049",),
    )
    paused = order.model_copy(update={"state": "suspended", "until": "2026-11-10", "elements": ()})
    resumed = paused.model_copy(update={"state": "expired", "resumed": True})
    lapsed = paused.model_copy(update={"state": "expired"})
    raw = order.model_copy(update={"kind": "ban", "stages": ("mine",), "bought": False})
    rows = (order, paused, resumed, lapsed, raw)
    briefing = write(inputs(exposure=exposure().model_copy(update={"controls": rows})), lang)
    section = next(section for section in briefing.sections if section.name == "exposure")
    table = next(block for block in section.blocks if isinstance(block, Table) and len(block.head) == 4)
    words = Words(lang)
    assert words.element("Dy") in table.rows[0][0].lower() or words.element("Dy") in table.rows[0][0]
    assert words.plain("form.oxide") in table.rows[0][1]
    assert "18" in table.rows[0][2]
    assert words.country("CN") in table.rows[0][2]
    assert words.short_day(dt.date(2025, 4, 4)) in table.rows[0][3]
    assert words.short_day(dt.date(2026, 11, 10)) in table.rows[1][3]
    assert len({table.rows[number][3] for number in (1, 2, 3)}) == 3, "suspended, in force again unless prolonged, run out"
    assert table.rows[4][1] == words.plain("control.upstream", forms=words.plain("form.mine"))
    assert table.ref in {note.number for note in briefing.notes}


def test_expired_states_and_the_kind_of_band_are_warned_of() -> None:
    warnings = [plain(line) for line in write(inputs(), "en").warnings]
    assert warnings[0].startswith("The bands are a range of assumptions, not a forecast interval")
    assert "was to end on 10\u00a0November\u00a02026" in warnings[1]
    assert "is not in the facts" in warnings[1]
    assert not write(inputs(calibrated=True, states=()), "en").warnings


def test_a_single_run_names_no_probability_and_says_why() -> None:
    base = run()
    middle = series().sel(quantile="0.5", drop=True)
    ungraded = EvidenceGrade(reported=0.0, derived=0.0, assumed=0.0)
    single = BriefedRun(base.folder, base.record, summary(draws=1, drivers=(), evidence_grade=ungraded), middle)
    briefing = write(inputs(runs=(single,)), "en")
    assert "draws" not in plain(briefing.answer)
    assert "without draws there is no band" in plain(briefing.support)
    assert "run it with draws" in plain(briefing.changes[0])


def test_further_runs_are_compared_as_measures() -> None:
    other = summary("synthetic-help", headline={"JP": place_loss(1.2e9, 0.4e9, 2e9)})
    told = record()
    told["scenario"]["measures"].append({"kind": "stockpile", "owner": "JP", "on": ["oxide.Dy"], "start": "2025-03-01"})  # type: ignore[index]
    helped = BriefedRun("help", told, other, run().dataset)
    chart = write(inputs(runs=(run(), helped)), "en").panels[-1]
    assert chart.name == "measures"
    assert chart.table.rows[0][1:] == ("2,500", "1\u00a0Mar\u00a02025")


def test_articles_alone_and_exposure_alone_make_a_briefing() -> None:
    told = write(inputs(runs=(), evidence=evidence()), "de")
    assert plain(told.answer).startswith("2 Artikel: 1 Ereignis")
    assert [section.name for section in told.sections] == ["happened", "exposure"]
    plainly = write(inputs(runs=()), "en")
    assert "was worked in China at some stage" in plain(plainly.answer)
    with pytest.raises(InputError, match="nothing to brief"):
        write(inputs(runs=(), exposure=None), "en")


def _waiting() -> dict[str, object]:
    return {
        "claim": "a.txt#1",
        "reason": "who does it stands in another sentence",
        "code": "inherited_actor",
        "event": "E1",
        "doc": "a.txt",
        "event_type": "ban",
        "quote": "die Ausfuhr von Terbium verboten",
    }


def test_articles_of_which_no_measure_passed_give_no_loss_and_say_what_waits() -> None:
    told = write(inputs(runs=(), evidence=evidence() | {"to_confirm": [_waiting()]}), "en")
    assert "no loss is given; 1 statement waits to be confirmed" in plain(told.answer)
    assert "USD" not in plain(told.answer)
    assert "To be confirmed, not simulated" in html(told)
    assert "who does it stands in another sentence" in html(told)


def test_articles_in_a_language_that_is_not_read_are_said_to_be_unread() -> None:
    told = evidence()
    told["documents"][1] = told["documents"][1] | {"language": "ja", "notes": ["not read: language ja"]}  # type: ignore[index]
    briefing = write(inputs(runs=(), evidence=told), "en")
    assert "Not read, for want of rules for language ja: 1 article." in [plain(line) for line in briefing.unknowns]


def test_the_answer_of_a_drafted_run_says_what_its_measures_rest_on() -> None:
    counts = {"confirmed": 1, "explicit": 2, "inherited": 0}
    draft = {"name": run().scenario, "measures": 3, "rests_on": counts}
    answer = plain(write(inputs(evidence=evidence() | {"drafts": [draft], "to_confirm": [_waiting()]}), "en").answer)
    assert "3 measures drafted from the articles: 1 confirmed by a person, 2 read in so many words, 0 taken over" in answer
    of_another = plain(write(inputs(evidence=evidence() | {"drafts": [draft | {"name": "else"}]}), "en").answer)
    assert "drafted from the articles" not in of_another


def test_a_band_from_a_point_is_said_to_be_one() -> None:
    base, wide = run(), series()
    pointed_series = wide.where(wide["week"] > wide["week"][0], wide.sel(quantile="0.5", drop=True))
    pointed = inputs(runs=(BriefedRun(base.folder, base.record, base.summary, pointed_series),))
    charts = {chart.name: chart for chart in write(pointed, "en").charts()}
    assert "starts at a point" in plain(charts["price-oxide-Dy"].remark)
    usual = {chart.name: chart for chart in write(inputs(), "en").charts()}
    assert not usual["price-oxide-Dy"].remark


def test_two_prices_are_told_of_the_worst_week() -> None:
    base = run()
    oxide = summary(shortfall=[row.model_dump() for row in base.summary.shortfall if row.commodity == "oxide.Dy"])
    of_oxide = inputs(runs=(BriefedRun(base.folder, base.record, oxide, base.dataset),))
    outlook = next(section for section in write(of_oxide, "en").sections if section.name == "outlook")
    told = [plain(block.spans) for block in outlook.blocks if block.kind == "para"]
    assert told[1].startswith("In the week of 18\u00a0August\u00a02025 what moved was paid")
    assert "marginal price" in told[1]
    numbers = [
        span for span in next(block for block in outlook.blocks if block.kind == "para" and block.style == "").spans if span.kind == "num"
    ]
    assert [bool(span.ref) for span in numbers] == [True, True]


def test_a_bottleneck_that_is_short_in_few_draws_is_shown_by_its_cover() -> None:
    base = run()
    stops = [first_stop("cars_battery", "JP", None, "2025-08-04", None, 0.3, input="oxide.Dy")]
    told = summary(first_stops=stops, shortfall=[row.model_dump() for row in base.summary.shortfall if row.commodity == "magnet.NdFeB-Dy"])
    rows = series()
    rows["cover_days"] = rows["price"] / rows["price"].isel(week=0) * 41.0
    briefing = write(inputs(runs=(BriefedRun(base.folder, base.record, told, rows),)), "en")
    outlook = next(section for section in briefing.sections if section.name == "outlook")
    assert "The bottleneck, dysprosium oxide, is served in Japan in more than half of the draws" in plain(outlook.blocks[0].spans)
    assert [block.name for block in outlook.blocks if block.kind == "chart"][0].startswith("cover_days-oxide-Dy")


def test_tonnes_of_magnets_come_before_grams_of_an_oxide() -> None:
    base = run()
    row = base.summary.shortfall[0].model_dump()
    gram = row | {"commodity": "oxide.Lu", "total_t": 0.001, "worst_share": 0.97}
    told = summary(first_stops=[], shortfall=[gram, row | {"commodity": "oxide.Dy", "worst_share": 0.4}])
    found = BriefedRun(base.folder, base.record, told, base.dataset)
    assert [row.commodity for row in shortfalls(inputs(runs=(found,)), found)][0] == "oxide.Dy"


def test_the_hit_rate_is_told_where_there_is_one() -> None:
    def told(**changes: object) -> str:
        return {name: plain(value) for name, value in write(inputs(**changes), "en").meta}["Hit rate in backtests"]

    assert told(backtest=BacktestResult(episode="quota-crisis-2010", hits=41, of=60)) == "41 of 60 targets of quota-crisis-2010"
    assert told() == "not yet measured for statements of this kind"


def test_the_users_own_figures_are_told_of() -> None:
    assert any("3 figures of your own" in plain(line) for line in write(inputs(user_figures=3), "en").warnings)


def test_a_briefing_is_data() -> None:
    briefing = write(inputs(exposure=exposure()), "en")
    assert dataclasses.is_dataclass(briefing)
    assert html(briefing) == html(write(inputs(exposure=exposure()), "en"))


def test_what_would_change_the_answer_has_a_threshold_and_what_stands_out_only() -> None:
    rng = np.random.default_rng(4)
    draws = pd.DataFrame({"measures.0.processing_days": rng.uniform(20.0, 90.0, 200), "economy.parts.*.*.parts": rng.random(200)})
    draws[[f"behaviour.noise{number}" for number in range(40)]] = rng.random((200, 40))
    draws["outcome.value_added_lost.JP"] = 1e9 * (1.0 + (draws["measures.0.processing_days"] > 60.0)) + 1e8 * rng.random(200)
    base = run()
    briefing = write(inputs(runs=(BriefedRun(base.folder, base.record, base.summary, base.dataset, draws),)), "en")
    assert len(briefing.changes) == 1
    told = plain(briefing.changes[0])
    assert told.startswith("Export licences by China: processing time: below ")
    assert "the loss in Japan exceeds its median in" in told
    assert sum(span.kind == "num" for span in briefing.changes[0]) == 3
    blind = draws.drop(columns=["measures.0.processing_days", "economy.parts.*.*.parts"])
    quiet = write(inputs(runs=(BriefedRun(base.folder, base.record, base.summary, base.dataset, blind),)), "en")
    assert plain(quiet.changes[0]).startswith("No single input stands out beyond chance: over 200 draws")
    assert "matters" in [section.name for section in quiet.sections]


def test_the_briefing_calls_an_input_what_the_run_calls_it() -> None:
    """A calibrated input is derived, as in the summary; one that no calibration drew is assumed."""
    rng = np.random.default_rng(4)
    draws = pd.DataFrame({"behaviour.price_gain": rng.random(200), "behaviour.sigma": rng.random(200)})
    draws["outcome.value_added_lost.JP"] = 1e9 * (2.0 * draws["behaviour.price_gain"] + draws["behaviour.sigma"])
    base = run()
    told = BriefedRun(base.folder, {**base.record, "calibrated": ["behaviour.price_gain"]}, base.summary, base.dataset, draws)
    matters = next(section for section in write(inputs(runs=(told,)), "en").sections if section.name == "matters")
    grounds = next(block for block in matters.blocks if isinstance(block, Table))
    assert [(row[0], row[2]) for row in grounds.rows] == [("Price response to stocks", "derived"), ("Ease of changing supplier", "assumed")]


def grounded() -> BriefingInput:
    """BriefingInput whose rows each rest on figures of their own, one of them on more than a note names."""
    shown, base = exposure(), run()
    ids = [f"X{number:02d}" for number in range(15)]
    facts = {name: CitedFact("assumed", "an invented book", "", "CC0") for name in (*ids, "DY", "STOP", "SHORT")}
    suppliers = tuple(row.model_copy(update={"facts": ("DY",) if row.element == "Dy" else tuple(ids)}) for row in shown.suppliers)
    told = summary()
    rows = {
        key: tuple(
            row.model_copy(update={"facts": (name, "UNKNOWN") if getattr(row, place) == "JP" else ("OTHER",)}) for row in getattr(told, key)
        )
        for key, name, place in (("first_stops", "STOP", "country"), ("shortfall", "SHORT", "region"), ("losses", "STOP", "country"))
    }
    made = BriefedRun(base.folder, base.record, told.model_copy(update=rows), base.dataset)
    return inputs(exposure=shown.model_copy(update={"suppliers": suppliers}), runs=(made,), facts=facts)


def named(given: BriefingInput, lang: str = "en") -> dict[str, list[str]]:
    """Figures that each note names, by its text."""
    return {f"{note.title} {note.text}": [name for name, _ in note.facts] for note in write(given, lang).notes}


def test_a_note_names_the_figures_of_its_own_number() -> None:
    notes = named(grounded())
    assert next(names for text, names in notes.items() if "Dysprosium, China." in text) == ["DY"]
    assert next(names for text, names in notes.items() if "Cars with battery drive, Japan" in text or "Japan. First stop" in text) == [
        "STOP"
    ]
    assert next(names for text, names in notes.items() if "NdFeB magnets with dysprosium, Japan." in text) == ["SHORT"]
    assert [names for text, names in notes.items() if "Price of dysprosium oxide in Japan" in text] == [["SHORT"]]
    assert {name for names in notes.values() for name in names} <= set(grounded().facts)


def test_another_figure_shows_in_the_notes_that_rest_on_it_and_in_no_others() -> None:
    before, given = named(grounded()), grounded()
    told = given.runs[0]
    rows = tuple(
        row.model_copy(update={"facts": tuple("X00" if name == "SHORT" else name for name in row.facts)}) for row in told.summary.shortfall
    )
    other = replace(told, summary=told.summary.model_copy(update={"shortfall": rows}))
    changed = named(replace(given, runs=(other,)))
    assert {text for text in before if before[text] != changed[text]} == {text for text, names in before.items() if "SHORT" in names}


@pytest.mark.parametrize(("lang", "words"), [("en", "and 4 more"), ("de", "und 4 weitere"), ("ja", "ほか4件")])
def test_a_note_names_a_dozen_figures_with_their_kind_and_counts_the_rest(lang: str, words: str) -> None:
    page = parse(html(write(grounded(), lang)))
    used = [element for element in page.all("span") if element.attributes.get("class") == "used"]
    assert [element.text().count("X") for element in used if "X00" in element.text()] == [11]
    assert words in next(element.text() for element in used if "X00" in element.text())
    ids = {element.attributes["id"] for element in page.walk() if "id" in element.attributes}
    links = [link.attributes["href"] for element in used for link in element.all("a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= ids
    assert "UNKNOWN" not in "".join(element.text() for element in used)


def recorded(kind: str, hit: bool) -> RecordedStatement:
    return RecordedStatement(kind, ("oxide.Dy", "magnet.*"), "CN", "all", "2025-05-01", "2025-05-31", 0.44, 0.1, 0.9, 0.5, hit, "PRI0001")


def test_a_past_episode_shows_the_model_beside_the_record() -> None:
    given = EpisodeRecord((recorded("exports", False), recorded("quote", True), recorded("onset", True)), 2)
    told = write(inputs(record=given), "en")
    section = next(section for section in told.sections if section.name == "record")
    lead, table = section.blocks
    assert plain(lead.spans).startswith("2 of 3 statements on this episode hit; to say that nothing changes hits 2.")
    assert table.head[2:4] == ("10%", "90%"), "the frozen bands hold 80 % of the draws"
    assert [row[-1] for row in table.rows] == ["miss", "hit", "hit"]
    assert table.rows[0][:5] == (
        "Exports of dysprosium oxide and all magnets, China to all countries, May\u00a02025",
        "0.44",
        "0.10",
        "0.90",
        "0.50",
    )
    assert {name: plain(value) for name, value in told.meta}["Hit rate in backtests"] == "2 of 3 statements on this episode"


@pytest.mark.parametrize("lang", ["en", "de", "ja"])
def test_every_kind_of_statement_has_words(lang: str) -> None:
    episodes = episode_statements.episodes()
    kinds = sorted(
        {row["kind"] for name in episodes for control in (True, False) for row in episode_statements.rows_of(name, control=control)}
    )
    told = write(inputs(record=EpisodeRecord(tuple(recorded(kind, True) for kind in kinds), 0)), lang)
    assert len(next(section for section in told.sections if section.name == "record").blocks[1].rows) == len(kinds)


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (1.11e9, "70% of it is made up later, so that USD\u00a01.1\u00a0billion remains lost (net, without suppliers)."),
        (3.7e9, "None of it is made up"),
    ],
)
def test_gross_and_net_losses_are_both_given(net: float, words: str) -> None:
    base = run()
    told = summary(headline={"JP": place_loss(3.7e9, 1.6e9, 7.6e9).model_copy(update={"net_usd": net})})
    briefing = write(inputs(runs=(BriefedRun(base.folder, base.record, told, base.dataset),)), "en")
    assert words in plain(next(section for section in briefing.sections if section.name == "losses").blocks[0].spans)


def at_stake(usd: float) -> SupplierStake:
    of_gdp = {"gdp_share": 0.01, "gdp_share_low": 0.005, "gdp_share_high": 0.015}
    return SupplierStake(supplier="CN", at_stake_usd=usd, low=0.5 * usd, high=1.5 * usd, jobs=1e5, **of_gdp)


@pytest.mark.parametrize(("usd", "told"), [(44e9, True), (1e9, False)])
def test_the_gap_between_share_and_loss_is_explained_where_there_is_one(usd: float, told: bool) -> None:
    shown = exposure().model_copy(update={"at_stake_by_supplier": (at_stake(usd),)})
    base = run()
    lost = summary(headline={"JP": place_loss(3.7e9, 1.6e9, 7.6e9)})
    briefing = write(inputs(exposure=shown, runs=(BriefedRun(base.folder, base.record, lost, base.dataset),)), "en")
    blocks = next(section for section in briefing.sections if section.name == "losses").blocks
    said = [plain(block.spans) for block in blocks if isinstance(block, Para) and plain(block.spans).startswith("Why share and loss")]
    assert bool(said) == told
    assert not told or "USD\u00a044\u00a0billion" in said[0]


@pytest.mark.parametrize(("lang", "chance"), [("en", "22%"), ("de", "22\u00a0%"), ("ja", "22%")])
def test_what_a_scenario_supposes_names_every_branch_of_its_forks(lang: str, chance: str) -> None:
    base = run()
    licence = {"kind": "licence", "on": ["Dy"], "from": "CN", "facts": ["B154"], "assumed": ["approval_rate"]}
    branches = [{"p": 0.78, "label": "Extended"}, {"p": 0.22, "label": "In force for all", "measures": [licence]}]
    forks = [{"date": "2026-11-11", "label": "The suspension of Announcement 70 ends", "branches": branches}]
    record_ = {**base.record, "scenario": {**base.record["scenario"], "forks": forks}}
    told = BriefedRun(base.folder, record_, base.summary, base.dataset)
    section = next(section for section in write(inputs(runs=(told,)), lang).sections if section.name == "supposed")
    entries = [plain(entry.title) for entry in section.blocks[1].entries[-2:]]
    words = Words(lang)
    assert words.translated("Extended") in entries[0]
    assert words.translated("In force for all") in entries[1]
    assert chance in entries[1]
    assert words.element("Dy") in entries[1]
    assert "B154" in plain(section.blocks[1].entries[-1].sources)


def test_several_importers_stand_side_by_side() -> None:
    base, shown = run(), exposure()
    lost = summary(headline={"JP": place_loss(3.7e9, 1.6e9, 7.6e9), "DE": place_loss(2.2e9, 1.1e9, 3.3e9)})
    runs = (BriefedRun(base.folder, base.record, lost, base.dataset),)
    germany = inputs(importer="DE", regions=("DE",), exposure=shown.model_copy(update={"importer": "DE"}), runs=runs)
    briefing = write(inputs(runs=runs, beside=(germany,)), "en")
    assert "Japan" in plain(briefing.answer)
    assert "Germany" in plain(briefing.beside[0])
    assert {name: plain(value) for name, value in briefing.meta}["Written for"] == "Japan and Germany"
    names = [chart.name for chart in briefing.panels]
    assert [name for name in names if name.startswith("shares")] == ["shares-jp", "shares-de"]
    assert len(set(names)) == len(names)
    assert all(chart.title == chart.table.caption for chart in briefing.panels if chart.name != "stops" and chart.name.startswith("shares"))
    refs = {name: next(chart.ref for chart in briefing.panels if chart.name == name) for name in ("shares-jp", "shares-de")}
    assert len(set(refs.values())) == 2, "each share has the note of its importer"
    page = parse(html(briefing))
    assert len([element for element in page.all("p") if element.attributes.get("class") == "answer"]) == 2


@pytest.mark.parametrize(
    ("countries", "words"),
    [
        (("CN",), "Single point of failure: without anything from China"),
        (("CN", "FR"), "No single country is enough, but China and France together are"),
        (("ROW",), "Without anything from Rest of the world, which stands for many countries"),
    ],
)
def test_only_one_country_is_called_a_single_point(countries: tuple[str, ...], words: str) -> None:
    given = inputs()
    assert given.exposure is not None
    point = given.exposure.single_points[0].model_copy(update={"countries": countries, "size": len(countries)})
    exposed = given.exposure.model_copy(update={"single_points": (point,)})
    page = html(write(replace(given, exposure=exposed), "en")).replace("\u00a0", " ")
    assert words in re.sub(r"<[^>]+>", "", page)


def stops_in(regions: tuple[str, ...] = ("JP",), **beside: tuple[str, ...]) -> Chart:
    """Chart of a run in which sectors of Korea and the EU stop."""
    base = run()
    elsewhere = [first_stop("cars_battery", place, "2025-06-02", "2025-05-12", "2025-07-14", 0.97) for place in ("KR", "DE", "FR", "EUX")]
    made = summary(first_stops=elsewhere, stops={"JP": 0.02}, draws=200)
    given = inputs(runs=(BriefedRun(base.folder, base.record, made, base.dataset),), regions=regions)
    sides = tuple(replace(given, importer=name, regions=codes) for name, codes in beside.items())
    return next(chart for chart in write(replace(given, beside=sides), "en").panels if chart.name == "stops")


def test_the_country_asked_for_is_in_the_chart_of_stops_even_without_a_stop() -> None:
    chart, told = stops_in(), "no stop in 98% of the draws"
    assert [(row[0], row[-1]) for row in chart.table.rows] == [("Japan", told)]
    assert told in str(chart.svg)
    assert told in chart.alt


def test_no_country_that_nobody_asked_for_is_in_the_chart_of_stops() -> None:
    """Others stand in it only where the question names them."""
    places = {row[0].rpartition(", ")[2] for row in stops_in(KR=("KR",), EU=("DE", "FR", "EUX")).table.rows}
    assert places == {"Japan", "South Korea", "Germany", "France", "Rest of the EU-27"}
    assert {row[0].rpartition(", ")[2] for row in stops_in(DE=("DE",)).table.rows} == {"Japan", "Germany"}


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "1 event that a person rejected is left out"), ("de", "verworfenes Ereignis"), ("ja", "却下した出来事1件")]
)
def test_an_event_that_a_person_rejected_is_left_out_of_the_briefing_and_counted(lang: str, told: str) -> None:
    found = evidence()
    first, *others = found["events"]
    judged = first | {"review": {"verdict": "reject", "by": "Ada", "why": "", "made": "2026-01-05", "correction": None}}
    before, after = (write(inputs(evidence=found | {"events": [event, *others]}), lang) for event in (first, judged))
    entries = [
        next(
            (
                len(block.entries)
                for block in next(part for part in made.sections if part.name == "happened").blocks
                if isinstance(block, Timeline)
            ),
            0,
        )
        for made in (before, after)
    ]
    assert entries[1] == entries[0] - 1
    lead = [next(part for part in made.sections if part.name == "happened").blocks[0] for made in (before, after)]
    assert all(isinstance(block, Para) for block in lead)
    assert told not in plain(lead[0].spans)
    assert told in plain(lead[1].spans).replace("\u00a0", " ")
