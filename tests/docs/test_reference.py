"""What is not documented fails: commands, measures, scenarios, errors, public names, extras, pages."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import build_docs
import click
import pytest
from doclib import cli_pages

import ytterby
from ytterby import errors
from ytterby.cli import cli, commands
from ytterby.facts import elements, regions
from ytterby.measures import KINDS, SIMULATED
from ytterby.scenario import bundled
from ytterby.simulation import COLUMNS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = build_docs.made()
PATHS = list(cli_pages.commands())
EXAMPLE = re.compile(r"\bytterby (?!\[)[a-z][^\n]*")


def page(name):
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", MADE)
def test_pages_made_from_the_code_are_up_to_date(name):
    assert (ROOT / name).read_text("utf-8") == MADE[name], "run: python scripts/build_docs.py"


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_help_with_an_example_and_an_entry(path):
    command, text = cli_pages.command_of(path), cli_pages.help_of(path)
    assert command.help
    assert len(command.help.split()) >= 3
    assert "Example" in text
    assert "\\b" not in text, "a mark of layout shows: write the example as an epilog"
    assert re.search(rf"^#+ ytterby {' '.join(path)}$", page("reference/cli.md"), re.MULTILINE)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_option_says_what_it_does(path):
    for parameter in cli_pages.command_of(path).params:
        assert not isinstance(parameter, click.Option) or parameter.help, f"{' '.join(path)} {parameter.name}"


@pytest.mark.parametrize("path", [path for path in PATHS if not isinstance(cli_pages.command_of(path), click.Group)], ids=" ".join)
def test_every_command_speaks_json_and_knows_its_project(path):
    names = {name for parameter in cli_pages.command_of(path).params for name in parameter.opts}
    assert {"--json", "--project"} <= names


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_examples_of_the_help_are_commands_that_exist(path):
    """Their commands and options are known to the program; arguments are not opened."""
    text = cli_pages.help_of(path)
    told = EXAMPLE.findall(" ".join(text[text.index("Example") :].split()).replace(" ytterby ", "\nytterby "))
    assert told
    for line in told:
        words = shlex.split(line.split(" Options:")[0].split(" Commands:")[0])[1:]
        depth = 2 if len(words) > 1 and tuple(words[:2]) in PATHS else 1
        command = cli_pages.command_of(tuple(words[:depth]))
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words[depth:] if re.match(r"--?[a-z]", word)} <= known, line


def test_commands_of_the_list_are_those_of_the_program():
    assert [path[0] for path in PATHS if len(path) == 1] == cli.list_commands(click.Context(cli)) == list(commands())


def test_every_module_with_a_command_is_in_the_help():
    """A first line that is misspelt would hide the command."""
    folder = ROOT / "src/ytterby/cli"
    with_command = {path.stem for path in folder.glob("*.py") if re.search(r"^@click\.(command|group)", path.read_text(), re.M)}
    assert with_command - {"__init__"} == set(commands())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_measure_is_documented(kind):
    heading = page("reference/measures.md").partition(f"\n## {kind}\n")[2]
    assert heading
    told_as_missing = "not simulated yet" in heading.partition("\n## ")[0]
    assert told_as_missing == (kind not in SIMULATED)


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_scenario_is_documented(name):
    assert f"\n## {name}\n" in page("reference/scenarios.md")


def test_every_error_is_documented_with_its_exit_code():
    text = page("reference/errors.md")
    classes = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, errors.YtterbyError)]
    assert len(classes) >= 10
    for item in classes:
        row = next((line for line in text.splitlines() if line.startswith(f"| `{item.__name__}`")), "")
        assert f"| {item.exit_code} |" in row, item.__name__


@pytest.mark.parametrize("name", ytterby.__all__)
def test_every_public_name_is_documented(name):
    assert re.search(rf"^::: ytterby\.[a-z_.]+\.{name}$", page("reference/python.md"), re.MULTILINE)
    assert getattr(ytterby, name).__doc__


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_series_is_documented(column):
    assert f"| `{column}` |" in page("reference/files.md")


def test_every_extra_is_documented():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for extra in extras:
        assert f"| `{extra}` |" in page("reference/install.md")


def test_every_make_target_is_documented():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert targets
    for target in targets:
        assert f"`make {target}`" in text


def test_every_page_is_in_the_navigation():
    listed = set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8")))
    assert listed == {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}


NUMBERS = {6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven", 14: "fourteen", 15: "fifteen"}


def test_counts_in_words_are_right():
    """What README and change log count and name is what the program holds."""
    readme, changes = ((ROOT / name).read_text("utf-8") for name in ("README.md", "CHANGELOG.md"))
    assert set(KINDS) == SIMULATED
    assert "not simulated" not in readme
    assert f"{NUMBERS[len(bundled())]} bundled scenarios" in changes
    assert f"{len(elements())} elements, {len(regions())} regions" in page("index.md")


def test_limits_missed_in_words_are_those_of_the_replay():
    """README and the page on history say of how many limits how many are met, as the page's table of the replay does."""
    readme, history = (ROOT / "README.md").read_text("utf-8"), page("explanation/history.md")
    verdicts = re.findall(r"^\| (MISS|met)\b", history, re.MULTILINE)
    missed, count = verdicts.count("MISS"), len(verdicts)
    assert count == 15
    met = f"{NUMBERS[count - missed].capitalize()} of the {NUMBERS[count]} limits"
    assert f"**{met} that were set beforehand are met**, {NUMBERS[missed]} are missed" in " ".join(readme.split())
    assert f"**{NUMBERS[count - missed]} of the {NUMBERS[count]} are met**" in history
