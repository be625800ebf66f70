"""JSON files that a user hands in: pipes, depth, size and foreign values end in one line, at every command that reads one."""

import os

import pytest

from ytterby.app.briefings.material import backtest_hits
from ytterby.app.projects.saved_results import read_saved
from ytterby.app.records.forecasts import score
from ytterby.errors import InputError
from ytterby.evidence import score_claims
from ytterby.given_files import given_json, given_text

CUSTOMS = "month,goods,origin,destination,tonnes\n2025-05,magnet.*,CN,JP,100\n"
READERS = {
    "backtest": backtest_hits,
    "marks": lambda path: score_claims([], [], path),
    "saved": lambda path: read_saved(path.rename(path.with_name("plan.json"))),
    "frozen": lambda path: score(_customs(path), frozen=path),
}
FOREIGN = {
    "deep": b"[" * 100_000,
    "deep in an object": b'{"statements": ' + b"[" * 100_000,
    "endless": b'{"episode": "x", "hits": 1e400, "of": 2, "statements": [1, 2], "doc": "a", "start": 1e400, "end": 2, "event_type": "ban"}',
    "digits": b'{"hits": ' + b"1" * 5000 + b"}",
    "letters": b'{"episode": "\xff"}',
    "a list": b"[1, 2]",
    "nothing": b"{",
}


def _customs(path):
    place = path.with_name("customs.csv")
    place.write_text(CUSTOMS, "utf-8")
    return place


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("content", FOREIGN)
def test_foreign_content_is_refused_in_one_line(tmp_path, reader, content):
    (tmp_path / "given.json").write_bytes(FOREIGN[content])
    with pytest.raises(InputError) as told:
        READERS[reader](tmp_path / "given.json")
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 400


@pytest.mark.parametrize("reader", [name for name in READERS if name != "saved"])  # a saved result is looked for among plain files
def test_a_pipe_is_not_waited_for(tmp_path, reader):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(InputError, match=r"pipe\.json: is no plain file"):
        READERS[reader](tmp_path / "pipe.json")


def test_what_is_too_large_is_refused_before_it_is_parsed(tmp_path):
    (tmp_path / "large.json").write_bytes(b" " * 101)
    with pytest.raises(InputError, match="larger than 100 bytes"):
        given_text(tmp_path / "large.json", 100)
    (tmp_path / "just.json").write_bytes(b"\xef\xbb\xbf[1]" + b" " * 94)
    assert given_json(tmp_path / "just.json", largest=100) == [1]


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match=r"none\.json: cannot be read \(No such file"):
        given_json(tmp_path / "none.json")
    with pytest.raises(InputError, match="is no plain file"):
        given_json(tmp_path)
