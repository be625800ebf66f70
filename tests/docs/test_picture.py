"""The pictures of the docs are made from runs by a script that works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.report.saved import alliance, plan

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


def test_the_script_draws_the_pictures_of_plans_from_saved_results(tmp_path):
    results = {"jp": ("JP",), "us": ("US",), "jp-us": ("JP", "US"), "jp-us-au-eu": ("JP", "US", "AU", "EU")}
    saved = {name: ("plan.json", plan(parties)) for name, parties in results.items()} | {"alliance": ("cooperation.json", alliance())}
    for name, (file, found) in saved.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(json.dumps(found.to_dict()), "utf-8")
    command = [sys.executable, ROOT / "scripts" / "build_plan_pictures.py", tmp_path, "--out", tmp_path / "drawn"]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    kept = ROOT / "docs" / "images" / "plans"
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == {path.name for path in kept.iterdir()}
    told = (ROOT / "docs" / "explanation" / "plan.md").read_text("utf-8") + (ROOT / "docs" / "explanation" / "together.md").read_text(
        "utf-8"
    )
    for path in kept.iterdir():
        assert f"images/plans/{path.name}" in told
        drawn, shown = (ET.parse(folder / path.name).getroot() for folder in (tmp_path / "drawn", kept))
        assert drawn.get("width") == shown.get("width")
        assert shown.get("aria-label")
