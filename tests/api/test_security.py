"""Pages of other sites, strangers and oversized bodies are refused; every response carries the headers of safety."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from ytterby.api import ServerLimits, Settings, create_api
from ytterby.api.security import COOKIE, POLICY, change_token, session_of
from ytterby.app import uploads

from .conftest import BASE

TOKEN = "a-long-secret-of-ours"
CHANGE = {"kind": "run", "arguments": {"scenario": "no-shock"}}


@pytest.fixture
def client(client_of, tmp_path):
    return client_of(project=tmp_path / "p")


@pytest.fixture
def shared(client_of, tmp_path):
    """A server for others, with a token."""
    return client_of(project=tmp_path / "p", host="0.0.0.0", token=TOKEN, names=("minerals.example.org",))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8321", "[::1]:8321", "LOCALHOST"])
def test_names_of_this_machine_are_answered(client, host):
    assert client.get("session", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.7", "localhost.", "", "[::1", "a@127.0.0.1.x"])
def test_foreign_hosts_are_refused(client, host):
    found = client.get("session", headers={"host": host})
    assert found.status_code == (200 if host == "localhost." else 421)
    assert "token" not in found.text or host == "localhost."


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:3000", "http://127.0.0.1", "https://127.0.0.1:83210", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_foreign_origins_are_refused(client, origin, method):
    headers = client.token | {"origin": origin}
    found = client.request(method, "session" if method == "GET" else "jobs", headers=headers, json=None if method == "GET" else CHANGE)
    assert found.status_code == 403
    assert "change_token" not in found.text


def test_the_own_origin_is_answered(client):
    assert client.get("session", headers={"origin": "http://127.0.0.1:8321"}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_link_here_but_embed_nothing(client, site):
    assert client.get("session", headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}).status_code == 403
    assert client.get("session", headers={"sec-fetch-site": site, "sec-fetch-mode": "navigate"}).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("POST", "jobs"), ("PUT", "saved-scenarios/x"), ("DELETE", "uploads/x"), ("POST", "reviews")])
def test_a_change_needs_the_token_of_the_page(client, method, path):
    assert client.request(method, path, json={}).status_code == 403
    assert client.request(method, path, json={}, headers={"x-ytterby-token": "0" * 64}).status_code == 403
    assert client.request(method, path, json={}, headers=client.token).status_code in (404, 422)


def test_tokens_differ_between_servers():
    assert change_token(Settings()) != change_token(Settings())
    one = Settings()
    assert change_token(Settings.of_json(one.to_json())) == change_token(one)
    assert one.secret not in repr(one)


def test_without_its_token_a_server_for_others_says_nothing(shared):
    for headers in ({}, {"authorization": "Bearer wrong"}, {"cookie": f"{COOKIE}={TOKEN}"}, {"cookie": f"{COOKIE}=;;=,"}):
        found = shared.get("session", headers=headers)
        assert found.status_code == 401
        assert found.json()["status"] == 401
        assert found.headers["www-authenticate"] == "Bearer"


def test_the_token_opens_by_header_and_by_cookie(shared):
    assert shared.get("session", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert shared.get("session", headers={"cookie": f"{COOKIE}={session_of(TOKEN)}"}).status_code == 200


def test_the_address_with_the_token_gives_the_cookie_and_loses_the_token(shared):
    found = shared.get(f"/exposure?importer=JP&token={TOKEN}")
    assert (found.status_code, found.headers["location"]) == (303, "/exposure?importer=JP")
    cookie = found.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    shared.http.cookies.clear()
    assert shared.get(f"http://127.0.0.1:8321//evil.example/?token={TOKEN}").headers["location"].startswith("/evil.example")


def test_a_cookie_alone_changes_nothing(shared):
    cookie = {"cookie": f"{COOKIE}={session_of(TOKEN)}"}
    assert shared.request("POST", "jobs", json=CHANGE, headers=cookie).status_code == 403
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert shared.request("POST", "jobs", json=CHANGE, headers=bearer).status_code == 202
    browser = bearer | {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "same-origin"}  # behind a proxy that adds the token
    assert shared.request("POST", "jobs", json=CHANGE, headers=browser).status_code == 403
    assert shared.request("POST", "jobs", json=CHANGE, headers=browser | shared.token).status_code == 202


def test_names_of_a_server_for_others_are_those_that_were_given(shared):
    bearer = {"authorization": f"Bearer {TOKEN}"}
    for host, status in (("minerals.example.org", 200), ("192.0.2.7:8321", 200), ("rebound.example", 421)):
        assert shared.get("session", headers=bearer | {"host": host}).status_code == status


def test_a_read_only_server_changes_nothing(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", read_only=True)
    found = client.change("POST", "jobs", json=CHANGE)
    assert (found.status_code, found.json()["detail"]) == (403, "this server shows its project read-only")
    assert client.get("session").json()["read_only"]


def test_bodies_are_limited_announced_or_not(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", limits=ServerLimits(body=2000, upload=4000))

    async def pieces():
        for _ in range(50):
            yield b"x" * 100

    for body in (b"x" * 3000, pieces()):
        found = client.change("POST", "jobs", content=body, headers={"content-type": "application/json"})
        assert (found.status_code, found.json()["status"]) == (413, 413)
    assert client.change("POST", "uploads", files=[("files", ("a.txt", b"x" * 5000))]).status_code == 413
    assert client.change("POST", "uploads", files=[("files", ("a.txt", b"x" * 1000))]).status_code == 201
    bad = client.change("POST", "jobs", content=b"{}", headers={"content-type": "application/json", "content-length": "-1"})
    assert bad.status_code == 413


def test_a_body_that_never_ends_is_given_up(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", limits=ServerLimits(seconds=0.3))

    async def slow():
        yield b'{"kind"'
        await asyncio.sleep(30)

    found = client.change("POST", "jobs", content=slow(), headers={"content-type": "application/json"})
    assert found.status_code == 503


@pytest.mark.parametrize("path", ["session", "facts/nix", "/nix", "chain?year=x", "/openapi.json"])
def test_every_response_has_the_headers_of_safety(client, path):
    headers = client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


PLACES = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
    "....//etc",
    "C:%5Cx",
    "%00",
    "a" * 400,
    "runs",
    "%2e",
    "~",
    "\u202e",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "of", ["runs/{}", "runs/{}/export", "plans/{}", "jobs/{}/files/brief.html", "scenarios/{}", "facts/{}", "candidates/{}"]
)
def test_no_path_of_a_request_is_opened(client, of, place):
    found = client.get(of.format(place))
    assert found.status_code in (404, 405, 422)
    assert "root:" not in found.text
    for name in ("scenario", "run"):
        asked = {"kind": "parts", "arguments": {"upload": "x", name: "/etc/passwd"}}
        assert client.change("POST", "jobs", json=asked).status_code == 422
    asked = {"kind": "run", "arguments": {"scenario": "../no-shock.yaml"}}
    assert client.change("POST", "jobs", json=asked).status_code == 422


@pytest.mark.parametrize(
    "name", ["../../x.txt", "/etc/cron.d/x.txt", "..\\..\\x.txt", "\x00x.txt", "con.txt", ".txt", "a" * 300 + ".txt", "<b>.html"]
)
def test_uploads_are_kept_under_names_of_our_own(client, tmp_path, name):
    found = client.change("POST", "uploads", files=[("files", (name, b"words"))])
    assert found.status_code in (201, 422), found.text
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and "uploads" not in path.parts]
    assert not outside
    for upload in uploads(tmp_path / "p"):
        for file in upload.files:
            assert file.kept_as.replace(".", "").replace("-", "").isalnum()
            assert len(file.kept_as) < 90


@pytest.mark.parametrize("name", ["x.exe", "x", "x.yaml", "x.xlsx.gz", "x.svg", "x.html.js"])
def test_other_kinds_of_files_are_refused(client, name):
    assert client.change("POST", "uploads", files=[("files", (name, b"words"))]).status_code == 422


def test_there_are_no_websockets(tmp_path):
    api, sent = create_api(Settings(project=tmp_path)), []

    async def send(message):
        sent.append(message)

    asyncio.run(api({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_fault_of_the_program_says_nothing_of_its_inside(client, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(client.api.state.workbench, "chain", broken)
    client.http = httpx.AsyncClient(transport=httpx.ASGITransport(client.api, raise_app_exceptions=False), base_url=BASE)
    found = client.get("chain")
    assert (found.status_code, found.json()["title"]) == (500, "Fault of the program")
    assert "secret" not in found.text
    assert found.headers["content-security-policy"] == POLICY
