"""``ytterby chain``: keys for machines, tables for people, clear errors, quick."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner

from ytterby.app import chain
from ytterby.cli import cli, main
from ytterby.system.build import build

KEYS = {"year", "balance_error", "data_share", "world_mine_t", "shares", "adjustments", "residuals"}


@pytest.fixture(scope="module")
def summary():
    return chain(2024)


def test_json_has_the_keys(tmp_path):
    found = CliRunner().invoke(cli, ["chain", "--json", "--project", str(tmp_path / "none")])
    assert found.exit_code == 0
    document = json.loads(found.output)
    assert set(document) >= KEYS
    assert set(document["shares"]) >= {"mine", "refining_magnet_ree", "separation_heavy", "magnet"}
    assert set(document["adjustments"][0]) >= {"fact", "reported", "used", "sigmas"}
    assert set(document["residuals"][0]) >= {"element", "stage", "region", "t"}


def test_lists_fall_in_size(summary):
    for rows, column in ((summary.adjustments, "sigmas"), (summary.residuals, "t")):
        sizes = [abs(getattr(row, column)) for row in rows]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("arguments", [[], ["--year", "2009"], ["--element", "Dy"]])
def test_terminal_shows_tables(arguments, tmp_path):
    found = CliRunner().invoke(cli, ["chain", *arguments, "--project", str(tmp_path / "none")])
    assert found.exit_code == 0
    assert "Residuals that stay visible" in found.output
    assert "Largest adjustments" in found.output
    assert "…" not in found.output
    assert "e-1" not in found.output


def test_one_element_by_stage_and_region():
    rows = chain(2024, element="Dy").balance
    china = next(row for row in rows if (row.stage, row.region) == ("oxide", "CN"))
    assert china.production + china.imports == pytest.approx(china.exports + china.use + china.residual)
    assert [row.stage for row in rows][0] == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--year", "2010"], "did you mean '2009'"), (["--element", "Dx"], "unknown element 'Dx'; known: Sc (scandium)")],
)
def test_errors_are_one_line(arguments, said, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["ytterby", "chain", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capsys.readouterr()
    assert stop.value.code == 2
    assert not out
    assert said in err
    assert len(err.splitlines()) == 1


def test_build_takes_under_three_seconds(facts):
    begin = time.process_time()
    build(2024, facts)
    assert time.process_time() - begin < 3.0
