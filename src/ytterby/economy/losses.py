"""Value added lost and jobs at risk by week, sector and region, and the part of lost output that is recaptured.

Equations L1-L6 and R1-R4 in ``docs/explanation/losses.md``. The output of a sector is limited by the scarcest of its
critical inputs after substitution; output lost in short stops is made up later, and stocks of finished goods serve sales.
Money is in USD of the sectors' base year; leading axes of arrays (``...``) are draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.economy import assumptions
from ytterby.economy.criticality import criticality_model
from ytterby.economy.identity_cache import identity_cached
from ytterby.economy.sector_groups import groups_of
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.economy.criticality import CriticalityModel
    from ytterby.economy.sector_groups import SectorGroups

    Array = NDArray[np.float64]

BAND = (0.05, 0.95)
"""Quantiles over draws of the columns ``low`` and ``high``."""


FIRST_STOP, LINE_STOP = 0.05, 0.5
"""Shares of a sector's output that stand in the week of the first stop and of the line stop."""


class SubstitutionModel(NamedTuple):
    """Substitution of a missing input; arrays (..., demand)."""

    share: Array
    """Share of the output that can finally be made with a substitute."""
    delay: Array
    """Time until half of that share is made with it [weeks]."""


class RecaptureModel(NamedTuple):
    """Parameters of recapture; numbers or arrays that broadcast to (..., sector)."""

    share: Array
    """Share of the output lost in a short stop that is made up."""
    longest: Array
    """Length up to which a stop is made up as far as ``share`` says [weeks]."""
    fade: Array
    """For each so many weeks of stop beyond ``longest``, the share that is made up falls by a factor e."""
    window: int
    """Time within which output can be made up [weeks]."""
    overtime: Array
    """Largest output made up in a week, as a share of base output."""
    finished: Array
    """Stock of finished goods [weeks of sales]."""


class Recapture(NamedTuple):
    """Output made up and sales lost [weeks of base output]."""

    made_up: Array
    """(..., week, sector) output above base output."""
    pending: Array
    """(..., sector) output still to be made up at the end of the run; not part of ``made_up``."""
    sales_lost: Array
    """(..., week, sector) sales that neither output nor finished goods served."""


class LossModel(NamedTuple):
    """Parameters that turn availability of inputs into lost output."""

    criticality: CriticalityModel
    substitution: SubstitutionModel
    joint: Array
    """(..., sector) 1: all inputs are used in the same product; 0: in different products."""
    recapture: RecaptureModel


@dataclass(frozen=True, eq=False)
class Losses:
    """Lost output of sectors, as shares of base output, with the sector table to convert it to value added and jobs."""

    sectors: pd.DataFrame
    """Index sector@region; sector, region, value_added with low and high, jobs, dependent_share."""
    lost: Array
    """(..., week, sector) share of output lost, before recapture."""
    by_input: Array
    """(..., week, demand) share of the sector's dependent output that the lack of each input alone would stop."""
    recaptured: Recapture
    """Output made up later, and sales lost."""

    def gross(self) -> Array:
        """Value added lost before recapture (..., week, sector) [USD/week]."""
        return self.lost * _column(self.sectors, "value_added") / WEEKS_PER_YEAR

    def net(self) -> Array:
        """Value added lost minus value added made up (..., week, sector) [USD/week]; negative in weeks of overtime."""
        return (self.lost - self.recaptured.made_up) * _column(self.sectors, "value_added") / WEEKS_PER_YEAR

    def jobs(self) -> Array:
        """Jobs at risk (..., week, sector): employment times the share of output lost [persons]."""
        return self.lost * _column(self.sectors, "jobs")

    def totals(self) -> LossTotals:
        """Losses summed over all weeks."""
        lost, made_up, sales = (
            part.sum(axis=-2) / WEEKS_PER_YEAR for part in (self.lost, self.recaptured.made_up, self.recaptured.sales_lost)
        )
        return LossTotals(self.sectors, lost, lost - made_up, sales, self.lost.max(axis=-2))


@dataclass(frozen=True, eq=False)
class LossTotals:
    """Losses summed over all weeks [years of base output]; arrays (..., sector)."""

    sectors: pd.DataFrame
    gross: Array
    net: Array
    sales: Array
    worst: Array
    """Largest share of output lost in any week."""

    def usd(self, which: str = "gross", column: str = "value_added") -> Array:
        """Value added lost (..., sector) [USD].

        Parameters
        ----------
        which : str
            ``gross``, ``net`` or ``sales``.
        column : str
            ``value_added``, or its low or high end ``value_added_low`` and ``value_added_high``.
        """
        return np.asarray(getattr(self, which) * _column(self.sectors, column))

    def jobs(self, *, worst: bool = False) -> Array:
        """Jobs at risk (..., sector) [person-years], or [persons] in the worst week."""
        return (self.worst if worst else self.gross) * _column(self.sectors, "jobs")


def substitution_model(demands: pd.DataFrame, quantiles: Array | None = None) -> SubstitutionModel:
    """Substitution of a System's demands from the assumptions ``substitution``; ``quantiles`` as in :meth:`AssumptionTable.values`."""
    table = assumptions.read("substitution")
    uses = assumptions.uses_of(demands)
    return SubstitutionModel(table.pick("share", uses, quantiles), table.pick("delay", uses, quantiles))


def loss_model(
    demands: pd.DataFrame,
    sectors: pd.DataFrame,
    *,
    parts: Array | None = None,
    criticality: Array | None = None,
    input_classes: Array | None = None,
    substitution: Array | None = None,
    recapture: Array | None = None,
) -> LossModel:
    """Loss model of a System from the tables of assumptions.

    Parameters
    ----------
    demands, sectors : DataFrame
        Tables of the System.
    parts, criticality, input_classes, substitution, recapture : array (..., row), optional
        Quantiles of the rows of the table of this name; central values without them.
    """
    uses = assumptions.uses_of_sectors(sectors)
    joint = assumptions.read("parts").pick("joint", uses, parts)
    inputs = criticality_model(demands, criticality, input_classes)
    return LossModel(inputs, substitution_model(demands, substitution), joint, recapture_model([code for code, _ in uses], recapture))


def losses(
    available: Array,
    demands: pd.DataFrame,
    sectors: pd.DataFrame,
    model: LossModel,
    *,
    scarcity: Array | None = None,
    onset: int | Array = 0,
) -> Losses:
    """Lost output of each sector and region by week.

    Parameters
    ----------
    available : array (..., week, demand)
        Output that the input allows over base output, 0-1, before any work-around: ``StopResult.output``.
    demands, sectors : DataFrame
        Tables of the System.
    model : LossModel
        Parameters.
    scarcity : array (..., week, demand), optional
        Share of the input missing to all who compete for it; the missing share of the user itself by default.
    onset : int or array (..., demand)
        Week in which firms begin to look for substitutes and ways round. It depends on the scenario and not on the stop, so
        that a deeper shortage never brings them forward.
    """
    from ytterby.economy.lost_output import SHORTEST, InputTerms, lost_output

    flat = _by_draw(available, available.shape)
    one, use = model.criticality, model.substitution
    weeks, scale = np.unique(np.maximum(one.weeks, SHORTEST), return_inverse=True)  # a few classes of many inputs
    parts = (one.share, use.share, use.delay, one.worked_around, scale.reshape(one.weeks.shape), np.asarray(onset, dtype=np.int64))
    singles = (*available.shape[:-2], available.shape[-1])
    by_input, lost = lost_output(
        flat,
        None if scarcity is None else _by_draw(scarcity, available.shape),
        InputTerms(*(_by_draw(values, singles, 1) for values in parts)),
        weeks,
        groups_of(demands, sectors),
        _by_draw(model.joint, (*available.shape[:-2], len(sectors)), 1),
        _column(sectors, "dependent_share"),
    )
    lost = lost.reshape(*available.shape[:-1], len(sectors))
    return Losses(sectors, lost, by_input.reshape(available.shape), recapture(lost, model.recapture))


def _by_draw(values: NDArray[Any], shape: tuple[int, ...], axes: int = 2) -> NDArray[Any]:
    """Values of a shape, with all axes but the last ones in one: (draw, ...)."""
    return np.ascontiguousarray(np.broadcast_to(values, shape)).reshape(-1, *shape[len(shape) - axes :])


def sector_stops(found: Losses, groups: SectorGroups) -> tuple[Array, Array, NDArray[np.int64]]:
    """Week in which 5 % and half of a sector's output stand (..., sector), NaN if never, and the binding demand (-1 if none)."""
    first, line = (first_week(found.lost, level) for level in (FIRST_STOP, LINE_STOP))
    reached = np.where(np.isnan(first), 0, first).astype(np.int64)
    then = np.take_along_axis(found.by_input, reached[..., None, groups.sector_of_demand], axis=-2)[..., 0, :]
    return first, line, np.where(np.isnan(first), -1, groups.largest(then))


def first_week(share: Array, level: float) -> Array:
    """First week (..., column) in which a share (..., week, column) reaches a level, NaN if never."""
    reached = share >= level - 1e-12
    return np.where(reached.any(axis=-2), reached.argmax(axis=-2).astype(float), np.nan)


def recapture_model(sectors: list[str], quantiles: Array | None = None) -> RecaptureModel:
    """Recapture of sectors by code from the assumptions ``recapture``; ``quantiles`` as in :meth:`AssumptionTable.values`."""
    table = assumptions.read("recapture")
    uses = [(sector, "") for sector in sectors]
    pick = {name: table.pick(name, uses, quantiles) for name in ("share", "longest", "fade", "overtime", "finished")}
    return RecaptureModel(window=round(float(table.scalar("window").max())), **pick)


def recapture(lost: Array, model: RecaptureModel) -> Recapture:
    """Equations R1-R4: output made up later and sales lost, for the shares of output lost (..., week, sector)."""
    from ytterby.economy.making_up import made_up_later, sales_lost

    each = np.broadcast_to(lost, lost.shape).reshape(-1, *lost.shape[-2:])
    of_sector = [
        np.broadcast_to(values, (*lost.shape[:-2], lost.shape[-1])).reshape(len(each), -1)
        for values in (model.share, model.longest, model.fade, model.overtime, model.finished)
    ]
    made_up, pending = made_up_later(each, *of_sector[:-1], window=model.window)
    sales = sales_lost(each - made_up, of_sector[-1])
    return Recapture(made_up.reshape(lost.shape), pending.reshape(*lost.shape[:-2], lost.shape[-1]), sales.reshape(lost.shape))


def table(totals: LossTotals) -> pd.DataFrame:
    """One row per sector and region with a loss: value added lost (gross, net, sales), jobs, and the range of the loss.

    Central values are medians over the draws. ``low`` and ``high`` are the range of the gross loss: its 5 % and 95 %
    quantiles over the draws, at the low and high end of the value added.
    """
    import pandas as pd

    flat = {name: np.atleast_2d(getattr(totals, name)).reshape(-1, len(totals.sectors)) for name in ("gross", "net", "sales", "worst")}
    draws = LossTotals(totals.sectors, **flat)
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


def _column(sectors: pd.DataFrame, name: str) -> Array:
    return _numbers_of(sectors)[name]


@identity_cached
def _numbers_of(sectors: pd.DataFrame) -> dict[str, Array]:
    """Columns of numbers of the sector table, read once per System."""
    return {str(name): column.to_numpy(float) for name, column in sectors.select_dtypes("number").items()}
