"""Cost of each project of a joint plan by member, such that a rule of sharing is kept (K15): a table for the annex of a treaty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class CostShares(NamedTuple):
    """What each member pays to projects, and what is settled beside them [million USD]."""

    projects: Floats
    """(project, party)"""
    beside: Floats
    """Paid beside the projects (party,); below 0 it is received. Nil where the projects are large enough to settle everything."""


def cost_shares(public: Floats, transfers: Floats) -> CostShares:
    """Divide each project's public money among the members.

    What a member owes in all is the public money of the projects that it takes plus what it pays under the rule. Who owes something bears
    each project in the same proportion; what projects cannot settle is paid beside them.

    Parameters
    ----------
    public : array (project, party)
        Public money of each project by the member that takes it; joint research by who bears it [million USD].
    transfers : array (party,)
        Net payment of each member under the rule; they add up to 0 [million USD].
    """
    owed = public.sum(axis=0) + transfers
    payers = np.maximum(owed, 0.0)
    part = payers / payers.sum() if payers.sum() > 0.0 else np.zeros(len(owed))
    projects = public.sum(axis=1)[:, None] * part
    return CostShares(projects, owed - projects.sum(axis=0))
