"""A client for any OpenAI-compatible endpoint: one question, one answer, limited in time and size.

The key goes to the endpoint's own address and nowhere else: no redirect is followed, no proxy is used unless one is asked for, and no
message repeats it.
"""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPResponse
    from urllib.parse import SplitResult

KEY = "YTTERBY_LLM_KEY"
"""Environment variable that holds the key, if the endpoint wants one."""
PROXY = "YTTERBY_LLM_PROXY"
"""Environment variable with the address of a proxy for this client; those of other programs are not used."""

MAX_BYTES = 2 * 2**20
PIECE = 2**16
TRIES = 2
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _NoRedirect(HTTPRedirectHandler):
    """An endpoint that sends elsewhere gives no answer: the question and the key would go to another host."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        """Follow nothing; the redirect is an error of the server."""
        return


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers, such as ``http://127.0.0.1:11434/v1``; ``timeout`` is for the whole answer [s]."""

    url: str
    model: str
    timeout: float = 60.0

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts is None:
            raise InputError(
                f"--llm: found '{self.url.partition('@')[2] or self.url}'; an address such as http://127.0.0.1:11434/v1 is needed"
            )
        if parts.username or parts.password:
            raise InputError(f"--llm: the address holds a name or a password; give the key in {KEY}")
        if _key() and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise InputError(f"--llm: the key would go over the network in the clear; give an https address, or unset {KEY}")

    def ask(self, prompt: str) -> str:
        """Give the model's answer.

        Raises
        ------
        OSError
            If there is no whole answer in time, or the endpoint sends elsewhere; server errors are tried twice.
        ValueError
            If what comes back is no chat completion.
        """
        body = {"model": self.model, "temperature": 0, "messages": [{"role": "user", "content": prompt}]}
        headers = {"Content-Type": "application/json"}
        if key := _key():
            headers["Authorization"] = f"Bearer {key}"
        request = Request(self.url.rstrip("/") + "/chat/completions", json.dumps(body).encode(), headers)  # noqa: S310 (checked above)
        return _in_time(lambda deadline: _answer(request, deadline), self.timeout)


def _parts(url: str) -> SplitResult | None:
    """Parts of a web address; None for anything else."""
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _key() -> str:
    """The key, without blanks at its ends.

    Raises
    ------
    InputError
        If it holds what no header may; the message does not repeat it.
    """
    key = os.environ.get(KEY, "").strip()
    if not key.isprintable() or not key.isascii():
        raise InputError(f"{KEY}: holds a character that no key has; set it again")
    return key


def _without_key(text: str) -> str:
    """Text of an error in which the key is not repeated, whatever a server sends back."""
    key = os.environ.get(KEY, "").strip()
    return text.replace(key, "***") if key else text


def _answer(request: Request, deadline: float) -> str:
    """Answer to a request, tried twice; errors do not repeat the key."""
    proxies = {scheme: os.environ[PROXY] for scheme in ("http", "https")} if os.environ.get(PROXY) else {}
    opener = build_opener(ProxyHandler(proxies), _NoRedirect())
    for attempt in range(TRIES):
        try:
            with opener.open(request, timeout=_left(deadline)) as response:
                return _content(_read(response, deadline))
        except HTTPError as error:
            with error:
                if 300 <= error.code < 400:  # noqa: PLR2004
                    raise OSError("the endpoint sends to another address, which is not followed; give that address") from None
                if error.code < 500 or attempt == TRIES - 1:  # noqa: PLR2004
                    raise OSError(f"the endpoint answers {error.code} {_without_key(str(error.reason))[:80]}") from None
        except OSError as error:
            raise OSError(_without_key(str(error))[:120]) from None
    raise OSError("no answer")


def _read(response: HTTPResponse, deadline: float) -> bytes:
    """Body of a response, piece by piece until the deadline."""
    data = b""
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > MAX_BYTES:
            raise ValueError(f"answer larger than {MAX_BYTES // 2**20} MB")
        _left(deadline)
    return data


def _left(deadline: float) -> float:
    """Time left [s].

    Raises
    ------
    TimeoutError
        If there is none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no whole answer in time")
    return left


def _in_time(work: Callable[[float], str], timeout: float) -> str:
    """Result of work that gets a deadline, and is left alone when it passes: a server that sends a byte now and then never times out."""
    found: list[str] = []
    failed: list[Exception] = []
    deadline = time.monotonic() + timeout

    def run() -> None:
        try:
            found.append(work(deadline))
        except Exception as error:  # noqa: BLE001 (raised again below)
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(timeout)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError("no whole answer in time")
    return found[0]


def _content(data: bytes) -> str:
    try:
        content = json.loads(data)["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError, RecursionError) as error:
        raise ValueError("no chat completion came back") from error
    return content if isinstance(content, str) else ""
