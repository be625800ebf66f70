"""Ensembles: same bits for a seed, whatever the chunks, the number of draws or the other keys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.errors import InputError
from ytterby.measures import Point, Uniform
from ytterby.scenario.designs import design, key_stream, uniforms
from ytterby.scenario.files import load_scenario, load_text

KEYS = ("measures.a.depth", "behaviour.sigma", "forks.0")
METHODS = ("streams", "lhs", "sobol")
SEED = st.integers(0, 2**63 - 1)


@settings(max_examples=30, deadline=None)
@given(SEED, st.integers(1, 80), st.data())
def test_a_chunk_has_the_bits_of_the_whole(seed, draws, data):
    first = data.draw(st.integers(0, draws))
    stop = data.draw(st.integers(first, draws))
    for method in METHODS:
        whole = uniforms(KEYS, draws, seed, method)
        np.testing.assert_array_equal(uniforms(KEYS, draws, seed, method, first, stop), whole[first:stop])
        assert whole.shape == (draws, 3)
        assert ((whole >= 0) & (whole < 1)).all()


@given(SEED, st.integers(1, 50), st.integers(1, 50))
def test_streams_are_prefixes(seed, a, b):
    n = min(a, b)
    np.testing.assert_array_equal(uniforms(KEYS, a, seed)[:n], uniforms(KEYS, b, seed)[:n])


@pytest.mark.parametrize("method", ["streams", "lhs"])
def test_a_key_keeps_its_numbers_whatever_keys_stand_beside_it(method):
    alone = uniforms(KEYS[1:2], 40, 5, method)[:, 0]
    np.testing.assert_array_equal(uniforms(KEYS, 40, 5, method)[:, 1], alone)
    np.testing.assert_array_equal(uniforms(KEYS[::-1], 40, 5, method)[:, 1], alone)


def test_sobol_does_not_depend_on_the_order_of_keys():
    np.testing.assert_array_equal(uniforms(KEYS, 16, 5, "sobol"), uniforms(KEYS[::-1], 16, 5, "sobol")[:, ::-1])


@given(SEED, st.integers(1, 200))
@settings(max_examples=30)
def test_lhs_has_one_value_in_each_stratum(seed, draws):
    u = uniforms(KEYS, draws, seed, "lhs")
    for column in u.T:
        assert sorted(np.floor(column * draws).astype(int)) == list(range(draws))


def test_streams_are_uniform_and_independent():
    from scipy import stats

    keys = tuple(f"behaviour.k{i}" for i in range(12))
    u = uniforms(keys, 4000, 1)
    assert min(stats.kstest(column, "uniform").pvalue for column in u.T) > 1e-4
    assert np.abs(np.corrcoef(u.T) - np.eye(12)).max() < 0.08
    assert len(np.unique(uniforms(keys, 4000, 2))) == u.size


def test_bits_are_those_of_the_first_release():
    """A change here changes every stored ensemble: it needs a line in the changelog."""
    found = uniforms(("behaviour.sigma",), 3, 1)[:, 0].tolist()
    assert found == [0.19270921045922562, 0.6876104022226572, 0.13757802353588244]
    assert key_stream(1, "behaviour.sigma", 2).random() == found[2]


def test_design_has_a_column_for_every_key_and_fork():
    scenario = load_scenario("japan-ban-2026")
    table = design(scenario, 20, 3, {"behaviour.sigma": Uniform(low=2, high=6), "measures.listed-entities.depth": Point(value=9)})
    assert list(table.columns) == sorted([*scenario.draws, "behaviour.sigma", "forks.0"])
    assert table["measures.listed-entities.depth"].between(0.02, 0.4).all()
    assert table["behaviour.sigma"].between(2, 6).all()
    chunk = design(scenario, 20, 3, {"behaviour.sigma": Uniform(low=2, high=6)}, first=5, stop=9)
    pd.testing.assert_frame_equal(chunk, table.iloc[5:9])
    assert chunk.index.tolist() == [5, 6, 7, 8]


def test_a_draw_is_realised_with_its_values_and_its_branch():
    scenario = load_scenario("japan-ban-2026")
    table = design(scenario, 200, 3)
    drawn = [scenario.with_values(row).path(row) for _, row in table.iterrows()]
    assert all(one.forks == () and not one.draws for one in drawn)
    civilian = np.array([len(one.measures) == 3 for one in drawn])
    np.testing.assert_array_equal(civilian, table["forks.0"] >= 0.5)
    assert [one.measures[1].depth for one in drawn] == table["measures.listed-entities.depth"].tolist()
    assert (
        drawn[int(np.argmax(civilian))].measures[2].approval_rate
        == table["forks.0.branches.1.measures.civilian-buyers.approval_rate"].iloc[int(np.argmax(civilian))]
    )


def test_every_range_at_a_point_leaves_one_scenario():
    """The band collapses when nothing is uncertain."""
    scenario = load_scenario("china-licences-2025")
    fixed = scenario.update(draws={key: Point(value=spread.median) for key, spread in scenario.draws.items()})
    assert len({fixed.with_values(row).path(row).digest for _, row in design(fixed, 20, 1).iterrows()}) == 1
    assert len({scenario.with_values(row).path(row).digest for _, row in design(scenario, 20, 1).iterrows()}) == 20


def test_a_scenario_without_draws_has_a_design_without_columns():
    plain = load_text("name: a\nstart: 2027-01-04\nweeks: 5\n")
    table = design(plain, 7, 0)
    assert table.shape == (7, 0)
    assert plain.with_values(table.iloc[0]).path(table.iloc[0]) == plain
    assert design(plain, 7, 0, method="sobol").shape == (7, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((KEYS, 0, 1), "draws: found 0; allowed 1 to 10,000,000"),
        ((KEYS, 5, -1), "seed: found -1; allowed 0 to 9,223,372,036,854,775,807"),
        ((KEYS, 5, 1, "halton"), "design: found 'halton'; allowed: streams, lhs, sobol"),
        ((KEYS, 5, 1, "lhs", 3, 9), "draws 3 to 9 lie outside 0 to 5"),
    ],
)
def test_bad_input(arguments, words):
    with pytest.raises(InputError, match=words):
        uniforms(*arguments)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_no_index_can_keep_is_refused(seed):
    with pytest.raises(InputError, match=f"seed: found {seed}; allowed 0 to 9,223,372,036,854,775,807"):
        uniforms(("a",), 2, seed)
