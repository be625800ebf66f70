"""From thousands of drawn paths to a few weighted ones that keep the mean and the tail of the loss.

Paths are sorted by their loss and divided into strata: those without a loss, the worst tenth, and what lies between; within tail and
body, strata hold about the same sum of loss, so that the far tail is divided most finely. Each stratum is stood for by the path that
is nearest to its mean in all that matters (loss by party, years of price war, what is missing); what one stratum leaves out the next
makes good.
The weights are then moved as little as possible (least squares relative to the strata's own) so that the kept set has the drawn
set's weight and loss of the tail, and its mean loss and price wars by party. This is stratified scenario reduction with moment
matching, after Hoyland and Wallace, *Generating scenario trees for multistage decision problems*, Management Science 47 (2001)
295-307.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TAIL = 0.1
"""Weight of the worst paths whose mean is kept exactly: CVaR at 0.9."""
TAIL_PLACES = 0.5
"""Share of the kept paths that stands for the tail."""
LEAST = 0.1
"""Smallest weight of a kept path over that of its stratum, after the moments have been matched."""
ROUNDING = 1e-9
FEWEST = 4
"""Fewest kept paths: without a loss, body, and two of the tail."""


def cvar(loss: Floats, weights: Floats, alpha: float = 1.0 - TAIL) -> float:
    """Mean of the worst ``1 - alpha`` of losses (path,) with weights (path,) that add up to 1, by sorting."""
    order = np.argsort(-loss, kind="stable")
    before = np.cumsum(weights[order]) - weights[order]
    share = np.clip((1.0 - alpha) - before, 0.0, weights[order])
    return float(share @ loss[order] / (1.0 - alpha))


def reduced(
    losses: Floats, others: Floats, keep: int, likeness: Floats | None = None, weights: Floats | None = None
) -> tuple[Ints, Floats]:
    """Numbers of the kept paths (kept,), in their order, and their weights.

    Parameters
    ----------
    losses : array (path, party)
        Loss of each path without a plan [USD].
    others : array (path, feature)
        What else the kept paths should have in common with all: its mean is matched after that of the losses.
    keep : int
        Number of paths to keep, at least :data:`FEWEST`; all are kept if there are no more.
    likeness : array (path, feature), optional
        In what else the path that stands for a stratum should be near to its mean.
    weights : array (path,), optional
        Probabilities of the paths; all the same by default.

    Raises
    ------
    InputError
        If ``keep`` is too small.
    """
    if keep < FEWEST:
        raise InputError(f"scenarios: found {keep}; at least {FEWEST} are needed to keep the tail of the loss")
    given = np.full(len(losses), 1.0 / len(losses)) if weights is None else weights
    if keep >= len(losses):
        return np.arange(len(losses)), given
    total = losses.sum(axis=1)
    parts = strata(total, others, keep, given)
    chosen = _representatives(parts, _features(losses, others, likeness), given)
    own = np.array([given[part].sum() for part in parts])
    kept = _matched(own, chosen, losses, others, given)
    order = np.argsort(chosen)
    return chosen[order], kept[order]


def balanced(losses: Floats, others: Floats, keep: int, likeness: Floats | None = None) -> Ints:
    """Numbers of paths (kept,) of equal weight that share the means of all: each stands for as many, which are next to each other in loss.

    Parameters
    ----------
    losses, others, keep, likeness
        As of :func:`reduced`; the number of paths is a multiple of ``keep``.
    """
    order = np.lexsort((np.arange(len(losses)), others.sum(axis=1), losses.sum(axis=1)))
    parts = list(order.reshape(keep, -1))
    return np.sort(_representatives(parts, _features(losses, others, likeness), np.full(len(losses), 1.0 / len(losses))))


def _features(losses: Floats, others: Floats, likeness: Floats | None) -> Floats:
    """In what paths are alike (path, feature)."""
    return np.column_stack([_scaled(each) for each in (losses.sum(axis=1), losses, others, likeness) if each is not None])


def tail_of(total: Floats, weights: Floats) -> Ints:
    """Numbers of the worst paths, which together have a tenth of the weight, as nearly as whole paths can."""
    order = np.argsort(-total, kind="stable")
    middle = np.cumsum(weights[order]) - 0.5 * weights[order]
    return order[: max(1, int((middle < TAIL).sum()))]


def strata(total: Floats, others: Floats, keep: int, weights: Floats) -> list[Ints]:
    """Paths of each stratum; no stratum is empty, and there are at most ``keep``."""
    tail = tail_of(total, weights)
    rest = np.setdiff1d(np.arange(len(total)), tail)
    none = rest[total[rest] <= 0.0]
    body = rest[total[rest] > 0.0]
    quiet = [part for part in (none[others[none].sum(axis=1) <= 0.0], none[others[none].sum(axis=1) > 0.0]) if len(part)]
    places = keep - len(quiet)
    for_tail = min(max(round(TAIL_PLACES * keep), 2), places - (1 if len(body) else 0))
    return [*quiet, *_by_loss(body, total, places - for_tail, weights), *_by_loss(tail, total, for_tail, weights)]


def _by_loss(paths: Ints, total: Floats, places: int, weights: Floats) -> list[Ints]:
    """Strata of paths, in ascending order of loss, with about the same expected loss each."""
    if not len(paths) or places < 1:
        return []
    order = paths[np.argsort(total[paths], kind="stable")]
    mass = np.cumsum(total[order] * weights[order])
    share = np.ceil(places * mass / max(mass[-1], 1e-300) - 1e-9)
    rank = np.clip(share, 1, places).astype(np.int64)
    return [order[rank == i] for i in range(1, places + 1) if np.any(rank == i)]


def _representatives(parts: list[Ints], features: Floats, weights: Floats) -> Ints:
    """Path of each stratum nearest to its mean features, and to what the strata before have left out (error diffusion)."""
    chosen, left = [], np.zeros(features.shape[1])
    for part in parts:
        own = weights[part].sum()
        centre = weights[part] @ features[part] / own
        distance = ((features[part] - centre - left / own) ** 2).sum(axis=1)
        chosen.append(int(part[np.argmin(distance)]))
        left = left + own * (centre - features[chosen[-1]])
    return np.array(chosen, dtype=np.int64)


def _scaled(values: Floats) -> Floats:
    """Features over their standard deviation; constant ones are nil."""
    flat = values.reshape(len(values), -1)
    spread = flat.std(axis=0)
    return np.asarray((flat - flat.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))


def _matched(own: Floats, chosen: Ints, losses: Floats, others: Floats, given: Floats) -> Floats:
    """Weights nearest to those of the strata (kept,) with the moments of all paths; fewer of these if a weight became too small."""
    total = losses.sum(axis=1)
    worst = tail_of(total, given)
    in_tail = np.isin(chosen, worst)
    need = [(np.ones(len(chosen)), 1.0), (in_tail.astype(float), given[worst].sum()), (total[chosen], given @ total)]
    need.append((np.where(in_tail, total[chosen], 0.0), given[worst] @ total[worst]))
    by_party = [(losses[chosen, i], given @ losses[:, i]) for i in range(losses.shape[1] - 1)]
    also = [(others[chosen, i], given @ others[:, i]) for i in range(others.shape[1])]
    for wanted in ([*need, *by_party, *also], [*need, *also], need, need[:3]):
        moved = _least_change(own, wanted)
        if np.all(moved >= LEAST * own) and abs(moved.sum() - 1.0) < ROUNDING:  # few paths may not meet all conditions
            return moved
    return own


def _least_change(weights: Floats, wanted: list[tuple[Floats, float]]) -> Floats:
    """Weights that meet linear conditions with the least sum of squared changes over the weights."""
    rows = np.array([row for row, _ in wanted])
    size = np.maximum(np.abs(rows).max(axis=1), 1e-300)
    left, right = rows / size[:, None], np.array([value for _, value in wanted]) / size
    spread = left * weights
    moved = np.linalg.lstsq(spread @ left.T, right - left @ weights, rcond=1e-12)[0]
    return np.asarray(weights + spread.T @ moved)
