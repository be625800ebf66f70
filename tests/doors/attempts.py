"""What is done with an input at each door."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.doors import samples
from ytterby.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.doors.samples import Sample
    from ytterby.facts import Facts

Attempt = tuple[list["Sample"], "Callable[[str, bytes, Path], None]"]
"""Samples of a door, and what takes an input there: its name, its content, an empty folder."""


@cache
def _facts() -> Facts:
    from ytterby.facts import load

    return load(Path(tempfile.gettempdir()) / "no project of anyone")


def tables() -> Attempt:
    """Files of figures and releases, imported and read again."""
    from ytterby.facts import import_folder, load

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        import_folder(place / name, place / "p")
        load(place / "p").trade()

    return samples.releases(), attempt


def articles(ending: str) -> Attempt:
    """Articles with an ending; every quotation must be found where its claim says."""
    from ytterby.evidence.pipeline import read_file

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        for document, claims in read_file(place / name):
            assert "\n" not in (document.error or ""), f"several lines: {document.error}"
            assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims), "a quotation lies elsewhere"

    return samples.articles(ending), attempt


def scenarios() -> Attempt:
    """Scenario files, loaded."""
    from ytterby.scenario import load_text

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        load_text(content.decode("utf-8", "replace"))

    return samples.episodes(), attempt


def runs() -> Attempt:
    """Files of a run folder, edited or damaged: every change must be noticed."""
    from tests.store.test_runs import run_summary, small
    from ytterby.store import read_run, write_run

    whole = write_run(Path(tempfile.mkdtemp()) / "r", {"seed": 1}, run_summary(), small())

    def attempt(name: str, content: bytes, place: Path) -> None:
        folder = Path(shutil.copytree(whole, place / "r"))
        if content == (whole / name).read_bytes():
            raise StoreError("unchanged")
        (folder / name).write_bytes(content)
        read_run(folder)
        raise AssertionError(f"{name}: a change was not noticed")

    return [(path.name, path.read_bytes()) for path in sorted(whole.iterdir())], attempt


def parts() -> Attempt:
    """Lists of parts, read and followed when China delivers nothing."""
    from ytterby.app import PartsRequest, bom

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        bom(PartsRequest(place / name, country="CN", project=PROJECT))

    return samples.parts(), attempt


PROJECT = Path(tempfile.gettempdir()) / "ytterby-doors"
"""Project in which the base system is kept, so that it is built once."""


def shocks() -> Attempt:
    """Files of a plan's own shocks: what is taken has weights that add up to 1 and cuts of at most all."""
    from ytterby.plan.shock_files import read_shocks

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        found = read_shocks(place / name)
        assert abs(found.weights.sum() - 1.0) < 1e-6, "weights"
        assert ((found.cut >= -10.0) & (found.cut <= 1.0)).all(), "cuts"
        assert np.isfinite(found.price).all(), "prices"

    return [("s.yaml", samples.SHOCKS_YAML.encode()), ("s.csv", samples.SHOCKS_CSV.encode())], attempt


def limits() -> Attempt:
    """Limits, targets and budgets of parties, as words of the command line."""
    from ytterby.app.cooperate_inputs import budgets_by
    from ytterby.plan.limits import parse_limit
    from ytterby.plan.shocks import YEARS

    def attempt(name: str, content: bytes, _place: Path) -> None:
        text = " ".join(content.decode("utf-8", "replace").split())  # a word of the command line is one line
        if name == "budget":
            assert all(amount >= 0.0 for amount in budgets_by(text, ["JP", "US", "EU", "KR"]).values()), "budget"
        else:
            assert np.isfinite(parse_limit(text, YEARS).value), "limit"

    words = [("limit", text.encode()) for text in samples.LIMITS]
    return words + [("budget", text.encode()) for text in samples.BUDGETS], attempt


def duties() -> Attempt:
    """Scenarios of duties on groups of products, followed through the trade table."""
    from ytterby.app.trade import work
    from ytterby.scenario import load_text

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        found = work(_facts(), load_text(content.decode("utf-8", "replace")), "short", 0, 1)
        assert all(np.isfinite(value).all() for value in (found.found.value, found.found.revenue, found.found.buyers)), "outcome"

    return [(name, content) for name, content in samples.episodes() if b"products:" in content], attempt


DOORS: dict[str, Callable[[], Attempt]] = {
    "tables": tables,
    "scenarios": scenarios,
    "runs": runs,
    "parts": parts,
    "shocks": shocks,
    "limits": limits,
    "duties": duties,
    **{f"articles{ending}": lambda ending=ending: articles(ending) for ending in samples.ARTICLES},
}
"""Samples and attempt by the name of the door."""
