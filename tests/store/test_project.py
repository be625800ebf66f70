"""The project store: transactions, turns between processes, kills, foreign and damaged files."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time

import duckdb
import pandas as pd
import pytest

from ytterby.errors import InputError, StoreError
from ytterby.store import project as module
from ytterby.store.project import FILE, ProjectStore, migrations
from ytterby.store.runs import write_run

SERIES = pd.DataFrame(
    {
        "date": ["2025-04-07"],
        "measure": ["price"],
        "commodity": ["oxide.Dy"],
        "origin": [None],
        "destination": ["JP"],
        "sector": [None],
        "value": [250.0],
        "unit": ["USD/kg"],
        "quantile": [None],
    }
)
RECORD = {
    "scenario": {"name": "total-stop", "weeks": 156},
    "scenario_digest": "d",
    "base_digest": "b",
    "seed": 1,
    "draws": 2,
    "versions": {"ytterby": "0"},
}


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def test_records_come_back_and_replace_by_id(tmp_path):
    project = ProjectStore(tmp_path / "p")
    assert project.put("claim", [{"id": "b", "n": 1}, {"id": "a", "text": "Zölle '; DROP TABLE records; --"}]) == 2
    project.put("claim", [{"id": "b", "n": 2}])
    assert project.get("claim") == [{"id": "a", "text": "Zölle '; DROP TABLE records; --"}, {"id": "b", "n": 2}]
    assert project.find("claim", "b") == {"id": "b", "n": 2}
    assert project.find("event", "b") is None
    project.remove("claim", ["a"])
    assert [r["id"] for r in ProjectStore(tmp_path / "p").get("claim")] == ["b"]
    project.remove("claim")
    assert project.get("claim") == []


def test_reviews_are_only_added(tmp_path):
    project = ProjectStore(tmp_path)
    project.add_review("c1", "accept", "Ann")
    project.add_review("c1", "correct", "Bo", "wrong date", {"date": "2025-04-04"})
    assert [(r["verdict"], r["by_whom"], r["correction"]) for r in project.reviews("c1")] == [
        ("accept", "Ann", None),
        ("correct", "Bo", {"date": "2025-04-04"}),
    ]
    assert len(project.reviews()) == 2
    with pytest.raises(InputError, match="found 'maybe'; allowed: accept"):
        project.add_review("c1", "maybe", "Ann")


def test_an_error_undoes_the_whole_session(tmp_path):
    project = ProjectStore(tmp_path)

    def half_done():
        with project.session():
            project.put("claim", [{"id": "a"}])
            assert project.get("claim") == [{"id": "a"}]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert project.get("claim") == []


def test_run_index_follows_the_folders(tmp_path):
    project = ProjectStore(tmp_path)
    one, two = (write_run(project.runs_folder / name, {**RECORD, "seed": i}, {}, SERIES) for i, name in enumerate(("one", "two")))
    outside = write_run(tmp_path / "elsewhere" / "three", RECORD, {}, SERIES)
    project.add_run(one)
    project.add_run(outside)
    assert {r["run"] for r in project.runs()} == {"one", "two", str(outside)}
    assert project.run_folder("two") == two
    row = next(r for r in project.runs() if r["run"] == "two")
    assert (row["scenario"], row["digest"], row["base"], row["seed"], row["draws"], row["weeks"]) == ("total-stop", "d", "b", 1, 2, 156)
    for file in one.iterdir():
        file.unlink()
    assert {r["run"] for r in project.runs()} == {"two", str(outside)}


def test_a_run_with_an_odd_record_is_indexed_all_the_same(tmp_path):
    project = ProjectStore(tmp_path)
    write_run(project.runs_folder / "odd", {"scenario": "x", "seed": "many", "versions": 3}, {}, SERIES)
    assert [(r["scenario"], r["seed"], r["version"]) for r in project.runs()] == [("x", 0, "")]


def test_second_process_waits_and_then_gives_up(tmp_path):
    ProjectStore(tmp_path).put("claim", [{"id": "a"}])
    holder = start(
        "import sys, time\nfrom ytterby.store.project import Project\n"
        "with Project(sys.argv[1]).session():\n    print('held', flush=True)\n    sys.stdin.close()\n    time.sleep(60)",
        tmp_path,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=rf"in use by another process \(PID {holder.pid}\); waited 0.2 s"):
            ProjectStore(tmp_path, wait=0.2).get("claim")
        threading.Timer(0.3, lambda: holder.send_signal(signal.SIGKILL)).start()
        assert ProjectStore(tmp_path, wait=30).get("claim") == [{"id": "a"}]
    finally:
        holder.kill()
        holder.communicate()


def test_many_processes_take_turns_from_the_first_moment(tmp_path):
    code = (
        "import sys\nfrom ytterby.store.project import Project\np = Project(sys.argv[1], wait=60)\n"
        "for i in range(5):\n    p.put('claim', [{'id': f'{sys.argv[2]}-{i}'}])"
    )
    workers = [start(code, tmp_path / "new", n) for n in range(4)]
    assert [w.wait(timeout=60) for w in workers] == [0] * 4
    for worker in workers:
        worker.communicate()
    assert len(ProjectStore(tmp_path / "new").get("claim")) == 20
    assert [p.name for p in (tmp_path / "new").iterdir()] == [FILE]


def test_threads_take_turns(tmp_path):
    projects = [ProjectStore(tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=lambda p=p, n=n: p.put("claim", [{"id": str(n)}])) for n, p in enumerate(projects)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(projects[0].get("claim")) == 4


WRITER = """
import sys
from ytterby.store.project import Project
project = Project(sys.argv[1], wait=30)
i = len(project.get("claim")) // 2
while True:
    project.put("claim", [{"id": f"{i:06d}-{half}", "filler": "x" * 2000} for half in "ab"])
    print(i, flush=True)
    i += 1
"""


def test_kill_at_any_moment_loses_no_finished_work(tmp_path):
    """Every transaction that was reported is there, whole, after each kill."""
    chance, reported = random.Random(1), -1
    for _ in range(4):
        writer = start(WRITER, tmp_path)
        assert writer.stdout is not None
        if reported < 0:
            writer.stdout.readline()
        time.sleep(0.3 + chance.random() * 0.7)
        writer.kill()
        lines = writer.communicate()[0].split()
        reported = max([reported, *map(int, lines)], default=-1)
        found = [record["id"] for record in ProjectStore(tmp_path, wait=30).get("claim")]
        assert len(found) % 2 == 0
        assert len(found) // 2 >= reported + 1
        assert found == [f"{i:06d}-{half}" for i in range(len(found) // 2) for half in "ab"]
    assert reported > 0


def test_kill_while_the_store_is_made(tmp_path):
    for delay in (0.0, 0.06, 0.12, 0.18, 0.25):
        writer = start("import sys\nfrom ytterby.store.project import Project\nProject(sys.argv[1]).put('claim', [{'id': 'x'}])", tmp_path)
        time.sleep(0.2 + delay)
        writer.kill()
        writer.communicate()
        assert ProjectStore(tmp_path, wait=10).get("claim") in ([], [{"id": "x"}])


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + bytes(4096), bytes(20_000)])
def test_foreign_file(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StoreError, match="is not a project store of Ytterby, or damaged"):
        ProjectStore(tmp_path).get("claim")
    assert (tmp_path / FILE).read_bytes() == content


def test_foreign_duckdb_file_is_left_alone(tmp_path):
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        connection.execute("CREATE TABLE mine (a INTEGER)")
    with pytest.raises(StoreError, match="is not a project store of Ytterby"):
        ProjectStore(tmp_path).put("claim", [{"id": "a"}])
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        assert connection.execute("SHOW TABLES").fetchall() == [("mine",)]


def test_damaged_file_gives_a_store_error_or_the_data(tmp_path):
    """A changed byte is either noticed or outside what is read; never a wrong record or another exception."""
    good = ProjectStore(tmp_path / "good")
    records = [{"id": f"{i:04d}", "text": f"claim {i} " + "y" * 500} for i in range(300)]
    good.put("claim", records)
    whole = good.path.read_bytes()
    chance, noticed = random.Random(2), 0
    for n in range(12):
        folder = tmp_path / str(n)
        folder.mkdir()
        damaged = bytearray(whole)
        place = chance.randrange(len(whole))
        damaged[place : place + 64] = bytes(chance.randrange(256) for _ in range(len(damaged[place : place + 64])))
        (folder / FILE).write_bytes(bytes(damaged))
        code = (
            "import sys, json\nfrom ytterby.store.project import Project\nfrom ytterby.errors import StoreError\n"
            "try:\n    print(json.dumps(Project(sys.argv[1]).get('claim')))\nexcept StoreError as e:\n    print(json.dumps(str(e)))"
        )
        process = start(code, folder)
        answer = process.communicate(timeout=60)[0]
        assert process.returncode == 0
        result = json.loads(answer)
        noticed += isinstance(result, str)
        assert isinstance(result, str) or result == records
    assert noticed > 0


def test_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be written|is not a folder"):
        ProjectStore(tmp_path / "file").put("claim", [{"id": "a"}])


def test_newer_store_is_refused(tmp_path):
    ProjectStore(tmp_path).put("claim", [{"id": "a"}])
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        connection.execute("UPDATE ytterby SET value = '99'")
    with pytest.raises(StoreError, match="has schema 99, this Ytterby knows up to"):
        ProjectStore(tmp_path).get("claim")


def test_migration_is_applied_once_and_undone_when_it_fails(tmp_path, monkeypatch):
    ProjectStore(tmp_path).put("claim", [{"id": "a"}])
    latest = migrations()[-1][0]
    bad = [*migrations(), (latest + 1, "CREATE TABLE fresh (a INTEGER); SELECT nothing FROM nowhere;")]
    monkeypatch.setattr(module, "migrations", lambda: bad)
    with pytest.raises(StoreError, match=f"cannot be brought from schema {latest} to {latest + 1}"):
        ProjectStore(tmp_path).get("claim")
    good = [*bad[:-1], (latest + 1, "CREATE TABLE fresh (a INTEGER); INSERT INTO fresh VALUES (1);")]
    monkeypatch.setattr(module, "migrations", lambda: good)
    for _ in range(2):
        project = ProjectStore(tmp_path)
        assert project.get("claim") == [{"id": "a"}]
        with project.session() as connection:
            assert connection.execute("SELECT count(*) FROM fresh").fetchone() == (1,)


def test_migrations_are_numbered_without_a_gap():
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))
