"""The table of draws: what each draw was given and what came of it, one row a draw.

Inputs stand under their own keys; outcomes are named ``outcome.<what>.<where>``:
``outcome.value_added_lost.<all|JP|US|EU>`` [USD, gross, whole run], ``outcome.shortfall`` [t of all commodities],
``outcome.first_stop.<JP|US|EU>`` [weeks after the start; empty where nothing stops],
``outcome.peak_multiple.<commodity>.<JP|US|EU>`` [1, highest price over base price].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.economy.losses import LossTotals
from ytterby.ensembles.drivers import OUTCOME
from ytterby.errors import UnknownNameError
from ytterby.facts.vocabulary import expand_regions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.ensembles.draw_assessment import DrawAssessment
    from ytterby.simulation.views import Views

FOCUS = ("JP", "US", "EU")
"""Regions whose losses, first stops and prices are kept by draw; their loss together is the headline."""
HEADLINE = "value_added_lost.JP+US+EU"
"""The outcome that is explained unless another is asked for."""
EVERYWHERE = "all"
PEAKS = ("oxide", "metal", "magnet")
"""Stages whose peak prices are kept by draw."""


def draw_table(job: DrawAssessment, arrays: dict[str, NDArray[Any]], focus: tuple[str, ...]) -> pd.DataFrame:
    """Inputs and outcomes of each draw, index ``draw``.

    Parameters
    ----------
    job : DrawAssessment
        Whose draws they are.
    arrays : dict of array (draw, ...)
        Totals of each draw as :meth:`DrawAssessment.chunk` returns them, all chunks together.
    focus : tuple of str
        Regions or groups whose losses, first stops and peak prices are kept.
    """
    import pandas as pd

    found = {OUTCOME + key: values for key, values in outcomes(job, arrays, focus).items()}
    return pd.concat([job.inputs, pd.DataFrame(found, index=job.inputs.index)], axis=1)


def outcomes(job: DrawAssessment, arrays: dict[str, NDArray[Any]], focus: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Outcomes by name without the prefix (draw,), from the arrays of some or all draws."""
    sectors, views = job.experiment.network.system.sectors, job.experiment.views
    totals = LossTotals(sectors, arrays["gross"], arrays["net"], arrays["sales"], arrays["worst"])
    found = lost(totals, focus) | {"shortfall": tonnes_short(arrays["shortfall_total"], views)}
    for place in focus:
        found[f"first_stop.{place}"] = earliest(arrays["first_stop"][:, focus_columns(sectors, (place,))])
    return found | peaks(arrays["peak_multiple"], views, focus)


def pick(found: Mapping[str, Any], outcome: str, weeks: int) -> NDArray[np.float64]:
    """One outcome (draw,) by name; places joined by ``+`` are added, a stop that never comes counts as the horizon [weeks].

    Raises
    ------
    UnknownNameError
        If there is no such outcome.
    """
    what, _, places = outcome.rpartition(".")
    names = [f"{what}.{place}" if what else place for place in places.split("+")]
    for name in names:
        if name not in found:
            raise UnknownNameError("outcome", name, found)
    values = np.sum([np.asarray(found[name], dtype=np.float64) for name in names], axis=0)
    return np.where(np.isnan(values), float(weeks), values)


def lost(totals: LossTotals, focus: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Value added lost in all and by place of the focus (draw,) [USD]."""
    usd = totals.usd("gross")
    return {f"value_added_lost.{place}": _sum(usd[:, focus_columns(totals.sectors, (place,))]) for place in (EVERYWHERE, *focus)}


def tonnes_short(total: NDArray[np.float64], views: Views) -> NDArray[np.float64]:
    """Unserved final use of all markets (draw,) [t] from that of each view (draw, view); the sums of the EU are no markets."""
    return _sum(total[:, : len(views.network.net.price)])


def _sum(values: NDArray[Any]) -> NDArray[np.float64]:
    """Sum of each draw (draw, ...) to (draw,): rows in memory of their own, so that no bit depends on the number of draws."""
    return np.asarray(np.ascontiguousarray(values, dtype=np.float64).sum(axis=1))


def earliest(weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least week of each draw, (draw, sector) to (draw,); NaN where nothing stops."""
    least = np.where(np.isnan(weeks), np.inf, weeks).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(least), least, np.nan)


def peaks(multiple: NDArray[np.float64], views: Views, focus: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Highest price over base price by commodity and place (draw,), from that of each view (draw, view)."""
    return {
        f"peak_multiple.{commodity}.{region}": multiple[:, column]
        for column, (commodity, region) in enumerate(views.names)
        if region in focus and commodity.partition(".")[0] in PEAKS
    }


def focus_columns(sectors: pd.DataFrame, focus: tuple[str, ...]) -> NDArray[np.int64]:
    """Columns of the sectors in the regions and groups."""
    wanted = {region for name in focus for region in expand_regions(name)}
    return np.flatnonzero(sectors["region"].isin(wanted).to_numpy())
