"""``ytterby facts``: what a person and a machine see, and the exit codes."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest

OWN = "quantity,element,commodity,region,period,value,unit,source\nmine_production,TREO,mine.concentrate,AU,2024,30000,t REO,{}\n"


@pytest.fixture
def ytterby(tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "ytterby", "facts", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_list_filters_and_counts(ytterby):
    found = json.loads(ytterby("list", "--quantity", "price", "--element", "Dy", "--region", "CN", "--kind", "reported", "--json").stdout)
    assert found["count"] == len(found["facts"]) > 10
    assert {(fact["quantity"], fact["element"], fact["kind"]) for fact in found["facts"]} == {("price", "Dy", "reported")}
    assert found["as_of"] == "2026-04-10"
    assert found["user"] == ""


def test_show_has_source_licence_range_and_alternatives(ytterby):
    fact = json.loads(ytterby("show", "CAP0093", "--json").stdout)
    assert (fact["value"], fact["low"], fact["high"], fact["kind"]) == (412_660, 400_000, 425_000, "assumed")
    assert fact["source"]
    assert fact["licence_name"]
    assert "MCS2026-MINE-WORLD-2024" in {other["id"] for other in fact["alternatives"]}
    words = ytterby("show", "YIE0045").stdout
    assert "0.8527 kg/kg" in words
    assert "licence: " in words


def test_show_warns_of_an_expired_state_from_its_last_day_on():
    from ytterby.app import show_fact

    assert show_fact("B157", today=dt.date(2026, 11, 10)).expired == ()
    assert [state.end for state in show_fact("B157", today=dt.date(2026, 11, 11)).expired] == ["2026-11-10"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "CAP00933"], "did you mean 'CAP0093'"),
        (["list", "--region", "Atlantis"], "unknown region 'Atlantis'"),
        (["list", "--element", "Unobtainium"], "unknown element"),
    ],
)
def test_wrong_names_are_one_line_and_exit_2(ytterby, arguments, words):
    done = ytterby(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_check_of_the_package_is_clean(ytterby):
    done = ytterby("check", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["faults"] == []


def test_check_of_a_folder_names_file_and_line_and_exits_2(ytterby, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.csv").write_text(OWN.format("me"), "utf-8")
    assert ytterby("check", "own").returncode == 0
    (tmp_path / "own" / "a.csv").write_text(OWN.format(""), "utf-8")
    done = ytterby("check", "own")
    assert done.returncode == 2
    assert "a.csv:2: " in done.stdout


def test_import_then_show_says_whose_figure_it_is(ytterby, tmp_path):
    (tmp_path / "a.csv").write_text(OWN.format("me"), "utf-8")
    done = json.loads(ytterby("import", "a.csv", "--json").stdout)
    assert done["rows"] == 1
    assert done["user"] == "user figures used: 1 rows"
    fact = json.loads(ytterby("show", "MCS2026-MINE-AU-2024", "--json").stdout)
    assert fact["user"]
    assert (fact["value"], fact["ours"]["value"]) == (30_000, 29_000)


def test_refused_import_writes_nothing(ytterby, tmp_path):
    (tmp_path / "a.csv").write_text(OWN.format(""), "utf-8")
    done = ytterby("import", "a.csv")
    assert done.returncode == 2
    assert "a.csv:2" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".ytterby").exists()


def test_help_has_examples(ytterby):
    for name in ("list", "show", "check", "import"):
        assert "Example: ytterby facts" in ytterby(name, "--help").stdout
