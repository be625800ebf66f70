"""What a common standard for minerals is worth to each party of talks: the weekly run without and with it (N14).

A party gains what it gets more for its exports and loses what it pays more for its imports, both at the mean of the amounts without and
with the standard (the trapezoid of Harberger 1971), and has what it takes in by the charge. What is sold and bought inside of a party nets
out, and so do duties. Less emitted is told in tonnes and has no price here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.facts import expand_regions
from ytterby.measures import DrawnValues
from ytterby.simulation import footprints, indices
from ytterby.units import KG_PER_T, WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.measures import Standard
    from ytterby.simulation import Draw, Experiment

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


class StandardWorth(NamedTuple):
    """Worth of a standard to each party, a year in force [USD/year]."""

    exports: Floats
    """(party,) what it gets more for its exports."""
    imports: Floats
    """(party,) what it pays less for its imports, charge and proof included; mostly below nil."""
    revenue: Floats
    """(party,) what it takes in by the charge."""

    @property
    def total(self) -> Floats:
        """All of it (party,)."""
        return np.asarray(self.exports + self.imports + self.revenue)


@dataclass(frozen=True, eq=False)
class StandardCurve:
    """Worth of a standard at several charges.

    Parameters
    ----------
    charges : tuple of float
        In rising order [USD/t].
    worths : tuple of StandardWorth
        At each.
    """

    charges: tuple[float, ...]
    worths: tuple[StandardWorth, ...]

    def total(self, charge: float) -> Floats:
        """Worth of a charge to each party (party,) [USD/year], on the parabola through three that were run.

        Trade falls nearly in a straight line with the charge, so that revenue and what is lost are nearly quadratic in it.
        """
        at = np.array(self.charges)
        apart = at[:, None] - at[None] + np.eye(len(at))
        shares = np.where(np.eye(len(at), dtype=bool), 1.0, (charge - at[None]) / apart).prod(axis=1)  # Lagrange's polynomials
        return np.asarray(shares @ np.array([each.total for each in self.worths]))


def standard_worth(experiment: Experiment, standard: Standard, parties: Sequence[str]) -> StandardWorth:
    """N14: what a standard changes for each party over the weeks of a scenario, as a yearly amount.

    Parameters
    ----------
    experiment : Experiment
        The scenario without the standard, on a base with footprints; its central run is taken.
    standard : Standard
    parties : sequence of str
        Regions or groups.
    """
    measures = (*experiment.scenario.measures, standard)
    scenarios = (experiment.scenario, experiment.scenario.model_copy(update={"measures": measures}))
    without, after = (replace(experiment, scenario=one, draws=0).draw(0) for one in scenarios)
    runs = _Runs(experiment, standard, without, after)
    found = np.array([runs.of(expand_regions(party)) for party in parties])
    return StandardWorth(*(found / runs.years).T)


@dataclass(frozen=True, eq=False)
class _Runs:
    """A run without and a run with a standard."""

    experiment: Experiment
    standard: Standard
    without: Draw
    after: Draw

    @cached_property
    def _force(self) -> Floats:
        """Share of each week in which the standard is in force (W,) [1]."""
        return np.asarray(self.standard.in_force(self.experiment.scenario.mondays))

    @property
    def years(self) -> float:
        """Time in force."""
        return float(self._force.sum()) / WEEKS_PER_YEAR

    @cached_property
    def _charged(self) -> tuple[Floats, Floats]:
        """Charge and all that is added at entry on each link (W, link) [USD/t]: charge on what is not certified, proof on what is."""
        standard, network = self.standard, self.experiment.network
        links = indices(standard.links, network)[0]
        complied = standard.complied(self.experiment.scenario.mondays, DrawnValues(standard))[:, None]
        share = footprints.certified_share(network, standard.certified())[network.net.origin[links]][None]
        other = (1.0 - share) * (1.0 - complied)
        charge, proof = np.zeros((2, len(self._force), len(network.net.flow)))
        charge[:, links] = self._force[:, None] * other * standard.charge_usd_per_t
        proof[:, links] = self._force[:, None] * (1.0 - other) * standard.compliance_usd_per_t
        return charge, charge + proof

    @cached_property
    def _amount(self) -> Floats:
        """Mean of what is shipped without and with the standard (W, L) [t]."""
        return np.asarray(0.5 * (self.without.trace.shipped + self.after.trace.shipped))

    @cached_property
    def _dearer(self) -> Floats:
        """Rise of the price at the origin of each link (W, L) [USD/t]."""
        rise = self.after.trace.price - self.without.trace.price
        return np.asarray(KG_PER_T * rise[:, self.experiment.network.net.origin])

    def of(self, regions: Sequence[str]) -> tuple[float, float, float]:
        """Exports, imports and revenue of some regions together [USD]."""
        network = self.experiment.network
        home = np.isin(network.region, list(regions))
        origin, destination = home[network.net.origin], home[network.net.destination]
        out, into = origin & ~destination, destination & ~origin
        charge, added = self._charged
        return (
            float((self._dearer * self._amount)[:, out].sum()),
            -float(((self._dearer + added) * self._amount)[:, into].sum()),
            float((charge * self.after.trace.shipped)[:, into].sum()),
        )
