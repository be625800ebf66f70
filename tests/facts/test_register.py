"""The register of controls: made from facts, told by dates, silent where the facts are silent."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.facts import branches, control_lines, decisions, followed_by, periods, vocabulary
from ytterby.facts.load import load
from ytterby.facts.register import OPEN, STATES, headings
from ytterby.tables import rows

FACTS = load()
LINES = control_lines(FACTS)
ORDERS = {line.order.id: line.order for line in LINES}
DAYS = st.dates(dt.date(2006, 1, 1), dt.date(2030, 12, 31))


def states(day):
    """Orders and their states on a day."""
    return {line.order.id: state.state for line in LINES if (state := line.on(day))}


def test_every_order_has_goods_and_rests_on_facts():
    listed = [row["id"] for row in rows("ytterby.facts", "data/register/orders")]
    assert len(set(listed)) == len(listed)
    assert set(listed) == set(ORDERS)
    for order in ORDERS.values():
        assert order.facts
        assert {*order.facts, *order.ended_by} <= set(FACTS.table.index)
        assert order.announced <= order.start <= (order.until or "9999")
        assert order.start <= order.confirmed or order.suspension
        assert bool(order.ended_by) <= bool(order.until)
        assert {order.suspension, order.term} - {""} <= {row["subject"] for row in vocabulary.listed("states").values()}


def test_an_order_begins_or_was_announced_in_the_period_of_one_of_its_facts():
    for order in ORDERS.values():
        spans = [(periods.start(FACTS.row(name)["period"]), periods.end(FACTS.row(name)["period"])) for name in order.facts]
        days = [dt.date.fromisoformat(text) for text in (order.announced, order.start)]
        # an order of the record may take effect later than the fact that tells of it, by at most half a year
        near = dt.timedelta(days=183)
        assert any(first and last and first - near <= day <= last + near for first, last in spans for day in days), order.id


def test_what_rests_on_assumed_facts_alone_is_marked_assumed():
    for order in ORDERS.values():
        kinds = {FACTS.row(name)["kind"] for name in order.facts}
        assert kinds != {"assumed"} or order.basis == "assumed", order.id


def test_materials_commodities_and_codes_are_of_the_vocabulary():
    known = {*vocabulary.symbols(), *vocabulary.families(), "all"}
    for line in LINES:
        assert set(line.good.materials) <= known, line.good
        assert all(name.partition(".")[0] in vocabulary.STAGES for name in line.good.commodities)
        assert all(re.fullmatch(r"\d{6}", code) for code in line.hs[0])
        assert all(re.fullmatch(r"\d[A-E]\d{3}(\.[a-z])?", code) for code in line.good.codes)


def test_every_restriction_of_the_record_of_the_hazard_model_stands_in_the_register():
    """A second road: the hazard model counts the same restrictions, by fact, supplier, family and target."""
    for row in rows("ytterby.validation", "data/restrictions"):
        found = [line for line in LINES if row["fact"] in line.order.facts and line.order.by == row["supplier"]]
        assert found, row
        for family in row["families"].split():
            assert any(line.names(family) for line in found), (row, family)
        assert any(line.order.to in (row["target"], "all") for line in found), row


def test_derived_headings_agree_with_those_under_which_the_record_counts_the_family():
    counted = {row["family"]: set(row["headings"].split()) for row in rows("ytterby.validation", "data/families")}
    assert set(headings(("oxide.Ce", "oxide.Dy", "metal.Nd"))) <= counted["rare_earths"]
    assert set(headings(("mine.Sb",))) <= counted["antimony"]
    assert headings(("magnet.NdFeB-Dy",)) == ("850511",)
    antimony = next(line for line in LINES if line.good.good == "antimony of all kinds")
    assert antimony.hs == (("261710", "811010", "282580"), "derived")
    assert {code for line in LINES if line.names("antimony") for code in line.hs[0]}.isdisjoint(counted["rare_earths"])
    stated = {line.good.good: line.hs for line in LINES if line.order.id == "mofcom-2025-18"}
    assert stated["dysprosium metal and alloys"] == (("280530",), "stated")
    assert stated["NdFeB magnets with dysprosium"] == (("850511",), "derived")


@given(DAYS)
def test_a_state_is_one_of_the_list_and_its_dates_hold_the_day(day):
    for line in LINES:
        state = line.on(day)
        assert (state is None) == (day < dt.date.fromisoformat(line.order.announced))
        if state is None:
            continue
        assert state.state in STATES
        assert state.since <= day
        if state.state in ("suspended", "announced"):
            assert state.until >= day
        if state.state == "expired":
            assert state.until < day
            assert not line.order.ended_by
        if state.state == "in force":
            assert dt.date.fromisoformat(line.order.start) <= day
            assert state.until is None or day <= state.until


@given(DAYS, st.integers(1, 400))
def test_what_has_ended_does_not_come_back_without_a_fact(day, later):
    final = ("ended", "expired", "unconfirmed")
    for line in LINES:
        before, after = line.on(day), line.on(day + dt.timedelta(days=later))
        if before and before.state in final:
            assert after.state == before.state


@pytest.mark.parametrize(
    ("order", "day", "state"),
    [
        ("mofcom-2025-18", "2025-04-03", None),
        ("mofcom-2025-18", "2025-04-04", "in force"),
        ("mofcom-2025-18", "2026-11-29", "in force"),
        ("mofcom-2025-57", "2025-10-08", None),
        ("mofcom-2025-57", "2025-10-09", "announced"),
        ("mofcom-2025-57", "2025-11-07", "suspended"),
        ("mofcom-2025-57", "2025-11-08", "suspended"),
        ("mofcom-2025-57", "2026-11-10", "suspended"),
        ("mofcom-2025-57", "2026-11-11", "expired"),
        ("mofcom-2025-62", "2025-10-20", "in force"),
        ("mofcom-2024-46-2", "2025-11-08", "in force"),
        ("mofcom-2024-46-2", "2025-11-09", "suspended"),
        ("mofcom-2024-46-2", "2026-11-28", "expired"),
        ("mofcom-2024-46-1", "2026-11-28", "in force"),
        ("cn-re-quota", "2014-12-31", "in force"),
        ("cn-re-quota", "2015-01-01", "ended"),
        ("us-section-122", "2026-07-24", "in force"),
        ("us-section-122", "2026-07-25", "expired"),
        ("cd-ban-2010", "2010-05-01", "not enforced"),
        ("ar-duty-2018", "2026-01-01", "unconfirmed"),
    ],
)
def test_states_on_days_of_the_record(order, day, state):
    assert states(dt.date.fromisoformat(day)).get(order) == state


def test_a_measure_without_an_end_is_unconfirmed_three_years_after_its_last_fact():
    order = ORDERS["mofcom-2025-18"]
    last = dt.date.fromisoformat(order.confirmed) + OPEN
    assert states(last)[order.id] == "in force"
    assert states(last + dt.timedelta(days=1))[order.id] == "unconfirmed"


def test_goods_are_found_by_element_family_commodity_and_place():
    dysprosium = [line for line in LINES if line.order.id == "mofcom-2025-18" and line.names("Dy")]
    assert len(dysprosium) == 5
    assert all(line.names("rare_earths") and not line.names("tungsten") and line.names("Dy") for line in dysprosium)
    assert any(line.covers("oxide.Dy") for line in dysprosium)
    assert not any(line.covers("oxide.Nd") for line in dysprosium)
    ban = next(line for line in LINES if line.order.id == "mofcom-2024-46-2")
    assert [ban.reaches(place) for place in ("US", "JP", "APEC", "EU")] == [True, False, True, False]
    duty = next(line for line in LINES if line.order.id == "eu-mfn-magnets")
    assert [duty.reaches(place) for place in ("DE", "EUX", "EU", "JP")] == [True, True, True, False]
    abroad = next(line for line in LINES if line.order.id == "mofcom-2025-61")
    assert [abroad.leaves(place) for place in ("JP", "CN")] == [True, False]


def test_decisions_rest_on_facts_and_on_the_ends_of_dated_states():
    ids = [decision.id for decision in decisions()]
    assert len(set(ids)) == len(ids)
    ends = {row["subject"]: row["end"] for row in vocabulary.listed("states").values()}
    for decision in decisions():
        assert {*decision.facts, *decision.decided_by} <= set(FACTS.table.index)
        if decision.subject:
            assert ends[decision.subject] == decision.date
    assert set(ends) <= {decision.subject for decision in decisions()}
    assert set(branches()) <= set(ids)


def test_open_decisions_have_branches_and_fallen_ones_an_outcome():
    for decision in decisions():
        assert bool(followed_by(decision, FACTS)) == bool(decision.outcome)
        assert bool(branches().get(decision.id)) == (not decision.outcome)
    for group in branches().values():
        assumed = [branch for branch in group if not branch.rule]
        assert len(assumed) in (0, len(group))
        assert all(branch.low <= branch.p <= branch.high for branch in assumed)
        assert not assumed or sum(branch.p for branch in assumed) == pytest.approx(1.0)
        assert {name for branch in group for name in branch.applies} <= set(ORDERS)
        assert max(Counter(branch.label for branch in group).values()) == 1
