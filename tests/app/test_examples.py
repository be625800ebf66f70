"""The files of the documentation's examples come with the program, and a message that misses one says how."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ytterby.app import project_examples
from ytterby.cli import _examples_hint
from ytterby.cli.project import command
from ytterby.errors import InputError

EXAMPLES = Path(__file__).parents[2] / "examples"


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_examples_are_written_as_they_are(tmp_path):
    assert files(project_examples(tmp_path)) == files(EXAMPLES)
    with pytest.raises(InputError, match="is there already"):
        project_examples(tmp_path)


def test_the_command_writes_them_into_a_folder(tmp_path):
    told = CliRunner().invoke(command, ["examples", "--into", str(tmp_path)], catch_exceptions=False)
    assert told.output.startswith(f"written: {tmp_path / 'examples'}")
    assert (tmp_path / "examples" / "articles" / "korea-stockpile.md").is_file()


def test_a_message_that_misses_an_example_says_how_it_comes_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for message in ("examples/articles: no such file or folder", "File 'examples/parts.csv' does not exist"):
        assert "ytterby project examples" in _examples_hint(message)
    assert not _examples_hint("parts.csv: no such file or folder")
    assert not _examples_hint("examples/parts.csv: no column 'grams'")
    project_examples(tmp_path)
    assert not _examples_hint("examples/articles/foo.txt: no such file or folder")
