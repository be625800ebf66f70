"""The pages on scenarios: the reference is made from the classes, every example runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ytterby.cli import cli
from ytterby.errors import UnknownNameError
from ytterby.measures import KINDS
from ytterby.scenario.describe import PARTS, distributions, fields_of, kinds, reference
from ytterby.scenario.files import bundled, load_text

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "how-to" / "scenarios.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_reference_is_up_to_date():
    words = "run scripts/measures_reference.py"
    assert (DOCS / "reference" / "measures.md").read_text("utf-8") == reference(), words


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_yaml_block_is_a_scenario(text):
    assert load_text(text).weeks > 0


@pytest.mark.parametrize("text", blocks("python"))
def test_every_python_block_runs(text):
    names: dict[str, object] = {}
    exec(compile(text, "scenarios.md", "exec"), names)
    assert names["third"].measures[-1].kind == "stockpile"
    assert "# Announcement 18" in names["text"]


def test_every_key_has_words_and_every_number_a_unit():
    things = [("measure", entry["kind"], entry["fields"]) for entry in kinds()]
    things += [("distribution", entry["dist"], entry["fields"]) for entry in distributions()]
    things += [("part", name, fields_of(model)) for name, model in PARTS.items()]
    for what, name, fields in things:
        for field in fields:
            assert field["meaning"], (what, name, field["key"])
            number = isinstance(field["default"], float) or field["key"].endswith(("weeks", "tonnes", "rate", "share", "date"))
            assert field["unit"] or not number, (what, name, field["key"])
    assert [entry["kind"] for entry in kinds()] == list(KINDS)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_commands_list_and_show(tmp_path):
    found = json.loads(run("scenarios", "--json", "--lang", "de"))["scenarios"]
    assert [entry["name"] for entry in found] == list(bundled())
    assert all(entry["title"] and entry["digest"] and entry["start"] < entry["end"] for entry in found)
    japanese = json.loads(run("scenarios", "--json", "--lang", "ja"))["scenarios"]
    assert all(
        {entry["title"], entry["summary"]}.isdisjoint({own["title"], own["summary"]}) for entry, own in zip(found, japanese, strict=True)
    )
    table = run("scenarios")
    assert all(name in table for name in bundled())
    text = run("scenarios", "total-stop")
    (tmp_path / "mine.yaml").write_text(text)
    one = json.loads(run("scenarios", str(tmp_path / "mine.yaml"), "--json"))
    assert one["measures"][0]["kind"] == "ban"
    assert one["yaml"] == text


def test_commands_name_the_kinds():
    assert len(json.loads(run("measures", "--json"))["measures"]) == len(KINDS)
    assert json.loads(run("measures", "ban", "--json"))["fields"][0]["key"] == "name"
    assert "approval_rate" in run("measures", "licence")
    assert "joint_rnd" in run("measures")
    with pytest.raises(UnknownNameError, match="unknown kind 'bann'; did you mean 'ban'?"):
        run("measures", "bann")
    assert "Example:" in run("scenarios", "--help")
    assert "Example:" in run("measures", "--help")
