"""Equations C3 and L1-L4 of ``docs/explanation/losses.md``, compiled: output lost for want of each input, and of all inputs of a sector.

Only weeks in which an input is missing are computed. Products are formed in the order of the demands of a sector, so that results have
the bits of the same formulas on whole arrays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation import Kernel, compiled, kernel, source_digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.sector_groups import SectorGroups

    Array = NDArray[np.float64]

ROUNDING = 1e-9
"""Lost shares of output below this are rounding errors and set to zero."""
SHORTEST = 1e-6
"""Shortest time scale of a work-around or a substitution [weeks]."""


class InputTerms(NamedTuple):
    """What a missing input can stop, and how that is replaced; arrays (draw, demand)."""

    share: Array
    """Share of the dependent output that the input can stop."""
    substitute: Array
    """Share of output that can finally be made with a substitute."""
    delay: Array
    """Time until half of it is made so [weeks]."""
    around: Array
    """Share that is worked around in the end."""
    scale: NDArray[np.int64]
    """Column of the input's time scale in the table of work-arounds."""
    onset: NDArray[np.int64]
    """Week in which users begin to look for substitutes and ways round."""


@compiled
def lost_by_input(d, week, missing, scarcity, terms, found_by, by_input):  # type: ignore[no-untyped-def]
    """Share of the dependent output that the lack of each input alone stops in a week."""
    for k in range(len(missing)):
        if missing[k] <= 0.0:
            by_input[k] = 0.0
            continue
        since = week - terms.onset[d, k]
        replaced = terms.substitute[d, k] * min(max(since / max(terms.delay[d, k], SHORTEST) - 0.5, 0.0), 1.0)
        around = terms.around[d, k] * (1.0 - min(max(scarcity[k], 0.0), 1.0)) * found_by[max(since, 0), terms.scale[d, k]]
        by_input[k] = terms.share[d, k] * missing[k] * (1.0 - replaced) * (1.0 - around)


@compiled
def lost_by_sector(by_input, order, starts, using, joint, dependent, lost):  # type: ignore[no-untyped-def]
    """Share of the output of each sector that is lost in a week."""
    lost[:] = 0.0
    for i in range(len(using)):
        most, clear = 0.0, 1.0
        for at in range(starts[i], starts[i + 1]):
            share = by_input[order[at]]
            most, clear = max(most, share), clear * (1.0 - share)
        s = using[i]
        stopped = min(max((joint[s] * most + (1.0 - joint[s]) * (1.0 - clear)) * dependent[s], 0.0), 1.0)
        lost[s] = 0.0 if stopped < ROUNDING else stopped


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over draws; the digest of its source is part of the key of numba's disk cache."""

    @kernel
    def all_weeks(available, scarcity, terms, found_by, groups, joint, dependent, by_input, lost):  # type: ignore[no-untyped-def]
        assert digest >= 0
        order, starts, using = groups
        missing = np.empty(available.shape[2])
        for d in range(available.shape[0]):
            for week in range(available.shape[1]):
                for k in range(len(missing)):
                    missing[k] = min(max(1.0 - available[d, week, k], 0.0), 1.0)
                scarce = scarcity[d, week] if len(scarcity) else missing
                lost_by_input(d, week, missing, scarce, terms, found_by, by_input[d, week])
                lost_by_sector(by_input[d, week], order, starts, using, joint[d], dependent, lost[d, week])

    return all_weeks


_all_weeks = _compiled_for(source_digest(Path(__file__)))


def lost_output(
    available: Array, scarcity: Array | None, terms: InputTerms, weeks: Array, groups: SectorGroups, joint: Array, dependent: Array
) -> tuple[Array, Array]:
    """Output lost for want of each input (draw, week, demand), and of each sector (draw, week, sector).

    Parameters
    ----------
    available : array (draw, week, demand)
        Output that the input allows over base output, before any work-around.
    scarcity : array (draw, week, demand), optional
        Share of the input that is missing to all who compete for it; what is missing to the user itself without it.
    terms : InputTerms
    weeks : array (scale,)
        Time scales of work-arounds [weeks].
    groups : SectorGroups
        Demands of each sector.
    joint : array (draw, sector)
        1 where all inputs are used in the same product, 0 in different ones.
    dependent : array (sector,)
        Share of a sector's output that depends on its inputs.
    """
    longest = available.shape[1] - min(int(terms.onset.min(initial=0)), 0)
    found_by = 1.0 - np.exp(-np.arange(longest + 1)[:, None] / weeks)
    places = groups.order, np.append(groups.starts, len(groups.order)), groups.using
    by_input, lost = np.empty(available.shape), np.empty((*available.shape[:2], len(dependent)))
    known = np.empty((0, *available.shape[1:])) if scarcity is None else scarcity
    _all_weeks(available, known, terms, found_by, places, joint, dependent, by_input, lost)
    return by_input, lost
