"""docs/coverage.md: each system of the articles has a command, an output key and a test, or says that its issue is later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doclib import cli_pages

ROOT = Path(__file__).parents[2]
LATER = "not yet"
ROWS = {
    cells[0]: cells[1:]
    for line in (ROOT / "docs" / "coverage.md").read_text("utf-8").splitlines()
    if re.match(r"\| M\d+ ", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}
COMMANDS = {" ".join(path) for path in cli_pages.commands()}
SOURCES = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.py")))


@pytest.mark.parametrize("row", ROWS)
def test_later_rows_are_later_throughout(row):
    """A row is answered or it is not: no command without a key and a test."""
    assert len({cell == LATER for cell in ROWS[row][1:4]}) == 1


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_all_rows_are_there():
    assert list(ROWS) == [f"M{number}" for number in range(1, 15)]


@pytest.mark.parametrize("row", ROWS)
def test_no_cell_is_empty(row):
    assert len(ROWS[row]) == 5
    assert all(ROWS[row])
    for cell in ROWS[row][1:4]:
        assert quoted(cell) or cell == LATER, cell


@pytest.mark.parametrize("row", ROWS)
def test_commands_exist(row):
    for text in quoted(ROWS[row][1]):
        words = text.removeprefix("ytterby ").split()
        assert " ".join(words[:2]) in COMMANDS or words[0] in COMMANDS, text


@pytest.mark.parametrize("row", ROWS)
def test_output_keys_exist(row):
    for text in quoted(ROWS[row][2]):
        for key in re.split(r"[.\s]+", text.replace("[]", "")):
            assert re.search(rf"\b{re.escape(key)}\b", SOURCES), key


@pytest.mark.parametrize("row", ROWS)
def test_tests_exist(row):
    for text in quoted(ROWS[row][3]):
        name, _, function = text.partition("::")
        assert (ROOT / name).is_file(), name
        assert not function or f"def {function}(" in (ROOT / name).read_text("utf-8"), text
