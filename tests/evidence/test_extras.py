# ruff: noqa: E501 (answers are kept on one line)
"""The optional extras: a language model behind any OpenAI-compatible address, and candidates across languages."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from tests.evidence.helpers import read_text
from ytterby.app import Endpoint, read
from ytterby.errors import InputError
from ytterby.evidence import cross_language_candidates, llm

TEXT = "Chile hat ein Exportverbot für Lithium verhängt. Auf den Kais von Antofagasta wächst seit Wochen ein grauer Berg."
QUOTE = "Auf den Kais von Antofagasta wächst seit Wochen ein grauer Berg"
GOOD = [
    {"quote": QUOTE, "event_type": "supply_impact", "actors": ["country:CL"], "modality": "ongoing"},
    {"quote": "Das steht nirgends in diesem Artikel", "event_type": "ban"},
    {"quote": "Chile hat ein Exportverbot für Lithium", "event_type": "ban", "actors": ["country:XX"]},
    {"quote": QUOTE, "event_type": "no_such_type"},
]


class _Fake(BaseHTTPRequestHandler):
    answers: list = []
    asked: list = []

    def do_POST(self):
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, body, delay = self.answers[min(len(self.asked), len(self.answers)) - 1]
        time.sleep(delay)
        try:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    _Fake.answers, _Fake.asked = [], []
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Fake)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/v1", _Fake
    http.shutdown()
    http.server_close()
    thread.join()


def _chat(content):
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path


def test_found_quotes_become_marked_claims_and_the_rules_stay(server, article):
    url, fake = server
    fake.answers = [(200, _chat("Here you are:\n" + json.dumps(GOOD)), 0)]
    plain, reading = read([article]), read([article], llm=Endpoint(url, "m1"))
    added = [c for c in reading.claims if c.extractor == "llm:m1"]
    assert [(c.event_type, c.quote, c.actors) for c in added] == [("supply_impact", QUOTE, ("country:CL",))]
    assert [c for c in reading.claims if c.extractor != "llm:m1"] == list(plain.claims)
    assert TEXT in fake.asked[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    "body",
    [b"nonsense", b"{}", b'{"choices": []}', _chat("I cannot do that."), _chat("[1, 2, null]"), _chat("[[[["), _chat('[{"quote": 3}]')],
)
def test_nonsense_changes_nothing(server, article, body):
    url, fake = server
    fake.answers = [(200, body, 0)]
    assert read([article], llm=Endpoint(url, "m")).claims == read([article]).claims


def test_server_errors_are_tried_twice_and_then_noted(server, article):
    url, fake = server
    fake.answers = [(500, b"", 0), (200, _chat(json.dumps(GOOD)), 0)]
    assert any(c.extractor == "llm:m" for c in read([article], llm=Endpoint(url, "m")).claims)
    fake.answers, fake.asked[:] = [(500, b"", 0)], []
    reading = read([article], llm=Endpoint(url, "m"))
    assert len(fake.asked) == 2
    assert "gave no answer" in reading.documents[0].notes[-1]
    assert reading.claims == read([article]).claims


def test_a_slow_server_costs_only_the_timeout(server, article):
    url, fake = server
    fake.answers = [(200, _chat("[]"), 3)]
    began = time.perf_counter()
    reading = read([article], llm=Endpoint(url, "m", timeout=0.3))
    assert time.perf_counter() - began < 2.5
    assert "gave no answer" in reading.documents[0].notes[-1]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a", "nonsense"])
def test_only_web_addresses_are_asked(url):
    with pytest.raises(InputError, match="an address such as"):
        Endpoint(url, "m")


def test_quotes_with_other_white_space_are_found():
    document, _ = read_text("Chile hat ein\nExportverbot   für Lithium verhängt.")
    assert llm.locate(document.text, "Chile hat ein Exportverbot für Lithium") == (0, 40)
    assert llm.locate(document.text, "Peru hat ein Exportverbot") is None


def test_candidates_cross_languages_only():
    found = [
        read_text("Chile hat ein Exportverbot für Lithium verhängt.", "de.txt"),
        read_text("Chile imposed an export ban on lithium.", "en.txt"),
    ]
    documents, claims = [d for d, _ in found], [c for _, listed in found for c in listed]
    pairs = cross_language_candidates(documents, claims, lambda texts: np.ones((len(texts), 3)))
    assert {(r.kind, r.score) for r in pairs} == {("candidate", 1.0)}
    assert {frozenset(i.split("-")[0] for i in (r.a, r.b)) for r in pairs} == {frozenset(("de", "en"))}
    axes = iter(np.eye(2))
    assert cross_language_candidates(documents, claims, lambda texts: np.tile(next(axes), (len(texts), 1))) == []
