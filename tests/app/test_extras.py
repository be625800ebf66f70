"""Without an extra its commands end with one line that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ytterby.cli import _extra_of

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"
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


@pytest.mark.parametrize("command", ["read", "brief"])
def test_a_missing_extra_is_named_in_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCK.format(package="trafilatura"))
    path = os.pathsep.join([str(tmp_path), *sys.path])
    found = subprocess.run(
        [sys.executable, "-m", "ytterby", command, str(next(ARTICLES.glob("*.html")))],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    last = found.stderr.strip().splitlines()[-1]
    assert last == "ytterby: this needs the package 'trafilatura' of the extra 'evidence': pip install 'ytterby[evidence]'"


def test_the_workbench_without_its_extra_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCK.format(package="fastapi"))
    path = os.pathsep.join([str(tmp_path), *sys.path])
    found = subprocess.run(
        [sys.executable, "-m", "ytterby", "serve", "--port", "0"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert found.stderr == "ytterby: this needs the package 'fastapi' of the extra 'web': pip install 'ytterby[web]'\n"
