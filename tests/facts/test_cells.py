"""The reader of tables: separators, encodings, packing, workbooks; limits and damage are one line."""

from __future__ import annotations

import gzip
import io
import os
import zipfile

import openpyxl
import pytest

from ytterby.errors import FactError
from ytterby.facts import cells
from ytterby.facts.cells import only_sheet, sheets

TEXT = "month;goods;tonnes\n2025-05;oxide.Dy;3,5\n;;\n2025-06;Öxid, grob;4,5\n"


def rows(path):
    return [row for _, row in only_sheet(path).rows()]


def book(path, *tables):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, table in enumerate(tables):
        sheet = made.create_sheet(f"s{number}")
        for line in table:
            sheet.append(line)
    made.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
def test_same_rows_whatever_the_encoding_and_packing(tmp_path, encoding, packing):
    content, path = TEXT.encode(encoding), tmp_path / "t.csv"
    if packing == "gz":
        content = gzip.compress(content)
    if packing == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("inner.csv", content)
        content = stream.getvalue()
    path.write_bytes(content)
    assert rows(path) == [
        {"month": "2025-05", "goods": "oxide.Dy", "tonnes": "3,5"},
        {"month": "2025-06", "goods": "Öxid, grob", "tonnes": "4,5"},
    ]
    assert only_sheet(path).decimal == ","


def test_japanese_text_is_told_from_a_western_dash(tmp_path):
    (tmp_path / "j.csv").write_bytes("国名,数量\n中国のレアアース,5\n".encode("cp932"))
    assert rows(tmp_path / "j.csv")[0]["国名"] == "中国のレアアース"
    (tmp_path / "w.csv").write_bytes("a,b\nStatistics\u2014United,5\n".encode("cp1252"))
    assert rows(tmp_path / "w.csv")[0]["a"] == "Statistics\u2014United"


def test_workbook_gives_text_numbers_and_dates_and_short_rows(tmp_path):
    import datetime as dt

    path = book(
        tmp_path / "b.xlsx", [["name", "value", "day", "more"], ["x", 1240.0, dt.date(2025, 5, 1)], [None, None], ["y", 12.5, "z", "w"]]
    )
    assert [list(row.values()) for row in rows(path)] == [["x", "1240", "2025-05-01", ""], ["y", "12.5", "z", "w"]]


def test_several_sheets_are_several_tables(tmp_path):
    path = book(tmp_path / "b.xlsx", [["a"], [1]], [["b"], [2]])
    assert [sheet.name.rpartition("[")[2] for sheet in sheets(path)] == ["s0]", "s1]"]
    with pytest.raises(FactError, match="holds 2 tables"):
        only_sheet(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, r"\.xls"),
        (b"7z\xbc\xaf\x27\x1c" + b"0" * 99, "unpack it first"),
        (b"%PDF-1.7 ...", "PDF"),
        (gzip.compress(b"a,b\n1,2\n" * 999)[:-20], "damaged"),
        (b"PK\x03\x04" + b"\x00" * 60, "damaged"),
        (b"a,b\n\x00\x81\x8d\x00,2\n", "not UTF-8"),
        (b"a,b\n1,2\n3\n", ":3: has not as many cells"),
        (b"a,a\n1,2\n", "duplicate column"),
    ],
    ids=["empty", "xls", "7z", "pdf", "cut gz", "no zip", "binary", "short row", "twice"],
)
def test_what_cannot_be_read_is_one_line(tmp_path, content, words):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(FactError, match=words) as caught:
        rows(path)
    assert "\n" not in str(caught.value)


def test_pipes_folders_and_missing_files_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", tmp_path, tmp_path / "none.csv"):
        with pytest.raises(FactError, match="no plain file|cannot be read"):
            sheets(path)


def test_bombs_end_at_the_limit(tmp_path, monkeypatch):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 100_000))
    with pytest.raises(FactError, match="when unpacked"):
        list(only_sheet(path, 50_000).rows())
    monkeypatch.setattr(cells, "MAX_BOOK_BYTES", 100)
    with pytest.raises(FactError, match="when unpacked"):
        sheets(book(tmp_path / "b.xlsx", [["a"], [1]]))
