"""What is done with an input at each door."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.app.doors import backtests, budgets, duties, frozen, parts, saved
from tests.doors import samples
from tests.evidence.doors import articles, marks
from tests.plan.doors import limits, shocks
from ytterby.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.doors.samples import Attempt


def tables() -> Attempt:
    """Files of figures and releases, imported and read again."""
    from ytterby.facts import import_folder, load

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        import_folder(place / name, place / "p")
        load(place / "p").trade()

    return samples.releases(), attempt


def scenarios() -> Attempt:
    """Scenario files, loaded."""
    from ytterby.scenario import load_text

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        load_text(content.decode("utf-8", "replace"))

    return samples.episodes(), attempt


def _same(content: bytes, before: bytes) -> bool:
    """Whether two texts of JSON say the same: blanks between its words, or a line that stands twice, change nothing."""
    try:
        return bool(json.loads(content) == json.loads(before))
    except (ValueError, RecursionError):
        return False


def runs() -> Attempt:
    """Files of a run folder, edited or damaged: every change must be noticed."""
    from tests.store.test_runs import run_summary, small
    from ytterby.store import read_run, write_run

    whole = write_run(Path(tempfile.mkdtemp()) / "r", {"seed": 1}, run_summary(), small())

    def attempt(name: str, content: bytes, place: Path) -> None:
        folder = Path(shutil.copytree(whole, place / "r"))
        if content == (whole / name).read_bytes() or _same(content, (whole / name).read_bytes()):
            raise StoreError("unchanged")
        (folder / name).write_bytes(content)
        read_run(folder)
        raise AssertionError(f"{name}: a change was not noticed")

    return [(path.name, path.read_bytes()) for path in sorted(whole.iterdir())], attempt


DOORS: dict[str, Callable[[], Attempt]] = {
    "tables": tables,
    "scenarios": scenarios,
    "runs": runs,
    "parts": parts,
    "shocks": shocks,
    "limits": limits,
    "budgets": budgets,
    "duties": duties,
    "backtests": backtests,
    "frozen": frozen,
    "saved": saved,
    "marks": marks,
    **{f"articles{ending}": lambda ending=ending: articles(ending) for ending in samples.ARTICLES},
}
"""Samples and attempt by the name of the door."""
