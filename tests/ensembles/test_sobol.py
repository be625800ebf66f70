"""Sobol indices against functions whose indices are known, by both roads."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.ensembles import sobol
from ytterby.ensembles.sobol import OTHERS, first_order, indices, problem
from ytterby.errors import InputError

NAMES = ("x1", "x2", "x3")
A, B = 7.0, 0.1
"""Ishigami and Homma (1990): sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi)."""


def ishigami(unit):
    x = np.pi * (2.0 * unit - 1.0)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    v1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    v2 = A**2 / 8
    v13 = 8 * B**2 * np.pi**8 / 225
    total = v1 + v2 + v13
    return np.array([v1, v2, 0.0]) / total, np.array([v1 + v13, v2, v13]) / total


def shares(found):
    return {row.input: row.share for row in found}


def draws(n, width, seed=1):
    return pd.DataFrame(np.random.default_rng(seed).random((n, width)), columns=[f"x{i + 1}" for i in range(width)])


def test_ishigami_by_its_own_design():
    pytest.importorskip("SALib")
    found = indices(ishigami, NAMES, 2048)
    first, total = ishigami_indices()
    assert [row.input for row in found] == list(NAMES)
    assert [row.first for row in found] == pytest.approx(first, abs=0.03)
    assert [row.total for row in found] == pytest.approx(total, abs=0.03)
    assert all(0.0 < row.total_reach < 0.1 for row in found)


def test_ishigami_from_draws():
    x = draws(6000, 3)
    found = shares(first_order(x, ishigami(x.to_numpy())))
    assert [found[name] for name in NAMES] == pytest.approx(ishigami_indices()[0], abs=0.06)


def test_a_linear_model_by_both_roads():
    """First = total = c^2 / sum c^2, and both roads give the same order."""
    pytest.importorskip("SALib")
    weights = np.array([3.0, 2.0, 1.0, 0.5, 0.0])
    share = weights**2 / (weights**2).sum()
    names = tuple(f"x{i + 1}" for i in range(5))
    designed = indices(lambda unit: unit @ weights, names, 512)
    x = draws(4000, 5)
    from_draws = shares(first_order(x, x.to_numpy() @ weights))
    assert [row.first for row in designed] == pytest.approx(share, abs=0.02)
    assert [row.total for row in designed] == pytest.approx(share, abs=0.02)
    assert [from_draws[name] for name in names] == pytest.approx(share, abs=0.05)
    assert list(from_draws)[:4] == [row.input for row in sorted(designed, key=lambda row: -row.first)][:4] == list(names[:4])


def test_inputs_that_are_not_named_vary_together():
    pytest.importorskip("SALib")
    found = indices(ishigami, NAMES, 1024, chosen=("x2",))
    first, _ = ishigami_indices()
    assert [row.input for row in found] == ["x2", OTHERS]
    assert [row.first for row in found] == pytest.approx([first[1], 1 - first[1]], abs=0.05)
    calls = []
    indices(lambda unit: calls.append(unit) or ishigami(unit), NAMES, 16, chosen=("x2",))
    assert [len(unit) for unit in calls] == [16 * 4]


def test_chosen_keep_their_order_and_seeds_repeat():
    pytest.importorskip("SALib")
    one, two = (indices(ishigami, NAMES, 64, chosen=("x3", "x1"), seed=4) for _ in range(2))
    assert one == two
    assert [row.input for row in one] == ["x3", "x1", OTHERS]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_order_of_draws_changes_nothing(seed):
    x = draws(150, 3).round(1)
    y = ishigami(x.to_numpy())
    order = np.random.default_rng(seed).permutation(150)
    assert first_order(x.iloc[order], y[order]) == first_order(x, y)


def test_what_explains_nothing_is_not_sure():
    x = draws(300, 60)
    found = first_order(x, x["x7"].to_numpy() + 0.7 * np.random.default_rng(3).random(300))
    assert [row.input for row in found if row.sure] == ["x7"]
    assert max(abs(row.share) for row in found[1:]) < 5 * found[1].noise


def test_problem_names_groups_only_where_some_are_left():
    assert "groups" not in problem(NAMES)
    assert "groups" not in problem(NAMES, ("x3", "x1", "x2"))
    assert problem(NAMES, ("x2",))["groups"] == [OTHERS, "x2", OTHERS]


@pytest.mark.parametrize("n", [0, 7, 100, 2**21])
def test_base_points_are_a_power_of_two(n):
    with pytest.raises(InputError, match=f"found {n} base points"):
        indices(ishigami, NAMES, n)


def test_a_constant_is_refused():
    pytest.importorskip("SALib")
    with pytest.raises(InputError, match="nothing to explain"):
        indices(lambda unit: np.ones(len(unit)), NAMES, 8)


def test_without_salib_the_way_out_is_named(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(sobol, "import_module", absent)
    with pytest.raises(InputError, match=r"pip install 'ytterby\[explore\]'"):
        indices(ishigami, NAMES, 8)
