# ruff: noqa: RUF001 (texts in Japanese)
"""What could be a measure and gives none is told with its reason, whether or not anything is drafted beside it."""

from __future__ import annotations

import inspect
import re

import pytest

import ytterby.evidence.drafts
import ytterby.evidence.event_measures
from tests.evidence.helpers import read_text
from ytterby.cli.show_read import reading_lines
from ytterby.evidence.pipeline import assemble
from ytterby.evidence.tables import read_table

HEAD = "Ore Post, 3 May 2031\n\n"
CASES = (
    ("Japan and Chile signed an agreement on neodymium.", "agreement", ()),
    ("Vietnam denied that it had banned exports of dysprosium.", "denied", ()),
    ("Vietnam bestreitet, die Ausfuhr von Dysprosium verboten zu haben.", "denied", ()),
    ("Peru banned exports of lithium.", "no_commodity", ("Li",)),
    ("Peru hat die Ausfuhr von Lithium verboten.", "no_commodity", ("Li",)),
    ("ペルーはリチウムの輸出を禁止した。", "no_commodity", ("Li",)),
    ("China banned exports of dysprosium. China banned exports of terbium. China banned exports of antimony.", "other_base", ("Sb",)),
    ("China extended the suspension of its export controls on dysprosium by a year.", "only_extended", ()),
    ("China verlängert die Aussetzung seiner Exportkontrollen für Dysprosium um ein Jahr.", "only_extended", ()),
    ("China eased its export controls on dysprosium.", "only_relief", ()),
)


def _read(text):
    document, found = read_text(HEAD + text)
    return assemble([(document, found)])


@pytest.mark.parametrize(("text", "code", "names"), CASES)
def test_an_event_without_a_measure_has_its_reason(text, code, names):
    reading = _read(text)
    assert [(record.code, record.names) for record in reading.left_out] == [(code, names)]
    assert "{" not in reading.left_out[0].reason


@pytest.mark.parametrize(("text", "code", "names"), CASES)
def test_every_event_of_a_measured_kind_is_drafted_waits_or_is_left_out(text, code, names):  # noqa: ARG001
    reading = _read(text)
    told = {name for draft in reading.drafts for name in draft.evidence} | {record.claim for record in reading.to_confirm}
    left = {record.event for record in reading.left_out}
    assert all(event.id in left or told & set(event.claims) for event in reading.events)


@pytest.mark.parametrize(("text", "code", "names"), CASES)
def test_the_terminal_shows_every_reason_within_its_width(text, code, names):  # noqa: ARG001
    reading = _read(text)
    lines = list(reading_lines(reading, 80))
    assert "no measure drafted of:" in lines
    shown = " ".join(" ".join(lines).split())
    assert all(record.reason in shown and record.event in shown for record in reading.left_out)
    assert max(map(len, lines)) <= 80


def test_every_code_in_use_has_a_reason_and_every_reason_is_used():
    sources = "".join(map(inspect.getsource, (ytterby.evidence.drafts, ytterby.evidence.event_measures)))
    used = set(re.findall(r"""(?:NoMeasureError\(|left_out\(event, |\*\(\(|else \()"(\w+)\"""", sources)) | {"no_capacity", "no_commodity"}
    assert used == {row["code"] for row in read_table("left_out.csv")}


def test_nothing_is_left_out_of_articles_that_tell_of_no_act():
    assert _read("Neodymium is used in magnets.").left_out == ()
