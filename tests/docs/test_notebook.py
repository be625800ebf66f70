"""The example notebook: its cells run in order and print what the notebook shows."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import build_docs
import pytest
from doclib.blocks import plain_lines
from doclib.notebook import notebook

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=sorted(build_docs.NOTEBOOKS))
def book(request):
    return json.loads((ROOT / request.param).read_text("utf-8"))


def test_a_notebook_is_its_page(book):
    assert [json.loads(notebook(ROOT / page)) for page in build_docs.NOTEBOOKS.values()] == [book]


def test_a_notebook_has_the_form_that_jupyter_reads(book):
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    for cell in book["cells"]:
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | (
            {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        )
    shown = [output for cell in book["cells"] for output in cell.get("outputs", ())]
    assert sum("image/svg+xml" in output.get("data", ()) for output in shown) == 1
    assert not any("```" in "".join(cell["source"]) for cell in book["cells"])


@pytest.mark.slow
def test_the_cells_run_and_print_what_is_shown(book, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    space = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                exec(compile("".join(cell["source"]), "notebook", "exec"), space)
            shown = "".join("".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream")
            assert plain_lines(shown) <= plain_lines(told.getvalue())
