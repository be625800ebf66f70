"""docs/reference/files.md names every key and measure that the program really writes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ytterby.cli import cli

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "files.md").read_text("utf-8")


def part(title):
    """Words in code marks below a heading."""
    found = re.search(rf"^### {title}\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, title
    return set(re.findall(r"`([^`]+)`", found[1]))


def keys_of(arguments, project):
    done = CliRunner().invoke(cli, [*arguments, "--json", "--project", str(project)])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def run(project):
    return keys_of(["run", "no-shock"], project)


@pytest.mark.slow
def test_keys_of_run(run):
    assert set(run) <= part("run")


@pytest.mark.slow
def test_measures_of_the_series(run):
    from ytterby.store import read_run

    assert set(read_run(Path(run["run"])).series["measure"]) <= part("Series")


@pytest.mark.slow
def test_keys_of_compare(run, project):
    assert set(keys_of(["compare", run["run"], run["run"]], project)) <= part("compare")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (["chain"], "chain"),
        (["exposure", "--element", "Tb"], "exposure"),
        (["exposure", "--history"], "exposure"),
        (["exposure", "--bom", str(ROOT / "examples" / "parts.csv"), "--on", "2026-01-05"], "exposure"),
        (["rivals"], "rivals"),
        (["controls", "--since", "2025-10-01"], "controls"),
        (["calendar"], "calendar"),
        (["watch"], "watch"),
        (["trade", "us-tariffs-japan-2025", "--draws", "2"], "trade"),
        (["backtest", "japan-tariffs-2025", "--draws", "2"], "backtest"),
        (["project", "info"], "project"),
        (["read", str(ROOT / "examples" / "articles")], "read"),
        (["scenarios"], "scenarios and measures"),
        (["scenarios", "no-shock"], "scenarios and measures"),
        (["measures"], "scenarios and measures"),
        (["measures", "ban"], "scenarios and measures"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_keys_of_the_other_commands(arguments, title, project):
    assert set(keys_of(arguments, project)) <= part(title)


@pytest.mark.slow
def test_keys_of_brief(run, project):
    given = keys_of(["brief", run["run"], "-o", str(project / "brief.html")], project)
    assert set(given) <= part("brief")


def test_every_command_has_its_keys_on_the_page():
    from doclib.cli_pages import commands

    without = {"review"}
    titles = " ".join(re.findall(r"^### (.+)$", TEXT, re.MULTILINE)).split()
    assert {path[0] for path in commands()} - without <= set(titles)


@pytest.mark.parametrize("arguments", [["list", "--element", "Tb"], ["show", "B049"], ["check"]], ids=" ".join)
def test_keys_of_facts(arguments, project):
    from ytterby.facts import listed

    given = set(keys_of(["facts", *arguments], project)) - set(listed("columns")) - {"origin"}
    assert given <= part("facts")


def test_python_of_the_blocks_is_ours():
    """Shell blocks that call python mean the interpreter that has Ytterby."""
    from doclib.runner import environment

    assert environment()["PATH"].startswith(str(Path(sys.executable).parent))


def test_keys_of_plan():
    from ytterby.plan import PlanResult

    assert set(PlanResult.model_fields) <= part("plan")
