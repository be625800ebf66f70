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


def told_by_the_script(folder, found):
    """Page that the script writes from a saved answer."""
    (folder / "cooperation.json").write_text(json.dumps(found.to_dict()), "utf-8")
    page = folder / "page.md"
    page.write_text("before\n<!-- story: written by scripts/tell_alliance.py -->\nyesterday\n<!-- end of the story -->\nafter\n", "utf-8")
    command = [sys.executable, ROOT / "scripts" / "tell_alliance.py", "--kept", folder, "--page", page, "--images", folder / "drawn"]
    subprocess.run([*command, "--project", folder, "--day", "2026-11-29"], check=True, capture_output=True, text=True, timeout=120)
    assert {path.stem for path in (folder / "drawn").iterdir()} == {"parts", "shares", "growth", "spillover"}
    return page.read_text("utf-8").replace("\u00a0", " ").replace("\u202f", " ")


def test_the_script_tells_the_story_of_an_alliance_anew_from_its_result(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    told = told_by_the_script(tmp_path / "one", alliance())
    assert told.startswith("before\n")
    assert told.endswith("after\n")
    assert "yesterday" not in told
    assert "`ytterby cooperate --allies JP,US --invite AU,EU --budget 1e9 --scenarios 4 --periods 5 --sensitivity --resimulate`" in told
    assert "is worth USD 1.6 billion (0.3 to 4.2)" in told
    assert "| Japan + United States | mean of all orders | 1,400 | 90 | 50 | 20 |" in told
    assert "nearest to it: Japan" in told
    leaving = alliance(excess=[{"rule": "by GDP", "coalition": "JP", "excess": 0.3e9}], scenarios=12)
    told = told_by_the_script(tmp_path / "other", leaving)
    assert "By GDP: Japan would do better alone, by USD 300 million." in told
    assert "--scenarios 12" in told


def test_the_script_compares_an_alliance_by_year_and_in_steps(tmp_path):
    found = {
        "parties": ["EU", "JP", "US"], "periods": 15, "scenarios": 12, "gap_usd": 2e7, "least_core_eps": -5e8, "owen": None,
        "values": {"EU": 0.0, "JP": 0.0, "US": 0.0, "EU+JP": 1e9, "EU+US": 2e9, "JP+US": 1.5e9, "EU+JP+US": 4e9},
        "shapley": {"EU": 1.5e9, "JP": 1e9, "US": 1.5e9},
    }  # fmt: skip
    steps = found | {"periods": 5, "values": {name: 0.9 * value for name, value in found["values"].items()}}
    for name, answer in (("by-year", [found, 60.4, 700.2]), ("in-steps", [steps, 20.0, 400.0])):
        (tmp_path / f"{name}.json").write_text(json.dumps(answer), "utf-8")
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- steps: written by scripts/compare_steps.py -->\nold\n<!-- end of the steps -->\nafter\n", "utf-8")
    command = [sys.executable, ROOT / "scripts" / "compare_steps.py", "--kept", tmp_path, "--page", page]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    told = page.read_text("utf-8")
    assert told.startswith("before\n")
    assert told.endswith("after\n")
    assert "old" not in told
    for line in (
        "| JP+US | 1.50 | 1.35 |",
        "| all three | 4.00 | 3.60 |",
        "| room in the core | 0.50 | 0.50 |",
        "| memory [MB] | 700 | 400 |",
    ):
        assert line in told
    assert "Owen" not in told
    assert "The value of all three differs by 10%, that of a pair by up to 10%." in told
    kept = (ROOT / "docs" / "explanation" / "together.md").read_text("utf-8")
    assert kept.count("<!-- steps: written by scripts/compare_steps.py -->") == kept.count("<!-- end of the steps -->") == 1
