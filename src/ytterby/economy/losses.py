"""Value added lost and jobs at risk by week, sector and region.

Equations L1-L6 in ``docs/explanation/losses.md``. A sector's output is the least of its critical inputs'
availability after substitution. Money is in USD of the sectors' base year; arrays lead with any draw axes (``...``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import assumptions
from ytterby.economy.recapture import Recapture, RecaptureModel, recapture, recapture_model
from ytterby.economy.sector_groups import groups_of
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ROUNDING = 1e-9
"""Shares of output below this are rounding, not losses."""
BAND = (0.05, 0.95)
"""Quantiles over draws that low and high show."""


class SubstitutionModel(NamedTuple):
    """How much of a missing input can be replaced; arrays (..., demand)."""

    share: Array
    """Share of the output that can change over in the end."""
    delay: Array
    """Weeks until half of that share has changed over."""


class LossModel(NamedTuple):
    """All that turns availability of inputs into lost output."""

    substitution: SubstitutionModel
    joint: Array
    """(..., sector) 1: the inputs go into the same product; 0: into different products."""
    recapture: RecaptureModel


@dataclass(frozen=True, eq=False)
class Losses:
    """Lost output of sectors; shares of base output, with the table that turns them into money and jobs."""

    sectors: pd.DataFrame
    """Index sector@region; sector, region, value_added with low and high, jobs, dependent_share."""
    lost: Array
    """(..., week, sector) share of output lost, gross."""
    back: Recapture
    """What was made up, and the sales lost."""

    def gross(self) -> Array:
        """Value added lost (..., week, sector) [USD/week]."""
        return self.lost * _column(self.sectors, "value_added") / WEEKS_PER_YEAR

    def net(self) -> Array:
        """Value added lost less what is made up (..., week, sector) [USD/week]; negative in weeks of overtime."""
        return (self.lost - self.back.made_up) * _column(self.sectors, "value_added") / WEEKS_PER_YEAR

    def jobs(self) -> Array:
        """Jobs at risk (..., week, sector): employment times the share of output lost [persons]."""
        return self.lost * _column(self.sectors, "jobs")

    def totals(self) -> Totals:
        """Add up the weeks."""
        lost, made_up, sales = (part.sum(axis=-2) / WEEKS_PER_YEAR for part in (self.lost, self.back.made_up, self.back.sales_lost))
        return Totals(self.sectors, lost, lost - made_up, sales, self.lost.max(axis=-2))


@dataclass(frozen=True, eq=False)
class Totals:
    """Losses of all weeks together, in years of base output; arrays (..., sector)."""

    sectors: pd.DataFrame
    gross: Array
    net: Array
    sales: Array
    worst: Array
    """Largest share of output lost in any week."""

    def usd(self, which: str = "gross", column: str = "value_added") -> Array:
        """Value added lost (..., sector) [USD]; ``which`` is gross, net or sales, ``column`` may be the low or high end."""
        return np.asarray(getattr(self, which) * _column(self.sectors, column))

    def jobs(self, *, worst: bool = False) -> Array:
        """Jobs at risk (..., sector): person-years, or persons in the worst week."""
        return (self.worst if worst else self.gross) * _column(self.sectors, "jobs")


def substitution_model(demands: pd.DataFrame, quantiles: Array | None = None) -> SubstitutionModel:
    """Substitution of a System's demands from the recipe ``substitution``; ``quantiles`` (..., row) as in ``recipes``."""
    recipe = assumptions.read("substitution")
    uses = assumptions.uses_of(demands)
    return SubstitutionModel(recipe.pick("share", uses, quantiles), recipe.pick("delay", uses, quantiles))


def loss_model(
    demands: pd.DataFrame,
    sectors: pd.DataFrame,
    *,
    parts: Array | None = None,
    substitution: Array | None = None,
    recapture: Array | None = None,
) -> LossModel:
    """Loss model of a System from the recipes; the quantiles (..., row) of each recipe place its rows in their ranges."""
    codes = [str(code) for code in sectors["sector"]]
    joint = assumptions.read("parts").pick("joint", [(code, "") for code in codes], parts)
    return LossModel(substitution_model(demands, substitution), joint, recapture_model(codes, recapture))


def losses(available: Array, demands: pd.DataFrame, sectors: pd.DataFrame, model: LossModel, *, onset: int | Array = 0) -> Losses:
    """Lost output of each sector and region by week.

    Parameters
    ----------
    available : array (..., week, demand)
        Output that the input allows over base output, 0-1: ``StopResult.output``, or the served share itself.
    demands, sectors : DataFrame
        Tables of the System.
    model : LossModel
    onset : int or array (..., demand)
        Week in which firms begin to look for substitutes. It is a date of the scenario, not of the stop, so
        that a deeper shortage never brings substitution forward.
    """
    replaced = changed_over(model.substitution, available.shape[-2], onset)
    after = 1.0 - np.clip(1.0 - available, 0.0, 1.0) * (1.0 - replaced)
    groups = groups_of(demands, sectors)
    joint = model.joint[..., None, :]
    stakes = _column(demands, "use") * _column(demands, "choke")
    missing = joint * (1.0 - groups.least(after)) + (1.0 - joint) * (1.0 - groups.mean(after, np.maximum(stakes, 1e-12)))
    lost = np.clip(missing * _column(sectors, "dependent_share"), 0.0, 1.0)
    lost[lost < ROUNDING] = 0.0
    return Losses(sectors, lost, recapture(lost, model.recapture))


def changed_over(substitution: SubstitutionModel, weeks: int, onset: int | Array = 0) -> Array:
    """Equation L1: share (..., week, demand) changed over: nothing for half the delay, then a straight line to its end."""
    since = np.arange(weeks)[:, None] - np.asarray(onset)[..., None, :] if np.ndim(onset) else np.arange(weeks)[:, None] - onset
    delay = np.maximum(substitution.delay, 1e-6)[..., None, :]
    return np.asarray(substitution.share[..., None, :] * np.clip(since / delay - 0.5, 0.0, 1.0))


def table(totals: Totals) -> pd.DataFrame:
    """One row per sector and region with a loss: value added lost (gross, net, sales), jobs, and their range.

    Central figures are medians over the draws. ``low`` and ``high`` belong to the gross loss: the 5 % and 95 %
    quantiles over the draws times the low and high end of the value added.
    """
    import pandas as pd

    flat = {name: np.atleast_2d(getattr(totals, name)).reshape(-1, len(totals.sectors)) for name in ("gross", "net", "sales", "worst")}
    draws = Totals(totals.sectors, **flat)
    result = pd.DataFrame(
        {
            "country": totals.sectors["region"],
            "sector": totals.sectors["sector"],
            "value_added_usd": np.median(draws.usd("gross"), axis=0),
            "low": np.quantile(draws.usd("gross", "value_added_low"), BAND[0], axis=0),
            "high": np.quantile(draws.usd("gross", "value_added_high"), BAND[1], axis=0),
            "net_usd": np.median(draws.usd("net"), axis=0),
            "sales_usd": np.median(draws.usd("sales"), axis=0),
            "jobs": np.median(draws.jobs(), axis=0),
            "jobs_worst_week": np.median(draws.jobs(worst=True), axis=0),
        },
        index=totals.sectors.index,
    )
    return result[result["high"] > 0.0].sort_values("value_added_usd", ascending=False, kind="stable")


def _column(table: pd.DataFrame, name: str) -> Array:
    return table[name].to_numpy(float)
