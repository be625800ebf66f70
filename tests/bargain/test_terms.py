"""Terms of packages: second roads to time, investment, duties, controls; and that nothing known later enters."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.bargain import TERMS, Bargain, Room, assumptions_of, chosen, weights_of
from ytterby.bargain.talks import talks_of_text
from ytterby.bargain.time_weights import shares
from ytterby.bargain.vehicle import Vehicle, cash_flow, worth
from ytterby.economy import trade as block

from .conftest import table_of
from .test_talks import TEXT


def place_of(bargain: Bargain, **steps: int) -> int:
    """Place of the package with these steps; issues that are not named stay at their first."""
    return bargain.packages.find(tuple(steps.get(issue.id, 0) for issue in bargain.talks.issues))


VEHICLE = Vehicle(0.5, 0.9, 0.07, 3.0, 25.0, 0.045, 0.045)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 0.1), st.floats(0.5, 20.0), st.floats(0.0, 2.0), st.floats(0.0, 0.5))
def test_shares_of_time_are_those_of_a_numerical_integral(rate: float, lasting: float, begins: float, ends: float) -> None:
    day = dt.date(2025, 7, 21)
    starts = (day, day + dt.timedelta(days=200), day + dt.timedelta(days=900))
    found = shares(starts, day, rate, lasting, begins, ends)
    t = (np.arange(200_000) + 0.5) * lasting / 200_000
    weight = np.exp(-rate * t) / np.exp(-rate * t).sum()
    kept = np.where(t < begins, 0.0, np.exp(-ends * np.maximum(t - begins, 0.0)))
    stretch = np.searchsorted([200 / 365.25, 900 / 365.25], t, side="right")
    assert found.agreed == pytest.approx(float(weight @ kept), abs=1e-4)
    np.testing.assert_allclose(found.without, np.bincount(stretch, weight * (1.0 - kept), 3), atol=1e-4)
    assert found.agreed + found.without.sum() == pytest.approx(1.0)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 0.15), st.floats(0.0, 0.08), st.floats(0.2, 0.9), st.floats(0.5, 1.0))
def test_cash_flows_of_both_sides_make_the_projects_and_the_debt_is_paid_first(r: float, i: float, split: float, after: float) -> None:
    vehicle = VEHICLE._replace(project_return=r, interest=i, split=split, after=after)
    flow = cash_flow(vehicle)
    whole = flow.investor + flow.host
    # the projects earn their return on the dollar that was committed
    assert float(((1.0 + r) ** -flow.years) @ whole) == pytest.approx(1.0)
    # another road: what is owed is the principal with interest less what was paid, year by year
    owed, late = 1.0 * (1.0 + i) ** vehicle.build_years, 0.0
    for paid, total, left in zip(flow.investor, whole, flow.owed, strict=True):
        owed = owed * (1.0 + i)
        if owed > split * total + 1e-12:
            assert paid == pytest.approx(split * total)
            owed -= paid
        else:
            late = paid
            owed = 0.0
        assert left == pytest.approx(owed, abs=1e-9)
    if late and flow.owed[-2] == 0.0:
        assert flow.investor[-1] == pytest.approx((1.0 - after) * whole[-1])


def test_an_even_vehicle_is_worth_what_the_projects_are() -> None:
    found = worth(VEHICLE._replace(alternative_return=0.05), 0.05, 1.0)
    flow = cash_flow(VEHICLE)
    assert found.investor + found.host == pytest.approx(float((1.05**-flow.years) @ (flow.investor + flow.host)) - 1.0)
    displaced = worth(VEHICLE._replace(alternative_return=0.05), 0.05, 0.0)
    assert displaced.investor == pytest.approx(-displaced.host)


def test_agreed_duties_are_those_of_the_schedule_where_the_schedule_levies_them(bargain) -> None:
    """15 % in all, as enacted from 16 September 2025, on the goods of the issues."""
    day = dt.date(2025, 9, 20)
    enacted = block.enacted(bargain.base, day)
    for issue in bargain.cases.issues:
        places, rates = block.agreed_duties(bargain.base, "JP", issue.products, np.array([0.15]), day, issue.exempt_lists)
        np.testing.assert_allclose(rates[0], enacted[places, bargain.base.supplier("JP")], atol=1e-12)


def test_terms_of_a_package_are_those_of_its_duties_alone(bargain, assumed) -> None:
    """Another road: one package's duties by the trade block, weighted by hand."""
    found = bargain.evaluate(assumed | {"snap_back_rate": 0.0})
    package = place_of(bargain, cars=1, others=1)
    base, parameters = bargain.base, bargain.parameters
    duty = np.repeat(block.enacted(base, bargain.day)[None], 2, axis=0)
    for issue in bargain.cases.issues:
        places, rates = block.agreed_duties(base, "JP", issue.products, np.array([0.15, 0.0]), bargain.day, issue.exempt_lists)
        duty[:, places, base.supplier("JP")] = rates
    outcome = block.outcome(base, duty, parameters)
    sums = block.totals(base, outcome)
    assert found.packages[package, 1, TERMS.index("revenue")] == pytest.approx(float(sums.revenue[0] - sums.revenue[1]))
    assert found.packages[package, 1, TERMS.index("buyers")] == pytest.approx(float(sums.buyers[0] - sums.buyers[1]))
    lost, at = assumed["value_added_lost"], base.supplier("JP")
    net = lost * (sums.added[:, at] + sums.price_loss[:, at]) - sums.price_loss[:, at]
    assert found.packages[package, 0, TERMS.index("value_added")] == pytest.approx(float(net[0] - net[1]))


def test_a_package_of_the_duties_without_a_deal_and_nothing_else_changes_nothing(bargain, assumed) -> None:
    rows = TEXT.replace("{p: 0.75, low: 0.5, high: 1, label: 25 % begins,", "{p: 1, low: 0.5, high: 1, label: 25 % begins,").replace(
        "      - {p: 0.25, low: 0, high: 0.5, label: put off again, duties: {cars: 0.275, others: 0.1}}\n", ""
    )
    other = Bargain(talks_of_text(rows), dt.date(2025, 8, 2), bargain.facts, bargain.demands, bargain.minerals)
    found = other.evaluate(assumed)
    package = place_of(other)
    assert np.abs(found.packages[package] - found.no_deal)[:, :-1].max() < 1e-3


def test_cost_shares_only_move_money(bargain, assumed) -> None:
    found = bargain.evaluate(assumed)
    moved = found.packages[:, :, TERMS.index("cost_shares")]
    np.testing.assert_allclose(moved.sum(axis=1), 0.0, atol=1e-3)
    assert np.abs(moved).max() > 1e5


def test_a_control_moves_no_deal_and_nash_as_the_terms_say(bargain, assumed) -> None:
    """Another road: from the table, not from a new evaluation."""
    table, weights = bargain.minerals, weights_of(("JP", "US"), None)
    before = bargain.evaluate(assumed)
    place, column = TERMS.index("minerals"), bargain.packages.column(type(bargain.talks.issue("minerals")))
    rate = np.log1p(assumed["discount"])
    annuity = (1.0 - np.exp(-rate * assumed["lasting"])) / rate
    for event in range(1, len(table.events)):
        shift = (table.gain[event] - table.gain[0]) * assumed["minerals_scale"] / annuity
        after = bargain.evaluate(assumed, event=event)
        np.testing.assert_allclose((after.no_deal - before.no_deal)[:, place], shift[table.portfolios.index("each_alone")], atol=1.0)
        names = [table.portfolios.index(name) for name in bargain.talks.issues[column].values]
        by_hand = before.packages.copy()
        by_hand[:, :, place] += shift[names][bargain.packages.steps[:, column]]
        rooms = [
            Room(np.einsum("kpt,pt->kp", each, weights), np.einsum("pt,pt->p", after.no_deal, weights))
            for each in (by_hand, after.packages)
        ]
        points = [chosen(room, "nash") for room in rooms]
        np.testing.assert_allclose(points[0].utilities, points[1].utilities, rtol=1e-9)


def test_no_deal_under_another_chance_is_the_mixture_of_its_ends(bargain, assumed) -> None:
    """Another road: no deal is linear in the chance of a fork, so it lies between certain threat and none as the chance does."""
    never, surely, between = (bargain.evaluate(assumed | {"chance_2025-08-01": p}).no_deal for p in (0.0, 1.0, 0.6))
    np.testing.assert_allclose(between, 0.4 * never + 0.6 * surely, rtol=1e-9, atol=1e-3)
    assert surely.sum(axis=1)[0] < never.sum(axis=1)[0]
    np.testing.assert_array_equal(bargain.evaluate(assumed | {"chance_2025-08-01": 0.75}).no_deal, bargain.evaluate(assumed).no_deal)


@pytest.mark.parametrize("day", ["2025-05-30", "2025-07-21", "2025-10-28", "2026-02-19"])
def test_nothing_known_later_enters(bargain, assumed, day: str) -> None:
    """Figures of later steps, and the outcome, may be anything: the room is the same."""
    other = TEXT
    for state in ("2026-02-20", "2026-02-24", "2025-07-07"):
        if state > day:
            other = other.replace(f"    known: {state}\n", "    known: 2030-01-01\n")
    other = other.replace("steps: {cars: 0.15, others: 0.15, vehicle: 5.5e+11,", "steps: {cars: 0.025, others: 0.0, vehicle: 0,")
    assert other != TEXT
    on = dt.date.fromisoformat(day)
    found = [Bargain(talks_of_text(text), on, bargain.facts, bargain.demands, bargain.minerals).evaluate(assumed) for text in (TEXT, other)]
    np.testing.assert_array_equal(found[0].packages, found[1].packages)
    np.testing.assert_array_equal(found[0].no_deal, found[1].no_deal)


def test_duties_of_others_are_those_enacted_on_the_day(bargain) -> None:
    """Fifteen per cent on the Union came after 21 July 2025."""
    found = bargain.cases.duty[:, :, bargain.base.supplier("EU")]
    np.testing.assert_array_equal(found[0], block.enacted(bargain.base, bargain.day)[:, bargain.base.supplier("EU")])
    assert not np.allclose(found[0], block.enacted(bargain.base, dt.date(2025, 8, 8))[:, bargain.base.supplier("EU")])


def test_lower_duties_help_the_payer_and_more_money_helps_the_receiver(bargain, assumed) -> None:
    utilities, _ = bargain.evaluate(assumed).utilities(weights_of(("JP", "US"), None))
    assert utilities[place_of(bargain, cars=1, others=1), 0] > utilities[place_of(bargain), 0]
    more, less = (utilities[place_of(bargain, cars=1, others=1, vehicle=step)] for step in (3, 0))
    assert more[1] > less[1]
    assert more[0] < less[0]


def test_weights_scale_the_terms_they_name(bargain, assumed) -> None:
    found = bargain.evaluate(assumed)
    plain, jobs = (found.utilities(weights_of(("JP", "US"), text))[0] for text in (None, "JP.jobs=2"))
    np.testing.assert_allclose(jobs[:, 0] - plain[:, 0], 2e5 * found.packages[:, 0, TERMS.index("jobs")], rtol=1e-9, atol=1e-3)
    np.testing.assert_array_equal(jobs[:, 1], plain[:, 1])


def test_issues_that_change_nothing_make_no_packages(bargain) -> None:
    assert bargain.packages.still == {"ships": "no fact gives what it changes", "standard": "not asked for: --with standard"}
    steps = bargain.packages.steps
    names = [issue.id for issue in bargain.talks.issues]
    assert not steps[:, names.index("ships")].any()
    assert not steps[steps[:, names.index("vehicle")] == 0][:, names.index("snap_back")].any()
    assert not steps[steps[:, names.index("minerals")] == 0][:, names.index("cost_shares")].any()
    assert 10_000 < len(steps) < 40_000


def test_without_programmes_no_issue_on_minerals_makes_packages_and_no_two_are_alike(bargain, assumed) -> None:
    plain = replace(bargain, minerals=None)
    assert set(plain.packages.still) == {"ships", "minerals", "cost_shares", "standard"}
    names = [issue.id for issue in plain.talks.issues]
    assert not plain.packages.steps[:, [names.index(name) for name in ("minerals", "cost_shares")]].any()
    values = plain.evaluate(assumed).packages.reshape(len(plain.packages.steps), -1)
    assert len(np.unique(values.round(3), axis=0)) == len(values)
    agreed = plain.talks.agreed()
    assert set(plain.packages.terms(agreed)) == set(names) - set(plain.packages.still)


def test_ranges_of_assumptions_hold_their_values(talks) -> None:
    for row in assumptions_of(talks).values():
        assert row.low <= row.value <= row.high
        places = np.linspace(0.0, 1.0, 11)
        assert row.low - 1e-9 <= row.at(places).min()
        assert row.at(places).max() <= row.high + 1e-9
        assert row.facts or row.note


def test_another_table_of_programmes_changes_only_their_terms(bargain, assumed) -> None:
    other = Bargain(bargain.talks, bargain.day, bargain.facts, bargain.demands, table_of(5))
    difference = other.evaluate(assumed).packages - bargain.evaluate(assumed).packages
    moved = np.abs(difference).max(axis=(0, 1))
    assert {TERMS[place] for place in np.flatnonzero(moved > 1.0)} == {"minerals", "cost_shares"}


def test_a_start_two_months_later_lacks_two_months_of_the_agreed_duties(bargain, assumed) -> None:
    found = bargain.evaluate(assumed).packages[:, 1, TERMS.index("revenue")]
    early, late = (place_of(bargain, cars=1, others=1, start=start) for start in (0, 1))
    cases, rate = bargain.cases, np.log1p(assumed["discount"])
    revenue = cases.terms(bargain.parameters, assumed["value_added_lost"]).values[:, 1, 1]
    agreed = revenue[cases.case(bargain.packages.steps[[early]][:, :2])][0]
    edges = np.array([0.0, 11 / 365.25, 2 / 12])  # the letter's duty is due on 1 August, eleven days after the day of the talks
    times = -np.diff(np.exp(-rate * edges)) / (1.0 - np.exp(-rate * assumed["lasting"]))
    lacking = sum(path.p * float(times @ (revenue[cases.without(at)] - agreed)) for at, path in enumerate(cases.paths))
    assert found[late] - found[early] == pytest.approx(lacking, rel=1e-6)


def test_tables_of_programmes_are_told_and_freed_with_a_project(tmp_path) -> None:
    from ytterby.store import CheckpointStore, clean, holdings

    CheckpointStore(tmp_path / "programmes").put("a" * 64, table_of().to_arrays())
    assert [each.kind for each in holdings(tmp_path)] == ["programmes"]
    clean(tmp_path)
    assert holdings(tmp_path) == []


def test_a_table_of_programmes_survives_the_store(tmp_path) -> None:
    from ytterby.bargain import MineralsTable
    from ytterby.store import CheckpointStore

    store, table = CheckpointStore(tmp_path), table_of()
    store.put("a" * 64, table.to_arrays())
    found = MineralsTable.of_arrays(store.get("a" * 64))
    assert found[:3] == table[:3]
    for kept, made in zip(found[3:], table[3:], strict=True):
        np.testing.assert_array_equal(kept, made)


def test_blocks_add_up_to_the_terms_of_each_package_by_itself(bargain, assumed) -> None:
    found = bargain.evaluate(assumed)
    weights = weights_of(("JP", "US"), "JP.jobs=2,US.balance=0.1")
    np.testing.assert_allclose(found.utilities(weights)[0], np.einsum("kpt,pt->kp", found.packages, weights), rtol=1e-12)
    rng = np.random.default_rng(1)
    for number in map(int, rng.choice(len(found.packages), 40, replace=False)):
        alone = bargain.evaluate(assumed, only=(number,))
        np.testing.assert_allclose(alone.package(0), found.packages[number], rtol=1e-12, atol=1e-3)
        np.testing.assert_allclose(found.package(number), found.packages[number], rtol=1e-12, atol=1e-3)
        np.testing.assert_array_equal(alone.packages[0], alone.package(0))
        np.testing.assert_allclose(found.term(3)[number], found.packages[number, :, 3], rtol=1e-12, atol=1e-3)
