"""Run folders, checkpoints and exports: whole or absent, and the same when read again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.errors import InputError, StoreError
from ytterby.execution import digest_of
from ytterby.store.atomic import new_folder, sweep, write_bytes
from ytterby.store.checkpoints import CheckpointStore
from ytterby.store.export import dataset, export_series
from ytterby.store.runs import COLUMNS, is_run, read_draws, read_run, read_series, run_name, write_run

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
ROW = st.tuples(
    st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2090-01-01").date()),
    TEXT,
    TEXT,
    st.none() | TEXT,
    TEXT,
    st.none() | TEXT,
    st.none() | st.floats(allow_nan=False),
    TEXT,
    st.sampled_from([None, "0.05", "0.5", "mean"]),
)


def frame(rows):
    return pd.DataFrame(rows, columns=list(COLUMNS))


def series(weeks=3, quantiles=("0.05", "0.5")):
    dates = pd.date_range("2025-04-07", periods=weeks, freq="7D")
    rows = [
        (date, measure, "oxide.Dy", "", region, "", float(i + j), "USD/kg" if measure == "price" else "t/week", q)
        for i, date in enumerate(dates)
        for measure in ("price", "stock")
        for j, region in enumerate(("JP", "DE"))
        for q in quantiles
    ]
    return frame(rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, max_size=20))
def test_series_is_read_as_it_was_written(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("run") / "a [b]* '?"
    table = frame(rows)
    write_run(folder, {}, {}, table)
    found = read_series(folder)
    assert list(found.columns) == list(COLUMNS)
    assert list(found["date"].dt.date) == list(table["date"])
    for name in COLUMNS[1:]:
        if name == "value":
            np.testing.assert_array_equal(found[name].to_numpy(float), table[name].astype("float64").to_numpy())
        else:
            assert list(found[name]) == ["" if pd.isna(value) else value for value in table[name]]


def test_same_run_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_run(tmp_path / name, {"seed": 1}, {"x": 2.5}, series())
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_record_and_summary_come_back_as_plain_json(tmp_path):
    record = {"seed": np.int64(3), "when": pd.Timestamp("2025-04-07"), "path": tmp_path, "odd": float("nan"), "set": {"b", "a"}}
    run = read_run(write_run(tmp_path / "r", record, {"first_stops": [{"low": np.float64(1.5)}], "array": np.arange(3)}, series()))
    assert run.record == {"seed": 3, "when": "2025-04-07 00:00:00", "path": str(tmp_path), "odd": None, "set": ["a", "b"]}
    assert run.summary == {"first_stops": [{"low": 1.5}], "array": [0, 1, 2]}
    assert len(run.series) == len(series())


def test_a_run_takes_the_place_of_a_run_and_of_nothing_else(tmp_path):
    write_run(tmp_path / "r", {"seed": 1}, {}, series())
    write_run(tmp_path / "r", {"seed": 2}, {}, series())
    assert read_run(tmp_path / "r").record == {"seed": 2}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for name in ("mine", "file"):
        with pytest.raises(StoreError, match="exists and is not a run of Ytterby; nothing written"):
            write_run(tmp_path / name, {}, {}, series())
    (tmp_path / "empty").mkdir()
    write_run(tmp_path / "empty", {}, {}, series())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "file", "mine", "r"]


def test_series_without_a_column_is_refused(tmp_path):
    with pytest.raises(InputError, match="columns unit are missing"):
        write_run(tmp_path / "r", {}, {}, series().drop(columns="unit"))
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_middle_leaves_what_was(tmp_path):
    write_run(tmp_path / "r", {"seed": 1}, {}, series())

    def half_done():
        with new_folder(tmp_path / "r") as part:
            (part / "run.json").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    with pytest.raises(TypeError):
        write_bytes(tmp_path / "r" / "run.json", "not bytes")
    assert read_run(tmp_path / "r").record == {"seed": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


@pytest.mark.parametrize(
    ("file", "content"), [("run.json", b"{"), ("run.json", b"[1]"), ("summary.json", b"\xff"), ("series.parquet", b"PAR1junkPAR1")]
)
def test_damaged_run(tmp_path, file, content):
    folder = write_run(tmp_path / "r", {}, {}, series())
    (folder / file).write_bytes(content)
    with pytest.raises(StoreError, match="is damaged or foreign"):
        _ = read_run(folder).series


def test_a_swap_cut_short_by_a_kill_is_undone(tmp_path):
    old = write_run(tmp_path / "r", {"seed": 1}, {}, series())
    (tmp_path / ".part-x").mkdir()
    old.rename(tmp_path / ".part-x" / "r")
    sweep(tmp_path)
    assert not old.exists()
    os.utime(tmp_path / ".part-x", (0, 0))
    (tmp_path / ".part-young").mkdir()
    sweep(tmp_path)
    assert read_run(old).record == {"seed": 1}
    assert sorted(p.name for p in tmp_path.iterdir()) == [".part-young", "r"]


def test_unfinished_or_foreign_folder_is_no_run(tmp_path):
    with pytest.raises(StoreError, match="is not a run of Ytterby"):
        read_run(tmp_path)
    with pytest.raises(StoreError, match="no such file"):
        read_series(tmp_path)


def test_run_name_is_a_file_name_and_depends_on_the_inputs():
    assert run_name("a/../b c", "d", "e", 10, 1).startswith("a----b-c-")
    names = {run_name("x", d, b, n, s) for d in "ab" for b in "ab" for n in (1, 2) for s in (1, 2)}
    assert len(names) == 16


WRITER = """
import sys
import pandas as pd
from pathlib import Path
from ytterby.store.runs import COLUMNS, write_run
n = 20000
table = pd.DataFrame({name: ["x"] * n for name in COLUMNS}).assign(date="2025-04-07", value=1.0)
i = 0
while True:
    i += 1
    write_run(Path(sys.argv[1]), {"i": i}, {"i": i}, table.assign(value=float(i)))
    print(i, flush=True)
"""


def test_kill_while_a_run_is_written(tmp_path):
    """After a kill the folder is absent or one whole run, its three files of one writing."""
    chance = random.Random(3)
    for _ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "r")], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.random() * 0.25)
        writer.kill()
        writer.communicate()
        if (tmp_path / "r").exists():
            run = read_run(tmp_path / "r")
            assert run.record == run.summary
            assert set(run.series["value"]) == {float(run.record["i"])}
        else:
            swapped = list(tmp_path.glob(".part-*/r"))
            assert any(is_run(folder) for folder in swapped)


def test_parts_come_back_by_their_digest(tmp_path):
    store = CheckpointStore(tmp_path / "c")
    assert store.get("d3") is None
    store.put("d3", {"a": np.arange(4.0), "b": np.array([[True]])})
    store.put("d0", {"a": np.zeros((0, 2))})
    again = CheckpointStore(tmp_path / "c")
    found = again.get("d3")
    assert list(found) == ["a", "b"]
    np.testing.assert_array_equal(found["a"], np.arange(4.0))
    assert isinstance(found["a"], np.memmap)
    assert found["b"].dtype == bool
    assert again.get("d0")["a"].shape == (0, 2)
    assert again.get("d1") is None
    with pytest.raises(KeyError):
        found["c"]
    again.clear()
    assert not (tmp_path / "c").exists()
    assert again.get("d3") is None


def test_digests_tell_apart_what_a_part_depends_on():
    assert len({digest_of("a", 1), digest_of("a", 2), digest_of("b", 1), digest_of("a1")}) == 4
    assert digest_of("a", 1) == digest_of("a", "1")


def test_checkpoint_refuses_objects_and_damage_is_not_there(tmp_path):
    store = CheckpointStore(tmp_path)
    with pytest.raises(ValueError, match="pickle|Object"):
        store.put("objects", {"a": np.array([{}])})
    for digest in ("good", "flipped", "cut", "lost", "marked"):
        store.put(digest, {"a": np.arange(1000), "b": np.ones(3)})
    content = bytearray((tmp_path / "flipped" / "a.npy").read_bytes())
    content[200] ^= 255
    (tmp_path / "flipped" / "a.npy").write_bytes(bytes(content))
    (tmp_path / "cut" / "a.npy").write_bytes(b"half a fi")
    (tmp_path / "lost" / "a.npy").unlink()
    (tmp_path / "marked" / "checksums.json").write_bytes(b"[1]")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut", "flipped", "good", "lost", "marked"]
    again = CheckpointStore(tmp_path)
    assert [digest for digest in ("objects", "good", "flipped", "cut", "lost", "marked") if again.get(digest) is not None] == ["good"]
    with pytest.raises(StoreError, match="is damaged"):
        store.get("cut")["a"]


CHUNKER = """
import sys
import numpy as np
from ytterby.store.checkpoints import CheckpointStore
store = CheckpointStore(sys.argv[1])
for i in range(10_000):
    if store.get(f"part{i}") is None:
        store.put(f"part{i}", {"a": np.full(50_000, i), "b": np.full(7, i)})
        print(i, flush=True)
"""


def test_kill_while_chunks_are_written(tmp_path):
    last = -1
    for delay in (0.05, 0.11, 0.17, 0.02):
        writer = subprocess.Popen([sys.executable, "-c", CHUNKER, str(tmp_path / "c")], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(delay)
        writer.kill()
        last = max([last, *map(int, [first, *writer.communicate()[0].split()])])
        store = CheckpointStore(tmp_path / "c")
        found = {i: part for i in range(last + 3) if (part := store.get(f"part{i}"))}
        assert found.keys() >= set(range(last + 1))
        assert all((part[name] == i).all() for i, part in found.items() for name in "ab")


def test_csv_and_xlsx_hold_the_same_rows(tmp_path):
    table = series()
    table.loc[0, "commodity"], table.loc[1, "value"] = "=1+1", np.nan
    csv = pd.read_csv(export_series(table, tmp_path / "a.csv"), keep_default_na=False, dtype=str)
    assert len(csv) == len(table)
    assert csv.loc[1, "value"] == ""
    sheets = pd.read_excel(export_series(table, tmp_path / "a.xlsx"), sheet_name=None, keep_default_na=False)
    assert sorted(sheets) == ["price", "stock"]
    assert sheets["price"].loc[0, "commodity"] == "=1+1"
    assert sum(map(len, sheets.values())) == len(table)
    export_series(table.iloc[:0], tmp_path / "empty.xlsx")


def test_netcdf_holds_every_value_by_name(tmp_path):
    import xarray as xr

    table = series().drop(index=[2])
    with xr.open_dataset(export_series(table, tmp_path / "a.nc"), engine="scipy") as found:
        assert found.sizes["date"] == 3
        assert found.sizes["quantile"] == 2
        values = found.load()
    whole = dataset(table)
    for row in table.itertuples():
        place = np.flatnonzero(whole[f"{row.measure}_destination"].to_numpy() == row.destination)[0]
        q = list(whole["quantile"].to_numpy()).index(row.quantile)
        chosen = values[row.measure].isel({f"{row.measure}_row": place, "quantile": q}).sel(date=row.date)
        assert float(chosen) == row.value
    assert int(sum(values[name].count() for name in values.data_vars)) == len(table)


def test_unknown_format_is_refused(tmp_path):
    with pytest.raises(InputError, match="unknown format '.doc'; allowed: .csv, .xlsx, .nc"):
        export_series(series(), tmp_path / "a.doc")
    assert json.dumps([p.name for p in tmp_path.iterdir()]) == "[]"


def test_draws_come_back_as_they_were_written(tmp_path):
    table = pd.DataFrame(
        {"behaviour.price_gain": [0.1 + 0.2, 1e-300], "measures.0.kind [a]": ["x", "y'z"], "outcome.first_stop.JP": [np.nan, 3.0]},
        index=pd.RangeIndex(2, name="draw"),
    )
    folder = write_run(tmp_path / "with '[draws]'", {}, {}, series(), table)
    pd.testing.assert_frame_equal(read_run(folder).draws, table, check_index_type=False)
    again = write_run(tmp_path / "again", {}, {}, series(), table)
    assert (folder / "draws.parquet").read_bytes() == (again / "draws.parquet").read_bytes()


def test_a_run_without_draws_says_what_to_do(tmp_path):
    folder = write_run(tmp_path / "single", {}, {}, series())
    with pytest.raises(StoreError, match="--draws 100"):
        read_draws(folder)
    (folder / "draws.parquet").write_bytes(b"PAR1junkPAR1")
    with pytest.raises(StoreError, match="damaged"):
        read_draws(folder)
