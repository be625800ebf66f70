# ruff: noqa: RUF001 (texts in Japanese)
"""Articles of different years on one suspension are its history: one act with its turns, drafted once."""

from __future__ import annotations

import pytest

from tests.evidence.helpers import read_text
from ytterby.cli.show_read import reading_lines
from ytterby.evidence.events import status_path
from ytterby.evidence.pipeline import assemble
from ytterby.scenario import load_text

IMPOSED = "Ore Post, 1 April 2030\n\nChina put dysprosium under export controls on Monday."
SUSPENDED = "Ore Post, 10 November 2030\n\nChina suspended its export controls on dysprosium until 10 November 2031."
EXTENDED = "Ore Post, 3 October 2031\n\nChina extended the suspension of its export controls on dysprosium by a year."
ENDED = "Ore Post, 3 November 2032\n\nChina ended the suspension of its export controls on dysprosium."
HISTORIES = (
    (SUSPENDED, EXTENDED),
    (
        "Erzblatt, 10. November 2030\n\nPeking hat seine Exportkontrollen für Dysprosium bis zum 10. November 2031 ausgesetzt.",
        "Erzblatt, 3. Oktober 2031\n\nPeking verlängert die Aussetzung der Exportkontrollen für Dysprosium um ein Jahr.",
    ),
    (
        "メタル通信 2030年11月10日\n\n中国はジスプロシウムの輸出規制を1年間停止すると発表した。",
        "メタル通信 2031年10月3日\n\n中国商務省はジスプロシウムの輸出規制の停止措置を1年延長すると発表した。",
    ),
)


def _read(*texts):
    return assemble([read_text(text, f"{number}.txt") for number, text in enumerate(texts)])


def _measures(reading):
    return [measure for draft in reading.drafts for measure in load_text(draft.yaml, draft.name).measures]


@pytest.mark.parametrize("texts", HISTORIES)
def test_a_suspension_and_its_extension_are_one_history(texts):
    reading = _read(*texts)
    (event,) = reading.events
    assert status_path(event) == [("2030-11-10", "suspended"), ("2031-10-03", "extended")]
    assert event.sources == 2
    assert [record.code for record in reading.left_out] == ["only_extended"]
    assert _measures(reading) == []


def test_the_terminal_tells_the_turns_with_their_days():
    lines = " ".join(" ".join(reading_lines(_read(*HISTORIES[0]), 80)).split())
    assert "suspended 2030-11-10, extended 2031-10-03" in lines


def test_an_end_ends_the_history():
    reading = _read(SUSPENDED, EXTENDED, ENDED)
    (event,) = reading.events
    assert (event.status, [status for _, status in status_path(event)]) == ("ended", ["suspended", "extended", "ended"])
    (measure,) = _measures(reading)
    ((first, last),) = [(row.from_, row.to) for row in measure.suspended]
    assert (first.isoformat(), last.isoformat()) == ("2030-11-10", "2032-11-03")


@pytest.mark.parametrize(("texts", "last"), [((IMPOSED, SUSPENDED), "2031-11-10"), ((IMPOSED, SUSPENDED, EXTENDED), "2032-11-09")])
def test_a_control_that_was_suspended_later_is_drafted_once(texts, last):
    reading = _read(*texts)
    (measure,) = _measures(reading)
    assert measure.start.isoformat() == "2030-04-01"
    assert [(row.from_.isoformat(), row.to.isoformat()) for row in measure.suspended] == [("2030-11-10", last)]
    assert len(measure.evidence) == len(texts)
    assert reading.left_out == ()


@pytest.mark.parametrize(
    "other",
    [
        "Ore Post, 3 October 2031\n\nChina extended the suspension of its export controls on gallium by a year.",
        "Ore Post, 3 October 2031\n\nMalaysia extended the suspension of its export controls on dysprosium by a year.",
    ],
)
def test_another_state_or_another_material_has_its_own_history(other):
    assert [status_path(event) for event in _read(SUSPENDED, other).events] == [[], []]


def test_an_extension_belongs_to_the_suspension_told_last():
    older = "Ore Post, 10 May 2025\n\nChina suspended its export controls on dysprosium until 10 November 2025."
    events = _read(older, SUSPENDED, EXTENDED).events
    assert [len(event.claims) for event in events] == [1, 2]
