"""The reader of packaged tables: text, records by annotation, frames, faults with file, line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from ytterby import tables
from ytterby.errors import FactError


class Part(NamedTuple):
    name: str
    weeks: int
    share: float
    goods: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    name: str
    goods: frozenset[str]


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Make a package with tables; gives its name."""

    def make(**files):
        name = f"room_{tmp_path.name.replace('-', '_')}"
        folder = tmp_path / name
        (folder / "data").mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        for file, text in files.items():
            (folder / "data" / f"{file}.csv").write_text(text, "utf-8", newline="")
        monkeypatch.syspath_prepend(str(tmp_path))
        return name

    return make


TABLE = 'name,weeks,share,goods,note\nDyé,3,0.25,oxide.Dy metal.Dy,"a, ""b""\nc"\nNd,4,1e-3,,\n'


def test_rows_are_text_in_their_order_and_read_once(room):
    package = room(parts=TABLE)
    found = tables.rows(package, "data/parts")
    assert found[0] == {"name": "Dyé", "weeks": "3", "share": "0.25", "goods": "oxide.Dy metal.Dy", "note": 'a, "b"\nc'}
    assert [row["note"] for row in found] == ['a, "b"\nc', ""]
    assert tables.rows(package, "data/parts") is found


def test_line_ends_of_any_system_and_rare_characters_break_no_row(room):
    package = room(parts="name,note\r\na,x\u2028y\r\nb,\x0c\r\n")
    assert tables.rows(package, "data/parts") == ({"name": "a", "note": "x\u2028y"}, {"name": "b", "note": "\x0c"})


def test_records_follow_the_annotations(room):
    package = room(parts=TABLE)
    assert tables.records(package, "data/parts", Part) == (
        Part("Dyé", 3, 0.25, ("oxide.Dy", "metal.Dy")),
        Part("Nd", 4, 0.001, ()),
    )
    assert tables.records(package, "data/parts", Named)[0] == Named("Dyé", frozenset({"oxide.Dy", "metal.Dy"}))


def test_a_table_with_no_rows_is_empty(room):
    package = room(parts="name,weeks\n")
    assert tables.rows(package, "data/parts") == ()
    assert tables.records(package, "data/parts", Part) == ()


def test_frames_are_fresh_and_hold_text_but_for_the_named_columns(room):
    package = room(parts="name,year,value\nNA,2024,\n,2025,0.1\n")
    frame = tables.frame(package, "data/parts", {"year": "int64", "value": "float64"})
    assert frame["name"].tolist() == ["NA", ""]
    assert frame["year"].tolist() == [2024, 2025]
    assert np.isnan(frame["value"][0])
    assert frame["value"][1] == 0.1
    frame.loc[0, "name"] = "changed"
    assert tables.frame(package, "data/parts", {"year": "int64", "value": "float64"})["name"].tolist() == ["NA", ""]
    assert tables.frame(package, "data/parts")["value"].tolist() == ["", "0.1"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("a,b\n1,2\n3\n", None, r"parts.csv line 3: 1 cells, the header has 2"),
        ("a,b\n1,2,3\n", None, r"parts.csv line 2: 3 cells, the header has 2"),
        ("a,a\n1,2\n", None, r"parts.csv line 1: no header, or a duplicate column"),
        ("", None, r"parts.csv line 1: no header"),
        ("name,weeks,goods\nx,1,\n", Part, r"parts.csv line 1: column 'share' is missing"),
        ("name,weeks,share,goods\nx,1,2,\ny,1.5,2,\n", Part, r"parts.csv line 3: weeks '1.5' is not a number"),
        ("name,weeks,share,goods\nx,1,much,\n", Part, r"parts.csv line 2: share 'much' is not a number"),
    ],
)
def test_a_fault_names_file_line_and_column(room, text, kind, words):
    package = room(parts=text)
    with pytest.raises(FactError, match=words):
        tables.records(package, "data/parts", kind) if kind else tables.rows(package, "data/parts")


def test_a_missing_table_is_named(room):
    package = room()
    assert not tables.path_of(package, "data/none").is_file()
    with pytest.raises(FactError, match=r"none.csv: no such table"):
        tables.rows(package, "data/none")
