"""Inputs of this room's doors, for :mod:`tests.doors`."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.doors import samples
from ytterby.app.briefings.material import backtest_hits
from ytterby.app.duties.trade import work
from ytterby.app.parts.bill_of_materials import PartsRequest, bom
from ytterby.app.planning.inputs import amounts_by
from ytterby.app.projects.saved_results import ALLIANCE, PLAN, read_saved
from ytterby.app.records.forecasts import score
from ytterby.facts import load
from ytterby.scenario import load_text
from ytterby.validation import forecasts

if TYPE_CHECKING:
    from tests.doors.samples import Attempt
    from ytterby.facts import Facts

FORECASTS = Path(__file__).resolve().parents[2] / "src/ytterby/validation/data"
PROJECT = Path(tempfile.gettempdir()) / "ytterby-doors"
"""Project in which the base system is kept, so that it is built once."""


@cache
def _facts() -> Facts:
    return load(PROJECT)


def parts() -> Attempt:
    """Lists of parts, read and followed when China delivers nothing."""

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        bom(PartsRequest(place / name, country="CN", project=PROJECT))

    return samples.parts(), attempt


def budgets() -> Attempt:
    """Budgets of parties, as words of the command line."""

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        text = " ".join(content.decode("utf-8", "replace").split())
        assert all(amount >= 0.0 for amount in amounts_by(text, ["JP", "US", "EU", "KR"], "party").values()), "budget"

    return [("budget", text.encode()) for text in samples.BUDGETS], attempt


def backtests() -> Attempt:
    """What a backtest printed, for the hit rate of a briefing."""

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        found = backtest_hits(place / name)
        assert found is not None
        assert isinstance(found.hits, int), "hits"

    return [("hits.json", b'{"episode": "quota-crisis-2010", "hits": 41, "of": 60, "targets": [1.5]}')], attempt


def frozen() -> Attempt:
    """Frozen forecasts, scored; the hash of a damaged set is made anew, so that more than the hash is tried."""
    customs = b"month,goods,origin,destination,tonnes\n2025-05,magnet.*,CN,JP,100\n2026-06,magnet.*,CN,JP,150\n"

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / "customs.csv").write_bytes(customs)
        (place / name).write_bytes(_sealed(content))
        found = score(place / "customs.csv", frozen=place / name)
        assert found.of >= found.scored, "scored"

    return [("frozen.json", (FORECASTS / "forecasts-2026-11.json").read_bytes())], attempt


def _sealed(content: bytes) -> bytes:
    """A set of forecasts with the hash of what it says; what is no such set stays as it is."""
    try:
        document = json.loads(content)
        return json.dumps({**document, "sha256": forecasts.digest(document)}).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return content


def saved() -> Attempt:
    """Saved plans and alliances, read back."""
    from tests.report import saved as invented

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        read_saved(place / name)

    made = {PLAN: invented.plan(), ALLIANCE: invented.alliance()}
    return [(name, json.dumps(found.to_dict()).encode()) for name, found in made.items()], attempt


def duties() -> Attempt:
    """Scenarios of duties on groups of products, followed through the trade table."""

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        found = work(_facts(), load_text(content.decode("utf-8", "replace")), "short", 0, 1)
        assert all(np.isfinite(value).all() for value in (found.found.value, found.found.revenue, found.found.buyers)), "outcome"

    return [(name, content) for name, content in samples.episodes() if b"products:" in content], attempt
