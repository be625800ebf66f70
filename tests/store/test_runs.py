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
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.datasets import of_markets, run_summary, small
from ytterby.errors import InputError, StoreError, UnknownNameError
from ytterby.execution import digest_of
from ytterby.simulation import COLUMNS, QUANTILE_LABELS, labelled_dataset, select, tidy_table, variable
from ytterby.store.atomic import new_folder, write_bytes
from ytterby.store.checkpoints import CheckpointStore
from ytterby.store.export import export_results
from ytterby.store.leftovers import sweep
from ytterby.store.runs import RESULTS, is_run, open_results, read_draws, read_run, run_name, write_run

NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)
UNITS = {"price": "USD2024/kg", "stock": "t"}


@st.composite
def datasets(draw):
    markets = draw(st.lists(st.tuples(NAME, NAME), min_size=1, max_size=4, unique=True))
    weeks, quantiles = draw(st.integers(1, 4)), draw(st.sampled_from([(), QUANTILE_LABELS]))
    values = arrays(draw(st.sampled_from([np.float32, np.float64])), (*([len(quantiles)] if quantiles else []), weeks))
    paths = {
        name: {market: draw(values) for market in markets} for name in draw(st.lists(st.sampled_from([*UNITS]), min_size=1, unique=True))
    }
    return of_markets(paths, UNITS, pd.date_range("2025-04-07", periods=weeks, freq="7D"), quantiles)


@settings(max_examples=40, deadline=None)
@given(datasets())
def test_results_are_read_as_they_were_written(tmp_path_factory, results):
    folder = tmp_path_factory.mktemp("run") / "a [b]* '?"
    write_run(folder, {}, run_summary(), results.assign_attrs(title="Ütterby's \u2026", draws=3, empty=""))
    with open_results(folder) as found:
        assert found.attrs == {"title": "Ütterby's \u2026", "draws": 3, "empty": ""}
        xr.testing.assert_equal(found, results)
        for name in results.data_vars:
            assert found[name].dtype == results[name].dtype
            assert found[name].attrs["units"] == UNITS[name]


def test_xarray_alone_opens_the_results(tmp_path):
    folder = write_run(tmp_path / "r", {}, run_summary(), small())
    code = (
        "import sys, xarray as xr\n"
        "with xr.open_dataset(sys.argv[1]) as found:\n"
        "    print(float(found.price.sel(quantile='0.5', market='oxide.Dy@JP', week='2025-04-14')), 'ytterby' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, str(folder / RESULTS)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(float(small().price[1, 1, 0])), "False"]


def test_a_market_is_read_without_the_rest(tmp_path, monkeypatch):
    from xarray.backends.scipy_ import ScipyArrayWrapper

    read = []
    get = ScipyArrayWrapper.__getitem__
    monkeypatch.setattr(ScipyArrayWrapper, "__getitem__", lambda self, key: read.append(get(self, key)) or read[-1])
    found = read_run(write_run(tmp_path / "r", {}, run_summary(), small(weeks=200))).dataset
    read.clear()
    assert select(found["price"], commodity="oxide.Dy", destination="JP").load().shape == (2, 200, 1)
    numbers = [array for array in read if array.dtype.kind == "f"]
    assert [array.size for array in numbers] == [2 * 200]


def test_rows_of_the_table_are_the_values_of_the_dataset():
    results = small()
    table = tidy_table(results)
    assert list(table.columns) == list(COLUMNS)
    assert not table.drop(columns="value").isna().any(axis=None)
    assert len(table) == sum(array.size for array in results.data_vars.values())
    for row in table.itertuples():
        chosen = results[row.measure].sel(week=row.date, quantile=row.quantile, market=f"{row.commodity}@{row.destination}")
        assert float(chosen) == row.value
        assert chosen.attrs["units"] == row.unit
    assert set(tidy_table(small(quantiles=()))["quantile"]) == {""}


def test_a_measure_that_a_run_does_not_have_is_refused():
    with pytest.raises(UnknownNameError, match="stock"):
        variable(small(), "stok")


def test_same_run_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_run(tmp_path / name, {"seed": 1}, run_summary(), small())
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_record_comes_back_as_plain_json_and_the_summary_as_it_was(tmp_path):
    record = {"seed": np.int64(3), "when": pd.Timestamp("2025-04-07"), "path": tmp_path, "odd": float("nan"), "set": {"b", "a"}}
    run = read_run(write_run(tmp_path / "r", record, run_summary(seconds=np.float64(1.5)), small()))
    assert run.record == {"seed": 3, "when": "2025-04-07 00:00:00", "path": str(tmp_path), "odd": None, "set": ["a", "b"]}
    assert run.summary == run_summary(seconds=1.5)
    xr.testing.assert_identical(run.dataset, small())


def test_a_run_takes_the_place_of_a_run_and_of_nothing_else(tmp_path):
    write_run(tmp_path / "r", {"seed": 1}, run_summary(), small())
    write_run(tmp_path / "r", {"seed": 2}, run_summary(), small())
    assert read_run(tmp_path / "r").record == {"seed": 2}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for name in ("mine", "file"):
        with pytest.raises(StoreError, match="exists and is not a run of Ytterby; nothing written"):
            write_run(tmp_path / name, {}, run_summary(), small())
    (tmp_path / "empty").mkdir()
    write_run(tmp_path / "empty", {}, run_summary(), small())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "file", "mine", "r"]


def test_results_that_cannot_be_written_leave_nothing(tmp_path):
    with pytest.raises(ValueError, match="int64|encode"):
        write_run(tmp_path / "r", {}, run_summary(), small().assign(price=("week", [2**40, 1, 2])))
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_middle_leaves_what_was(tmp_path):
    write_run(tmp_path / "r", {"seed": 1}, run_summary(), small())

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
    ("file", "content"),
    [
        ("run.json", b"{"),
        ("run.json", b"[1]"),
        ("summary.json", b"\xff"),
        ("summary.json", b"{}"),
        ("results.nc", b"CDF\x02junk"),
        ("results.nc", b"PAR1junkPAR1"),
        ("results.nc", b""),
    ],
)
def test_damaged_run(tmp_path, file, content):
    folder = write_run(tmp_path / "r", {}, run_summary(), small())
    (folder / file).write_bytes(content)
    with pytest.raises(StoreError, match="is damaged or foreign"):
        _ = read_run(folder).series


@pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
def test_results_cut_short_are_damaged(tmp_path, share):
    folder = write_run(tmp_path / "r", {}, run_summary(), small(weeks=50))
    content = (folder / RESULTS).read_bytes()
    (folder / RESULTS).write_bytes(content[: int(share * len(content))])
    with pytest.raises(StoreError, match="is damaged or foreign"):
        open_results(folder)


def test_a_swap_cut_short_by_a_kill_is_undone(tmp_path):
    old = write_run(tmp_path / "r", {"seed": 1}, run_summary(), small())
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
        open_results(tmp_path)


def test_run_name_is_a_file_name_and_depends_on_the_inputs():
    assert run_name("a/../b c", "d", "e", 10, 1).startswith("a----b-c-")
    names = {run_name("x", d, b, n, s) for d in "ab" for b in "ab" for n in (1, 2) for s in (1, 2)}
    assert len(names) == 16


WRITER = """
import sys
from pathlib import Path
from tests.datasets import run_summary, small
from ytterby.store.runs import write_run
i = 0
while True:
    i += 1
    write_run(Path(sys.argv[1]), {"i": i}, run_summary(seed=i), small(weeks=5000, value=float(i)))
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
            assert run.record["i"] == run.summary.seed
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


def awkward():
    """Results with a name that a spreadsheet would take for a formula, and without a value."""
    results = small()
    results["commodity"] = ("market", ["=1+1", "oxide.Dy"])
    results["price"][0, 1, 0] = np.nan
    return results


def test_every_table_holds_the_same_rows(tmp_path):
    import duckdb

    table = tidy_table(awkward())
    csv = pd.read_csv(export_results(awkward(), tmp_path / "a.csv"), keep_default_na=False, dtype=str)
    assert (csv["value"] == "").sum() == 1
    with duckdb.connect() as connection:
        rows = connection.sql(f"select * from '{export_results(awkward(), tmp_path / 'a.parquet')}'")
        assert dict(zip(rows.columns, map(str, rows.types), strict=True))["date"] == "DATE"
        parquet = rows.df()
    sheets = pd.read_excel(export_results(awkward(), tmp_path / "a.xlsx"), sheet_name=None, keep_default_na=False)
    assert list(sheets) == ["price", "stock"]
    for found, digits in ((csv, 0.0), (parquet, 0.0), (pd.concat(sheets.values()), 1e-15)):
        assert list(found.columns) == list(COLUMNS)
        assert list(pd.to_datetime(found["date"])) == list(table["date"])
        values = [float(value) if value != "" else np.nan for value in found["value"]]
        np.testing.assert_allclose(values, table["value"], rtol=digits)
        for name in ("measure", "commodity", "origin", "destination", "sector", "unit"):
            assert list(found[name]) == list(table[name]), name
        assert list(found["quantile"].astype(float)) == list(table["quantile"].astype(float))


def test_the_same_results_give_the_same_export(tmp_path):
    for name in ("csv", "parquet", "nc"):
        one, two = (export_results(awkward(), tmp_path / f"{i}.{name}") for i in "ab")
        assert one.read_bytes() == two.read_bytes(), name


def test_netcdf_is_the_labelled_dataset(tmp_path):
    with xr.open_dataset(export_results(awkward(), tmp_path / "a.nc")) as found:
        xr.testing.assert_identical(found.load(), labelled_dataset(awkward()))


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ytterby.store.export.MAX_ROWS", 10)
    with pytest.raises(InputError, match="has 12 rows, a sheet holds 10"):
        export_results(small(), tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_unknown_format_is_refused(tmp_path):
    with pytest.raises(InputError, match="unknown format '.doc'; allowed: .parquet, .csv, .xlsx, .nc"):
        export_results(small(), tmp_path / "a.doc")
    assert json.dumps([p.name for p in tmp_path.iterdir()]) == "[]"
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        export_results(small(), tmp_path / "file" / "a.csv")


def test_draws_come_back_as_they_were_written(tmp_path):
    table = pd.DataFrame(
        {"behaviour.price_gain": [0.1 + 0.2, 1e-300], "measures.0.kind [a]": ["x", "y'z"], "outcome.first_stop.JP": [np.nan, 3.0]},
        index=pd.RangeIndex(2, name="draw"),
    )
    folder = write_run(tmp_path / "with '[draws]'", {}, run_summary(), small(), table)
    pd.testing.assert_frame_equal(read_run(folder).draws, table, check_index_type=False)
    again = write_run(tmp_path / "again", {}, run_summary(), small(), table)
    assert (folder / "draws.parquet").read_bytes() == (again / "draws.parquet").read_bytes()


def test_a_run_without_draws_says_what_to_do(tmp_path):
    folder = write_run(tmp_path / "single", {}, run_summary(), small())
    with pytest.raises(StoreError, match="--draws 100"):
        read_draws(folder)
    (folder / "draws.parquet").write_bytes(b"PAR1junkPAR1")
    with pytest.raises(StoreError, match="damaged"):
        read_draws(folder)


@pytest.mark.parametrize("key", ["seal", "files"])
def test_a_record_whose_digests_lost_their_name_is_noticed(tmp_path, key):
    """Without its seal a record would pass as one of a version before the digests."""
    folder = write_run(tmp_path / "r", {"seed": 1}, run_summary(), small())
    record = folder / "run.json"
    record.write_text(record.read_text("utf-8").replace(f'"{key}"', f'"{key}."'), "utf-8")
    with pytest.raises(StoreError, match=r"run\.json: is damaged"):
        read_run(folder)
