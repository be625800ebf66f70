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
    from ytterby.store.runs import read_run

    assert set(read_run(Path(run["run"])).series["measure"]) <= part("Series")


@pytest.mark.slow
def test_keys_of_compare(run, project):
    assert set(keys_of(["compare", run["run"], run["run"]], project)) <= part("compare")


@pytest.mark.slow
def test_keys_of_chain(project):
    assert set(keys_of(["chain"], project)) <= part("chain")


@pytest.mark.parametrize("arguments", [["list", "--element", "Tb"], ["show", "B049"], ["check"]], ids=" ".join)
def test_keys_of_facts(arguments, project):
    from ytterby.facts.schema import listed

    given = set(keys_of(["facts", *arguments], project)) - set(listed("columns")) - {"origin"}
    assert given <= part("facts")


def test_python_of_the_blocks_is_ours():
    """Shell blocks that call python mean the interpreter that has Ytterby."""
    from doclib.runner import environment

    assert environment()["PATH"].startswith(str(Path(sys.executable).parent))
