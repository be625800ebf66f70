"""How a shortage is handed down the chain: stocks, what is left over, and the members' programme as a second road to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.conftest import path, programme
from ytterby.facts import candidates, load
from ytterby.plan.availability import YearlyCuts, delivered
from ytterby.plan.chain import YearlyChain, base_flows, released
from ytterby.plan.parties import parties_of
from ytterby.plan.plan_making import PlanData
from ytterby.plan.problem import PlanProblem
from ytterby.system import build

REGIONS = tuple(sorted(set(path().system.markets["region"]) - {"CN"}))
amounts = st.floats(0.0, 3.0)


def stopped(depth, years):
    """One path in which China holds back a share of everything in some years; the shortage is a later one from the second year on."""
    reference = path()
    cut = np.zeros((1, len(reference.years), 1, len(REGIONS)))
    cut[0, list(years)] = depth
    later = np.zeros((1, len(reference.years), len(REGIONS)), dtype=bool)
    later[0, list(years[1:])] = True
    return delivered(reference, YearlyCuts(("all",), REGIONS, cut, later, np.ones(cut.shape[:2]), lambda _: "all"))


def missing_imports(good, depth, year=5):
    """What is missing of a good in trade, in a stop of that good alone, what plants elsewhere throw away, and the exports stopped [t]."""
    reference, links = path(), path().system.links
    traded = ((links["commodity"] == good) & ~links["destination"].str.endswith("@CN")).to_numpy()
    stopped_links = traded & links["origin"].str.endswith("@CN").to_numpy()
    cut = np.zeros((1, len(reference.years), 2, len(REGIONS)))
    cut[0, year, 0] = depth
    later = np.zeros((1, len(reference.years), len(REGIONS)), dtype=bool)
    cuts = YearlyCuts(("it", "rest"), REGIONS, cut, later, np.ones(cut.shape[:2]), lambda name: "it" if name == good else "rest")
    missing = ((1.0 - delivered(reference, cuts).links[0, year]) * reference.flow[year])[traded].sum()
    recipes = reference.system.recipes
    rejects = recipes["process"].str.contains(".reject-", regex=False) & ~recipes["process"].str.endswith("@CN")
    thrown = reference.production[year, (rejects & recipes["market"].str.startswith(f"{good}@")).to_numpy()]
    return missing, -thrown.sum(), reference.flow[year, stopped_links].sum()


@pytest.mark.parametrize("good", ["oxide.Ce", "oxide.La"])
def test_what_others_throw_away_is_bought_by_who_misses_it(good):
    missing, thrown, exported = missing_imports(good, 0.9)
    assert thrown > 0.3 * exported
    assert missing == pytest.approx(max(0.9 * exported - thrown, 0.0), abs=0.02 * exported)
    assert missing_imports(good, 0.3)[0] < 0.02 * exported


def test_what_nobody_throws_away_is_missing():
    missing, thrown, exported = missing_imports("oxide.Y", 0.9)
    assert thrown == 0.0
    assert missing == pytest.approx(0.9 * exported, rel=0.05)


@given(amounts, amounts, amounts)
def test_stocks_give_no_more_than_is_needed_or_there(need, stock, more):
    given_ = float(released(np.array(need), np.array(stock)))
    assert 0.0 <= given_ <= min(need, stock) + 1e-12
    assert float(released(np.array(need), np.array(stock + more))) >= given_ - 1e-12
    assert float(released(np.array(need + more), np.array(stock))) >= given_ - 1e-12
    assert float(released(np.array(need), np.array(100.0 * need + 1.0))) == pytest.approx(need, rel=1e-3, abs=1e-9)


def test_without_a_cut_nothing_is_drawn_from_stocks():
    chain = YearlyChain.of(base_flows(path().system))
    found = chain.left(np.zeros((1, chain.arrivals.shape[1])), chain.held)
    assert np.all(found.nodes == 1.0)
    assert found.released.max() == 0.0


def test_what_comes_out_of_stocks_closes_the_balance():
    """Level = what is made, what arrives and what is released, for each market that is short."""
    chain = YearlyChain.of(base_flows(path().system))
    cut = np.zeros((1, chain.arrivals.shape[1]))
    cut[0, path().system.links["origin"].str.endswith("@CN").to_numpy()] = 0.7
    found = chain.left(cut, chain.held)
    running = np.ones(chain.inputs.shape[0])
    for process in range(len(running)):
        inputs = chain.inputs.indices[chain.inputs.indptr[process] : chain.inputs.indptr[process + 1]]
        running[process] = found.nodes[0, inputs].min(initial=1.0)
    made = chain.outputs @ running + chain.arrivals @ found.links[0] + chain.constant
    short = (found.nodes[0] < 1.0 - 1e-6) & ~chain.idle
    assert short.any()
    assert (made + found.released[0])[short] == pytest.approx(found.nodes[0, short], abs=1e-6)
    assert np.all(found.released[0] <= chain.held + 1e-12)


def test_stocks_run_out_in_the_years_of_a_restriction_and_fill_up_afterwards():
    years = path().years
    long, pause = stopped(0.8, (4, 5, 6)), stopped(0.8, (4, 8))
    short = [1.0 - long.markets[0, year].mean() for year in (4, 5, 6)]
    assert short[0] < short[1] <= short[2] + 1e-3
    drawn = long.released[0].sum(axis=0)
    assert drawn[list(path().system.markets.index).index("magnet.NdFeB-Dy@US")] > 0.0
    assert long.released[0, [i for i in range(len(years)) if i not in (4, 5, 6)]].max() == 0.0
    gap = pause.markets[0, 8].mean() - pause.markets[0, 4].mean()
    assert abs(gap) < 0.2 * (1.0 - pause.markets[0, 4].mean()), "three years later they are full again"


@pytest.mark.parametrize("code", ["JP", "US"])
def test_the_programme_without_measures_is_the_chain(code):
    """Second road: what a party lacks in the programme of a stop is what the chain hands down, to a tenth of the loss."""
    alliance, left = programme(code), stopped(0.8, (5,))
    [block] = alliance.blocks
    before = PlanProblem(alliance, left, np.ones(1), {}).before
    lost = float((before.y[0, alliance.program.place_of(block.name("loss"))[5]]).sum())
    markets = list(path().system.markets.index)
    curves = block.curves
    own = [d for d in block.demands if curves.sector_of[d] >= 0]
    level = np.array([left.markets[0, 5, markets.index(path().system.demands["market"].iloc[d])] for d in own])
    single = (curves.slopes[0, own] * (1.0 - level)[:, None] + curves.intercepts[0, own]).max(axis=1).clip(min=0.0)
    crude = np.zeros(len(path().system.sectors))
    np.maximum.at(crude, curves.sector_of[own], single)
    assert lost <= crude.sum() / 1e6 * 1.02
    assert lost >= 0.6 * crude.sum() / 1e6


@pytest.fixture(scope="module")
def data():
    return PlanData(build(2024, load()), load(), tuple(candidates()))


@pytest.mark.parametrize("code", ["JP", "US", "EU", "KR"])
def test_without_a_restriction_no_public_money_is_worth_spending(data, code):
    members = parties_of([code], data.system)
    problem = data.problem(members, {})
    found = problem.solve(gap=1e-6)
    assert problem.before.expected_loss == pytest.approx(0.0, abs=1e-6)
    assert problem.before.objective - found.upper_bound < 1e-2


def test_what_the_reference_leaves_over_is_sold_and_so_costs_its_price(data):
    """Terbium oxide that nobody in the United States uses: a metal plant that takes it gives up the sale."""
    [block] = data.problem(parties_of(["US"], data.system), {}).programme.blocks
    year, good = data.reference.years.index(2030), block.at["oxide.Tb"]
    assert block.saleable[year, good] > 0.1
    program = data.problem(parties_of(["US"], data.system), {}).programme.program
    sold = program.columns["US.sold"].cost[year]
    assert sold.min() < 0.0
    assert program.rows["US.sales"].high[year].max() == pytest.approx(block.saleable[year].max())
