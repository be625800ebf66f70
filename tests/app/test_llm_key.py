"""The key of a language model: to its own host only, in time, and in no message, file or object."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ytterby.app import Endpoint, read
from ytterby.errors import InputError

KEY = "sk-secret-0123456789"
ANSWER = json.dumps({"choices": [{"message": {"content": "[]"}}]}).encode()


class Host(ThreadingHTTPServer):
    """A server that notes what it is asked, and answers as its function does."""

    def __init__(self, answer):
        self.seen = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                host.seen.append((self.path, dict(self.headers)))
                with contextlib.suppress(OSError):
                    answer(self)

            do_GET = do_POST

            def log_message(self, *args):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}/v1"


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setenv("YTTERBY_LLM_KEY", KEY)
    made = []

    def start(answer):
        made.append(Host(answer))
        return made[-1]

    yield start
    for each in made:
        each.shutdown()
        each.server_close()


def reply(handler, status=200, body=ANSWER, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def test_key_goes_to_the_endpoint(host):
    asked = host(reply)
    assert Endpoint(asked.url, "m").ask("?") == "[]"
    assert asked.seen[0][1]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(host, status):
    other = host(reply)
    asked = host(lambda handler: reply(handler, status, b"", Location=other.url))
    with pytest.raises(OSError, match="another address"):
        Endpoint(asked.url, "m").ask("?")
    assert other.seen == []


def test_proxies_of_other_programs_are_not_used(host, monkeypatch):
    proxy, asked = host(reply), host(reply)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    Endpoint(asked.url, "m").ask("?")
    assert (len(asked.seen), len(proxy.seen)) == (1, 0)
    monkeypatch.setenv("YTTERBY_LLM_PROXY", f"http://127.0.0.1:{proxy.server_port}")
    Endpoint(asked.url, "m").ask("?")
    assert (len(asked.seen), len(proxy.seen)) == (1, 1)


def test_timeout_is_a_deadline_for_the_whole_answer(host):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    asked, began = host(drip), time.monotonic()
    with pytest.raises(TimeoutError):
        Endpoint(asked.url, "m", timeout=0.5).ask("?")
    assert time.monotonic() - began < 2.0


def test_second_try_has_only_the_time_that_is_left(host):
    def slow(handler):
        time.sleep(0.4)
        reply(handler, 500, b"")

    asked, began = host(slow), time.monotonic()
    with pytest.raises(OSError, match="time"):
        Endpoint(asked.url, "m", timeout=0.6).ask("?")
    assert time.monotonic() - began < 1.5


def test_answer_without_end_is_cut(host, monkeypatch):
    def flood(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b" " * 2**16)

    with pytest.raises(ValueError, match="larger than 2 MB"):
        Endpoint(host(flood).url, "m").ask("?")


@pytest.mark.parametrize("status", [200, 401, 404, 500])
def test_no_message_repeats_the_key(host, tmp_path, status):
    def echo(handler):
        handler.send_response(status, f"bad key {KEY}")
        handler.end_headers()
        handler.wfile.write(f"your key {KEY} is wrong".encode())

    (tmp_path / "a.txt").write_text("Chile hat ein Exportverbot für Lithium verhängt.", "utf-8")
    asked = host(echo)
    endpoint = Endpoint(asked.url, "m")
    reading = read([tmp_path / "a.txt"], llm=endpoint)
    assert len(asked.seen) >= 1
    assert "gave no answer" in reading.documents[0].notes[-1]
    assert KEY not in json.dumps(reading.to_dict(), default=str)
    assert KEY not in repr(endpoint)


@pytest.mark.parametrize("key", [f"{KEY}\nX-Other: 1", f"{KEY}\x00", "schl\u00fcssel"])
def test_key_that_no_header_may_hold_is_refused_without_being_repeated(host, monkeypatch, key):
    asked = host(reply)
    monkeypatch.setenv("YTTERBY_LLM_KEY", key) if "\x00" not in key else pytest.skip("no environment holds it")
    with pytest.raises(InputError) as caught:
        Endpoint(asked.url, "m").ask("?")
    assert key not in str(caught.value)
    assert asked.seen == []


@pytest.mark.parametrize(
    "url", [f"http://me:{KEY}@127.0.0.1/v1", f"ftp://me:{KEY}@127.0.0.1/v1", "http://127.0.0.1:99999/v1", "http://[::1"]
)
def test_addresses_with_a_password_are_refused_without_being_repeated(monkeypatch, url):
    monkeypatch.delenv("YTTERBY_LLM_KEY", raising=False)
    with pytest.raises(InputError) as caught:
        Endpoint(url, "m")
    assert KEY not in str(caught.value)


def test_key_does_not_cross_the_network_in_the_clear(monkeypatch):
    monkeypatch.setenv("YTTERBY_LLM_KEY", KEY)
    with pytest.raises(InputError, match="in the clear"):
        Endpoint("http://example.org/v1", "m")
    Endpoint("https://example.org/v1", "m")
    Endpoint("http://localhost:11434/v1", "m")
