"""A client that speaks to the application as a browser on this machine would, and servers in processes of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ytterby.api import Settings, create_api
from ytterby.api.security import change_token
from ytterby.web import EXAMPLES_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "http://127.0.0.1:8321"
PATIENCE = 240.0


class Client:
    """Requests to an application whose lifespan runs in a thread of its own."""

    def __init__(self, settings: Settings, *, working: bool = False) -> None:
        self.settings, self.api = settings, create_api(settings)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.api), base_url=BASE, timeout=PATIENCE)
        self.token = {"x-ytterby-token": change_token(settings)}
        self._ended, self._life = None, None
        if working:
            self._call(self._begin())

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    async def _begin(self) -> None:
        self._ended, ready = asyncio.Event(), asyncio.Event()

        async def live() -> None:
            async with self.api.router.lifespan_context(self.api):
                ready.set()
                await self._ended.wait()

        self._life = asyncio.create_task(live())
        await ready.wait()

    async def _finish(self) -> None:
        if self._life:
            self._ended.set()
            await self._life
        await self.http.aclose()

    def close(self) -> None:
        self._call(self._finish())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._call(self._answered(method, path if path.startswith(("/", "http")) else f"/api/v1/{path}", **options))

    async def _answered(self, method: str, url: str, **options: Any) -> httpx.Response:
        found = await self.http.request(method, url, **options)
        if "files" in options:
            await found.request.aread()  # so that what was sent can be looked at
        return found

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def change(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A change with the token of the page."""
        return self.request(method, path, headers=self.token | options.pop("headers", {}), **options)

    def job(self, kind: str, **arguments: Any) -> dict[str, Any]:
        """A job that was asked for, once it has ended."""
        asked = self.change("POST", "jobs", json={"kind": kind, "arguments": arguments})
        assert asked.status_code == 202, asked.text
        return self.ended(asked.json()["id"])

    def ended(self, id_: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            job = self.get(f"jobs/{id_}").json()
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.2)
        pytest.fail(f"job {id_} does not end: {job}")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "project"


@pytest.fixture(scope="session")
def client(project: Path) -> Iterator[Client]:
    """One that works at jobs too."""
    client = Client(Settings(project=project), working=True)
    yield client
    client.close()


@pytest.fixture
def client_of() -> Iterator[Any]:
    """Clients of other settings."""
    made: list[Client] = []

    def make(*, working: bool = False, **settings: Any) -> Client:
        made.append(Client(Settings(**settings), working=working))
        return made[-1]

    yield make
    for client in made:
        client.close()


class Server:
    """``ytterby serve`` in a process of its own."""

    def __init__(self, project: Path, *options: str) -> None:
        project.mkdir(parents=True, exist_ok=True)
        if not (project / EXAMPLES_FILE).is_file():  # a project that knows of no examples to be made: jobs of tests do not wait for them
            (project / EXAMPLES_FILE).write_text("[]", "utf-8")
        command = [sys.executable, "-m", "ytterby", "serve", "--port", "0", "--project", str(project), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        line = self.process.stdout.readline()
        assert "http://127.0.0.1:" in line, line + (self.process.stdout.read() if self.process.poll() is not None else "")
        self.url = line.split()[3].rstrip("/")
        self.token = {"x-ytterby-token": self._first()["token"]}

    def _first(self) -> dict[str, Any]:
        for _ in range(600):
            with suppress(httpx.TransportError):
                return httpx.get(f"{self.url}/api/v1/session").json()
            time.sleep(0.05)
        pytest.fail("the server does not answer")

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"{self.url}/api/v1/{path}", timeout=PATIENCE, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return httpx.post(f"{self.url}/api/v1/{path}", headers=self.token, timeout=PATIENCE, **options)

    def wait(self, id_: str, *states: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            job = self.get(f"jobs/{id_}").json()
            if job["state"] in states:
                return job
            time.sleep(0.2)
        pytest.fail(f"job {id_} is {job}")

    def end(self, how: int = signal.SIGINT) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def server_of() -> Iterator[Any]:
    made: list[Server] = []

    def make(project: Path, *options: str) -> Server:
        made.append(Server(project, *options))
        return made[-1]

    yield make
    for server in made:
        server.end()
