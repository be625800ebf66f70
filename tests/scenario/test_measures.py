"""Measures: what they do by week, and what they refuse."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.scenario.measures import KINDS, SIMULATED, exempt_parts, measure, require_simulated
from ytterby.scenario.weeks import mondays, share_in_force, stepped

START = dt.date(2025, 4, 4)
WEEKS = mondays(START, 60)
DATE = st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1))
BAN = {"kind": "ban", "on": "Dy", "from": "CN", "start": "2025-04-04"}


def test_weeks_begin_on_mondays():
    assert WEEKS[0] == np.datetime64("2025-03-31")
    assert set(WEEKS.astype(dt.datetime).tolist()[i].weekday() for i in range(60)) == {0}


@given(DATE, st.none() | DATE)
def test_share_in_force_counts_days(first, last):
    days = [dt.date(2025, 3, 31) + dt.timedelta(days=i) for i in range(7 * 60)]
    inside = np.array([first <= day and (last is None or day <= last) for day in days])
    np.testing.assert_allclose(share_in_force(first, last, WEEKS), inside.reshape(60, 7).mean(axis=1), atol=1e-15)


@given(st.lists(st.tuples(DATE, st.floats(0, 2)), max_size=6, unique_by=lambda step: step[0]))
def test_stepped_is_the_mean_of_the_days(steps):
    def on(day):
        return max((step for step in steps if step[0] <= day), default=(None, 0.0), key=lambda step: step[0])[1]

    days = [dt.date(2025, 3, 31) + dt.timedelta(days=i) for i in range(7 * 60)]
    found = stepped(tuple(d for d, _ in steps), tuple(r for _, r in steps), WEEKS)
    np.testing.assert_allclose(found, np.array([on(day) for day in days]).reshape(60, 7).mean(axis=1), atol=1e-12)


def test_ban_has_defaults_and_plain_strings_become_lists():
    ban = measure(**BAN)
    assert (ban.on, ban.from_, ban.to, ban.depth, ban.end) == (("Dy",), ("CN",), ("all",), 1.0, None)
    np.testing.assert_allclose(ban.in_force(WEEKS)[:2], [3 / 7, 1.0])


@given(st.sampled_from(["week", "month", "quarter", "half", "year"]), DATE, st.integers(0, 900))
def test_quota_periods_cover_each_day_once_and_keep_the_tonnes_of_whole_periods(period, start, length):
    last = start + dt.timedelta(days=length)
    parts = measure(kind="quota", on="all", from_="CN", start=start, tonnes=100, period=period).schedule(last)
    assert parts[0].start == start
    assert parts[-1].end == last
    for a, b in zip(parts, parts[1:], strict=False):
        assert b.start == a.end + dt.timedelta(days=1)
    assert all(abs(part.tonnes - 100) < 1e-9 for part in parts[1:-1])
    assert all(0 < part.tonnes <= 100 + 1e-9 for part in parts)


def test_quota_allocations_are_cut_by_days_and_sorted():
    spans = [{"start": "2025-07-01", "end": "2025-07-10", "tonnes": 10}, {"start": "2025-01-01", "end": "2025-06-30", "tonnes": 90}]
    quota = measure(kind="quota", on="all", from_="CN", start="2025-01-01", end="2025-07-05", allocations=spans)
    assert [(p.start.month, p.tonnes) for p in quota.schedule(dt.date(2026, 1, 1))] == [(1, 90.0), (7, 5.0)]


def licence(**more):
    return measure(kind="licence", on="Dy", from_="CN", start=START, **more)


def test_licence_suspension_is_cut_out():
    windows = [{"from": "2025-05-05", "to": "2025-05-11"}, {"from": "2025-01-01", "to": "2025-04-05"}]
    force = licence(suspended=windows).in_force(WEEKS)
    assert force[5] == 0.0
    assert force[0] == pytest.approx(1 / 7)
    assert force[1] == force[4] == force[6] == 1.0


@given(st.floats(0, 500), st.sampled_from(["working", "calendar"]))
def test_decision_weights_sum_to_one_and_keep_the_mean(days, unit):
    weights = licence(processing_days=days, days=unit).decision_weights()
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() >= 0.0
    assert weights @ np.arange(len(weights)) == pytest.approx(days / (5 if unit == "working" else 7), abs=1e-9)


def test_decision_weights_of_a_spread():
    weights = licence(processing_days={"dist": "uniform", "low": 10, "high": 30}).decision_weights()
    assert weights @ np.arange(len(weights)) == pytest.approx(4.0, abs=1e-3)
    assert np.flatnonzero(weights)[[0, -1]].tolist() == [2, 6]
    with pytest.raises(ScenarioError, match="'processing_days' may become negative"):
        licence(processing_days={"dist": "normal", "mean": 1, "sd": 5})


def test_general_licences_and_exemptions():
    one = licence(general_share=0.4, general_from="2025-04-07", exempt=["KR", "medical"])
    assert one.general(WEEKS)[:2].tolist() == [0.0, 0.4]
    assert exempt_parts(one) == (("KR",), ("medical",))
    with pytest.raises(ScenarioError, match="'general_from' has no effect without 'general_share'"):
        licence(general_from="2025-05-01")


def test_duty_by_rate_and_by_steps_are_the_same():
    by_rate = measure(kind="export_duty", on="oxide.*", from_="CN", start="2025-05-05", end="2025-06-01", rate=0.25)
    steps = [{"date": "2025-05-05", "rate": 0.25}, {"date": "2025-06-02", "rate": 0}]
    by_steps = measure(kind="export_duty", on="oxide.*", from_="CN", start="2025-01-01", steps=steps)
    np.testing.assert_array_equal(by_rate.rates(WEEKS), by_steps.rates(WEEKS))
    assert by_rate.rates(WEEKS).sum() == pytest.approx(4 * 0.25)


def test_tariff_steps_by_status():
    steps = [
        {"date": "2025-04-02", "rate": 0.24, "status": "announced"},
        {"date": "2025-04-07", "rate": 0.24, "status": "imposed"},
        {"date": "2025-04-14", "rate": 0.1, "status": "paused"},
        {"date": "2025-08-04", "rate": 0.24, "status": "announced"},
        {"date": "2025-08-11", "rate": 0.15, "status": "reduced"},
    ]
    rates = measure(kind="tariff", sectors="cars_hybrid", from_="JP", to="US", start="2025-04-01", steps=steps).rates(WEEKS)
    assert rates[[0, 1, 2, 18, 19, 59]].tolist() == pytest.approx([0.0, 0.24, 0.1, 0.1, 0.15, 0.15])


def test_what_was_in_force_before_the_first_week_belongs_to_the_base():
    old = measure(kind="export_duty", on="oxide.*", from_="CN", start="2020-01-01", end="2025-06-01", rate=0.25)
    assert old.changes(WEEKS)[[0, 8, 9, 59]].tolist() == [0.0, 0.0, -0.25, -0.25]
    new = measure(kind="export_duty", on="oxide.*", from_="CN", start="2025-04-01", rate=0.25)
    np.testing.assert_array_equal(new.changes(WEEKS), new.rates(WEEKS))


def test_outage_recovers_in_a_straight_line():
    outage = measure(kind="outage", on="mine.*", from_="MM", start="2025-04-07", end="2025-05-04", loss=0.8, ramp_weeks=4)
    available = outage.availability(WEEKS)
    assert available[0] == 1.0
    assert available[1] == available[4] == pytest.approx(0.2)
    assert np.all(np.diff(available[4:12]) >= 0)
    assert available[10] == 1.0
    assert measure(kind="outage", on="mine.*", from_="MM", start="2025-04-07").availability(WEEKS)[1:].max() == 0.0


def test_project_climbs_its_ramp_after_the_slip():
    keys = {"kind": "project", "on": "oxide.Dy", "from": "FR", "start": "2025-01-06", "capacity_t_per_year": 500}
    weeks = mondays(dt.date(2025, 1, 6), 400)
    capacity = measure(**keys).capacity(weeks)
    assert [capacity[i] for i in (0, 60, 110, 160, 215, 399)] == pytest.approx([100, 225, 325, 400, 450, 450])
    late = measure(**keys, slip_weeks=52).capacity(weeks)
    assert late[:52].max() == 0.0
    np.testing.assert_allclose(late[52:200], capacity[:148])
    assert measure(**keys, slip_weeks=52, end="2025-06-01").capacity(weeks).max() == 0.0


def test_hoarding_fades_and_ends():
    factors = measure(kind="hoarding", on="Dy", holders="JP", start="2025-03-31", factor=3, half_life_weeks=4, weeks=10).factors(WEEKS)
    assert factors[[0, 4, 8, 10]].tolist() == pytest.approx([3.0, 2.0, 1.5, 1.0])
    assert measure(kind="hoarding", on="Dy", holders="JP", start="2025-03-31", factor=2).factors(WEEKS).min() == 2.0


def test_hoarding_spreads_in_a_straight_line_and_then_fades():
    factors = measure(kind="hoarding", on="Dy", holders="JP", start="2025-03-31", factor=3, ramp_weeks=8, half_life_weeks=4).factors(WEEKS)
    at = int(np.argmax(factors))
    assert factors[at] == 3.0
    assert np.allclose(np.diff(factors[at - 7 : at + 1]), 0.25)
    assert factors[at + 5] == pytest.approx(2.0, abs=0.2)


def test_demand_shift_ramps_and_returns():
    shift = measure(kind="demand_shift", to="EU", sectors="wind", start="2025-03-31", end="2025-06-01", factor=0.5, ramp_weeks=4)
    factors = shift.factors(WEEKS)
    assert factors[[0, 2, 4, 8, 9]].tolist() == pytest.approx([1.0, 0.75, 0.5, 0.5, 1.0])


def test_stockpile_goes_to_its_owner_unless_told():
    keys = {"kind": "stockpile", "on": "oxide.Dy", "owner": "JP", "start": START, "tonnes": 10, "action": "release", "over_weeks": 5}
    assert measure(**keys).targets == ("JP",)
    assert measure(**keys, to=["KR", "EU"]).targets == ("KR", "EU")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"kind": "tariff", "on": "Dy", "to": "US", "rate": 25}, "is 2500 % meant\\? write 0.25 for 25 %"),
        ({"kind": "tariff", "on": "Dy", "to": "US", "rate": "25 %"}, "write 0.25 for 25 %"),
        ({"kind": "tariff", "on": "Dy", "to": "US"}, "give either 'rate' or 'steps'"),
        ({"kind": "tariff", "to": "US", "rate": 0.1}, "give 'on' or 'sectors'"),
        ({"kind": "tariff", "on": "Dy", "rate": 0.1}, "'to' is missing"),
        ({"kind": "ban", "from": "CN"}, "'on' is missing"),
        ({"kind": "ban", "on": "Dy"}, "'from' is missing"),
        ({"kind": "ban", "on": [], "from": "CN"}, "'on' names no goods"),
        ({**BAN, "depth": 1.5}, "found 1.5; must be at most 1"),
        ({**BAN, "depth": -0.1}, "ban: depth: found -0.1; must be at least 0"),
        ({**BAN, "depth": True}, "must be a number"),
        ({**BAN, "depth": float("nan")}, "finite"),
        ({**BAN, "end": "2025-04-03"}, r"'end' \(2025-04-03\) lies before 'start'"),
        ({**BAN, "start": "2025-02-30"}, "no such day"),
        ({**BAN, "start": 20250404}, "must be a date such as 2025-04-04"),
        ({**BAN, "start": dt.datetime(2025, 4, 4)}, "must be a date"),
        ({**BAN, "start": "1066-10-14"}, "must lie between"),
        ({**BAN, "from": "XX"}, "unknown region 'XX'"),
        ({**BAN, "from": "AT"}, "it is part of 'EUX'"),
        ({**BAN, "end_uses": "cars"}, "unknown sector 'cars'; did you mean 'cars_"),
        ({**BAN, "assumed": ["deepth"]}, "'assumed' names 'deepth', which is no key of 'ban'"),
        ({**BAN, "colour": "red"}, "ban: colour: unknown key 'colour'"),
        ({"kind": "outage", "on": "Dy", "from": "MM", "to": "CN"}, "'to' has no effect in 'outage'"),
        ({"kind": "hoarding", "on": "Dy", "holders": "JP", "factor": 0.5}, "hoarding: factor: found 0.5; must be at least 1"),
        ({"kind": "quota", "on": "Dy", "from": "CN", "tonnes": 5}, "give 'tonnes' with 'period', or 'allocations'"),
        ({"kind": "quota", "on": "Dy", "from": "CN", "tonnes": -5, "period": "year"}, "quota: tonnes: found -5; must be at least 0"),
        ({"kind": "stockpile", "on": "Dy", "owner": "JP", "action": "build", "tonnes": 5}, "a build needs 'over_weeks'"),
        ({"kind": "stockpile", "on": "Dy", "owner": "JP", "action": "release", "tonnes": 5}, "either 'over_weeks' or 'trigger'"),
        ({"kind": "offtake", "on": "Dy", "from": "FR", "to": "JP", "share": 0.5, "price": 9}, "'price' belongs to 'price_rule'"),
        ({"kind": "joint_rnd", "on": "Dy", "parties": ["JP"], "effect": "saving", "size": 0.1, "success": 0.5, "delay_weeks": 9,
          "shares": {"US": 1}}, "'shares' names 'US', which is no party"),
    ],
)  # fmt: skip
def test_what_a_measure_refuses(keys, words):
    with pytest.raises(ScenarioError, match=words):
        measure(**({"start": "2025-04-04"} | keys))


def test_overlapping_allocations_are_refused():
    spans = [{"start": "2025-01-01", "end": "2025-06-30", "tonnes": 1}, {"start": "2025-06-30", "end": "2025-12-31", "tonnes": 1}]
    with pytest.raises(ScenarioError, match="allocations from 2025-01-01 and 2025-06-30 overlap"):
        measure(kind="quota", on="Dy", from_="CN", start="2025-01-01", allocations=spans)


def test_measures_are_frozen_and_every_kind_has_its_class():
    with pytest.raises(ValidationError, match="frozen"):
        measure(**BAN).depth = 0.5
    assert {kind: model.model_fields["kind"].default for kind, model in KINDS.items()} == {kind: kind for kind in KINDS}
    assert len(KINDS) == 16
    assert set(KINDS) >= SIMULATED


def test_unsimulated_kinds_are_valid_and_refused_at_a_run():
    floor = measure(kind="price_floor", on="oxide.NdPr", from_="US", payer="US", strike=110, start="2025-07-10")
    require_simulated([measure(**BAN)])
    with pytest.raises(NotSimulatedError, match="price_floor are valid but not simulated yet; simulated are: ban"):
        require_simulated([measure(**BAN), floor])


@pytest.mark.parametrize(
    "keys",
    [
        {"kind": "offtake", "on": "oxide.Dy", "from": "FR", "to": "JP", "tonnes_per_year": 250},
        {"kind": "recycling", "on": "scrap.*", "from": "JP", "collection": 0.3, "recovery": 0.9},
        {"kind": "substitution", "on": "Dy", "to": "JP", "sectors": "cars_battery", "saving": 0.4, "ramp_weeks": 104},
        {"kind": "assistance", "from": "JP", "to": "MY", "stages": ["oxide"], "access": 0.8},
        {"kind": "joint_rnd", "on": "Dy", "parties": ["JP", "US"], "effect": "saving", "size": 0.3, "success": 0.5, "delay_weeks": 156},
    ],
)
def test_programme_measures_parse(keys):
    assert measure(**keys, start="2026-01-01").kind == keys["kind"]
