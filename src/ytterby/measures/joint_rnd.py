"""Joint research and development: what comes of it is uncertain."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure


class JointRnd(Measure):
    """Parties research together: what comes of it is uncertain."""

    USES: ClassVar[frozenset[str]] = frozenset({"on"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    kind: Literal["joint_rnd"] = "joint_rnd"
    parties: f.Regions
    """Who takes part."""
    effect: Literal["saving", "recovery", "unit_cost"]
    """What a success changes: use per product, recovery of a process, or its unit cost."""
    size: f.Share
    """Relative change at success [1]."""
    success: f.Share
    """Probability of success [1]."""
    delay_weeks: f.Weeks
    """Time from `start` to use [weeks]."""
    cost_usd: Annotated[f.Number, Field(ge=0, le=1e13)] | None = None
    """What it costs in all [USD]."""
    shares: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Who bears which share of the cost; equal where empty [1]."""

    def faults(self) -> list[str]:
        """Shares belong to the parties and sum to 1."""
        faults = [f"'shares' names '{who}', which is no party" for who in self.shares if who not in self.parties]
        if self.shares and abs(sum(self.shares.values()) - 1.0) > 1e-9:
            faults.append(f"'shares' sum to {sum(self.shares.values()):g}, must sum to 1")
        return faults
