"""The pictures of the docs are made from runs by a script that works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def words(picture):
    """Texts of a picture without figures."""
    found = {item.text for item in picture.iter(f"{SVG}text") if item.text}
    return {text for text in found if not any(sign.isdigit() for sign in text)}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), [("two-prices", []), ("two-worlds", ["--worlds"])])
def test_the_script_draws_the_picture(tmp_path, name, options):
    target = tmp_path / "picture.svg"
    command = [sys.executable, ROOT / "scripts" / "build_picture.py", "--draws", "8", "--out", target, *options]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    drawn, kept = (ET.parse(path).getroot() for path in (target, ROOT / "docs" / "images" / f"{name}.svg"))
    assert words(drawn) == words(kept)
    assert drawn.get("aria-label") == kept.get("aria-label")
    assert len(list(drawn.iter(f"{SVG}polygon"))) == 4, "two bands for each of two prices"
