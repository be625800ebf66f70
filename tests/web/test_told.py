"""How pages tell periods, states of events and what articles say, in each language."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi")

from ytterby.api import Settings, Workbench  # noqa: E402
from ytterby.app import read  # noqa: E402
from ytterby.report import Words  # noqa: E402
from ytterby.report.briefing import act_words  # noqa: E402
from ytterby.web.pages.evidence import status_words  # noqa: E402
from ytterby.web.told_dates import period_words  # noqa: E402
from ytterby.web.told_decisions import told_decision  # noqa: E402


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("en", "2027-12-31", "31\u00a0Dec\u00a02027"),
        ("de", "2027-12-31", "31.\u00a0Dez.\u00a02027"),
        ("de", "../2025-09-19", "bis 19.\u00a0Sept.\u00a02025"),
        ("en", "2028/..", "from 2028"),
        ("de", "2025-10-21/2026-04-21", "21.\u00a0Okt.\u00a02025 bis 21.\u00a0Apr.\u00a02026"),
        ("en", "2024-04", "Apr\u00a02024"),
        ("ja", "../2024-10-23", "2024年10月23日まで"),
        ("de", "2031", "2031"),
        ("de", "bald", "bald"),
        ("de", None, ""),
    ],
)
def test_periods_are_told_as_people_write_them(lang: str, text: str | None, told: str) -> None:
    assert period_words(Words(lang), text) == told


@pytest.mark.parametrize(
    ("status", "told"), [("announced", "angekündigt"), ("proposed, disputed", "vorgeschlagen, bestritten"), ("under way", "im Gange")]
)
def test_the_state_of_an_event_has_words_of_the_page(status: str, told: str) -> None:
    assert status_words(Words("de"), status) == told


def row(**more: Any) -> Any:
    plain = {"id": "x", "decision": "The mine will open.", "promise": True, "origin": "articles", "source": "a.txt"}
    return SimpleNamespace(**(plain | more))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    project, article = tmp_path_factory.mktemp("told"), tmp_path_factory.mktemp("given") / "a.txt"
    article.write_text("China announced on Friday that it will stop exports of dysprosium to Japan, the ministry said.", "utf-8")
    read([article], project=project)
    return Workbench(Settings(project=project))


def test_a_promise_of_an_article_is_a_quotation_in_its_language(bench: Workbench) -> None:
    (name,) = bench.article_languages()
    told = told_decision(Words("de"), bench, row(source=name))
    assert (told.quoted, told.lang, told.articles) == (True, "en", (name,))
    assert told.plain(Words("de")) == "„The mine will open.“"
    assert told_decision(Words("en"), bench, row(source=name)).lang == ""


def test_a_decision_of_the_register_is_no_quotation(bench: Workbench) -> None:
    told = told_decision(Words("de"), bench, row(origin="register"))
    assert (told.quoted, told.plain(Words("de"))) == (False, "The mine will open.")


def test_a_section_of_an_announcement_is_told_in_the_language() -> None:
    assert act_words(Words("de"), "MOFCOM Announcement No. 46 of 2024, section 2") == "MOFCOM-Bekanntmachung Nr. 46 von 2024, Abschnitt 2"
