"""Jobs: queued once, limited, followed, cancelled, and taken up again after a kill; nothing that was finished is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time

import pytest

from ytterby.api import ServerLimits
from ytterby.app import project_state
from ytterby.errors import StoreError
from ytterby.store import JobIndex, JobProgress

LONG = {"kind": "run", "arguments": {"scenario": "no-shock", "draws": 100_000}}


def added(index, key="k", most=9, *, can_wait=False):
    return index.add("run", key, {"scenario": "no-shock"}, {}, most, can_wait=can_wait)


def taken(index, most=1):
    """A job that this process holds, and its lock."""
    claimed = index.claim(most)
    return claimed if claimed is None else (claimed[0], claimed[1])


def test_jobs_that_can_wait_begin_last_until_somebody_asks_for_them(tmp_path):
    index = JobIndex(tmp_path)
    names = {added(index, key, can_wait=key in "ab").id: key for key in "abcd"}
    added(index, "b")
    begun = []
    while claimed := taken(index, most=9):
        begun.append(names[claimed[0].id])
        os.close(claimed[1])
    assert begun == ["b", "c", "d", "a"]


def test_the_same_job_is_asked_for_once(tmp_path):
    index = JobIndex(tmp_path)
    one = added(index)
    assert added(index) == one
    row, lock = taken(index)
    assert added(index).id == one.id
    index.end(row.id, "done", result={"run": "x"})
    os.close(lock)
    assert added(index).result == {"run": "x"}
    assert added(index, "other").id != one.id


@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted"])
def test_one_that_ended_without_a_result_is_asked_for_anew_or_resumed(tmp_path, state):
    index = JobIndex(tmp_path)
    one = added(index)
    index.end(one.id, state)
    assert added(index).id != one.id
    assert index.requeue(one.id)
    assert index.find(one.id).state == "queued"
    assert not index.requeue(one.id)


def test_no_more_run_and_wait_than_allowed(tmp_path):
    index = JobIndex(tmp_path)
    for key in "abc":
        added(index, key, 3)
    with pytest.raises(StoreError, match="3 jobs wait already"):
        added(index, "d", 3)
    first, second = taken(index, 2), taken(index, 2)
    assert [first[0].key, second[0].key] == ["a", "b"]
    assert taken(index, 2) is None
    index.end(first[0].id, "done")
    os.close(first[1])
    assert taken(index, 2)[0].key == "c"


def test_a_job_whose_process_is_gone_is_interrupted_and_frees_its_place(tmp_path):
    index = JobIndex(tmp_path)
    added(index, "a")
    added(index, "b")
    row, lock = taken(index)
    assert index.find(row.id).state == "running"
    os.close(lock)  # as when the process that has it is killed
    assert taken(index)[0].key == "b"
    assert index.find(row.id).state == "interrupted"
    assert [found.state for found in index.all()] == ["running", "interrupted"]
    assert not index.end(row.id, "done")


def test_progress_does_not_touch_the_index(tmp_path):
    index = JobIndex(tmp_path)
    row = added(index)
    assert index.progress(row.id) is None
    before = index.path.stat().st_mtime_ns
    index.put_progress(row.id, JobProgress(3, 10, 1.5, 0.0))
    assert index.progress(row.id) == JobProgress(3, 10, 1.5, 0.0)
    assert index.path.stat().st_mtime_ns == before


def events(client, id_):
    """Names and data of the events of a job."""
    text = client.get(f"jobs/{id_}/events").text
    found = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != ":") for block in text.split("\n\n")]
    return [(event["event"], json.loads(event["data"])) for event in found if "event" in event]


def test_a_run_is_followed_to_its_end_and_found_by_its_id(client):
    asked = client.change("POST", "jobs", json={"kind": "run", "arguments": {"scenario": "no-shock", "draws": 48}})
    told = events(client, asked.json()["id"])
    assert told[-1][0] == "done"
    assert {name for name, _ in told[:-1]} == {"progress"}
    steps = [data["done"] for _, data in told if data["done"] is not None]
    assert steps == sorted(steps)
    assert set(steps) <= {16, 32, 48}
    run = told[-1][1]["result"]["run"]
    assert run in {entry["id"] for entry in client.get("runs").json()["runs"]}
    assert client.get(f"runs/{run}").json()["summary"]["draws"] == 48
    again = client.change("POST", "jobs", json={"kind": "run", "arguments": {"scenario": "no-shock", "draws": 48}})
    assert again.json()["id"] == asked.json()["id"]


def test_a_stream_may_last_longer_than_a_request(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", working=True, limits=ServerLimits(seconds=6.0))
    project_state(tmp_path / "p")  # the figures are loaded before time counts
    asked = client.change("POST", "jobs", json=LONG)
    began = time.monotonic()
    id_ = asked.json()["id"]
    client.loop.call_soon_threadsafe(lambda: client.loop.call_later(9.0, lambda: client.api.state.workbench.jobs.cancel(id_)))
    names = [name for name, _ in events(client, id_)]
    assert time.monotonic() - began > 6.5
    assert names[-1] == "cancelled"


def test_what_cannot_be_done_is_said_in_words(client):
    failed = client.job("trade", scenario="no-shock")
    assert failed["state"] == "failed"
    assert "tariff" in failed["error"]
    assert client.get(f"duties/{failed['id']}").status_code == 404
    unknown = client.change("POST", "jobs", json={"kind": "run", "arguments": {"scenario": "no-shok"}})
    assert (unknown.status_code, unknown.json()["nearest"]) == (422, "no-shock")
    assert client.change("POST", "jobs", json={"kind": "nix", "arguments": {}}).status_code == 422
    assert client.change("POST", "jobs", json=LONG | {"arguments": {"scenario": "no-shock", "out": "/tmp/x"}}).status_code == 422


def test_what_somebody_has_removed_is_made_anew(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", working=True)
    first = client.job("run", scenario="no-shock")
    shutil.rmtree(tmp_path / "p" / "runs" / first["result"]["run"])
    again = client.job("run", scenario="no-shock")
    assert again["id"] != first["id"]
    assert client.get(f"runs/{again['result']['run']}").status_code == 200


def running(client, tmp_job):
    id_ = client.change("POST", "jobs", json=tmp_job).json()["id"]
    until = time.monotonic() + 200
    while client.get(f"jobs/{id_}").json()["done"] is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    return id_


def test_a_cancelled_job_ends_at_once_and_can_be_resumed(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", working=True)
    id_ = running(client, LONG)
    assert client.change("POST", f"jobs/{id_}/resume").status_code == 409
    assert client.change("DELETE", f"jobs/{id_}").json()["state"] == "cancelled"
    index = client.api.state.workbench.jobs.index
    until = time.monotonic() + 10
    while index.is_running(id_):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert client.change("POST", f"jobs/{id_}/resume").json()["state"] == "queued"
    assert client.change("DELETE", f"jobs/{id_}").json()["state"] == "cancelled"
    assert client.change("DELETE", f"jobs/{id_}").json()["attempts"] <= 2


def test_a_job_that_takes_too_long_is_stopped(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", working=True, limits=ServerLimits(job_seconds=2.0))
    ended = client.job("run", scenario="no-shock", draws=100_000)
    assert ended["state"] == "failed"
    assert "stopped after 2 s" in ended["error"]


def test_a_job_that_wants_too_much_memory_fails_and_says_so(client_of, tmp_path):
    client = client_of(project=tmp_path / "p", working=True, limits=ServerLimits(job_memory=250 * 2**20))
    ended = client.job("run", scenario="no-shock", draws=100_000)
    assert ended["state"] == "failed"
    assert "memory" in ended["error"] or "fault" in ended["error"]


@pytest.mark.slow
def test_after_a_kill_a_job_is_interrupted_and_goes_on_where_it_was(server_of, tmp_path):
    project = tmp_path / "p"
    server = server_of(project)
    order = {"kind": "run", "arguments": {"scenario": "no-shock", "draws": 320}}
    id_ = server.post("jobs", json=order).json()["id"]
    while (server.get(f"jobs/{id_}").json()["done"] or 0) < 48:
        time.sleep(0.05)
    server.end(signal.SIGKILL)
    again = server_of(project)
    job = again.wait(id_, "interrupted", "done")
    assert job["state"] == "interrupted"
    kept = job["done"]
    assert kept >= 48
    assert again.post(f"jobs/{id_}/resume").status_code == 202
    first = again.wait(id_, "running")
    while first["started"] == job["started"] or first["done"] in (None, kept):
        first = again.get(f"jobs/{id_}").json()
        time.sleep(0.05)
    assert first["done"] > kept  # what was finished is not worked again
    done = again.wait(id_, "done", "failed")
    assert (done["state"], done["attempts"]) == ("done", 2)
    found = again.get(f"runs/{done['result']['run']}/summary").json()
    whole = server_of(tmp_path / "other")
    other = whole.wait(whole.post("jobs", json=order).json()["id"], "done")
    same = whole.get(f"runs/{other['result']['run']}/summary").json()
    assert {key: value for key, value in found.items() if key not in ("run", "seconds")} == {
        key: value for key, value in same.items() if key not in ("run", "seconds")
    }


def test_a_comparison_of_measures_is_paid_for_by_the_party_that_is_asked(tmp_path, monkeypatch):
    from ytterby.api.job_kinds import CompareMeasuresArguments
    from ytterby.api.job_work import JobWork

    asked = {}

    class Found:
        def to_dict(self):
            return {}

    def told(kinds, scenario, draws, seed, project, progress, *, party):
        asked.update(kinds=kinds, scenario=scenario, party=party)
        return Found()

    monkeypatch.setattr("ytterby.app.measure_comparison", told)
    work = JobWork(tmp_path, tmp_path)
    for party, given in (("US", {"party": "United States"}), ("JP", {})):
        work.do("compare_measures", CompareMeasuresArguments(kinds=("stockpile",), scenario="total-stop", **given))
        assert asked == {"kinds": ("stockpile",), "scenario": "total-stop", "party": party}
