"""Inputs of this room's doors, for :mod:`tests.doors`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.doors import samples
from ytterby.plan.limits import parse_limit
from ytterby.plan.shock_files import read_shocks
from ytterby.plan.shocks import YEARS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doors.samples import Attempt


def shocks() -> Attempt:
    """Files of a plan's own shocks: what is taken has weights that add up to 1 and cuts of at most all."""

    def attempt(name: str, content: bytes, place: Path) -> None:
        (place / name).write_bytes(content)
        found = read_shocks(place / name)
        assert abs(found.weights.sum() - 1.0) < 1e-6, "weights"
        assert ((found.cut >= -10.0) & (found.cut <= 1.0)).all(), "cuts"
        assert np.isfinite(found.price).all(), "prices"

    return [("s.yaml", samples.SHOCKS_YAML.encode()), ("s.csv", samples.SHOCKS_CSV.encode())], attempt


def limits() -> Attempt:
    """Limits and targets, as words of the command line."""

    def attempt(_name: str, content: bytes, _place: Path) -> None:
        text = " ".join(content.decode("utf-8", "replace").split())  # a word of the command line is one line
        assert np.isfinite(parse_limit(text, YEARS).value), "limit"

    return [("limit", text.encode()) for text in samples.LIMITS], attempt
