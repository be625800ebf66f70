"""Articles that tell what becomes of a suspension: the briefing quotes them and says that the odds of the fork do not know of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.report.synthetic import evidence, inputs, record, run
from ytterby.report import plain
from ytterby.report.briefing import write
from ytterby.report.briefing.briefing_input import BriefedRun

FORK = {
    "date": "2027-02-01",
    "label": "renewal or end",
    "branches": [
        {"p": 0.75, "label": "Extended"},
        {"p": 0.22, "label": "In force for all", "measures": [{"kind": "licence", "name": "a", "on": ["Tb", "magnet.*"], "from": ["CN"]}]},
        {"p": 0.03, "label": "Aimed at Japan", "measures": [{"kind": "licence", "name": "b", "on": ["Tb"], "from": ["CN"]}]},
    ],
}


def _answer(lang: str = "en", *told: dict[str, Any]) -> str:
    """The answer of a briefing on a run with the fork, and on articles whose claims have these fields."""
    base, known = run(), record()
    scenario = {**known["scenario"], "forks": [FORK]}
    forked = BriefedRun(base.folder, {**known, "scenario": scenario}, base.summary, base.dataset)
    reading = evidence()
    row = {"event_type": "export_control_suspended", "provenance": {"actors": "explicit"}}
    claims = [{**claim, **row, **fields} for claim, fields in zip(reading["claims"], told, strict=False)]  # type: ignore[call-overload]
    found = replace(inputs(runs=(forked,)), evidence={**reading, "claims": claims})
    return plain(write(found, lang).answer).replace("\u00a0", " ")


def test_an_extension_leaves_the_branch_without_measures() -> None:
    text = _answer("en", {"renewal": "extended"})
    assert "The articles say that the suspension is extended: “die Ausfuhr von Terbium verboten” (Blatt A: Erste Meldung)." in text
    assert "The odds of the branches do not know of it: if it holds, “Extended” alone counts." in text


def test_an_end_leaves_the_branches_with_measures() -> None:
    text = _answer("de", {"renewal": "ended", "modality": "planned"})
    assert "Die Artikel melden, dass die Aussetzung endet: „die Ausfuhr von Terbium verboten“" in text
    assert "zählen nur" in text
    assert "wissen davon nichts" in text


def test_articles_that_disagree_are_both_quoted() -> None:
    text = _answer("ja", {"renewal": "extended"}, {"renewal": "ended"})
    assert "食い違っている：「die Ausfuhr von Terbium verboten」" in text
    assert "Die Minister wollen im Mai verhandeln" in text


@pytest.mark.parametrize(
    "told",
    [
        {"renewal": None},
        {"renewal": "extended", "modality": "could"},
        {"renewal": "extended", "provenance": {"actors": "inherited"}},
        {"renewal": "extended", "actors": ["country:CD"]},
        {"renewal": "extended", "materials": ["Ga"]},
        {"renewal": "extended", "event_type": "tariff_paused"},
        {"renewal": "extended", "review": {"verdict": "reject"}},
    ],
)
def test_other_news_are_not_about_the_fork(told: dict[str, Any]) -> None:
    assert "suspension" not in _answer("en", told)


def test_a_person_s_word_makes_a_lent_actor_sure() -> None:
    told = {"renewal": "extended", "provenance": {"actors": "inherited"}, "review": {"verdict": "confirm"}}
    assert "is extended" in _answer("en", told)
