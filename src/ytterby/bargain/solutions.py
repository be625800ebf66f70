"""Points that rules of bargaining choose: on single packages, and with lotteries or payments on their convex hull (N10, N11).

Nash (1950), Kalai and Smorodinsky (1975), the egalitarian rule (Kalai 1977) and the largest sum. Gains are over no deal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linprog, minimize

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.bargain.room import Room

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
TINY = 1e-9
"""Smaller probabilities of a lottery are rounding."""
ROUNDS = 500
"""Most packages that are tried as a further part of a lottery."""
SHARP = 1e-10
"""How far the best package may lie beyond the plane through the Nash point, over it."""


class BargainPoint(NamedTuple):
    """What a rule chooses."""

    utilities: Floats
    """(party,)"""
    packages: tuple[int, ...]
    """One package, or those of a lottery."""
    probabilities: tuple[float, ...]


def chosen(room: Room, rule: str) -> BargainPoint | None:
    """N10: the package that a rule chooses; None where no package is better than no deal for all."""
    inside = np.flatnonzero(room.feasible)
    if not len(inside):
        return None
    best = int(inside[np.argmax(SCORES[rule](room.gains[inside], room.ideal))])
    return BargainPoint(room.utilities[best], (best,), (1.0,))


def _nash(gains: Floats, _ideal: Floats) -> Floats:
    return np.asarray(np.log(gains).sum(axis=1))


def _kalai_smorodinsky(gains: Floats, ideal: Floats) -> Floats:
    return _leximin(gains / ideal)


def _egalitarian(gains: Floats, _ideal: Floats) -> Floats:
    return _leximin(gains)


def _utilitarian(gains: Floats, _ideal: Floats) -> Floats:
    return np.asarray(gains.sum(axis=1))


def _leximin(shares: Floats) -> Floats:
    """Rank of each row by its least share, then the second least, and so on; the best has the largest rank."""
    ordered = np.sort(shares, axis=1)
    rank = np.empty(len(shares))
    rank[np.lexsort(ordered.T[::-1])] = np.arange(len(shares))
    return rank


SCORES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "nash": _nash,
    "kalai_smorodinsky": _kalai_smorodinsky,
    "egalitarian": _egalitarian,
    "utilitarian": _utilitarian,
}


def on_hull(room: Room, rule: str) -> BargainPoint | None:
    """N11: what a rule chooses where lotteries over packages, or payments worth as much, are allowed.

    A lottery may hold packages that are worse than no deal for a party: only its mean must be better.
    None where no lottery is better than no deal for all.
    """
    corners = room.corners
    gains = room.gains[corners]
    if _most_even(gains, np.ones(gains.shape[1]))[0] <= room.tolerance:
        return None
    if rule == "utilitarian":
        lottery = _largest_sum(gains)
    elif rule == "nash":
        lottery = nash_lottery(gains)
    else:
        scale = hull_ideal(gains) if rule == "kalai_smorodinsky" else np.ones(gains.shape[1])
        lottery = _most_even(gains, scale)[1]
    taken = np.flatnonzero(lottery > TINY)
    weights = lottery[taken] / lottery[taken].sum()
    return BargainPoint(weights @ room.utilities[corners[taken]], tuple(int(i) for i in corners[taken]), tuple(float(w) for w in weights))


def hull_ideal(gains: Floats) -> Floats:
    """Most that each party can gain by a lottery in which nobody is worse off than without a deal (party,)."""
    n, parties = gains.shape
    found = [
        linprog(-gains[:, party], A_ub=-gains.T, b_ub=np.zeros(parties), A_eq=np.ones((1, n)), b_eq=[1.0], method="highs")
        for party in range(parties)
    ]
    return np.array([-each.fun for each in found])


def _most_even(gains: Floats, scale: Floats) -> tuple[float, Floats]:
    """Largest least gain over a scale, and the lottery that gives it: a linear programme in the lottery and that gain."""
    n, parties = gains.shape
    unit = float(np.abs(gains).max()) or 1.0
    cost = np.concatenate([np.zeros(n), [-1.0]])
    rows = np.hstack([-gains.T / unit, (scale / scale.max())[:, None]])
    once = np.concatenate([np.ones(n), [0.0]])[None]
    bounds = [(0.0, 1.0)] * n + [(None, None)]
    found = linprog(cost, A_ub=rows, b_ub=np.zeros(parties), A_eq=once, b_eq=[1.0], bounds=bounds, method="highs")
    return float(-found.fun) * unit, np.asarray(found.x[:n])


def _largest_sum(gains: Floats) -> Floats:
    """Lottery of the largest sum in which all gain: the corner, or where it is none for all the nearest mixture."""
    n, parties = gains.shape
    found = linprog(-gains.sum(axis=1), A_ub=-gains.T, b_ub=np.zeros(parties), A_eq=np.ones((1, n)), b_eq=[1.0], method="highs")
    return np.asarray(found.x)


def nash_lottery(gains: Floats) -> Floats:
    """Lottery (package,) over gains (package, party) with the largest product of mean gains.

    The product is largest at a point y if and only if no package lies beyond the plane sum(gain / y) = number of parties. So packages
    are taken in one by one, the one farthest beyond it first, and the product is made largest over those taken in (fully corrective
    conditional gradient; few packages are ever in, at most one more than there are parties at the end).
    """
    scale = np.abs(gains).max(axis=0)
    rows = gains / scale
    start = _most_even(rows, np.ones(rows.shape[1]))[1]
    taken = [int(i) for i in np.flatnonzero(start > TINY)]
    weights = start[taken] / start[taken].sum()
    for _ in range(ROUNDS):
        weights = _best_weights(rows[taken], weights)
        beyond = rows @ (1.0 / (weights @ rows[taken]))
        best = int(np.argmax(beyond))
        if beyond[best] <= rows.shape[1] * (1.0 + SHARP) or best in taken:
            break
        kept = [i for i, weight in enumerate(weights) if weight > TINY]
        taken = [taken[i] for i in kept] + [best]
        weights = np.append(weights[kept] / weights[kept].sum() * 0.99, 0.01)
    found = np.zeros(len(gains))
    found[taken] = weights
    return found


def _best_weights(rows: Floats, start: Floats) -> Floats:
    """Probabilities of a few packages (package,) with the largest sum of logarithms of mean gains."""
    if len(rows) == 1:
        return np.ones(1)
    if len(rows) == 2:  # noqa: PLR2004 (the optimum on a line is found exactly)
        return _on_a_line(rows)
    found = minimize(
        lambda w: -float(np.log(np.maximum(w @ rows, 1e-300)).sum()), start, jac=lambda w: -rows @ (1.0 / np.maximum(w @ rows, 1e-300)),
        bounds=[(0.0, 1.0)] * len(rows), constraints={"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": np.ones_like},
        method="SLSQP", options={"ftol": 1e-15, "maxiter": 500},
    )  # fmt: skip
    weights = np.clip(found.x, 0.0, 1.0)
    return np.asarray(weights / weights.sum())


def _on_a_line(rows: Floats) -> Floats:
    """The same for two packages: the slope of the sum of logarithms falls along the line, so its root is found by halving."""
    low, high = 0.0, 1.0
    step = rows[1] - rows[0]

    def slope(t: float) -> float:
        gains = rows[0] + t * step
        return (
            np.inf
            if (gains <= 0.0).any() and step[gains <= 0.0].min() > 0.0
            else -np.inf
            if (gains <= 0.0).any()
            else float((step / gains).sum())
        )

    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if slope(middle) > 0.0 else (low, middle)
    t = 0.5 * (low + high)
    return np.array([1.0 - t, t])
