"""Backtests give models: one of its own for each way to score, read back from what was written."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter

from ytterby.app import EPISODES, Backtest, BacktestTarget, DisruptionsBacktest, episode_of

QUICK = ("japan-tariffs-2025", "antimony-2024")
NAMES = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in EPISODES]


@pytest.fixture(scope="module", params=NAMES)
def result(request, tmp_path_factory):
    found = episode_of(request.param).score(request.param, draws=3, seed=1, project=tmp_path_factory.mktemp("project"))
    return request.param, found


def test_what_is_written_is_read_back_as_the_model_that_it_was(result):
    name, found = result
    again = TypeAdapter(Backtest).validate_python(json.loads(json.dumps(found.to_dict())))
    assert type(again) is type(found)
    assert again == found
    assert found.episode == name


def test_every_backtest_has_targets_with_a_band(result):
    """Whatever shows a backtest, without knowing how it is scored, has rows to show."""
    _, found = result
    assert found.targets
    assert all(isinstance(row, BacktestTarget) and row.id and row.what and row.unit for row in found.targets)
    assert all(row.low <= row.high for row in found.targets)


def test_users_without_a_recorded_loss_are_no_targets():
    """The record of disruptions knows of some users only whether they stopped."""
    user = {
        "event": "fire", "date": "2000-03-17", "user": "a", "input": "chips", "input_class": "catalogue_part", "recalled": False,
        "stopped": True, "p_stop": 0.7, "hit": True, "weeks": 1.0, "weeks_low": 0.0, "weeks_high": 3.0, "facts": ("DIS001",),
    }  # fmt: skip
    users = [user | {"weeks_lost": lost} for lost in (2.0, None)]
    found = DisruptionsBacktest.model_construct(
        users=TypeAdapter(DisruptionsBacktest.model_fields["users"].annotation).validate_python(users)
    )
    assert [(row.target, row.model, row.hit) for row in found.targets] == [(2.0, 1.0, True)]
