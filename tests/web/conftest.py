"""A server on a project of its own with one finished run, and a browser in front of it."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi")
uvicorn = pytest.importorskip("uvicorn")

from tests.report.saved import alliance, plan  # noqa: E402
from ytterby.api import ServerLimits, Settings, listening  # noqa: E402
from ytterby.app import NegotiateRequest, negotiate, run, write_json  # noqa: E402
from ytterby.store import JobIndex  # noqa: E402
from ytterby.web.examples import EXAMPLES_FILE  # noqa: E402
from ytterby.web.pages import common  # noqa: E402
from ytterby.web.site import create_site  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.result_model import ResultModel

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DRAWS = 8
LIMITS = ServerLimits(seconds=600.0)
"""A loaded machine may take long for the first question."""


@pytest.fixture(scope="session", autouse=True)
def _patient() -> Iterator[None]:
    """Pages wait until their material is there."""
    before, common.PATIENCE = common.PATIENCE, 300.0
    yield
    common.PATIENCE = before


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one run, a plan, an alliance and talks, in which no example is asked for."""
    folder = tmp_path_factory.mktemp("web") / "project"
    run("suspension-ends-2026", draws=DRAWS, seed=1, project=folder)
    (folder / EXAMPLES_FILE).write_text(json.dumps([]), "utf-8")
    put_result(folder, "plan", {"allies": ["JP"], "scenarios": 8}, plan())
    put_result(folder, "cooperate", {"allies": ["JP", "US"]}, alliance())
    talks = negotiate(NegotiateRequest(draws=4, each_day=True, without_minerals=True, project=folder))
    put_result(folder, "negotiate", {"talks": "us-japan-2025"}, talks)
    return folder


def put_result(project: Path, kind: str, arguments: dict[str, Any], result: ResultModel) -> str:
    """Put a result into a project as if a job had made it; returns its id."""
    index = JobIndex(project)
    id_ = index.add(kind, json.dumps([kind, arguments]), arguments, {}, 99).id
    write_json(index.folder(id_) / "result.json", result.to_dict())
    assert index.end(id_, "done")
    return id_


@pytest.fixture(scope="session")
def address(project: Path) -> Iterator[str]:
    """Address of a server that runs in a thread."""
    sock = listening("127.0.0.1", 0)
    settings = Settings(project=project, port=sock.getsockname()[1], limits=LIMITS)
    server = uvicorn.Server(uvicorn.Config(create_site(settings), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{settings.port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()
