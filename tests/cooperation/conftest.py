"""Three parties of different sizes, four paths of restrictions, a billion dollars each: coalitions solved once for all tests."""

from __future__ import annotations

import pytest

from ytterby.cooperation import Coalitions, Terms, values_of
from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, parties_of, shock_paths
from ytterby.system import build

CODES = ("AU", "JP", "KR")
BUDGET = 1000.0
"""[million USD]"""


@pytest.fixture(scope="session")
def data():
    system, facts = build(2024), load()
    shocks = shock_paths(facts, system, CODES, seed=1, keep=4)
    return PlanData(system, facts, tuple(select_candidates(candidates(), as_of="")), shocks)


@pytest.fixture(scope="session")
def parties(data):
    return parties_of(CODES, data.system)


@pytest.fixture(scope="session")
def coarse(data, parties):
    """The same in five steps of three years."""
    return data.changed(periods=5, planners=parties)


@pytest.fixture(scope="session")
def few(coarse, parties, terms):
    """Values in five steps."""
    return values_of(Coalitions(coarse, parties, terms))


@pytest.fixture(scope="session")
def terms():
    return Terms(dict.fromkeys(CODES, BUDGET))


@pytest.fixture(scope="session")
def values(data, parties, terms):
    return values_of(Coalitions(data, parties, terms))
