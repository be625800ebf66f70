"""Archives: the same files whatever the workers, resumed after a stop, nothing lost between chunks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ytterby.errors import InputError
from ytterby.evidence import archive

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import reading as synthetic  # noqa: E402


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "BYTES_PER_JOB", 20_000)
    path = tmp_path / "articles.jsonl"
    synthetic.write(path, 40)
    return path


def _files(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix == ".jsonl"}


def test_every_line_is_read_once_whatever_the_ranges(source, tmp_path):
    summary = archive.read_archive([source], tmp_path / "a")
    assert (summary.documents, summary.failed) == (40, 0)
    names = [json.loads(line)["title"] for line in (tmp_path / "a" / "documents.jsonl").read_text().splitlines()]
    assert names == [f"Report {n}" for n in range(40)]
    assert len(archive.archive_jobs([source])) > 3


def test_workers_change_no_byte(source, tmp_path):
    archive.read_archive([source], tmp_path / "a")
    archive.read_archive([source], tmp_path / "b", executor="threads", workers=3)
    assert _files(tmp_path / "a") == _files(tmp_path / "b")


@pytest.mark.slow
def test_dask_changes_no_byte(source, tmp_path):
    archive.read_archive([source], tmp_path / "a")
    archive.read_archive([source], tmp_path / "b", executor="dask", workers=2)
    assert _files(tmp_path / "a") == _files(tmp_path / "b")


def test_a_stopped_run_goes_on_from_its_parts(source, tmp_path, monkeypatch):
    archive.read_archive([source], tmp_path / "whole")
    worked = []
    real = archive.read_job

    def stops(job):
        if len(worked) == 2:
            raise KeyboardInterrupt
        worked.append(job)
        return real(job)

    monkeypatch.setattr(archive, "read_job", stops)
    with pytest.raises(KeyboardInterrupt):
        archive.read_archive([source], tmp_path / "a")
    assert not (tmp_path / "a" / "claims.jsonl").exists()
    later = []
    monkeypatch.setattr(archive, "read_job", lambda job: later.append(job) or real(job))
    archive.read_archive([source], tmp_path / "a")
    assert not set(worked) & set(later)
    assert _files(tmp_path / "a") == _files(tmp_path / "whole")


def test_a_folder_belongs_to_one_archive(source, tmp_path):
    archive.read_archive([source], tmp_path / "a")
    source.write_text(source.read_text() + source.read_text().splitlines()[0] + "\n")
    with pytest.raises(InputError, match="another archive"):
        archive.read_archive([source], tmp_path / "a")


def test_copies_are_counted_once(tmp_path):
    text = synthetic.article(3)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": text, "published": "2025-03-01"}) + "\n" for _ in range(3)))
    archive.read_archive([path], tmp_path / "out")
    events = [json.loads(line) for line in (tmp_path / "out" / "events.jsonl").read_text().splitlines()]
    assert events
    assert {(e["documents"], e["sources"]) for e in events} == {(3, 1)}
