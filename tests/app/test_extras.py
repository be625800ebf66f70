"""Without an extra its commands end with one line that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doors.samples import ARTICLES
from ytterby.cli import _extra_of

EXAMPLES = Path(__file__).parents[2] / "examples"
BLOCK = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Absent())
"""


@pytest.mark.parametrize(
    ("package", "extra"),
    [("trafilatura", "evidence"), ("SALib", "explore"), ("distributed", "scale"), ("uvicorn", "web"), ("pytest", ""), ("nosuch", "")],
)
def test_an_extra_is_found_by_its_package(package: str, extra: str) -> None:
    assert _extra_of(package) == extra


@pytest.mark.parametrize(
    ("command", "name", "package"),
    [
        ("read", "page.html", "trafilatura"), ("brief", "page.html", "trafilatura"), ("read", "paper.pdf", "pypdfium2"),
        ("brief", "paper.pdf", "pypdfium2"), ("read", "wire.rss", "feedparser"), ("read", "crawl.warc", "warcio"),
    ],
)  # fmt: skip
def test_a_missing_extra_is_named_in_one_line(tmp_path: Path, command: str, name: str, package: str) -> None:
    found = run_without(package, tmp_path, command, name)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    last = found.stderr.strip().splitlines()[-1]
    assert last == f"ytterby: this needs the package '{package}' of the extra 'evidence': pip install 'ytterby[evidence]'"


def run_without(package: str, folder: Path, command: str, name: str) -> subprocess.CompletedProcess[str]:
    """The command on a sample with the ending of a name, where a package cannot be imported."""
    (folder / "sitecustomize.py").write_text(BLOCK.format(package=package))
    page = EXAMPLES / "articles" / "australia-framework.html"
    (folder / name).write_bytes(page.read_bytes() if name.endswith(".html") else ARTICLES[Path(name).suffix]()[0])
    path = os.pathsep.join([str(folder), *sys.path])
    call = [sys.executable, "-m", "ytterby", command, name]
    return subprocess.run(call, cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)


def test_the_workbench_without_its_extra_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCK.format(package="fastapi"))
    path = os.pathsep.join([str(tmp_path), *sys.path])
    found = subprocess.run(
        [sys.executable, "-m", "ytterby", "serve", "--port", "0"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert found.stderr == "ytterby: this needs the package 'fastapi' of the extra 'web': pip install 'ytterby[web]'\n"
