"""Frozen statements: hashed, refused when changed, scored with misses first."""

import copy
import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ytterby.app import score
from ytterby.cli.forecasts import command
from ytterby.errors import InputError
from ytterby.validation import forecasts as room


def statement(name, p, below, month="2026-06", base=300.0):
    spread = {"0.05": 50.0, "0.1": 90.0, "0.25": 150.0, "0.5": 250.0, "0.75": 320.0, "0.9": 380.0, "0.95": 420.0}
    labels = {"goods": "magnet.*", "origin": "CN", "destination": name, "month": month}
    return {
        "id": f"{name}-{month}",
        "scenario": "s",
        "statement": name,
        "below": below,
        "p": p,
        "quantiles": spread,
        "base": base,
        **labels,
    }


def observed(**tonnes):
    return [{"month": "2026-06", "goods": "magnet.*", "origin": "CN", "destination": k, "tonnes": v} for k, v in tonnes.items()]


def test_scores_misses_first_and_only_what_is_known():
    document = room.frozen([statement("JP", 0.2, 200), statement("US", 0.9, 200), statement("DE", 0.5, 200)], "0", dt.date(2026, 4, 1), {})
    result = room.score(document, observed(JP=100.0, US=150.0))
    assert [row.id for row in result.statements] == ["JP-2026-06", "US-2026-06"]
    assert result.statements[0].miss
    assert result.statements[0].brier == pytest.approx(0.64)
    assert result.statements[1].brier == pytest.approx(0.01)
    assert result.scored == 2


def test_a_changed_file_is_refused():
    document = room.frozen([statement("JP", 0.2, 200)], "0", dt.date(2026, 4, 1), {})
    room.verify(json.loads(json.dumps(document)))
    changed = copy.deepcopy(document)
    changed["statements"][0]["p"] = 0.8
    with pytest.raises(InputError, match="changed after"):
        room.score(changed, observed(JP=100.0))


@pytest.mark.parametrize("file", ["forecasts-0.1.0.json", "forecasts-2026-11.json"])
def test_sets_are_frozen_with_the_release_and_untouched(file):
    document = json.loads((Path(room.__file__).parent / "data" / file).read_text("utf-8"))
    room.verify(document)
    assert document["release"] == "0.1.0"
    assert len(document["statements"]) >= 40
    assert all(0.0 < item["p"] < 1.0 for item in document["statements"])
    assert all(dt.date.fromisoformat(f"{item['month']}-28") > dt.date.fromisoformat(document["as_of"]) for item in document["statements"])
    calm = [item for item in document["statements"] if item["scenario"] == "no-shock"]
    assert calm
    for item in calm:  # placebo: no control, no change; what is left is the model's own error
        assert item["quantiles"]["0.5"] == pytest.approx(item["base"], rel=1e-6)


def test_commands_score_and_complain(tmp_path):
    file = tmp_path / "customs.csv"
    file.write_text("month,goods,origin,destination,tonnes\n2026-06,magnet.*,CN,JP,150\n", "utf-8")
    done = CliRunner().invoke(command, ["score", "--observed", str(file), "--holds", "china-licences-2025"])
    assert done.exit_code == 0, done.output
    assert "MISS" in done.output
    assert "mean Brier" in done.output
    assert score(file, holds="china-licences-2025").scored == 1
    file.write_text("month,goods,origin,destination,tonnes\n2026-06,magnet.*,CN,JP,-3\n", "utf-8")
    with pytest.raises(InputError, match=r"line 2: tonnes: found '-3'"):
        score(file)
    file.write_text("month,goods\n2026-06,magnet.*\n", "utf-8")
    with pytest.raises(InputError, match="tonnes is missing"):
        score(file)
