"""A licence: when it is needed, how long a decision takes, who is exempt."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures.random_keys import FROM, SHARE, TO, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, effects, measure
from ytterby.measures.licence import approved_by
from ytterby.measures.weeks import mondays

RANDOM = dates(
    "licence",
    on=goods(),
    from_=FROM,
    to=TO,
    processing_days=st.floats(0.0, 120.0),
    approval_rate=SHARE,
    scope_spill=st.floats(0.0, 0.5),
    no_transfer=st.booleans(),
    validity_days=st.floats(7.0, 400.0),
)
DRAWN = {
    "{kind: licence, name: licence, on: [Dy, Tb], from: CN, to: all, start: 2025-04-14, processing_days: 45, approval_rate: 0.6,"
    " approval_by_end_use: {defence: 0.1}, approval_by_goods: {Tb: 0.8}, approval_by_region: {JP: 0.9}, backlog_weeks: 3,"
    " learning_weeks: 8, scope_spill: 0.2, general_share: 0.3, general_from: 2025-07-01, general_weeks: 20, validity_days: 90,"
    " no_transfer: true, announced: 2025-04-04}": {
        "processing_days": "{dist: triangular, low: 0, mode: 45, high: 90}",
        "approval_rate": "{dist: uniform, low: 0.05, high: 0.9}",
        "approval_by_end_use.defence": "{dist: uniform, low: 0, high: 0.6}",
        "approval_by_goods.Tb": "{dist: uniform, low: 0.5, high: 1}",
        "learning_weeks": "{dist: uniform, low: 5, high: 19}",
        "general_weeks": "{dist: uniform, low: 0, high: 30}",
        "approval_by_region.JP": "{dist: uniform, low: 0.5, high: 1}",
        "backlog_weeks": "{dist: uniform, low: 0, high: 5}",
        "validity_days": "{dist: uniform, low: 7, high: 200}",
        "scope_spill": "{dist: choice, values: [0, 0.4]}",
        "scope_spill_half_life_weeks": "{dist: uniform, low: 2, high: 20}",
        "general_share": "{dist: uniform, low: 0.1, high: 0.5}",
    }
}
START = dt.date(2025, 4, 4)
WEEKS = mondays(START, 60)


def licence(**more):
    return measure(**{"kind": "licence", "on": "Dy", "from_": "CN", "start": START} | more)


def effects_of(**more):
    one = licence(**more)
    return list(one.effects(WEEKS, DrawnValues(one)))


def test_suspension_is_cut_out():
    windows = [{"from": "2025-05-05", "to": "2025-05-11"}, {"from": "2025-01-01", "to": "2025-04-05"}]
    force = licence(suspended=windows).in_force(WEEKS)
    assert force[5] == 0.0
    assert force[0] == pytest.approx(1 / 7)
    assert force[1] == force[4] == force[6] == 1.0


@given(st.floats(0, 500), st.sampled_from(["working", "calendar"]))
def test_decision_weights_sum_to_one_and_keep_the_mean(days, unit):
    one = licence(processing_days=days, days=unit)
    weights = one.decision_weights(DrawnValues(one))
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() >= 0.0
    assert weights @ np.arange(len(weights)) == pytest.approx(days / (5 if unit == "working" else 7), abs=1e-9)


def test_decision_weights_of_a_spread():
    one = licence(processing_days={"dist": "uniform", "low": 10, "high": 30})
    weights = one.decision_weights(DrawnValues(one))
    assert weights @ np.arange(len(weights)) == pytest.approx(4.0, abs=1e-3)
    assert np.flatnonzero(weights)[[0, -1]].tolist() == [2, 6]
    with pytest.raises(ScenarioError, match="'processing_days' may become negative"):
        licence(processing_days={"dist": "normal", "mean": 1, "sd": 5})


def test_general_licences_and_exemptions():
    one = licence(general_share=0.4, general_from="2025-04-07", exempt=["KR", "medical"])
    assert one.general(WEEKS, DrawnValues(one))[:2].tolist() == [0.0, 0.4]
    assert one.exemptions() == (("KR",), ("medical",))
    with pytest.raises(ScenarioError, match="'general_from' has no effect without 'general_share'"):
        licence(general_from="2025-05-01")


def test_the_rule_leaves_out_who_is_exempt_and_what_has_a_general_licence():
    queue, _ = effects_of(general_share=0.4, exempt=["KR", "medical"])
    assert queue.links.excluded == ("KR",)
    assert queue.weight == effects.EndUseShare(("medical",), others=True)
    assert queue.level[1] == pytest.approx(0.6)


def test_end_uses_with_a_lower_rate_wait_longer_and_are_served_in_the_end():
    _, refusal, _ = effects_of(approval_rate=0.8, approval_by_end_use={"defence": 0.2}, processing_days=10)
    assert refusal.sectors == ("defence",)
    others, theirs = (approved_by(np.array([0.0, 0.0, 1.0]), rate, len(WEEKS)) for rate in (0.8, 0.2))
    assert refusal.level[3] == pytest.approx(1.0 - theirs[2] / others[2]) == pytest.approx(0.75)
    assert np.all(np.diff(refusal.level[3:]) <= 1e-12)
    assert refusal.level[-1] < 0.01


@given(st.floats(0.05, 1.0), st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6), st.integers(0, 10_000))
@settings(deadline=None, max_examples=20)
def test_who_is_refused_files_again(rate, weights, seed):
    """The renewal equation against applicants who file until they are approved."""
    decision, rng = np.array(weights) / sum(weights), np.random.default_rng(seed)
    waited = np.zeros(4000)
    open_ = np.ones(4000, dtype=bool)
    while open_.any():
        waited[open_] += rng.choice(len(decision), open_.sum(), p=decision)
        open_ &= rng.random(4000) >= rate
    found = approved_by(decision, rate, 30)
    seen = np.array([(waited <= week).mean() for week in range(30)])
    assert np.abs(found - seen).max() < 0.04
    assert np.all(approved_by(decision, min(rate + 0.1, 1.0), 30) >= found - 1e-12)


def test_a_regime_learns():
    rates = effects_of(approval_rate=0.9, learning_weeks=10)[0].approval_rate
    assert np.all(np.diff(rates) >= 0.0)
    assert rates[0] < 0.1 < 0.85 < rates[-1] <= 0.9
    assert effects_of(approval_rate=0.9)[0].approval_rate == pytest.approx(0.9)
    shares = effects_of(general_share=0.4, general_weeks=24)[0].level
    assert 1.0 > shares[2] > shares[30] > 0.6


def test_buyers_foresee_an_announced_licence():
    early = licence(announced="2025-03-01", start="2025-06-02")
    weeks = mondays(dt.date(2025, 2, 3), 30)
    rule = next(iter(early.effects(weeks, DrawnValues(early))))
    assert rule.known[:3].tolist() == [0.0, 0.0, 0.0]
    assert rule.known[5] == 1.0 > rule.level[5] == 0.0
    assert rule.known[-1] == rule.level[-1] == 1.0
    with pytest.raises(ScenarioError, match="'announced'"):
        licence(announced="2026-01-01")


def test_look_alikes_wait_less_and_less():
    held = effects_of(scope_spill=0.4, scope_spill_half_life_weeks=4)[-1]
    assert held.links.lookalikes
    assert held.level[[5, 9]] / held.level[1] == pytest.approx([0.5, 0.25])


def test_a_ban_on_transfer_touches_resale_from_what_the_licence_supplies():
    queue, resale, _ = effects_of(no_transfer=True)
    assert resale.target == effects.ResaleLinks(queue.links)


def test_approvals_lapse_by_validity():
    assert effects_of()[0].validity == 1.0
    assert effects_of(validity_days=70)[0].validity == pytest.approx(0.9)
    assert effects_of(validity_days=3)[0].validity == 0.0


def test_the_backlog_fades_within_half_a_year():
    delay = effects_of(backlog_weeks=10)[0].backlog_delay
    assert delay[0] == 10.0
    assert np.all(np.diff(delay) <= 0.0)
    assert delay[27] == 0.0
