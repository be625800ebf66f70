"""The examples of the package: installed where they are of the same figures and program, and only into a project that holds nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("fastapi")

from tests.web.conftest import put_result  # noqa: E402
from ytterby.api import Settings, Workbench  # noqa: E402
from ytterby.app import run, write_json  # noqa: E402
from ytterby.web import EXAMPLES_FILE, examples, rendering, shipped  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that was built: an example project with one run."""
    folder = tmp_path / "ready"
    monkeypatch.setattr(shipped, "READY", folder)
    monkeypatch.setattr("ytterby.store.checkpoints.READY", folder)
    project = folder / shipped.EXAMPLE
    done = run("no-shock", draws=1, seed=1, project=project)
    job = put_result(project, "run", {"scenario": "no-shock"}, done.summary)
    (project / EXAMPLES_FILE).write_text(json.dumps([job]), "utf-8")
    write_json(folder / shipped.STAMP, {"digest": shipped.digest(folder)})
    return folder


def test_a_new_project_has_the_examples_at_once(package: Path, tmp_path: Path) -> None:
    bench = Workbench(Settings(project=tmp_path / "new"))
    examples.begin(bench)
    assert [entry.scenario for entry in bench.runs().runs] == ["no-shock"]
    assert sorted(job.kind for job in bench.jobs.all().jobs) == ["cooperate", "negotiate", "plan", "run"]
    before = sorted(path.name for path in (tmp_path / "new").iterdir())
    examples.begin(bench)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == before
    assert (package / shipped.EXAMPLE / "runs").is_dir()


def test_examples_of_another_program_are_not_used(package: Path, tmp_path: Path) -> None:
    write_json(package / shipped.STAMP, {"digest": "of another"})
    assert not shipped.install(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_project_that_holds_something_stays_as_it_is(package: Path, tmp_path: Path) -> None:
    project = tmp_path / "mine"
    (project / "runs").mkdir(parents=True)
    assert not shipped.install(project)
    assert [path.name for path in project.iterdir()] == ["runs"]


def test_own_figures_are_not_those_of_the_examples(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "mine"
    found = shipped.digest(project)
    monkeypatch.setattr(shipped, "load", lambda _: type("Facts", (), {"digest": "own"}))
    assert shipped.digest(project) != found
    assert not shipped.install(project)


def test_who_may_only_read_is_given_nothing(package: Path, tmp_path: Path) -> None:
    bench = Workbench(Settings(project=tmp_path / "new", read_only=True))
    examples.begin(bench)
    assert not (tmp_path / "new" / EXAMPLES_FILE).exists()


def test_templates_are_compiled_once_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "KEPT", tmp_path / "templates")
    rendering.compile_templates()
    kept = {path.name: path.read_bytes() for path in (tmp_path / "templates").iterdir()}
    assert kept
    monkeypatch.setattr("jinja2.environment.Environment._compile", lambda *_: pytest.fail("a template was compiled again"))
    rendering._environment.cache_clear()
    try:
        rendering._environment().get_template("start.html")
    finally:
        rendering._environment.cache_clear()
    assert {path.name: path.read_bytes() for path in (tmp_path / "templates").iterdir()} == kept
