"""A client for any OpenAI-compatible endpoint: one question, one answer, limited in time and size."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from ytterby.errors import InputError

KEY = "YTTERBY_LLM_KEY"
"""Environment variable that holds the key, if the endpoint wants one."""

MAX_BYTES = 2 * 2**20
TRIES = 2


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers, such as ``http://127.0.0.1:11434/v1``."""

    url: str
    model: str
    timeout: float = 60.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(f"--llm: found '{self.url}'; an address such as http://127.0.0.1:11434/v1 is needed")

    def ask(self, prompt: str) -> str:
        """Give the model's answer.

        Raises
        ------
        OSError
            If there is no answer in time; server errors are tried twice.
        ValueError
            If what comes back is no chat completion.
        """
        body = {"model": self.model, "temperature": 0, "messages": [{"role": "user", "content": prompt}]}
        headers = {"Content-Type": "application/json"}
        if os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {os.environ[KEY]}"
        request = Request(self.url.rstrip("/") + "/chat/completions", json.dumps(body).encode(), headers)  # noqa: S310 (checked above)
        for attempt in range(TRIES):
            try:
                with build_opener().open(request, timeout=self.timeout) as response:
                    return _content(response.read(MAX_BYTES + 1))
            except HTTPError as error:
                if error.code < 500 or attempt == TRIES - 1:
                    raise
        raise OSError("no answer")


def _content(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ValueError(f"answer larger than {MAX_BYTES // 2**20} MB")
    try:
        content = json.loads(data)["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError, RecursionError) as error:
        raise ValueError("no chat completion came back") from error
    return content if isinstance(content, str) else ""
