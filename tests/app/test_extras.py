"""Without an extra its commands end with one line that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ytterby.cli import _extra_of

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Absent())
"""


@pytest.mark.parametrize(
    ("package", "extra"), [("trafilatura", "evidence"), ("SALib", "explore"), ("distributed", "scale"), ("pytest", ""), ("nosuch", "")]
)
def test_an_extra_is_found_by_its_package(package: str, extra: str) -> None:
    assert _extra_of(package) == extra


@pytest.mark.parametrize("command", ["read", "brief"])
def test_a_missing_extra_is_named_in_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCK.format(package="trafilatura"))
    (tmp_path / "a.html").write_text("<html><body><p>China restricts exports of dysprosium.</p></body></html>")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    found = subprocess.run(
        [sys.executable, "-m", "ytterby", command, "a.html"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    last = found.stderr.strip().splitlines()[-1]
    assert last == "ytterby: this needs the package 'trafilatura' of the extra 'evidence': pip install 'ytterby[evidence]'"
