# ruff: noqa: E501 (texts are kept on one line)
"""Hostile input: a clear error for that document, the others go on, nothing is executed, no network, no traceback."""

from __future__ import annotations

import gzip
import random
import socket
import time
from pathlib import Path

import pytest

from tests.evidence.helpers import read_text
from ytterby.evidence.pipeline import read_file
from ytterby.evidence.readers import raw_texts
from ytterby.evidence.readers.raw_text import MAX_BYTES

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a reader touched the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _quick(text, media="text/plain", limit=6.0):
    began = time.process_time()
    document, claims = read_text(text, media=media)
    assert time.process_time() - began < limit
    assert all(document.text[c.start : c.end] == c.quote for c in claims)
    return document, claims


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "Chile " * 60_000,
        "." * 100_000,
        "(" * 50_000 + ")" * 50_000,
        "„" * 20_000,
        "1,234." * 30_000,
        "\u202eChile hat ein Exportverbot verhängt.\u202c\u200b" * 500,
        "Chile sieht " * 20_000,
        "https://" * 20_000,
        "] (" * 30_000,
        "---\n" * 20_000,
        "Mehr zum Thema\n" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_strange_text_is_read_in_bounded_time(text):
    _quick(text)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000 + "Chile hat ein Exportverbot für Lithium verhängt." + "</div>" * 20_000,
        "<" * 100_000,
        '<a href="' * 20_000,
        "<!--" * 20_000,
        "<script>" * 5_000 + "Chile",
        "<nav>" * 5_000 + "Chile hat ein Exportverbot verhängt.",
        "&" * 100_000,
        "&#x110000;&#0;&bogus;Chile",
        "<p onload='x()' style=\"x\">Chile hat ein Exportverbot für Lithium verhängt.<iframe src='http://evil.example/'></iframe></p>",
        "<title>" * 3_000,
    ],
    ids=lambda page: page[:12],
)
def test_strange_markup_is_read_in_bounded_time(page):
    _quick(page, "text/html", 20.0)


def test_scripts_are_neither_run_nor_read():
    document, claims = _quick(
        "<p>Ruhe.</p><script>document.write('Chile hat ein Exportverbot für Lithium verhängt.')</script><style>Chile hat Zölle verhängt.</style>",
        "text/html",
    )
    assert claims == []


def test_a_zip_bomb_stops_at_the_limit(tmp_path):
    path = tmp_path / "bomb.txt.gz"
    with gzip.open(path, "wb") as stream:
        for _ in range(200):
            stream.write(b"\0" * 2**20)
    assert path.stat().st_size < 2**20
    assert "larger than" in next(raw_texts(path)).error


def test_a_line_of_a_hundred_megabytes_is_skipped_and_the_next_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        for _ in range(100):
            stream.write(b"x" * 2**20)
        stream.write(b"\n" + '{"text": "Chile hat ein Exportverbot für Lithium verhängt."}\n'.encode())
    found = list(read_file(path))
    assert [bool(d.error) for d, _ in found] == [True, False]
    assert f"longer than {MAX_BYTES // 2**20} MB" in found[0][0].error


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "holds no text"),
        ("a.txt", bytes(range(32)) * 500, "control characters"),
        ("a.pdf", b"%PDF-1.7\n" + b"\xff" * 1000, "damaged or locked PDF"),
        ("a.rss", b"<rss><channel></channel></rss>", "no feed with entries"),
        ("a.rss", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;</rss>", "XML entities"),
        ("a.warc", b"not an archive", "WARC"),
        ("a.txt.gz", b"not gzip", "cannot be read"),
        ("a.doc", b"PK", "unknown ending '.doc'"),
    ],
)
def test_bad_files_have_one_clear_line(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    found = list(raw_texts(path))
    assert len(found) == 1
    assert words in found[0].error
    assert "\n" not in found[0].error


def _mutate(text: str, rnd: random.Random) -> bytes:
    data = bytearray(text.encode())
    for _ in range(rnd.randint(1, 12)):
        at, how = rnd.randrange(len(data)), rnd.random()
        if how < 0.3:
            data[at] = rnd.randrange(256)
        elif how < 0.5:
            del data[at : at + rnd.randint(1, 80)]
        elif how < 0.7:
            data[at:at] = data[at : at + rnd.randint(1, 300)] * rnd.randint(1, 4)
        elif how < 0.85:
            data[at:at] = rnd.choice(
                [b"\x00", b"<", b"\xff\xfe", "„".encode(), b"\r", b"---\n", b"](", b"1.1.2025", "\u202e".encode(), b"&#"]
            )
        else:
            data[at:at] = bytes(rnd.randrange(256) for _ in range(rnd.randint(1, 20)))
        data = data or bytearray(b"x")
    return bytes(data)


def _fuzz(tmp_path, count, seed):
    sources = [
        (p.suffix, p.read_text()) for p in sorted(EXAMPLES.iterdir()) if p.suffix in {".txt", ".md", ".html"} and p.name != "SOURCES.md"
    ]
    rnd = random.Random(seed)
    failed = 0
    for _ in range(count):
        suffix, text = rnd.choice(sources)
        path = tmp_path / f"m{suffix}"
        path.write_bytes(_mutate(text, rnd))
        for document, claims in read_file(path):
            failed += bool(document.error)
            assert all(document.text[c.start : c.end] == c.quote for c in claims)
    return failed


def test_mutated_documents_give_no_traceback(tmp_path):
    assert _fuzz(tmp_path, 300, 7) < 300


@pytest.mark.slow
def test_ten_thousand_mutated_documents_give_no_traceback(tmp_path):
    assert _fuzz(tmp_path, 10_000, 11) < 10_000
