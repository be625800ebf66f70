"""The history of imports is worked out once for all importers of a project, and is the same as worked out for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ytterby.app import history
from ytterby.app.network import import_history
from ytterby.errors import UnknownNameError
from ytterby.facts import load

if TYPE_CHECKING:
    from pathlib import Path


def test_a_kept_history_is_that_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = ["US", "DE"]
    direct = import_history._history(named, "CN", load(tmp_path))
    history(["JP"], project=tmp_path)
    monkeypatch.setattr(import_history, "_history", lambda *_: pytest.fail("it was worked out again"))
    assert history(named, project=tmp_path) == direct
    assert {row.importer for row in history(project=tmp_path).history} == set(import_history.history_importers())


def test_the_own_region_of_a_supplier_is_worked_out_beside(tmp_path: Path) -> None:
    assert {row.importer for row in history(["CN", "JP"], project=tmp_path).history} == {"CN", "JP"}


def test_an_unknown_supplier_is_not_kept(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(UnknownNameError):
            history(supplier="XX", project=tmp_path)
