"""The first view as a server that has just started answers it: from what is kept, with nothing loaded that only simulations need."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("fastapi")

if TYPE_CHECKING:
    from pathlib import Path

ASK = """
import json, sys, time
from pathlib import Path
from starlette.testclient import TestClient
began = time.process_time()  # the client is not a part of the server
from ytterby.api import Settings, create_api
from ytterby.web.pages import common, pages
common.PATIENCE = 300.0
site = create_api(Settings(project=Path(sys.argv[1])))
site.mount("/", pages)
got = TestClient(site, base_url="http://127.0.0.1:8321").get("/?importer=JP")
print(json.dumps({"status": got.status_code, "text": len(got.text), "modules": list(sys.modules), "cpu": time.process_time() - began}))
"""
CPU = 3.0
"""CPU time of a process that starts, loads what it needs and answers with the first view, from what is kept [s]."""
SIMULATION = (
    "ytterby.measures.registry",
    "ytterby.scenario.scenario",
    "ytterby.simulation.batch",
    "numba",
    "scipy",
)


@pytest.fixture(scope="module")
def answers(project: Path) -> list[dict[str, object]]:
    """Answers of processes of their own: the first works out what is kept from then on."""
    found = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", ASK, str(project)], check=True, capture_output=True, text=True, timeout=600)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def test_every_start_shows_the_same(answers: list[dict[str, object]]) -> None:
    assert [row["status"] for row in answers] == [200] * 3
    assert len({row["text"] for row in answers}) == 1


def test_nothing_is_loaded_that_only_simulations_need(answers: list[dict[str, object]]) -> None:
    assert set(answers[-1]["modules"]) & set(SIMULATION) == set()


def test_the_first_view_takes_little(answers: list[dict[str, object]]) -> None:
    least = min(row["cpu"] for row in answers[1:])
    print(f"\nfirst view: {least:.2f} CPU s from the start of the process")
    assert least < CPU
