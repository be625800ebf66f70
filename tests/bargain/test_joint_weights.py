"""Weights moved together: a linear programme against a scan of all pairs of weights, and against the rule of Nash itself."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.bargain import TERMS, UNIT, PackageTerms, Room, WeightsForNash, chosen, on_hull, weights_of

PARTIES = ("JP", "US")
UNITS = np.array([UNIT.get(term, 1.0) for term in TERMS])


def evaluation(seed: int, packages: int = 12) -> PackageTerms:
    """Two money terms of each party move, in opposite directions."""
    rng = np.random.default_rng(seed)
    found = np.zeros((packages, 2, len(TERMS)))
    found[:, 0, 0], found[:, 1, 0] = rng.uniform(1e9, 9e9, packages), -rng.uniform(0.0, 4e9, packages)
    found[:, 0, 3], found[:, 1, 3] = -rng.uniform(0.0, 6e9, packages), rng.uniform(1e9, 9e9, packages)
    return PackageTerms.of_packages(found, np.zeros((2, len(TERMS))))


def room(found: PackageTerms, weights: np.ndarray) -> Room:
    return Room(*found.utilities(weights * UNITS))


@pytest.mark.parametrize("seed", range(8))
def test_weights_found_make_the_package_the_nash_point_with_lotteries_and_without(seed: int) -> None:
    found, usual = evaluation(seed), weights_of(PARTIES, None)
    for package in range(4):
        result = WeightsForNash(found, usual, package).found()
        if result is None:
            continue
        weighed = room(found, result.weights)
        assert chosen(weighed, "nash").packages == (package,)  # type: ignore[union-attr]
        hull = on_hull(weighed, "nash")
        assert hull is not None
        assert float(np.prod(hull.utilities)) == pytest.approx(float(np.prod(weighed.gains[package])), rel=1e-3)
        money = result.weights[:, [0, 3]]
        assert (money <= result.factor * (1 + 1e-6)).all()
        assert (money >= 1.0 / result.factor * (1 - 1e-6)).all()


@pytest.mark.parametrize("seed", range(4))
def test_no_weights_on_a_grid_with_a_smaller_factor_do(seed: int) -> None:
    """Second road: all ratios of the two weights of both parties, in fine steps; Nash does not mind the scale of a utility."""
    found, usual = evaluation(seed, 8), weights_of(PARTIES, None)
    for package in range(3):
        result = WeightsForNash(found, usual, package).found()
        least = np.inf
        ratios = np.geomspace(1e-3, 1e3, 181)
        for first in ratios:
            for second in ratios:
                gains = np.stack(
                    [found.packages[:, 0, 0] * first + found.packages[:, 0, 3], found.packages[:, 1, 0] * second + found.packages[:, 1, 3]],
                    axis=1,
                )
                own = gains[package]
                if (own > 0).all() and (gains / own).sum(axis=1).max() <= 2.0 + 1e-9:
                    least = min(least, max(np.sqrt(max(each, 1 / each)) for each in (first, second)))
        if result is None:
            assert least > 90.0
        else:
            assert result.factor <= least * 1.002
            assert result.factor >= least / 1.05  # the grid is four per cent wide


def test_the_nash_package_needs_no_other_weights_where_it_is_the_point_of_the_hull() -> None:
    found, usual = evaluation(3), weights_of(PARTIES, None)
    hull = on_hull(Room(*found.utilities(usual)), "nash")
    assert hull is not None
    for package in range(12):
        factor = WeightsForNash(found, usual, package).found()
        if factor is not None and factor.factor == 1.0:
            assert hull.packages == (package,)


def test_what_lies_within_the_error_of_a_term_keeps_no_package_from_being_the_nash_point() -> None:
    """Two packages whose lottery is better in one term by a little; as an error that is nothing, as a difference no weights help."""
    found = np.zeros((3, 2, len(TERMS)))
    found[:, :, 0] = 1e9
    found[:, 0, 4], found[:, 1, 4] = [5e8, 5e8 - 2e6, 5e8 + 2e6], [5e8, 5e8 + 3e6, 5e8 - 1.5e6]
    terms, weights = PackageTerms.of_packages(found, np.zeros((2, len(TERMS)))), weights_of(PARTIES, None)
    assert WeightsForNash(terms, weights, 0).found() is None
    doubt = np.zeros((2, len(TERMS)))
    doubt[:, 4] = 2e6
    close = WeightsForNash(terms, weights, 0, doubt).found()
    assert close is not None
    assert close.factor < 1.2
    doubt[:, 4] = 1e3
    assert WeightsForNash(terms, weights, 0, doubt).found() is None


def test_a_dominated_package_is_none_whatever_the_money_weighs() -> None:
    found = evaluation(1)
    packages = found.packages.copy()
    packages[0] = packages[1]
    packages[0, :, 0] -= 1e9
    packages[0, :, 3] -= 1e9
    other = PackageTerms.of_packages(packages, found.no_deal)
    assert WeightsForNash(other, weights_of(PARTIES, None), 0).found() is None
