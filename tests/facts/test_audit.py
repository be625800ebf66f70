"""A sound row has no fault; whatever is broken in it is found, in its place."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.strategies import BROKEN, SOUND
from ytterby.errors import FactError
from ytterby.facts import audit


def write(path, rows, header=None):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header or list(SOUND), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_packaged_figures_have_no_fault():
    assert [str(fault) for fault in audit.check_package()] == []


def test_sound_row_has_no_fault():
    assert audit.check_row(SOUND) == []


@pytest.mark.parametrize(("column", "cell"), BROKEN)
def test_broken_cell_is_found_in_its_place(tmp_path, column, cell):
    faults = audit.check_file(write(tmp_path / "rows.csv", [SOUND | {"id": "X0"}, SOUND | {column: cell}]))
    assert faults
    assert {(fault.file, fault.line, fault.id) for fault in faults} == {("rows.csv", 3, "X1")}
    assert column in {fault.column for fault in faults} | ({"value"} if column in {"low", "high"} else set())


def test_only_quantities_with_a_sign_may_be_negative():
    below = {"value": "-5", "low": "-8", "high": "-2"}
    assert {cell[0] for cell in audit.check_row(SOUND | below)} == {"value", "low", "high"}
    assert audit.check_row(SOUND | below | {"quantity": "trade_change"}) == []


def test_assumed_figure_needs_both_ends():
    for end in ("low", "high"):
        assert audit.check_row(SOUND | {"kind": "assumed", end: ""})
    assert audit.check_row(SOUND | {"kind": "assumed"}) == []


def test_outcome_after_the_controls_needs_its_mark():
    late = SOUND | {"period": "2025-05"}
    assert [cell[0] for cell in audit.check_row(late)] == ["scope"]
    assert audit.check_row(late | {"scope": "FOB China; outcome: not for calibration"}) == []
    assert audit.check_row(late | {"quantity": "forecast"}) == []


def test_row_without_number_needs_words():
    bare = SOUND | {"value": "", "low": "", "high": "", "scope": "", "note": "", "unit": "text"}
    assert [cell[0] for cell in audit.check_row(bare)] == ["value"]


def test_id_twice_names_both_places(tmp_path):
    write(tmp_path / "a.csv", [SOUND])
    write(tmp_path / "b.csv", [SOUND])
    (fault,) = audit.check_folder(tmp_path)
    assert (fault.file, fault.line) == ("b.csv", 2)
    assert "a.csv:2" in fault.allowed


def test_missing_and_double_columns_are_named(tmp_path):
    (fault,) = audit.check_file(write(tmp_path / "a.csv", [SOUND], [name for name in SOUND if name != "source"]))
    assert "source" in fault.allowed
    (tmp_path / "b.csv").write_text(",".join([*SOUND, "unit"]) + "\n", "utf-8")
    (fault,) = audit.check_file(tmp_path / "b.csv")
    assert fault.found == "unit"


def test_short_row_is_a_fault(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(SOUND) + "\nX1,price\n", "utf-8")
    (fault,) = audit.check_file(path)
    assert (fault.line, fault.column) == (2, "row")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00bad", b'id,"\n' + b"x" * 2**21])
def test_unreadable_file_is_one_clear_error(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(FactError) as caught:
        audit.check_file(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.dictionaries(st.sampled_from(list(SOUND)), st.text(max_size=20), max_size=4))
def test_any_text_in_any_cell_gives_faults_and_never_a_crash(changes):
    for column, found, allowed in audit.check_row(SOUND | changes):
        assert column in SOUND
        assert isinstance(found, str)
        assert allowed
