"""The five lines of the page on the API, run against a server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(scope="module")
def pages():
    sys.path.insert(0, str(SCRIPTS))
    from doclib import api_pages

    return api_pages


def run(command, tmp_path, **options):
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=240, **options).stdout


@pytest.mark.slow
def test_the_examples_do_what_the_page_says(pages, server_of, tmp_path):
    server = server_of(tmp_path / "p")
    here = server.url.removeprefix("http://").replace("127.0.0.1", "localhost")
    curl, python, javascript = (
        text.replace("localhost:8321", here).replace("localhost", "127.0.0.1") for text in (pages.CURL, pages.PYTHON, pages.JAVASCRIPT)
    )
    told = run([sys.executable, "-c", python], tmp_path).split()
    assert 0.0 < float(told[0]) < 1.0
    assert told[1] in ("queued", "running", "done")
    if shutil.which("curl"):
        out = run(["sh", "-c", curl], tmp_path)
        assert out.splitlines()[0].startswith("element,")
        assert '"state":"done"' in out
    if shutil.which("node"):
        script = tmp_path / "five.mjs"
        script.write_text(javascript)
        assert run(["node", str(script)], tmp_path).split() == [told[0], "done"] or not shutil.which("curl")


def test_keys_of_bodies_are_those_of_the_schema(pages):
    from ytterby.api import Settings, create_api

    schemas = create_api(Settings()).openapi()["components"]["schemas"]
    for name, keys in pages.KEYS.items():
        assert list(schemas[name]["properties"]) == keys
