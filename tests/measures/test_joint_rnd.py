"""Joint research is valid, and its shares are those of the parties."""

import pytest

from ytterby.errors import ScenarioError
from ytterby.measures import measure

KEYS = {"kind": "joint_rnd", "on": "Dy", "effect": "saving", "size": 0.3, "success": 0.5, "delay_weeks": 156, "start": "2026-01-01"}


def test_shares_belong_to_the_parties_and_sum_to_one():
    assert measure(**KEYS, parties=["JP", "US"], shares={"JP": 0.5, "US": 0.5}).parties == ("JP", "US")
    with pytest.raises(ScenarioError, match="'shares' names 'US', which is no party"):
        measure(**KEYS, parties=["JP"], shares={"US": 1})
    with pytest.raises(ScenarioError, match="'shares' sum to 0.5, must sum to 1"):
        measure(**KEYS, parties=["JP"], shares={"JP": 0.5})
