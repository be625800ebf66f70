"""Inputs of this room's doors, for :mod:`tests.doors`."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.doors import samples
from ytterby.app.bill_of_materials import PartsRequest, bom
from ytterby.app.plan_inputs import amounts_by
from ytterby.app.trade import work
from ytterby.facts import load
from ytterby.scenario import load_text

if TYPE_CHECKING:
    from tests.doors.samples import Attempt
    from ytterby.facts import Facts

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


def duties() -> Attempt:
    """Scenarios of duties on groups of products, followed through the trade table."""

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        found = work(_facts(), load_text(content.decode("utf-8", "replace")), "short", 0, 1)
        assert all(np.isfinite(value).all() for value in (found.found.value, found.found.revenue, found.found.buyers)), "outcome"

    return [(name, content) for name, content in samples.episodes() if b"products:" in content], attempt
