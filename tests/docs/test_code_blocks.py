"""Every Python and shell block of README, CONTRIBUTING and docs runs, and prints what the page shows below it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import build_docs
import pytest
from doclib.blocks import Block, blocks, pages, plain_lines, scenarios
from doclib.outputs import shortened
from doclib.runner import Session

from ytterby.scenario import load_text

ROOT = Path(__file__).parents[2]


def cases():
    for page in pages(ROOT):
        found = blocks(page.read_text("utf-8"))
        slow = any(block.slow or block.language == "shell" or ".simulate(" in block.code for block in found)
        marks = [pytest.mark.slow] if slow else []
        yield pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", list(cases()))
def test_blocks_of_a_page_run(page, tmp_path, request):
    session = Session(tmp_path, page.name)
    for block in blocks(page.read_text("utf-8")):
        if block.needs == "shared":
            request.getfixturevalue("shared")
        if block.needs == "network" and not network():
            pytest.skip("no package registry can be reached")
        output = session.run(block)
        if block.output is not None:
            missing = plain_lines(block.output) - plain_lines(output)
            assert not missing, f"{page.name}, line {block.line}: the page shows {missing}, the block prints:\n{output}"


def network():
    """Whether pip finds its registry."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "downloaded", "iniconfig"]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=120).returncode == 0


def test_every_page_with_blocks_is_found():
    assert ROOT / "README.md" in pages(ROOT)
    assert len(pages(ROOT)) >= 10


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_scenarios_shown_are_valid(page):
    for text in scenarios(page.read_text("utf-8")):
        assert load_text(text, page.name).weeks > 0


def test_blocks_are_read_with_their_options_lines_and_outputs():
    shell_part = "# Title\n\n<!-- run: slow exit=2 show=1 -->\n```sh\nytterby run x\n```\n\n```text\nno\n...\n```\n\n"
    text = shell_part + "```python\nx = 1\n```\n```yaml\nname: x\n```\n"
    shell, python = blocks(text)
    assert (shell.line, shell.exit_code, shell.slow, shell.output) == (5, 2, True, "no\n...\n")
    assert (python.language, python.line, python.options, python.output) == ("python", 14, {}, None)
    assert text[slice(*shell.span)] == shell.output
    assert scenarios(text) == ["name: x\n"]


def test_console_blocks_keep_commands_only():
    (block,) = blocks("```console\n$ echo one\none\n$ echo two\n```\n")
    assert block.code.split("\n") == ["echo one", "", "echo two", ""]


def test_a_failing_command_is_a_failure(tmp_path):
    session = Session(tmp_path, "page")
    with pytest.raises(AssertionError, match="exit code 3 instead of 0"):
        session.run(Block("shell", "echo told\nexit 3\n", 1, {}))
    assert session.run(Block("shell", "echo told; exit 3\n", 1, {"exit": "3"})) == "told\n"


def test_python_blocks_share_names_and_folder(tmp_path):
    session = Session(tmp_path, "page")
    assert session.run(Block("python", "from pathlib import Path\nx = 2\nPath('here').touch()\n", 1, {})) == ""
    assert session.run(Block("python", "print(x + 1)\n", 5, {})) == "3\n"
    assert (tmp_path / "here").exists()
    assert Path.cwd() != tmp_path


def test_outputs_are_compared_by_their_words():
    assert plain_lines("Who  stops\n\n12 t\n...\n") == {"Who stops"}
    assert shortened("a\nb\nc\n", 2) == "a\nb\n...\n"
    assert shortened("a\nb\n", 2) == shortened("a\nb\n", 0) == "a\nb\n"


def test_every_example_is_a_page_whose_blocks_run():
    """Pages made from examples hold their code, so an example runs where its page runs."""
    assert {path.name for path in (ROOT / "examples").glob("*.py")} == set(build_docs.SCRIPTS.values())
    for name, script in build_docs.SCRIPTS.items():
        code = "".join(block.code for block in blocks((ROOT / name).read_text("utf-8")))
        lines = [line for line in (ROOT / "examples" / script).read_text("utf-8").splitlines() if line and not line.startswith("#")]
        assert code.split()[-1] == " ".join(lines).split()[-1]
        assert [line for line in code.splitlines() if line] == lines[lines.index(code.splitlines()[0]) :]
