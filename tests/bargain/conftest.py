"""Talks of Japan and the United States with a table of programmes of round numbers, so that no plan has to be made."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.bargain import Bargain, MineralsTable, assumptions_of, central, load_talks
from ytterby.facts import load
from ytterby.system import build

PORTFOLIOS = (
    "none", "JP_alone", "US_alone", "each_alone", "aid", "stocks", "projects", "together", "without_aid", "technical_help", "floor",
)  # fmt: skip
EVENTS = ("", "licences", "stop", "suspension")


def table_of(seed: int = 0) -> MineralsTable:
    """Table of made-up worths; in each event every programme is worth less by another amount."""
    rng = np.random.default_rng(seed)
    worth = np.sort(rng.uniform(0.1e9, 3e9, (1, len(PORTFOLIOS), 2)), axis=1)
    worth[:, 0] = 0.0
    shift = np.array([0.0, -0.2e9, -1e9, 0.5e9])[:, None, None] * rng.uniform(0.5, 1.5, (len(EVENTS), len(PORTFOLIOS), 2))
    public = rng.uniform(1e6, 5e7, (len(PORTFOLIOS), 2))
    return MineralsTable(
        ("JP", "US"), EVENTS, PORTFOLIOS, 0.1 * worth + 0.0 * shift, 0.9 * worth + shift, public, np.array([2.8e6, 2.8e6]), 10.9, 1e6
    )


@pytest.fixture(scope="session")
def talks():
    return load_talks("us-japan-2025")


@pytest.fixture(scope="session")
def table():
    return table_of()


@pytest.fixture(scope="session")
def facts():
    return load()


@pytest.fixture(scope="session")
def demands():
    return build(2024, load()).demands


@pytest.fixture(scope="session")
def bargain(talks, table, facts, demands):
    return Bargain(talks, talks.day, facts, demands, table)


@pytest.fixture(scope="session")
def assumed(talks):
    return central(assumptions_of(talks))
