"""What would change a plan, what a plan says of plants and stocks, and why the simulator differs."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import candidates, load
from ytterby.plan import parse_limit, why_apart, worth_knowing
from ytterby.plan.judged_result import FlipRow
from ytterby.plan.parties import parties_of
from ytterby.plan.plan_making import PlanData
from ytterby.plan.sensitivities import ENDS, _boundary, _of_costs
from ytterby.plan.shocks import YEARS
from ytterby.plan.what_changes import carried
from ytterby.system import build


@pytest.fixture(scope="module")
def data():
    return PlanData(build(2024, load()), load(), tuple(candidates()))


def problem_of(data):
    return data.problem(parties_of(["JP"], data.system), {})


def test_a_plan_is_carried_to_a_problem_with_other_decisions(data):
    """Where goods are dearer more pays alone, so that there are fewer decisions: each share goes to the decision of its own name."""
    here = problem_of(data)
    dear = next(ends for name, _, ends in _of_costs(data) if name == "prices of goods")[1][1]
    there = problem_of(dear())
    assert len(there.public) < len(here.public)
    x = np.random.default_rng(1).random(len(here.public))
    found = carried(here, x, there)
    names = [(each.candidate, each.party, each.start) for each in here.programme.decisions]
    for each, share, free in zip(there.programme.decisions, found, there.free, strict=True):
        assert share == (x[names.index((each.candidate, each.party, each.start))] if free else 1.0)


def test_each_input_is_told_at_both_ends_around_today(data):
    found = {name: [value for value, _ in ends] for name, _, ends in _of_costs(data)}
    assert {len(values) for values in found.values()} == {len(ENDS)}
    for name in ("prices of goods", "capital of plants", "running cost of plants"):
        low, high = found[name]
        assert low < 1.0 < high
    low, high = found["use of magnets"]
    assert 1.0 <= low < high


def test_dearer_goods_scale_what_a_plan_pays_for_stocks(data):
    ends = next(ends for name, _, ends in _of_costs(data) if name == "prices of goods")
    [party] = parties_of(["JP"], data.system)
    factor, dear = ends[1][0], ends[1][1]()
    stocks = [{each.candidate: each.public.sum() for each in other.maker.of(party) if each.kind == "stock"} for other in (data, dear)]
    assert stocks[1]["stock-magnet.NdFeB"] > 1.3 * stocks[0]["stock-magnet.NdFeB"]
    assert stocks[1]["stock-magnet.NdFeB"] <= factor * stocks[0]["stock-magnet.NdFeB"] * (1.0 + 1e-9)


def test_a_stock_is_bought_from_the_first_year_on_and_no_faster_than_it_is_refilled(data):
    [party] = parties_of(["JP"], data.system)
    each = next(each for each in data.maker.of(party) if each.candidate == "stock-magnet.NdFeB")
    assert each.start == YEARS[0]
    assert list(each.usable[:4]) == [0.0, 0.5, 1.0, 1.0]
    assert each.public[0] == pytest.approx(each.public[1], rel=0.1)
    candidate = next(other for other in data.candidates if other.id == each.candidate)
    assert each.public[0] == pytest.approx(0.5 * data.maker.purchase(candidate, each.size))


def row(name, end, regret):
    return FlipRow(input=name, end=end, value=1.0, unit="x", gain_usd=1.0, regret_usd=regret, first_choice="a", changes=False)


def test_knowing_an_input_is_worth_its_mean_regret():
    found = worth_knowing([row("depth", "low", 10.0), row("depth", "high", 20.0), row("rate", "low", 0.0), row("rate", "high", 50.0)])
    assert list(found) == ["rate", "depth"]
    assert found == pytest.approx({"rate": 15.0, "depth": 9.0})


@pytest.mark.parametrize("flips_at", [0.2, 0.6, 1.7])
def test_the_flip_is_found_by_halving(flips_at):
    lower = _boundary(lambda factor: factor < flips_at, 3.0, 0.1)
    assert abs(np.log(lower / flips_at)) < np.log(30.0) / 2**3


@pytest.mark.parametrize(
    ("before", "promised_before", "avoided", "promised", "why"),
    [
        (10.0, 9.0, 6.0, 5.0, "agrees"),
        (30.0, 10.0, 18.0, 6.0, "before"),
        (10.0, 10.0, 2.0, 8.0, "habit"),
        (10.0, 10.0, 9.0, 3.0, "price"),
        (10.0, 10.0, -1.0, 3.0, "habit"),
        (0.0, 0.0, 0.0, 0.0, "agrees"),
    ],
)
def test_a_difference_to_the_simulator_has_a_cause(before, promised_before, avoided, promised, why):
    assert why_apart(before, promised_before, avoided, promised) == why


def test_burdens_can_be_limited():
    limit = parse_limit("co2e:max=1e6", YEARS)
    assert (limit.what, limit.value, limit.side) == ("co2e", 1e6, "max")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("co2:max=1e6", UnknownNameError, "co2e"),
        ("co2e:max=-1", InputError, "at least 0"),
        ("oxid:US:min=0.25@2035", UnknownNameError, "oxide"),
        ("oxide:US:min=1.25@2035", InputError, "no share"),
        ("oxide:US:min=0.25@2041", InputError, "2026 to 2040"),
    ],
)
def test_bad_limits_are_one_line_with_the_nearest_word(text, error, words):
    with pytest.raises(error, match=words) as caught:
        parse_limit(text, YEARS)
    assert "\n" not in str(caught.value)
