"""Who may ask, from where, and how much: every request passes here first.

A page of another site can make a browser send requests to this machine. So the host that a request names must be one of this
server's (no other name may be bound to the address), its origin must be this server, and every change needs a token that only
pages of this server can read, or the bearer token, which no browser adds by itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

from ytterby.api.problems import TITLES, Problem, Refusal, problem_response
from ytterby.api.settings import MIB, is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ytterby.api.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
COOKIE = "ytterby"
CHANGE_HEADER = "x-ytterby-token"
OF_BROWSERS = ("origin", "sec-fetch-site", "cookie")
"""Headers that browsers send with changes, and programs do not."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "private, no-cache",
}
"""Headers of every response that does not set its own."""
NEEDS_TOKEN = "this server needs its token: open the address that 'ytterby serve' printed, or send 'Authorization: Bearer TOKEN'"  # noqa: S105 (words)


def change_token(settings: Settings) -> str:
    """What a page of this server sends in ``X-Ytterby-Token`` with every change."""
    return _mac(settings.secret, "change")


def session_of(token: str) -> str:
    """Value of the cookie of one who has shown the token."""
    return _mac(token, "session")


def _mac(secret: str, purpose: str) -> str:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


class Guard:
    """ASGI middleware that checks host, origin, token, changes, body and time, and sets the headers of safety."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.names = {name.lower() for name in (*LOOPBACK_NAMES, *settings.names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # there are no websockets
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, answer = Headers(scope=scope), _Sent(send)
        try:
            self._check_place(scope["method"], headers)
            redirect = self._check_token(scope, headers)
            if redirect is not None:
                await redirect(scope, receive, answer)
                return
            self._check_change(scope["method"], headers)
            body = _Body(receive, self._largest(headers))
            await self._within_time(scope, body, answer)
        except Refusal as refusal:
            if not answer.begun:
                await self._refuse(refusal.problem, headers)(scope, receive, answer)

    async def _within_time(self, scope: Scope, body: _Body, answer: _Sent) -> None:
        """Answer within the time for requests; a stream of events has as long as it wants, once it has begun."""
        try:
            async with asyncio.timeout(self.settings.limits.seconds) as limit:
                answer.on_stream = lambda: limit.reschedule(None)
                await self.app(scope, body, answer)
        except TimeoutError:
            raise Refusal(503, f"not answered within {self.settings.limits.seconds:g} s; ask for less at once, or start a job") from None

    def _check_place(self, method: str, headers: Headers) -> None:
        """Host and origin must be this server."""
        host = headers.get("host", "")
        if not self._is_own(host):
            raise Refusal(421, f"'{host[:80]}' is no name of this server; start it with --name to be called so")
        origin = headers.get("origin")
        if origin is not None and (origin == "null" or urlsplit(origin).netloc.lower() != host.lower()):
            raise Refusal(403, f"a page of '{origin[:80]}' may not ask this server")
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
        if site not in ("none", "same-origin") and (method not in SAFE or mode != "navigate"):
            raise Refusal(403, "a page of another site may not ask this server")

    def _is_own(self, host: str) -> bool:
        """Whether a ``Host`` is a name of this server; where a token is needed, any literal address is, since no name is bound to it."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self.names:
            return True
        if is_loopback(self.settings.host) or self.settings.token is None:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _check_token(self, scope: Scope, headers: Headers) -> RedirectResponse | None:
        """Token of the server by header or cookie; a page that is opened with ``?token=`` gets the cookie and is sent on without it."""
        token = self.settings.token
        if token is None:
            return None
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(given.strip(), token):
            return None
        if _same(_cookie(headers), session_of(token)):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and any(name == "token" and _same(value, token) for name, value in query):
            return self._signed_in(scope["path"], [pair for pair in query if pair[0] != "token"], token)
        raise Refusal(401, NEEDS_TOKEN)

    def _signed_in(self, path: str, query: list[tuple[str, str]], token: str) -> RedirectResponse:
        rest = f"?{urlencode(query)}" if query else ""
        response = RedirectResponse(f"/{path.lstrip('/')}{rest}", 303)
        response.set_cookie(COOKIE, session_of(token), max_age=30 * 86_400, httponly=True, samesite="strict", path="/")
        return response

    def _check_change(self, method: str, headers: Headers) -> None:
        """A change needs the same-origin token, or the bearer token, and a server that is not read-only."""
        if method in SAFE:
            return
        if self.settings.read_only:
            raise Refusal(403, "this server shows its project read-only")
        if self.settings.token is not None and headers.get("authorization") and not any(name in headers for name in OF_BROWSERS):
            return  # a program that was shown the token; for a browser a proxy may have added it
        if not _same(headers.get(CHANGE_HEADER, ""), change_token(self.settings)):
            raise Refusal(403, "a change needs the header X-Ytterby-Token with the token of GET /api/v1/session; reload the page")

    def _largest(self, headers: Headers) -> int:
        """Largest body that is taken, which is refused at once where it is announced [bytes]."""
        limits = self.settings.limits
        most = limits.upload if headers.get("content-type", "").startswith("multipart/form-data") else limits.body
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > most:
            raise Refusal(413, _too_large(most))
        return most

    def _refuse(self, problem: Problem, headers: Headers) -> Any:
        if problem.status == 401 and "text/html" in headers.get("accept", ""):
            return PlainTextResponse(f"{TITLES[401]}: {NEEDS_TOKEN}\n", 401, {"www-authenticate": "Bearer"})
        more = {"www-authenticate": "Bearer"} if problem.status == 401 else None
        return problem_response(problem, more)


def _too_large(most: int) -> str:
    return f"what was sent is larger than {most / MIB:.3g} MB, the most that is taken at once"


def _cookie(headers: Headers) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


class _Body:
    """The body of a request, which ends with a refusal as soon as it is too large."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.left, self.most = receive, most, most

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.left -= len(message.get("body", b""))
            if self.left < 0:
                raise Refusal(413, _too_large(self.most))
        return message


class _Sent:
    """What is sent, with the headers of safety; knows whether anything was."""

    def __init__(self, send: Send) -> None:
        self.send, self.begun = send, False
        self.on_stream: Callable[[], None] = lambda: None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if headers.get("content-type", "").startswith("text/event-stream"):
                self.on_stream()
        await self.send(message)
