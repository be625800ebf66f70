"""Limits on what a plan's plants burden the environment with, as rows on its decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.limits import BURDENS, LinearLimit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.facts import Candidate
    from ytterby.plan.decisions import Decision
    from ytterby.plan.limits import Limit
    from ytterby.plan.parties import Party
    from ytterby.plan.plan_making import PlanData


def plan_limits(
    limits: Sequence[Limit], data: PlanData, members: tuple[Party, ...], candidates: Mapping[str, Candidate]
) -> tuple[list[LinearLimit], list[Limit]]:
    """Limits on burdens as rows on the decisions, and the shares, which need the path without a restriction.

    Parameters
    ----------
    limits : sequence of Limit
    data : PlanData
    members : tuple of Party
    candidates : mapping of str to Candidate
    """
    decisions = data.decisions(members)
    rows = []
    for limit in limits:
        if limit.what in BURDENS:
            field = "residue" if limit.what == "radioactive" else limit.what
            burden = np.array(
                [_burden(each, candidates[each.candidate], field, data) if not each.pays_alone else 0.0 for each in decisions]
            )
            rows.append(LinearLimit(limit.text, burden, -np.inf, limit.value))
    return rows, [limit for limit in limits if limit.what not in BURDENS]


def _burden(each: Decision, candidate: Candidate, field: str, data: PlanData) -> float:
    """Burden of a plant at full use; nil for what is no plant, or where no figure is on record."""
    value = candidate.figures[field].value
    return 0.0 if each.kind != "plant" or np.isnan(value) else float(value) * data.maker.part_of(candidate, each)
