"""Outputs: refused before the work, never in the place of what is no plain file; unfinished work is told from left-overs; locks."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.test_runs import small
from ytterby.errors import InputError
from ytterby.store import clean, holdings, leftovers, require_file, require_folder, write_bytes
from ytterby.store.leftovers import PART, is_left_over, part_name, scratch_folder, sweep
from ytterby.store.locks import held, is_held


def special(folder):
    """A pipe, a folder, a link to each, and a dangling link."""
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    for name in ("pipe", "folder"):
        (folder / f"to-{name}").symlink_to(folder / name)
    return [folder / name for name in ("pipe", "folder", "to-pipe", "to-folder")]


def test_nothing_but_plain_files_is_replaced(tmp_path):
    for path in [*special(tmp_path), Path("/dev/null")]:
        kind = path.stat().st_mode
        with pytest.raises(InputError, match="no plain file|is a folder"):
            require_file(path)
        with pytest.raises(InputError):
            write_bytes(path, b"x")
        assert path.stat().st_mode == kind
    assert not list(tmp_path.glob(f"{PART}*"))


def test_a_link_stays_a_link_to_the_new_content(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    (tmp_path / "far").symlink_to("not-there-yet")
    write_bytes(tmp_path / "far", b"first")
    assert (tmp_path / "not-there-yet").read_bytes() == b"first"


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_modes_follow_the_umask_and_those_of_old_files_stay(tmp_path, mask):
    (tmp_path / "old").write_bytes(b"")
    (tmp_path / "old").chmod(0o604)
    before = os.umask(mask)
    try:
        write_bytes(tmp_path / "new", b"")
        write_bytes(tmp_path / "old", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o604


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "file/inside"])
def test_names_that_cannot_be_are_one_line(tmp_path, name):
    (tmp_path / "file").write_bytes(b"")
    for check in (require_file, require_folder):
        with pytest.raises(InputError, match="cannot be written"):
            check(tmp_path / name)


def test_suffix_and_folder_are_told_before_the_work(tmp_path):
    with pytest.raises(InputError, match=r"unknown format '.doc'; allowed: .csv, .nc"):
        require_file(tmp_path / "a.doc", (".csv", ".nc"))
    require_file(tmp_path / "deep" / "er" / "a.CSV", (".csv",))
    require_folder(tmp_path / "deep" / "er")
    assert not (tmp_path / "deep").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_permission_is_told_before_the_work(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        require_file(tmp_path / "a.csv")


def dead_process():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_parts_of_living_processes_stay_and_of_dead_ones_go(tmp_path):
    living, dead = part_name(), part_name().replace(f"-{os.getpid()}-", f"-{dead_process()}-")
    names = {living: False, dead: True, f"{PART}0123abcd-1-aa": False, f"{PART}old": False}
    for name in names:
        (tmp_path / name).mkdir()
        assert is_left_over(tmp_path / name) is names[name]
    os.utime(tmp_path / living, (0, 0))  # however old: the process lives
    os.utime(tmp_path / f"{PART}0123abcd-1-aa", (0, 0))  # of another machine: age tells
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([living, f"{PART}old"])


def test_process_ids_of_another_machine_mean_nothing(tmp_path, monkeypatch):
    path = tmp_path / part_name().replace(f"-{os.getpid()}-", f"-{dead_process()}-")
    path.mkdir()
    monkeypatch.setattr(leftovers, "machine", lambda: "00000000")
    assert not is_left_over(path)


def test_scratch_of_a_killed_process_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    code = "from ytterby.store.leftovers import scratch_folder; import os; s = scratch_folder(); s.__enter__(); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, env=os.environ | {"TMPDIR": str(tmp_path)})
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch_folder() as mine:
        assert list(tmp_path.iterdir()) == [mine]
        assert stat.S_IMODE(mine.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


HEAD = "from pathlib import Path; from ytterby.store import held; import sys, time\n"
HOLDER = HEAD + "with held(Path(sys.argv[1])) as waited: print(waited, flush=True); time.sleep(30)"
TAKER = HEAD + "with held(Path(sys.argv[1])): a = time.time(); time.sleep(0.05); print(a, time.time())"


def test_second_waits_for_the_first_and_a_kill_gives_the_lock_back(tmp_path):
    lock, asked = tmp_path / "a.lock", []
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "False\n"
    assert is_held(lock)
    began = time.monotonic()

    def kill():
        asked.append(time.monotonic() - began)
        holder.send_signal(signal.SIGKILL)

    with held(lock, kill) as waited:
        assert waited
    holder.wait()
    holder.stdout.close()
    assert len(asked) == 1
    assert not lock.exists()
    assert not is_held(lock)


def test_lock_that_was_removed_meanwhile_is_taken_anew(tmp_path):
    lock, turns = tmp_path / "a.lock", []
    workers = [subprocess.Popen([sys.executable, "-c", TAKER, str(lock)], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for worker in workers:
        turns.append(tuple(map(float, worker.communicate()[0].split())))
    turns.sort()
    assert all(first[1] <= second[0] for first, second in zip(turns, turns[1:], strict=False))


def project(folder):
    from tests.store.test_runs import run_summary
    from ytterby.store import BaseCache, CheckpointStore, ProjectStore, ShockCache, write_run

    store = ProjectStore(folder)
    store.add_run(write_run(store.runs_folder / "r", {}, run_summary(), small()))
    BaseCache(folder).put("0" * 64, b"base")
    ShockCache(folder).put("0" * 64, b"paths")
    CheckpointStore(folder / "chunks" / "stopped").put("1" * 64, {"a": __import__("numpy").zeros(3)})
    dead = part_name().replace(f"-{os.getpid()}-", f"-{dead_process()}-")
    (folder / "runs" / dead).mkdir()
    (folder / "runs" / dead / "x").write_bytes(b"12345")
    return folder


def test_project_shows_what_it_holds_and_frees_what_can_be_made_again(tmp_path):
    folder = project(tmp_path / "p")
    found = {each.kind: each for each in holdings(folder)}
    assert set(found) == {"runs", "store", "bases", "shocks", "chunks", "left-overs"}
    assert found["left-overs"].size == 5
    assert {each.kind for each in clean(folder)} == {"bases", "shocks", "chunks", "left-overs"}
    assert {each.kind for each in holdings(folder)} == {"runs", "store"}


def test_clean_leaves_what_another_process_works_on(tmp_path):
    folder = project(tmp_path / "p")
    with held(folder / "chunks" / "stopped.lock"):
        child = f"from ytterby.store import clean; from pathlib import Path; print(*(e.kind for e in clean(Path({str(folder)!r}))))"
        done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["bases", "shocks", "left-overs"]
    assert (folder / "chunks" / "stopped").is_dir()
