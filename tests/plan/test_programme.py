"""The members' programme: the base is a feasible point, restrictions are handed on, rights make plans for S and T fit together."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from tests.plan.conftest import path, programme, simple_curves, stocks
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import split_market
from ytterby.plan.answers import PlanReading
from ytterby.plan.availability import YearlyCuts, delivered, unrestricted
from ytterby.plan.parties import parties_of
from ytterby.plan.problem import PlanProblem
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import share_ahead

REGIONS = tuple(sorted(set(path().system.markets["region"]) - {"CN"}))


def shock(depths, years=(5, 6)):
    """Scenarios in which China holds back a share of everything in some years."""
    reference = path()
    cut = np.zeros((len(depths), len(reference.years), 1, len(REGIONS)))
    for scenario, depth in enumerate(depths):
        cut[scenario, list(years)] = depth
    later = np.zeros((len(depths), len(reference.years), len(REGIONS)), dtype=bool)
    cuts = YearlyCuts(("all",), REGIONS, cut, later, np.ones(cut.shape[:2]), lambda _: "all")
    return delivered(reference, cuts)


def proportional(alliance, left):
    """Second stage in which everybody is served alike, from the availability of the first scenario."""
    program, reference = alliance.program, alliance.reference
    y = np.zeros(len(program.of_columns("low")))
    s = reference.system
    at = {name: i for i, name in enumerate(s.markets.index)}
    for block in alliance.blocks:
        running = program.place_of(block.name("plants"))
        for j, process in enumerate(block.plants):
            rows = np.flatnonzero((s.recipes["process"] == process).to_numpy())
            markets = [at[s.recipes["market"].iloc[k]] for k in rows]
            for year in range(len(reference.years)):
                takes = [m for k, m in zip(rows, markets, strict=True) if reference.production[year, k] < 0]
                y[running[year, j]] = min([left.markets[0, year, m] for m in takes], default=1.0)
                if reference.activity[year, list(s.processes.index).index(process)] < 1e-6:
                    y[running[year, j]] = 0.0
        imports = program.place_of(block.name("imports"))
        for j, (_, numbers) in enumerate(block.import_groups):
            flow = reference.flow[:, numbers]
            y[imports[:, j]] = (flow * left.links[0][:, numbers]).sum(axis=1) / np.maximum(flow.sum(axis=1), 1e-6)
        missing = program.place_of(block.name("missing"))
        for j, good in enumerate(block.commodities):
            own = [at[f"{good}@{region}"] for region in block.party.regions if f"{good}@{region}" in at]
            y[missing[:, j]] = 1.0 - left.markets[0][:, own].min(axis=1)
    return y


@pytest.mark.parametrize("code", ["JP", "US", "EU"])
def test_the_base_is_a_feasible_point_and_nothing_is_lost(code):
    alliance = programme(code)
    bounds = alliance.scenario_bounds(unrestricted(alliance.reference))
    y = proportional(alliance, unrestricted(alliance.reference))
    balance = alliance.program.place_of_rows(alliance.blocks[0].name("balance")).ravel()
    W, _ = alliance.matrices
    assert ((W @ y)[balance] - bounds["row_low"][0][balance]).min() > -1e-9
    problem = PlanProblem(alliance, unrestricted(alliance.reference), np.ones(1), {})
    before = problem.before
    assert before.expected_loss == pytest.approx(0.0, abs=1e-6)
    assert before.resource[0] <= bounds["cost"][0] @ y + 1e-6


@pytest.mark.parametrize(("code", "depth"), [("JP", 0.5), ("US", 1.0)])
def test_serving_everybody_alike_is_feasible_in_a_restriction(code, depth):
    alliance, left = programme(code), shock([depth])
    bounds = alliance.scenario_bounds(left)
    y = proportional(alliance, left)
    W, _ = alliance.matrices
    for kind in ("balance", "alike", "scarcest"):
        rows = alliance.program.place_of_rows(alliance.blocks[0].name(kind)).ravel()
        assert ((W @ y)[rows] - bounds["row_low"][0][rows]).min() > -1e-6
        assert ((W @ y)[rows] - alliance.program.of_rows("high")[rows]).max() < 1e-6
    inside = np.concatenate([alliance.program.place_of(alliance.blocks[0].name(kind)).ravel() for kind in ("plants", "imports", "missing")])
    assert (y <= bounds["high"][0] + 1e-9)[inside].all()


def test_no_restriction_leaves_everything_and_a_deeper_one_leaves_less():
    none, mild, deep = (shock([depth]) for depth in (0.0, 0.4, 0.9))
    assert (none.links == 1.0).all()
    assert not none.restricted.any()
    assert (mild.markets <= 1.0).all()
    assert (deep.markets <= mild.markets + 1e-9).all()
    assert deep.markets.min() < 0.2


def test_what_a_member_may_import_is_what_the_outsider_owes():
    """Each right stands once: the reference imports of JP from US are the exports of US to JP, cut alike."""
    left, reference = shock([0.7]), path()
    alone = {code: programme(code).blocks[0] for code in ("JP", "US")}
    links = reference.system.links
    pairs = list(zip(links["origin"], links["destination"], strict=True))
    trade = {i for i, (o, d) in enumerate(pairs) if split_market(o)[1] == "US" and split_market(d)[1] == "JP"}
    assert trade
    imported = {number for _, numbers in alone["JP"].import_groups for number in numbers}
    owed = {number for number, _ in alone["US"]._links[1]}
    assert trade <= imported
    assert trade <= owed
    assert left.links[0][:, sorted(trade)].min() >= 0.0


@pytest.mark.parametrize("depth", [0.0, 0.8])
def test_plans_of_each_fit_together_in_the_alliance(depth):
    """J(S) is at most the sum of J(i) less the trade between them, which each pays for when alone and nobody pays for together."""
    left = shock([depth])
    values = {codes: PlanProblem(programme(codes), left, np.ones(1), {}) for codes in ("JP", "US", "JP,US")}
    cost = {codes: problem.before.objective - problem.programme.export_revenue(left, np.ones(1)) for codes, problem in values.items()}
    assert cost["JP,US"] <= cost["JP"] + cost["US"] + 1e-3


def test_stocks_help_only_in_a_restriction():
    decisions = tuple(stocks("JP", path()))
    calm = PlanProblem(programme("JP", decisions), unrestricted(path()), np.ones(1), {"": 1e4})
    assert calm.solve(gap=1e-6).x == pytest.approx(np.zeros(len(decisions)), abs=1e-6)
    bad = PlanProblem(programme("JP", decisions), shock([0.8]), np.ones(1), {"": 1e4})
    found = bad.solve(gap=1e-6)
    assert found.expected_loss < 0.5 * bad.before.expected_loss
    assert bad.public @ found.x <= 1e4 * (1 + 1e-9)


def test_of_the_first_year_what_is_ahead_counts():
    """A restriction of the first year costs in proportion to what is left of it; one of a later year as ever."""
    reference = path()

    def lost(ahead, year):
        own = AllianceProgramme(parties_of(["JP"], reference.system), replace(reference, ahead=ahead), simple_curves(reference.system), ())
        problem = PlanProblem(own, shock([0.9], (year,)), np.ones(1), {"": 0.0})
        reading = PlanReading(problem, problem.nothing, problem.before, problem.before)
        told = sum(row.loss_usd * 1.05 ** -(row.year - reference.years[0]) for row in reading.accounts())
        assert told == pytest.approx(problem.before.expected_loss * 1e6, rel=1e-9)
        return problem.before.expected_loss

    assert lost(1.0, 0) > 100.0
    assert lost(0.25, 0) == pytest.approx(0.25 * lost(1.0, 0), rel=1e-6)
    assert lost(0.25, 5) == pytest.approx(lost(1.0, 5), rel=1e-6)


@pytest.mark.parametrize(
    ("day", "share"),
    [(dt.date(2025, 12, 31), 1.0), (dt.date(2026, 1, 1), 1.0), (dt.date(2026, 7, 2), 183 / 365), (dt.date(2027, 3, 1), 0.0)],
)
def test_a_year_is_ahead_before_it_and_behind_after_it(day, share):
    assert share_ahead(day, 2026) == pytest.approx(share)


def test_a_larger_budget_never_lowers_the_gain():
    decisions = tuple(stocks("JP", path()))
    problem = PlanProblem(programme("JP", decisions), shock([0.0, 0.3, 0.9]), np.array([0.5, 0.3, 0.2]), {"": 0.0})
    gains = [
        problem.before.objective - problem.with_budgets({"": budget}).solve(gap=1e-6).upper_bound for budget in (0.0, 50.0, 500.0, 5000.0)
    ]
    assert gains[0] == pytest.approx(0.0, abs=1e-3)
    assert all(later >= earlier - 1e-3 for earlier, later in zip(gains, gains[1:], strict=False))


def test_the_dual_of_the_budget_is_its_finite_difference():
    decisions = tuple(stocks("JP", path()))
    problem = PlanProblem(programme("JP", decisions), shock([0.3, 0.9]), np.array([0.7, 0.3]), {"": 200.0})
    middle, below, above = (problem.with_budgets({"": amount}).solve(gap=1e-9) for amount in (200.0, 199.0, 201.0))
    dual = -middle.row_duals[0]
    left, right = below.upper_bound - middle.upper_bound, middle.upper_bound - above.upper_bound
    assert min(left, right) - 1e-3 * abs(left) - 1e-6 <= dual <= max(left, right) + 1e-3 * abs(left) + 1e-6


def small_problem(decisions, budget=300.0):
    """Stocks of Japan against a mild and a hard restriction, and none."""
    return PlanProblem(programme("JP", decisions), shock([0.0, 0.3, 0.9]), np.array([0.5, 0.3, 0.2]), {"": budget})


@pytest.mark.parametrize("better", ["cheaper", "sooner", "larger share"])
def test_better_terms_never_lower_the_gain(better):
    """Cheaper capital, a shorter lead and a larger entitlement, of every measure."""
    decisions = tuple(stocks("JP", path()))
    changes = {
        "cheaper": lambda each: {"resource": 0.8 * each.resource, "public": 0.8 * each.public},
        "sooner": lambda each: {"usable": np.append(each.usable[1:], 1.0)},
        "larger share": lambda each: {"size": 1.5 * each.size, "resource": 1.5 * each.resource, "public": 1.5 * each.public},
    }
    improved = tuple(replace(each, **changes[better](each)) for each in decisions)
    gains = [
        problem.before.objective - problem.solve(gap=1e-6).upper_bound for problem in (small_problem(decisions), small_problem(improved))
    ]
    assert gains[1] >= gains[0] - 1e-3


def test_what_is_used_again_changes_no_gain():
    """Budgets one after the other with shared cuts, evaluated points and programmes, against each alone; bounds hold."""
    decisions, budgets = tuple(stocks("JP", path())), (20.0, 100.0, 300.0, 3000.0)
    shared = small_problem(decisions)
    shared.solve(gap=1e-2)
    for budget in budgets:
        one, alone = shared.with_budgets({"": budget}), small_problem(decisions, budget)
        found, other = one.solve(gap=1e-2), alone.solve(gap=1e-6)
        gain = alone.before.objective - other.upper_bound
        assert found.lower_bound <= other.upper_bound + 1e-3
        assert other.lower_bound - 1e-3 <= found.upper_bound <= other.upper_bound + 1e-2 * gain + 1e-3
        x = one.thriftiest(found, 2.5e-3)
        assert one.public @ x <= budget * (1 + 1e-9)
        assert one.value(x, found.eta) <= other.upper_bound + 2e-2 * gain + 1e-3
        assert one.value(x, found.eta) == pytest.approx(alone.outcome(x).objective, abs=1e-2 * gain + 1e-2)


def test_ranges_enclose_what_is_found_and_keep_their_slack():
    decisions = tuple(stocks("JP", path()))
    problem = small_problem(decisions)
    found = problem.solve(gap=1e-3)
    gain = problem.before.objective - found.upper_bound
    directions = [np.eye(len(decisions))[j] * problem.public for j in np.argsort(-problem.public * found.x)[:3]]
    for direction, (least, low), (most, high) in zip(
        directions,
        problem.extremes(found, directions, 0.05, 0.1),
        problem.extremes(found, [-each for each in directions], 0.05, 0.1),
        strict=True,
    ):
        assert low - 1e-6 <= direction @ least <= direction @ found.x + 1e-6
        assert direction @ found.x - 1e-6 <= direction @ most <= -high + 1e-6
        for x in (least, most):
            assert problem.outcome(x).objective <= found.upper_bound + 0.05 * gain + 1e-2


def test_other_scenarios_begin_with_the_rows_of_these():
    decisions = tuple(stocks("JP", path()))
    problem, left = small_problem(decisions), shock([0.1, 0.5, 0.6, 1.0], years=(7, 8, 9))
    found = problem.solve(gap=1e-3)
    probability = np.full(4, 0.25)
    fresh, cold = problem.facing(left, probability), PlanProblem(problem.programme, left, probability, problem.budgets)
    for x in (problem.nothing, found.x):
        assert fresh.judged(x, fresh.recourse, 0.0).objective == pytest.approx(cold.judged(x, cold.recourse, 0.0).objective, rel=1e-8)


@pytest.mark.parametrize(
    ("codes", "error", "words"),
    [
        (["XX"], UnknownNameError, "XX"),
        (["JP", "JP"], InputError, "twice"),
        (["DE", "EU"], InputError, "belongs to"),
        (["CN"], InputError, "side deals"),
    ],
)
def test_bad_parties_are_named(codes, error, words):
    with pytest.raises(error, match=words):
        parties_of(codes, path().system)


def test_parties_are_read_by_name_in_any_order():
    assert parties_of(["Japan", "EU"], path().system) == parties_of(["EU", "JP"], path().system)
