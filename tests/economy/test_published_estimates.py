"""Published estimates beside ours: Shapley by formula against permutation, and presets that only say what the study says."""

from __future__ import annotations

import re
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.economy import worlds
from ytterby.economy import assumptions, published_estimates
from ytterby.economy.losses import loss_model, losses
from ytterby.economy.parts import parts_model
from ytterby.economy.production_stops import stops
from ytterby.errors import UnknownNameError
from ytterby.facts import load

FACTS = load()


def by_permutation(names, worth):
    """Mean marginal effect over all orders."""
    total = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        before = frozenset()
        for name in order:
            total[name] += worth(before | {name}) - worth(before)
            before = before | {name}
    return {name: value / len(orders) for name, value in total.items()}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_formula_equals_permutation_and_adds_up(seed, count):
    rng, names, known = np.random.default_rng(seed), published_estimates.NAMES[:count], {}

    def worth(subset):
        return known.setdefault(frozenset(subset), float(rng.normal()))

    values = published_estimates.shapley(names, worth)
    expected = by_permutation(names, worth)
    for name in names:
        assert values[name] == pytest.approx(expected[name], abs=1e-12)
    assert sum(values.values()) == pytest.approx(worth(frozenset(names)) - worth(frozenset()), abs=1e-12)


def test_equal_players_share_equally_and_idle_ones_get_nothing():
    values = published_estimates.shapley(("depth", "stock", "recapture"), lambda subset: 6.0 if {"depth", "stock"} <= subset else 0.0)
    assert values == pytest.approx({"depth": 3.0, "stock": 3.0, "recapture": 0.0})


def stand_in(ours):
    """A stop of Japanese imports through the room's own stops and losses, without a simulator [% of GDP]."""
    demands, sectors, weeks = worlds.demands(), worlds.sectors(), 104
    arrival = np.ones((weeks, len(demands)))
    length = round(ours["duration"])
    arrival[2 : 2 + length] = 1.0 - 0.7 * ours["depth"]
    arrival[2 + length :] = 1.2
    found = stops(np.ones_like(arrival), arrival, np.full(len(demands), 8.0 * ours["stock"]), parts_model(demands))
    recipe = assumptions.read("substitution")
    level = ours["substitution"]
    places = np.array([1.0 - level if row.parameter == "delay" else level for row in recipe.rows])
    model = loss_model(demands, sectors, substitution=places)
    model = model._replace(recapture=model.recapture._replace(share=np.full(len(sectors), ours["recapture"])))
    totals = losses(found.output, demands, sectors, model, onset=2).totals()
    japan = (sectors["region"] == "JP").to_numpy()
    return 100.0 * float(totals.usd("net")[japan].sum()) / 4.2e12


@pytest.fixture(scope="module")
def explanation():
    return published_estimates.explain(stand_in, FACTS)


def test_published_figures_come_from_the_facts(explanation):
    assert {item.study.name: item.study.published for item in explanation.studies} == pytest.approx({"NRI": 0.43, "Daiwa": 1.3, "IMF": 1.8})


def test_contributions_add_up_and_the_remainder_is_told(explanation):
    assert sum(explanation.span.values()) == pytest.approx(explanation.severe - explanation.mild)
    for item in explanation.studies:
        assert sum(item.contributions.values()) == pytest.approx(item.ours - item.start)
        assert item.ours + item.unexplained == pytest.approx(item.study.published)
        assert item.start == pytest.approx(explanation.loss)
    text = "\n".join(published_estimates.lines(explanation))
    assert text.count("remain unexplained") == 3
    assert "reproduc" not in text
    (imf,) = [line for line in text.splitlines() if line.startswith("IMF")]
    assert re.search(
        r"Why: what it states moves our loss by depth -\d\.\d\d, substitution \+\d\.\d\d points; the study cuts all supply", imf
    )
    assert "network" in FACTS.published().loc["D046"]["note"], "the reason is the figure's own"


def test_a_worse_assumption_costs_more(explanation):
    assert explanation.severe > explanation.loss > explanation.mild >= 0.0
    assert all(explanation.span[name] >= 0.0 for name in ("depth", "duration", "stock", "substitution", "recapture"))


def test_a_preset_moves_only_what_the_study_states(explanation):
    for item in explanation.studies:
        silent = set(published_estimates.NAMES) - set(item.study.states)
        assert all(item.contributions[name] == 0.0 for name in silent)
        row = FACTS.published().loc[item.study.fact]
        for words in item.study.words.values():
            assert words in f"{row['what']} | {row['date_or_period']}"


def test_the_model_is_asked_once_for_each_set():
    asked = []
    published_estimates.explain(lambda assumptions: asked.append(tuple(assumptions.values())) or sum(assumptions.values()), FACTS)
    assert len(asked) == len(set(asked)) <= 32 + 1 + 10 + 3 * 4


def test_own_values_and_ranges_replace_the_recipe():
    found = published_estimates.explain(
        lambda assumptions: assumptions["depth"], FACTS, central={"depth": 0.3}, ranges={"depth": (0.1, 0.9)}
    )
    assert found.loss == 0.3
    assert found.span == pytest.approx({"depth": 0.8, "duration": 0.0, "stock": 0.0, "substitution": 0.0, "recapture": 0.0})
    assert found.covers == {"NRI": True, "Daiwa": False, "IMF": False}
    assert found.alone["depth"] == (0.1, 0.9)
    assert found.alone["stock"] == (0.3, 0.3)
    assert found.bridges("NRI") == ()
    assert found.bridges("IMF") == ()
    stocked = published_estimates.explain(lambda assumptions: assumptions["stock"], FACTS, ranges={"stock": (0.2, 1.5)})
    assert stocked.bridges("NRI") == ("stock",)
    assert stocked.bridges("IMF") == ()
    assert "no single choice that the study leaves open would close them" in published_estimates.lines(found)[-1]


def test_an_unknown_assumption_is_named():
    with pytest.raises(UnknownNameError, match="unknown assumption 'dept'; did you mean 'depth'"):
        published_estimates.explain(stand_in, FACTS, central={"dept": 1.0})
