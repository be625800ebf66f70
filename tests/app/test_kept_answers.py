"""What takes seconds is kept under a digest of its inputs, in the project or in the package, and never used for other inputs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from ytterby.app.projects import kept_answers
from ytterby.app.projects.kept_answers import answer_digest, is_kept, kept_answer
from ytterby.execution import program_digest
from ytterby.facts import load
from ytterby.store import MAX_BASES, AnswerCache, BaseCache, ExposureCache
from ytterby.system import base_digest

if TYPE_CHECKING:
    from pathlib import Path

Numbers = tuple[float, ...]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder that stands for the package's own."""
    monkeypatch.setattr("ytterby.store.checkpoints.READY", tmp_path / "ready")
    return tmp_path / "ready"


def test_an_answer_is_worked_out_once(tmp_path: Path) -> None:
    asked: list[int] = []
    for _ in range(2):
        found = kept_answer(answer_digest("a", "1"), tmp_path, Numbers, lambda: asked.append(1) or (0.1 + 0.2, 1e-300))
        assert found == (0.1 + 0.2, 1e-300)
    assert asked == [1]
    assert is_kept(answer_digest("a", "1"), tmp_path)
    assert not is_kept(answer_digest("a", "2"), tmp_path)


def test_a_damaged_answer_is_worked_out_anew(tmp_path: Path) -> None:
    digest = answer_digest("a")
    AnswerCache(tmp_path).put(digest, b'{"no": "numbers"}')
    assert kept_answer(digest, tmp_path, Numbers, lambda: (2.0,)) == (2.0,)
    assert kept_answer(digest, tmp_path, Numbers, lambda: (3.0,)) == (2.0,)


def test_another_question_input_or_program_has_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {answer_digest("a", "1"), answer_digest("a", "2"), answer_digest("b", "1")}
    monkeypatch.setattr(kept_answers, "_program", lambda: "of another version")
    assert len(found | {answer_digest("a", "1")}) == 4


def test_tables_count_where_an_answer_depends_on_them() -> None:
    assert program_digest(("economy",)) != program_digest(("economy",), (), (".py", ".csv"))


@pytest.mark.parametrize("kind", [AnswerCache, ExposureCache])
def test_what_the_project_lacks_comes_from_the_package(package: Path, tmp_path: Path, kind: type[AnswerCache]) -> None:
    kind(package).put("a" * 64, b"of the package")
    project = kind(tmp_path / "project")
    assert project.get("a" * 64) == b"of the package"
    project.put("a" * 64, b"of the project")
    assert project.get("a" * 64) == b"of the project"
    assert project.get("b" * 64) is None


def test_the_package_keeps_all_a_project_the_last(package: Path, tmp_path: Path) -> None:
    for number in range(60):
        for place in (package, tmp_path / "project"):
            BaseCache(place).put(f"{number:064d}", b"x")
    kept = {place: len(list((place / "bases").iterdir())) for place in (package, tmp_path / "project")}
    assert kept == {package: 60, tmp_path / "project": MAX_BASES}


def test_a_later_release_of_the_same_major_version_finds_what_the_package_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for release in ("3.1.1", "3.4.0", "4.0.0"):
        for module in ("execution.program", "system.build"):
            monkeypatch.setattr(import_module(f"ytterby.{module}"), "version", lambda _, release=release: release)
        found.append((program_digest(("solver",), ("pandas",)), base_digest(2024, load(), "antimony")))
    for early, later, other in zip(*found, strict=True):
        assert early == later != other
